//! `GET …/endpoints`: all of them.

use axum::Json;
use axum::extract::State;
use casebridge_app::endpoints::Endpoints;
use serde::Serialize;
use utoipa::ToSchema;

use super::{EndpointView, endpoints_of_account, endpoints_of_vendor};
use crate::extract::{Admin, VendorAdmin};
use crate::{Api, Problem};

/// All endpoints of an account or of a vendor.
#[derive(Debug, Serialize, ToSchema)]
pub struct EndpointPage {
    /// Oldest first.
    items: Vec<EndpointView>,
    /// Always null: the list is whole.
    next: Option<String>,
}

async fn list(endpoints: &Endpoints) -> Result<Json<EndpointPage>, Problem> {
    let items = endpoints.list().await?.iter().map(EndpointView::from).collect();
    Ok(Json(EndpointPage { items, next: None }))
}

/// Lists the account's endpoints, oldest first.
#[utoipa::path(
    get, path = "/v1/accounts/{account}/endpoints", tag = "endpoints", operation_id = "listEndpoints",
    responses((status = 200, body = EndpointPage))
)]
pub async fn of_account(State(api): State<Api>, admin: Admin) -> Result<Json<EndpointPage>, Problem> {
    list(&endpoints_of_account(&api, &admin)).await
}

/// Lists the vendor's endpoints, oldest first.
#[utoipa::path(
    get, path = "/v1/endpoints", tag = "endpoints", operation_id = "listVendorEndpoints",
    responses((status = 200, body = EndpointPage))
)]
pub async fn of_vendor(State(api): State<Api>, asks: VendorAdmin) -> Result<Json<EndpointPage>, Problem> {
    list(&endpoints_of_vendor(&api, &asks)).await
}
