//! `POST …/endpoints/{endpoint}/test`: has a test pushed.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use casebridge_app::endpoints::Endpoints;
use casebridge_domain::EndpointId;
use serde::Serialize;
use utoipa::ToSchema;

use super::{endpoints_of_account, endpoints_of_vendor};
use crate::extract::{Admin, EndpointPath, Nothing, OptionalBody, Repeatable, VendorAdmin};
use crate::{Api, Problem};

/// A test that is on its way.
#[derive(Debug, Serialize, ToSchema)]
pub struct TestView {
    /// Its `webhook-id`.
    #[schema(example = "test_01998c6e-5f3a-7000-8000-000000000001")]
    id: String,
}

async fn test(endpoints: &Endpoints, id: EndpointId) -> Result<(StatusCode, Json<TestView>), Problem> {
    let asked = endpoints.test(id).await?;
    Ok((StatusCode::ACCEPTED, Json(TestView { id: asked.id })))
}

/// Has a test of type `endpoint.test` pushed to an endpoint, also to one that is off. What became of it is among the endpoint's
/// deliveries, moments later. A repeated request pushes another one, whatever its `Idempotency-Key`.
#[utoipa::path(
    post, path = "/v1/accounts/{account}/endpoints/{endpoint}/test", tag = "endpoints", operation_id = "testEndpoint", request_body = Option<Nothing>,
    responses((status = 202, body = TestView), (status = 409, description = "`changed-meanwhile`"))
)]
pub async fn of_account(
    State(api): State<Api>,
    admin: Admin,
    EndpointPath(id): EndpointPath,
    _: Repeatable,
    _: OptionalBody<Nothing>,
) -> Result<(StatusCode, Json<TestView>), Problem> {
    test(&endpoints_of_account(&api, &admin), id).await
}

/// The same for an endpoint of the vendor (`testEndpoint`).
#[utoipa::path(
    post, path = "/v1/endpoints/{endpoint}/test", tag = "endpoints", operation_id = "testVendorEndpoint", request_body = Option<Nothing>,
    responses((status = 202, body = TestView), (status = 409, description = "`changed-meanwhile`"))
)]
pub async fn of_vendor(
    State(api): State<Api>,
    asks: VendorAdmin,
    EndpointPath(id): EndpointPath,
    _: Repeatable,
    _: OptionalBody<Nothing>,
) -> Result<(StatusCode, Json<TestView>), Problem> {
    test(&endpoints_of_vendor(&api, &asks), id).await
}
