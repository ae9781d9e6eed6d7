//! Pages: plain HTML, escaped, without scripts.

use std::sync::LazyLock;

use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use minijinja::Environment;
use minijinja::value::Serde;
use serde::Serialize;

static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(Environment::new);

/// The look of every page: plain, on the reader's own colours.
pub(crate) const STYLE: &str = include_str!("style.css");

/// Renders a page; the `.html` in the name is what turns escaping on.
pub(crate) fn render(name: &str, template: &str, context: impl Serialize) -> Response {
    let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
    match TEMPLATES.render_named_str(name, template, Serde(context)) {
        Ok(page) => ([(header::CONTENT_SECURITY_POLICY, policy)], Html(page)).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}
