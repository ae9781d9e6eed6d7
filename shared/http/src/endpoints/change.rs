//! `PATCH …/endpoints/{endpoint}`: changes one.

use axum::Json;
use axum::extract::State;
use casebridge_app::endpoints::{EndpointChange, Endpoints, GoOn};
use casebridge_domain::endpoint::{EndpointUrl, EventFilter};
use casebridge_domain::{EndpointId, Malformed, Text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::make::filter;
use super::{EndpointView, endpoints_of_account, endpoints_of_vendor};
use crate::extract::{Admin, EndpointPath, Faults, JsonBody, VendorAdmin};
use crate::{Api, Problem};

/// What shall change. What is left out (or null) stays as it is.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeEndpointRequest {
    /// Where events are pushed to.
    #[schema(example = "https://desk.example.com/casebridge")]
    url: Option<String>,
    /// Which events, of those under `webhooks`; an empty list: all of them. What the endpoint has already may stay.
    #[schema(example = json!(["case.*"]))]
    events: Option<Vec<String>>,
    /// What it is for; empty: nothing that is said.
    description: Option<String>,
    /// Whether events are pushed there. One that was disabled is switched on like one that was switched off.
    #[schema(example = true)]
    on: Option<bool>,
    /// From where an endpoint goes on that is switched on: `where_it_stopped` (if left out: what happened meanwhile is pushed, as
    /// far as it is kept, for 30 days) or `now`. What was being tried again is so in either case.
    #[schema(example = "where_it_stopped")]
    go_on: Option<String>,
}

impl ChangeEndpointRequest {
    fn parse(&self, already: &EventFilter) -> Result<EndpointChange, Problem> {
        let mut faults = Faults::default();
        let change = EndpointChange {
            url: faults.maybe("url", self.url.as_deref(), EndpointUrl::parse),
            filter: self.events.as_ref().and_then(|events| filter(events, already, &mut faults)),
            description: faults.maybe("description", self.description.as_deref(), |raw| {
                if raw.is_empty() { Ok(None) } else { Text::parse(raw).map(Some) }
            }),
            on: self.on,
            go_on: faults.maybe("go_on", self.go_on.as_deref(), go_on).unwrap_or_default(),
        };
        if faults.is_empty() { Ok(change) } else { Err(faults.problem()) }
    }
}

fn go_on(raw: &str) -> Result<GoOn, Malformed> {
    match raw {
        "where_it_stopped" => Ok(GoOn::WhereItStopped),
        "now" => Ok(GoOn::Now),
        _ => Err(Malformed::new("must be one of where_it_stopped, now")),
    }
}

async fn change(
    endpoints: &Endpoints,
    id: EndpointId,
    body: &ChangeEndpointRequest,
) -> Result<Json<EndpointView>, Problem> {
    let already = match &body.events {
        Some(_) => endpoints.read(id).await?.endpoint.filter,
        None => EventFilter::default(),
    };
    Ok(Json(EndpointView::from(&endpoints.change(id, &body.parse(&already)?).await?)))
}

/// Changes an endpoint of the account, and switches it on or off.
#[utoipa::path(
    patch, path = "/v1/accounts/{account}/endpoints/{endpoint}", tag = "endpoints", operation_id = "changeEndpoint", request_body = ChangeEndpointRequest,
    responses(
        (status = 200, body = EndpointView),
        (status = 409, description = "`changed-meanwhile`"),
        (status = 422, description = "`invalid-fields`")
    )
)]
pub async fn of_account(
    State(api): State<Api>,
    admin: Admin,
    EndpointPath(id): EndpointPath,
    JsonBody(body): JsonBody<ChangeEndpointRequest>,
) -> Result<Json<EndpointView>, Problem> {
    change(&endpoints_of_account(&api, &admin), id, &body).await
}

/// Changes an endpoint of the vendor, and switches it on or off.
#[utoipa::path(
    patch, path = "/v1/endpoints/{endpoint}", tag = "endpoints", operation_id = "changeVendorEndpoint", request_body = ChangeEndpointRequest,
    responses(
        (status = 200, body = EndpointView),
        (status = 409, description = "`changed-meanwhile`"),
        (status = 422, description = "`invalid-fields`")
    )
)]
pub async fn of_vendor(
    State(api): State<Api>,
    asks: VendorAdmin,
    EndpointPath(id): EndpointPath,
    JsonBody(body): JsonBody<ChangeEndpointRequest>,
) -> Result<Json<EndpointView>, Problem> {
    change(&endpoints_of_vendor(&api, &asks), id, &body).await
}
