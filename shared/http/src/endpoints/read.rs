//! `GET …/endpoints/{endpoint}`: one of them.

use axum::Json;
use axum::extract::State;
use casebridge_app::endpoints::Endpoints;
use casebridge_domain::EndpointId;

use super::{EndpointView, endpoints_of_account, endpoints_of_vendor};
use crate::extract::{Admin, EndpointPath, VendorAdmin};
use crate::{Api, Problem};

async fn read(endpoints: &Endpoints, id: EndpointId) -> Result<Json<EndpointView>, Problem> {
    Ok(Json(EndpointView::from(&endpoints.read(id).await?)))
}

/// Reads an endpoint of the account, and how it goes there.
#[utoipa::path(
    get, path = "/v1/accounts/{account}/endpoints/{endpoint}", tag = "endpoints", operation_id = "readEndpoint",
    responses((status = 200, body = EndpointView))
)]
pub async fn of_account(
    State(api): State<Api>,
    admin: Admin,
    EndpointPath(id): EndpointPath,
) -> Result<Json<EndpointView>, Problem> {
    read(&endpoints_of_account(&api, &admin), id).await
}

/// Reads an endpoint of the vendor, and how it goes there.
#[utoipa::path(
    get, path = "/v1/endpoints/{endpoint}", tag = "endpoints", operation_id = "readVendorEndpoint",
    responses((status = 200, body = EndpointView))
)]
pub async fn of_vendor(
    State(api): State<Api>,
    asks: VendorAdmin,
    EndpointPath(id): EndpointPath,
) -> Result<Json<EndpointView>, Problem> {
    read(&endpoints_of_vendor(&api, &asks), id).await
}
