//! `POST /v1/accounts/{account}/keys`: makes a key.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::IntoResponse;
use casebridge_domain::key::{Owner, Scope};
use casebridge_domain::{KeyId, Text};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::view::KeyView;
use crate::extract::{Admin, Faults, JsonBody, Repeatable};
use crate::{Api, Problem};

/// A new key.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeKeyRequest {
    /// What it may: `admin`, `technician`, `read` or `notify`.
    #[schema(example = "technician")]
    scope: String,
    /// What it is for; at most 100 characters.
    #[schema(example = "Help desk back end")]
    label: Option<String>,
}

impl MakeKeyRequest {
    fn parse(&self) -> Result<(Scope, Option<Text<100>>), Problem> {
        let mut faults = Faults::default();
        let scope = faults.take("scope", Scope::parse(&self.scope));
        let label = faults.maybe("label", self.label.as_deref(), Text::parse);
        match scope {
            Some(scope) if faults.is_empty() => Ok((scope, label)),
            _ => Err(faults.problem()),
        }
    }
}

/// A key with its text.
#[derive(Serialize, ToSchema)]
pub struct NewKeyView {
    /// What is kept.
    #[serde(flatten)]
    kept: KeyView,
    /// The key itself: shown this once, and left out when a request is repeated with its `Idempotency-Key`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "cb_account_acme_5f0c…")]
    key: Option<String>,
}

/// Makes a key of the account. Its text is shown once.
#[utoipa::path(
    post, path = "/v1/accounts/{account}/keys", tag = "accounts", operation_id = "makeKey", request_body = MakeKeyRequest,
    responses(
        (status = 201, body = NewKeyView, headers(("Location" = String, description = "The key"))),
        (status = 422, description = "`invalid-fields`, `idempotency-key-reused`")
    )
)]
pub async fn make_key(
    State(api): State<Api>,
    Admin(admitted): Admin,
    repeatable: Repeatable,
    JsonBody(body): JsonBody<MakeKeyRequest>,
) -> Result<impl IntoResponse, Problem> {
    let (scope, label) = body.parse()?;
    let account = admitted.desk.id();
    let memory = repeatable.memory(&admitted.key, &body);
    let owner = Owner::Account(account.clone());
    let made = casebridge_app::accounts::make_key(api.world(), &owner, scope, label, memory.as_ref()).await?;
    let location = location(account.as_str(), made.key.id);
    let key = made.text.map(|text| text.expose_secret().to_owned());
    let view = NewKeyView { kept: KeyView::from(&made.key), key };
    Ok((StatusCode::CREATED, [(LOCATION, location)], Json(view)))
}

fn location(account: &str, key: KeyId) -> String {
    format!("/v1/accounts/{account}/keys/{key}")
}
