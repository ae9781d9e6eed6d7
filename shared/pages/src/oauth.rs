//! `/oauth/teamviewer`: where TeamViewer sends a technician back to when he has signed in there.
//!
//! The address carries a code that serves once and only with what we kept back (a proof key, the app's secret). The page loads
//! nothing from elsewhere, links nowhere and sends no referrer, so the code goes to nobody else; the log names the route alone.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header::{ACCEPT_LANGUAGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use casebridge_app::Outside;
use casebridge_app::technician_sign_in::{CameBack, NotSignedIn, come_back};
use casebridge_domain::connection::Registrar;
use casebridge_domain::{Account, Language};
use casebridge_http::Api;
use secrecy::SecretString;
use serde::Deserialize;

mod words;

use crate::customer::language;
use crate::customer::page::{Page, Up};
use crate::messages::filled;
use words::Words;

/// No source says how long a code is; longer ones are not taken (our own choice).
const LONGEST_CODE: usize = 2048;

/// What TeamViewer adds to the address (RFC 6749): a code, or an error, which is not told further.
#[derive(Deserialize)]
pub(crate) struct Brought {
    #[serde(default)]
    state: String,
    code: Option<String>,
}

/// `GET`. Nothing else is taken: who only looks must not use a sign-in up.
pub(crate) async fn back(
    State(api): State<Api>,
    brought: Result<Query<Brought>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let asked = language::asked_for(headers.get(ACCEPT_LANGUAGE));
    let Ok(Query(Brought { state, code })) = brought else { return unknown(asked) };
    let code = code.filter(|code| (1..=LONGEST_CODE).contains(&code.len())).map(SecretString::from);
    match come_back(api.world(), &state, code).await {
        Ok(Some(came_back)) => told(&came_back, asked.unwrap_or(came_back.account.language)),
        Ok(None) => unknown(asked),
        Err(error) => trouble(&error, None, asked.unwrap_or(Language::English)),
    }
}

/// `HEAD`, which a router would answer as `GET`.
pub(crate) async fn not_taken() -> StatusCode {
    StatusCode::METHOD_NOT_ALLOWED
}

/// Whoever comes back reads as whom he is signed in, and for which technician: should he have followed an address that was made
/// for somebody else, he sees it here.
fn told(came_back: &CameBack, language: Language) -> Response {
    let CameBack { account, technician, signed_in } = came_back;
    let words = Words::of(language);
    let error = match signed_in {
        Ok(sign_in) => {
            let values = [("user", named(sign_in.user(), words)), ("technician", technician.to_string())];
            let message = filled(&words.done, &values.each_ref().map(|(name, value)| (*name, value.as_str())));
            return answer(StatusCode::OK, Some(account), language, &words.done_heading, &message);
        }
        Err(error) => error,
    };
    let (status, message) = match error {
        NotSignedIn::Declined => (StatusCode::FORBIDDEN, words.declined.clone()),
        NotSignedIn::CodeRefused => (StatusCode::CONFLICT, words.code_refused.clone()),
        NotSignedIn::AppRefused => (StatusCode::CONFLICT, words.app_refused.clone()),
        NotSignedIn::AnotherUser { present } => {
            (StatusCode::CONFLICT, filled(&words.another_user, &[("user", &named(present, words))]))
        }
        NotSignedIn::Overtaken => (StatusCode::CONFLICT, words.overtaken.clone()),
        NotSignedIn::Outside(error) => return trouble(error, Some(account), language),
    };
    answer(status, Some(account), language, &words.not_done_heading, &message)
}

fn named(user: &Registrar, words: &Words) -> String {
    let name = user.name.as_ref().map(ToString::to_string);
    let email = user.email.as_ref().map(ToString::to_string);
    match (name, email) {
        (Some(name), Some(email)) => format!("{name} ({email})"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => words.somebody.clone(),
    }
}

fn unknown(asked: Option<Language>) -> Response {
    let language = asked.unwrap_or(Language::English);
    let words = Words::of(language);
    answer(StatusCode::NOT_FOUND, None, language, &words.unknown_heading, &words.unknown)
}

fn trouble(error: &Outside, account: Option<&Account>, language: Language) -> Response {
    let causes = std::iter::successors(std::error::Error::source(error), |cause| cause.source());
    let error = causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"));
    tracing::error!(account = account.map(|account| account.id.as_str()), error, "a sign-in can't be finished");
    let words = Words::of(language);
    answer(StatusCode::SERVICE_UNAVAILABLE, account, language, &words.trouble_heading, &words.trouble)
}

/// A page that nobody keeps, finds or frames, and that leads nowhere.
fn answer(status: StatusCode, account: Option<&Account>, language: Language, heading: &str, message: &str) -> Response {
    let page = match account {
        Some(account) => Page::of_account(language, account, Up::OneLevel),
        None => Page::of_nobody(language, Up::OneLevel),
    };
    let policy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'; \
                  frame-ancestors 'none'";
    let head = [
        (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy)),
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow")),
    ];
    (status, head, page.saying(heading, message).into_string()).into_response()
}

#[cfg(test)]
mod tests;
