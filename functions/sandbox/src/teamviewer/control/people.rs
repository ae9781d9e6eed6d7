//! Companies, users, tokens and apps.

use axum::Json;
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::teamviewer::company::{Company, User};
use crate::teamviewer::oauth_code::Consent;
use crate::teamviewer::orders::{NewToken, SandboxError};
use crate::teamviewer::sandbox::Sandbox;
use crate::teamviewer::seed::OauthApp;
use crate::teamviewer::token::Token;

/// `POST /sandbox/companies`
pub(super) async fn add_company(Shared(sandbox): Shared<Sandbox>, Json(company): Json<Company>) -> StatusCode {
    sandbox.add_company(company);
    StatusCode::CREATED
}

/// `POST /sandbox/users`
pub(super) async fn add_user(
    Shared(sandbox): Shared<Sandbox>,
    Json(user): Json<User>,
) -> Result<StatusCode, SandboxError> {
    sandbox.add_user(user).map(|()| StatusCode::CREATED)
}

/// `POST /sandbox/tokens`
pub(super) async fn add_token(
    Shared(sandbox): Shared<Sandbox>,
    Json(token): Json<NewToken>,
) -> Result<(StatusCode, Json<Token>), SandboxError> {
    sandbox.add_token(token).map(|token| (StatusCode::CREATED, Json(token)))
}

/// `POST /sandbox/tokens/{token}/revoke`
pub(super) async fn revoke_token(
    Shared(sandbox): Shared<Sandbox>,
    Path(token): Path<String>,
) -> Result<StatusCode, SandboxError> {
    sandbox.revoke_token(&token).map(|()| StatusCode::NO_CONTENT)
}

/// `POST /sandbox/apps`
pub(super) async fn add_app(Shared(sandbox): Shared<Sandbox>, Json(app): Json<OauthApp>) -> StatusCode {
    sandbox.add_app(app);
    StatusCode::CREATED
}

/// `POST /sandbox/consents`
pub(super) async fn consent(
    Shared(sandbox): Shared<Sandbox>,
    Json(consent): Json<Consent>,
) -> Result<Json<Value>, SandboxError> {
    sandbox.consent(&consent).map(|code| Json(json!({ "code": code })))
}
