//! `/c/{account}/{case}/{secret}`: the page that a customer's link leads to.
//!
//! Looking changes nothing, so that a mail scanner that follows the link uses nothing up; what changes something is a POST, which
//! takes a press. There is nothing to forge such a press with: no cookie tells who asks, only the secret in the address does, and
//! who has that may press.

use axum::extract::{Path, State};
use axum::http::header::{ACCEPT_LANGUAGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, REFERRER_POLICY};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use casebridge_app::Outside;
use casebridge_app::customer_page::{NotRenewed, Standing, Visitor, let_in};
use casebridge_domain::{AccountId, CaseId, Language, ServiceCase};
use casebridge_http::Api;

pub(crate) mod asking;
pub(crate) mod language;
pub(crate) mod page;
mod words;

use crate::messages::filled;
use page::{Page, Up};
use words::Words;

/// What a link says: account, case, secret.
type Link = Path<(String, String, String)>;

const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

/// `GET`: what the case is about, how to join, or that it is over.
pub(crate) async fn show(State(api): State<Api>, link: Link, headers: HeaderMap) -> Response {
    let up = Up::FromThePage(&link.0.2);
    match enter(&api, &link, &headers, up).await {
        Ok(visitor) => visited(&visitor, &headers, up),
        Err(refused) => refused,
    }
}

/// `GET` of what is to be pressed: somebody loads an answer again.
pub(crate) async fn back(Path((_, _, secret)): Link) -> Response {
    // Relative, so that it holds below any address; no secret of ours has anything that would have to be encoded.
    let plain = secret.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    match HeaderValue::from_str(&format!("../{secret}")) {
        Ok(page) if plain => (StatusCode::SEE_OTHER, [(LOCATION, page)]).into_response(),
        _ => missing(Language::English, Up::FromBelow),
    }
}

/// `POST .../join`: goes on to TeamViewer.
pub(crate) async fn join(State(api): State<Api>, link: Link, headers: HeaderMap) -> Response {
    let visitor = match enter(&api, &link, &headers, Up::FromBelow).await {
        Ok(visitor) => visitor,
        Err(refused) => return refused,
    };
    match visitor.join().await.map(|link| HeaderValue::from_str(link.as_str())) {
        Some(Ok(link)) => {
            let head = [
                (LOCATION, link),
                (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
                (ROBOTS, HeaderValue::from_static("noindex, nofollow")),
            ];
            (StatusCode::SEE_OTHER, head).into_response()
        }
        Some(Err(_)) => trouble(language_of(&visitor, &headers), Up::FromBelow),
        None => visited(&visitor, &headers, Up::FromBelow),
    }
}

/// `POST .../not-me`: tells those who are told of customers.
pub(crate) async fn not_me(State(api): State<Api>, link: Link, headers: HeaderMap) -> Response {
    let visitor = match enter(&api, &link, &headers, Up::FromBelow).await {
        Ok(visitor) => visitor,
        Err(refused) => return refused,
    };
    if matches!(visitor.standing(), Standing::Ended { .. }) {
        return visited(&visitor, &headers, Up::FromBelow);
    }
    let language = language_of(&visitor, &headers);
    match visitor.disown().await {
        Ok(()) => {
            let words = Words::of(language);
            let page = Page::of_account(language, visitor.account(), Up::FromBelow);
            answer(StatusCode::OK, page.saying(&words.not_me_heading, &words.not_me_done).into_string(), None)
        }
        Err(error) => failed(&error, language, Up::FromBelow),
    }
}

/// `POST .../new-link`: a new case of the same ticket, whose link goes to the address on file and is never shown here.
pub(crate) async fn new_link(State(api): State<Api>, link: Link, headers: HeaderMap) -> Response {
    let visitor = match enter(&api, &link, &headers, Up::FromBelow).await {
        Ok(visitor) => visitor,
        Err(refused) => return refused,
    };
    let language = language_of(&visitor, &headers);
    let words = Words::of(language);
    let number = number_of(visitor.case()).to_owned();
    let say = |status, heading: &str, message: &str| {
        let page = Page::of_account(language, visitor.account(), Up::FromBelow);
        answer(status, page.saying(heading, &filled(message, &[("number", &number)])).into_string(), None)
    };
    match visitor.renew().await {
        Ok(_) => say(StatusCode::OK, &words.sent_heading, &words.sent),
        Err(NotRenewed::NotRenewable) => visited(&visitor, &headers, Up::FromBelow),
        Err(NotRenewed::TicketClosed) => say(StatusCode::CONFLICT, &words.refused_heading, &words.refused_closed),
        Err(NotRenewed::TooMany) => say(StatusCode::TOO_MANY_REQUESTS, &words.refused_heading, &words.refused_limit),
        Err(NotRenewed::NotNow(error)) => {
            let account = &visitor.account().id;
            tracing::warn!(%account, case = %visitor.case().id(), %error, "a customer's new link can't be had");
            say(StatusCode::SERVICE_UNAVAILABLE, &words.refused_heading, &words.refused_now)
        }
        Err(NotRenewed::Outside(error)) => failed(&error, language, Up::FromBelow),
    }
}

/// Lets the customer in, or says that there is no such page: whatever is wrong with the link, the same.
async fn enter(
    api: &Api,
    Path((account, case, secret)): &Link,
    headers: &HeaderMap,
    up: Up<'_>,
) -> Result<Visitor, Response> {
    let language = language::asked_for(headers.get(ACCEPT_LANGUAGE)).unwrap_or(Language::English);
    let (Ok(account), Ok(case)) = (AccountId::parse(account), CaseId::parse(case)) else {
        return Err(missing(language, up));
    };
    match let_in(api.world(), &account, case, secret).await {
        Ok(Some(visitor)) => Ok(visitor),
        Ok(None) => Err(missing(language, up)),
        Err(error) => Err(failed(&error, language, up)),
    }
}

/// The requester's own language, else one that the browser asks for, else the account's.
fn language_of(visitor: &Visitor, headers: &HeaderMap) -> Language {
    let asked = || language::asked_for(headers.get(ACCEPT_LANGUAGE));
    visitor.case().requester().language.or_else(asked).unwrap_or(visitor.account().language)
}

fn visited(visitor: &Visitor, headers: &HeaderMap, up: Up<'_>) -> Response {
    let language = language_of(visitor, headers);
    let page = Page::of_account(language, visitor.account(), up);
    let (case, words) = (visitor.case(), Words::of(language));
    let number = number_of(case);
    match visitor.standing() {
        Standing::Ready(session) => {
            answer(StatusCode::OK, page.inviting(case, session).into_string(), origin(session.customer_link.as_str()))
        }
        Standing::Preparing => {
            answer(StatusCode::OK, page.saying(&words.preparing_heading, &words.preparing).into_string(), None)
        }
        Standing::Ended { renewable: true } => answer(StatusCode::OK, page.expired().into_string(), None),
        Standing::Ended { renewable: false } => {
            let message = filled(&words.ended, &[("number", number)]);
            answer(StatusCode::OK, page.saying(&words.ended_heading, &message).into_string(), None)
        }
    }
}

/// As people call the ticket. Only tickets have a page, but a device has a name as well.
fn number_of(case: &ServiceCase) -> &str {
    case.ticket().map_or(case.subject().title(), |ticket| ticket.number.as_str())
}

fn missing(language: Language, up: Up<'_>) -> Response {
    let words = Words::of(language);
    let page = Page::of_nobody(language, up).saying(&words.missing_heading, &words.missing);
    answer(StatusCode::NOT_FOUND, page.into_string(), None)
}

fn trouble(language: Language, up: Up<'_>) -> Response {
    let words = Words::of(language);
    let page = Page::of_nobody(language, up).saying(&words.trouble_heading, &words.trouble);
    answer(StatusCode::SERVICE_UNAVAILABLE, page.into_string(), None)
}

fn failed(error: &Outside, language: Language, up: Up<'_>) -> Response {
    let causes = std::iter::successors(std::error::Error::source(error), |cause| cause.source());
    let error = causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"));
    tracing::error!(error, "a customer's page can't be shown");
    trouble(language, up)
}

/// A page that nobody keeps, finds or frames. A browser sends a form on only to where its page says, redirections included.
fn answer(status: StatusCode, html: String, goes_to: Option<String>) -> Response {
    let forms = goes_to.map(|origin| format!(" {origin}")).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'{forms}; base-uri 'none'; \
         frame-ancestors 'none'"
    );
    let head = [
        (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (
            CONTENT_SECURITY_POLICY,
            HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'")),
        ),
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (ROBOTS, HeaderValue::from_static("noindex, nofollow")),
    ];
    (status, head, html).into_response()
}

/// Where the button leads in the end. TeamViewer's own names send each other on.
fn origin(link: &str) -> Option<String> {
    let (scheme, rest) = link.split_once("://").filter(|(scheme, _)| matches!(*scheme, "http" | "https"))?;
    let host = rest.split(['/', '?', '#']).next().filter(|host| !host.is_empty())?;
    if !host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.:[]".contains(&byte)) {
        return None;
    }
    let teamviewers = if host.ends_with(".teamviewer.com") { " https://*.teamviewer.com" } else { "" };
    Some(format!("{scheme}://{host}{teamviewers}"))
}

#[cfg(test)]
mod tests;
