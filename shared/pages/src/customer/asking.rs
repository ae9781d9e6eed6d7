//! `/c/{account}/ask/{token}`: the page on which a requester asks for help. As its neighbour, it runs no script, and looking at it changes
//! nothing.

use axum::extract::{Path, State};
use axum::http::header::{ACCEPT_LANGUAGE, LOCATION, REFERRER_POLICY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use casebridge_app::request_page::{Asker, Came, NotAskedHere, Waiting, let_in_to_ask};
use casebridge_domain::{AccountId, Language};
use casebridge_http::Api;

use super::page::{Page, Up};
use super::words::Words;
use super::{ROBOTS, answer, failed, language, missing, origin, trouble};
use crate::messages::filled;

type Link = Path<(String, String)>;

/// `GET`: whether he may ask, that he waits, or who helps.
pub(crate) async fn show(State(api): State<Api>, link: Link, headers: HeaderMap) -> Response {
    let up = Up::FromThePage(&link.0.1);
    match enter(&api, &link, &headers, up).await {
        Ok(asker) => asked(&asker, &headers, up),
        Err(refused) => refused,
    }
}

/// `GET` of what is to be pressed: somebody loads an answer again.
pub(crate) async fn back(Path((_, token)): Link) -> Response {
    match to_the_page(&token) {
        Some(page) => (StatusCode::SEE_OTHER, [(LOCATION, page)]).into_response(),
        None => missing(Language::English, Up::FromBelow),
    }
}

/// `POST …/help`: asks.
pub(crate) async fn help(State(api): State<Api>, link: Link, headers: HeaderMap) -> Response {
    let up = Up::FromBelow;
    let asker = match enter(&api, &link, &headers, up).await {
        Ok(asker) => asker,
        Err(refused) => return refused,
    };
    let language = language_of(&asker, &headers);
    let words = Words::of(language);
    let refuse = |status, message: &str| {
        let page = Page::of_account(language, asker.account(), up);
        let message = filled(message, &[("number", asker.ticket().number.as_str())]);
        answer(status, page.saying(&words.ask_refused_heading, &message).into_string(), None)
    };
    match asker.ask().await {
        Ok(()) => seen(&link.0.1, language),
        Err(NotAskedHere::TicketClosed) => refuse(StatusCode::CONFLICT, &words.refused_closed),
        Err(NotAskedHere::TooMany) => refuse(StatusCode::TOO_MANY_REQUESTS, &words.ask_refused_limit),
        Err(NotAskedHere::Outside(error)) => failed(&error, language, up),
    }
}

/// `POST …/withdraw`: he does not need help any more.
pub(crate) async fn withdraw(State(api): State<Api>, link: Link, headers: HeaderMap) -> Response {
    let asker = match enter(&api, &link, &headers, Up::FromBelow).await {
        Ok(asker) => asker,
        Err(refused) => return refused,
    };
    let language = language_of(&asker, &headers);
    match asker.withdraw().await {
        Ok(()) => seen(&link.0.1, language),
        Err(error) => failed(&error, language, Up::FromBelow),
    }
}

/// `POST …/join`: goes on to TeamViewer.
pub(crate) async fn join(State(api): State<Api>, link: Link, headers: HeaderMap) -> Response {
    let asker = match enter(&api, &link, &headers, Up::FromBelow).await {
        Ok(asker) => asker,
        Err(refused) => return refused,
    };
    match asker.join().await.map(|link| HeaderValue::from_str(link.as_str())) {
        Some(Ok(link)) => {
            let head = [
                (LOCATION, link),
                (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
                (ROBOTS, HeaderValue::from_static("noindex, nofollow")),
            ];
            (StatusCode::SEE_OTHER, head).into_response()
        }
        Some(Err(_)) => trouble(language_of(&asker, &headers), Up::FromBelow),
        None => seen(&link.0.1, language_of(&asker, &headers)),
    }
}

/// Back to the page, which says how it stands now.
fn seen(token: &str, language: Language) -> Response {
    match to_the_page(token) {
        Some(page) => (StatusCode::SEE_OTHER, [(LOCATION, page)]).into_response(),
        None => trouble(language, Up::FromBelow),
    }
}

/// Relative, so that it holds below any address; no token of ours has anything that would have to be encoded.
fn to_the_page(token: &str) -> Option<HeaderValue> {
    let plain = token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    HeaderValue::from_str(&format!("../{token}")).ok().filter(|_| plain)
}

async fn enter(
    api: &Api,
    Path((account, token)): &Link,
    headers: &HeaderMap,
    up: Up<'_>,
) -> Result<Box<Asker>, Response> {
    let asked_for = language::asked_for(headers.get(ACCEPT_LANGUAGE));
    let language = asked_for.unwrap_or(Language::English);
    let Ok(account) = AccountId::parse(account) else { return Err(missing(language, up)) };
    match let_in_to_ask(api.world(), &account, token).await {
        Ok(Came::In(asker)) => Ok(asker),
        Ok(Came::Late(account)) => {
            let language = asked_for.unwrap_or(account.language);
            let words = Words::of(language);
            let page = Page::of_account(language, &account, up);
            let said = page.saying(&words.expired_heading, &words.ask_link_expired);
            Err(answer(StatusCode::GONE, said.into_string(), None))
        }
        Ok(Came::Unknown) => Err(missing(language, up)),
        Err(error) => Err(failed(&error, language, up)),
    }
}

/// The requester's own language, else one that the browser asks for, else the account's.
fn language_of(asker: &Asker, headers: &HeaderMap) -> Language {
    let of_browser = || language::asked_for(headers.get(ACCEPT_LANGUAGE));
    asker.requester().language.or_else(of_browser).unwrap_or(asker.account().language)
}

fn asked(asker: &Asker, headers: &HeaderMap, up: Up<'_>) -> Response {
    let language = language_of(asker, headers);
    let page = Page::of_account(language, asker.account(), up);
    let by = asker.case().and_then(|case| case.technician());
    let (html, goes_to) = match asker.standing() {
        Waiting::Free { in_vain } => (page.to_ask(asker.ticket(), in_vain), None),
        Waiting::Queued { until } => (page.waiting(asker.ticket(), until), None),
        Waiting::Preparing => (page.taken(asker.ticket(), by), None),
        Waiting::Ready(session) => (page.helping(asker.ticket(), by, session), origin(session.customer_link.as_str())),
    };
    answer(StatusCode::OK, html.into_string(), goes_to)
}

#[cfg(test)]
mod tests;
