//! Pages to play customer and technician on. They are forms, and work without JavaScript.

mod consent;
mod queue;

use std::sync::LazyLock;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use minijinja::Environment;
use minijinja::value::Serde;
use serde::Serialize;

use super::sandbox::Sandbox;

static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(Environment::new);

pub(crate) fn router() -> Router<Sandbox> {
    Router::new()
        .route("/", get(queue::all))
        .route("/v15/{link}", get(queue::one).post(queue::press))
        .route("/Connect/IndexByol", get(queue::web_client))
        .route("/queue/{code}", post(queue::press_in_list))
        .route("/oauth2/authorize", get(consent::ask).post(consent::give))
}

/// Renders a page; the `.html` in the name is what turns escaping on.
fn render(name: &str, template: &str, context: impl Serialize) -> Response {
    let policy = "default-src 'none'; style-src 'unsafe-inline'";
    match TEMPLATES.render_named_str(name, template, Serde(context)) {
        Ok(page) => ([(header::CONTENT_SECURITY_POLICY, policy)], Html(page)).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// The look of every page: plain, on the reader's own colours.
const STYLE: &str = include_str!("style.css");

#[cfg(test)]
mod tests;
