//! `POST /v1/accounts/{account}/inbound-secret`: the secret that inbound notices are signed with.

use axum::Json;
use axum::extract::State;
use secrecy::ExposeSecret;
use serde::Serialize;
use utoipa::ToSchema;

use crate::extract::{Admin, Nothing, OptionalBody, Repeatable};
use crate::{Api, Problem};

/// The secret, shown this once.
#[derive(Serialize, ToSchema)]
pub struct InboundSecret {
    /// In the form of Standard Webhooks: `whsec_` and base64.
    #[schema(example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    secret: String,
}

/// Makes a new inbound secret; the one before stops working. A repeated request makes another one, whatever its
/// `Idempotency-Key`: the last one that was answered counts.
#[utoipa::path(
    post, path = "/v1/accounts/{account}/inbound-secret", tag = "accounts", operation_id = "renewInboundSecret", request_body = Option<Nothing>,
    responses((status = 200, body = InboundSecret), (status = 409, description = "`changed-meanwhile`"))
)]
pub async fn renew_inbound_secret(
    State(api): State<Api>,
    Admin(admitted): Admin,
    _: Repeatable,
    _: OptionalBody<Nothing>,
) -> Result<Json<InboundSecret>, Problem> {
    let secret = casebridge_app::accounts::renew_inbound_secret(&admitted.desk).await?;
    api.admissions.forget(admitted.desk.id());
    Ok(Json(InboundSecret { secret: secret.expose_secret().to_owned() }))
}
