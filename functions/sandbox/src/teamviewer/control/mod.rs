//! The control routes under `/sandbox`. Bodies and answers are JSON; instants are RFC 3339.

mod people;
mod sessions;
mod switches;

use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use serde_json::json;

use super::orders::SandboxError;
use super::sandbox::Sandbox;

pub(crate) fn router() -> Router<Sandbox> {
    Router::new()
        .route("/state", get(sessions::state))
        .route("/reset", post(sessions::reset))
        .route("/sessions/{code}/online", post(sessions::online))
        .route("/sessions/{code}/end", post(sessions::end))
        .route("/connections", post(sessions::add_connection))
        .route("/companies", post(people::add_company))
        .route("/users", post(people::add_user))
        .route("/tokens", post(people::add_token))
        .route("/tokens/{token}/revoke", post(people::revoke_token))
        .route("/apps", post(people::add_app))
        .route("/consents", post(people::consent))
        .route("/faults", get(switches::faults).post(switches::add_fault).delete(switches::clear_faults))
        .route("/unknowns", get(switches::unknowns).put(switches::set_unknowns).patch(switches::change_unknowns))
        .route("/settings", get(switches::settings).put(switches::set_settings).patch(switches::change_settings))
        .route("/clock", get(switches::clock).merge(put(switches::set_clock)))
        .route("/clock/advance", post(switches::advance_clock))
        .route("/calls", get(switches::calls).delete(switches::clear_calls))
}

impl IntoResponse for SandboxError {
    fn into_response(self) -> Response {
        let status = match self {
            Self::NotJoinable => StatusCode::CONFLICT,
            _ => StatusCode::NOT_FOUND,
        };
        (status, axum::Json(json!({ "error": self.to_string() }))).into_response()
    }
}

#[cfg(test)]
mod tests;
