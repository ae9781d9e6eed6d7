//! `/console/session`: who is signed in to the console. Its pages are `shared/pages`.
//!
//! A session is a key of the account that ends by the clock. The browser keeps it in a cookie that no script can read and that is
//! sent to no other site's bidding; it counts only beside a field that a page of another origin can't send without being asked
//! about it first, which it never gets allowed.

use axum::Router;
use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use axum::routing::get;
use casebridge_domain::Account;
use casebridge_domain::key::{ApiKey, Scope};
use casebridge_domain::time::rfc3339;
use serde::Serialize;

use crate::Api;
use crate::cases::TechnicianView;

mod begin;
mod end;
mod read;

/// The console sends it with every request; any value does.
pub(crate) const FIELD: &str = "x-casebridge-console";

const COOKIE_NAME: &str = "casebridge_session";

pub(crate) fn routes() -> Router<Api> {
    Router::new().route("/console/session", get(read::read).post(begin::begin).delete(end::end))
}

/// Who is signed in.
#[derive(Debug, Serialize)]
struct SessionView {
    account: String,
    account_name: String,
    /// `admin` or `technician`.
    role: String,
    name: String,
    /// Which support user that is, where the link said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    technician: Option<TechnicianView>,
    language: String,
    time_zone: String,
    expires_at: String,
}

impl SessionView {
    /// `None` for a key that nobody signed in with.
    fn of(account: &Account, key: &ApiKey) -> Option<Self> {
        let signed_in = key.signed_in.as_ref()?;
        Some(Self {
            account: account.id.to_string(),
            account_name: account.name.to_string(),
            role: if key.scope == Scope::Admin { "admin" } else { "technician" }.to_owned(),
            name: signed_in.name.to_string(),
            technician: signed_in.technician.as_ref().map(TechnicianView::from),
            language: account.language.to_string(),
            time_zone: account.time_zone.to_string(),
            expires_at: rfc3339(signed_in.until),
        })
    }
}

/// Whether the console's own page asks, as far as the browser tells.
fn is_from_the_console(headers: &HeaderMap) -> bool {
    headers.contains_key(FIELD) && headers.get("sec-fetch-site").is_none_or(|site| site == "same-origin")
}

/// The key of whoever is signed in.
pub(crate) fn key_in_cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|field| field.to_str().ok());
    let mut cookies = cookies.flat_map(|field| field.split(';')).filter_map(|cookie| cookie.trim().split_once('='));
    let (_, key) = cookies.find(|(name, _)| *name == COOKIE_NAME)?;
    is_from_the_console(headers).then_some(key)
}

/// The cookie with this content, for so many seconds. It is for https alone where that is how the installation is reached.
fn cookie(api: &Api, content: &str, seconds: i64) -> String {
    let is_secure = api.world().public_url.as_ref().is_some_and(|url| url.to_string().starts_with("https://"));
    let secure = if is_secure { "; Secure" } else { "" };
    format!("{COOKIE_NAME}={content}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}")
}

#[cfg(test)]
mod tests;
