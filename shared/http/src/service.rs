//! `GET /healthz`, `GET /openapi.json`: about the service itself. No key is needed.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Api;

/// The API's description, as it is checked in; a test holds it against the code.
pub(crate) const DESCRIPTION: &str = include_str!("../../../docs/openapi.json");

pub(crate) fn routes() -> Router<Api> {
    Router::new().route("/healthz", get(health)).route("/openapi.json", get(description))
}

/// The process answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// Always `ok`.
    #[schema(value_type = String, example = "ok")]
    status: &'static str,
}

/// Says that the process answers. Looks at nothing outside it.
#[utoipa::path(get, path = "/healthz", tag = "service", security(()), responses((status = 200, body = Health)))]
pub async fn health() -> Json<Health> {
    Json(Health { status: "ok" })
}

/// This description.
#[utoipa::path(get, path = "/openapi.json", tag = "service", security(()), responses((status = 200, description = "OpenAPI 3.1")))]
pub async fn description() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "public, max-age=300")], DESCRIPTION)
}
