//! `DELETE …/endpoints/{endpoint}`: removes one.

use axum::extract::State;
use axum::http::StatusCode;
use casebridge_app::endpoints::Endpoints;
use casebridge_domain::EndpointId;

use super::{endpoints_of_account, endpoints_of_vendor};
use crate::Api;
use crate::extract::{Admin, EndpointPath, VendorAdmin};
use crate::problem::{Kind, Problem};

async fn delete(endpoints: &Endpoints, id: EndpointId) -> Result<StatusCode, Problem> {
    if endpoints.delete(id).await? { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::new(Kind::NotFound)) }
}

/// Removes an endpoint of the account, with whatever waits for it.
#[utoipa::path(
    delete, path = "/v1/accounts/{account}/endpoints/{endpoint}", tag = "endpoints", operation_id = "deleteEndpoint",
    responses((status = 204, description = "It is gone"))
)]
pub async fn of_account(
    State(api): State<Api>,
    admin: Admin,
    EndpointPath(id): EndpointPath,
) -> Result<StatusCode, Problem> {
    delete(&endpoints_of_account(&api, &admin), id).await
}

/// Removes an endpoint of the vendor, with whatever waits for it.
#[utoipa::path(
    delete, path = "/v1/endpoints/{endpoint}", tag = "endpoints", operation_id = "deleteVendorEndpoint",
    responses((status = 204, description = "It is gone"))
)]
pub async fn of_vendor(
    State(api): State<Api>,
    asks: VendorAdmin,
    EndpointPath(id): EndpointPath,
) -> Result<StatusCode, Problem> {
    delete(&endpoints_of_vendor(&api, &asks), id).await
}
