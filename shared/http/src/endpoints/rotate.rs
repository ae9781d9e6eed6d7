//! `POST …/endpoints/{endpoint}/rotate`: gives one another secret.

use axum::Json;
use axum::extract::State;
use casebridge_app::endpoints::Endpoints;
use casebridge_domain::EndpointId;

use super::{EndpointSecretView, endpoints_of_account, endpoints_of_vendor};
use crate::extract::{Admin, EndpointPath, Nothing, OptionalBody, Repeatable, VendorAdmin};
use crate::{Api, Problem};

async fn rotate(endpoints: &Endpoints, id: EndpointId) -> Result<Json<EndpointSecretView>, Problem> {
    let (endpoint, secret) = endpoints.rotate(id).await?;
    Ok(Json(EndpointSecretView::of(&endpoint, Some(&secret))))
}

/// Gives an endpoint another secret, which is shown once. For 24 hours messages are signed with both, so that receivers can change
/// over. A repeated request makes another one, whatever its `Idempotency-Key`.
#[utoipa::path(
    post, path = "/v1/accounts/{account}/endpoints/{endpoint}/rotate", tag = "endpoints", operation_id = "rotateEndpointSecret", request_body = Option<Nothing>,
    responses((status = 200, body = EndpointSecretView), (status = 409, description = "`changed-meanwhile`"))
)]
pub async fn of_account(
    State(api): State<Api>,
    admin: Admin,
    EndpointPath(id): EndpointPath,
    _: Repeatable,
    _: OptionalBody<Nothing>,
) -> Result<Json<EndpointSecretView>, Problem> {
    rotate(&endpoints_of_account(&api, &admin), id).await
}

/// The same for an endpoint of the vendor (`rotateEndpointSecret`).
#[utoipa::path(
    post, path = "/v1/endpoints/{endpoint}/rotate", tag = "endpoints", operation_id = "rotateVendorEndpointSecret", request_body = Option<Nothing>,
    responses((status = 200, body = EndpointSecretView), (status = 409, description = "`changed-meanwhile`"))
)]
pub async fn of_vendor(
    State(api): State<Api>,
    asks: VendorAdmin,
    EndpointPath(id): EndpointPath,
    _: Repeatable,
    _: OptionalBody<Nothing>,
) -> Result<Json<EndpointSecretView>, Problem> {
    rotate(&endpoints_of_vendor(&api, &asks), id).await
}
