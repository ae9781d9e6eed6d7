//! What customers and technicians do.

use axum::Json;
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;

use crate::teamviewer::connection::NewConnection;
use crate::teamviewer::orders::{EndSession, SandboxError, State};
use crate::teamviewer::sandbox::Sandbox;

#[derive(Deserialize)]
pub(super) struct Online {
    online: bool,
}

/// `GET /sandbox/state`
pub(super) async fn state(Shared(sandbox): Shared<Sandbox>) -> Json<State> {
    Json(sandbox.state())
}

/// `POST /sandbox/reset`
pub(super) async fn reset(Shared(sandbox): Shared<Sandbox>) -> StatusCode {
    sandbox.reset();
    StatusCode::NO_CONTENT
}

/// `POST /sandbox/sessions/{code}/online`
pub(super) async fn online(
    Shared(sandbox): Shared<Sandbox>,
    Path(code): Path<String>,
    Json(body): Json<Online>,
) -> Result<StatusCode, SandboxError> {
    sandbox.customer_online(&code, body.online).map(|()| StatusCode::NO_CONTENT)
}

/// `POST /sandbox/sessions/{code}/end`; the body may be left out.
pub(super) async fn end(
    Shared(sandbox): Shared<Sandbox>,
    Path(code): Path<String>,
    body: Option<Json<EndSession>>,
) -> Result<Json<Value>, SandboxError> {
    let end = body.map(|Json(end)| end).unwrap_or_default();
    sandbox.end_session(&code, &end).map(|row| Json(row.view()))
}

/// `POST /sandbox/connections`
pub(super) async fn add_connection(
    Shared(sandbox): Shared<Sandbox>,
    Json(row): Json<NewConnection>,
) -> Result<(StatusCode, Json<Value>), SandboxError> {
    sandbox.add_connection(row).map(|row| (StatusCode::CREATED, Json(row.view())))
}
