//! `POST …/endpoints`: makes an endpoint.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::IntoResponse;
use casebridge_app::endpoints::{Endpoints, NewEndpoint};
use casebridge_app::open_case::RequestMemory;
use casebridge_domain::Text;
use casebridge_domain::endpoint::{EndpointUrl, EventFilter, MOST_PATTERNS, SigningMethod};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{EndpointSecretView, endpoints_of_account, endpoints_of_vendor};
use crate::extract::{Admin, Faults, JsonBody, Repeatable, VendorAdmin};
use crate::{Api, Problem, events};

/// A new endpoint.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeEndpointRequest {
    /// Where events are pushed to: an `https://` address on the public internet, unless the operator allows others; at most 1000
    /// characters.
    #[schema(example = "https://desk.example.com/casebridge")]
    url: String,
    /// Which events: types (`case.closed`), or all of a kind (`case.*`), of those under `webhooks`; all of them if left out or
    /// empty.
    #[schema(example = json!(["case.*", "customer.online"]))]
    events: Option<Vec<String>>,
    /// What it is for; at most 200 characters.
    description: Option<String>,
    /// How messages are signed: `hmac` (if left out) or `ed25519`.
    #[schema(example = "hmac")]
    signing: Option<String>,
}

impl MakeEndpointRequest {
    fn parse(&self) -> Result<NewEndpoint, Problem> {
        let mut faults = Faults::default();
        let url = faults.take("url", EndpointUrl::parse(&self.url));
        let filter = filter(self.events.as_deref().unwrap_or_default(), &EventFilter::All, &mut faults);
        let description = faults.maybe("description", self.description.as_deref(), Text::parse);
        let signing = faults.maybe("signing", self.signing.as_deref(), SigningMethod::parse);
        match (url, filter) {
            (Some(url), Some(filter)) if faults.is_empty() => {
                Ok(NewEndpoint { url, filter, description, signing: signing.unwrap_or(SigningMethod::Hmac) })
            }
            _ => Err(faults.problem()),
        }
    }
}

/// Which events are wanted. What the endpoint wants `already` may stay, though no such event is known (any more, or yet).
pub(super) fn filter(raw: &[String], already: &EventFilter, faults: &mut Faults) -> Option<EventFilter> {
    if raw.len() > MOST_PATTERNS {
        faults.add("events", format!("must have at most {MOST_PATTERNS} entries"));
        return None;
    }
    let types = events::types();
    let mut patterns = Vec::new();
    for (place, raw) in raw.iter().enumerate() {
        let pattern = match already.patterns().iter().find(|pattern| pattern.as_str() == raw) {
            Some(pattern) => Ok(pattern.clone()),
            None => types.parse(raw),
        };
        patterns.extend(faults.take(&format!("events[{place}]"), pattern));
    }
    faults.take("events", EventFilter::of(patterns))
}

async fn make(
    endpoints: &Endpoints,
    at: &str,
    body: &MakeEndpointRequest,
    memory: Option<&RequestMemory>,
) -> Result<impl IntoResponse + use<>, Problem> {
    let made = endpoints.make(body.parse()?, memory).await?;
    let location = format!("{at}/{}", made.endpoint.id);
    let view = EndpointSecretView::of(&made.endpoint, made.secret.as_ref());
    Ok((StatusCode::CREATED, [(LOCATION, location)], Json(view)))
}

/// Makes an endpoint of the account: events are pushed there from now on, signed as Standard Webhooks 1.0 say. Its secret is shown
/// once.
///
/// What it does not answer with a status of 2xx within 15 seconds is tried ten times within some 75 hours, and then kept for 30
/// days, to be replayed. The `webhook-id` of an event stays the same.
#[utoipa::path(
    post, path = "/v1/accounts/{account}/endpoints", tag = "endpoints", operation_id = "makeEndpoint", request_body = MakeEndpointRequest,
    responses(
        (status = 201, body = EndpointSecretView, headers(("Location" = String, description = "The endpoint"))),
        (status = 409, description = "`too-many-endpoints`"),
        (status = 422, description = "`invalid-fields`, `idempotency-key-reused`")
    )
)]
pub async fn of_account(
    State(api): State<Api>,
    admin: Admin,
    repeatable: Repeatable,
    JsonBody(body): JsonBody<MakeEndpointRequest>,
) -> Result<impl IntoResponse, Problem> {
    let memory = repeatable.memory(&admin.0.key, &body);
    let at = format!("/v1/accounts/{}/endpoints", admin.0.desk.id());
    make(&endpoints_of_account(&api, &admin), &at, &body, memory.as_ref()).await
}

/// The same for a vendor, which gets the events of all its accounts there, numbered as in its own feed (`makeEndpoint`).
#[utoipa::path(
    post, path = "/v1/endpoints", tag = "endpoints", operation_id = "makeVendorEndpoint", request_body = MakeEndpointRequest,
    responses(
        (status = 201, body = EndpointSecretView, headers(("Location" = String, description = "The endpoint"))),
        (status = 409, description = "`too-many-endpoints`"),
        (status = 422, description = "`invalid-fields`, `idempotency-key-reused`")
    )
)]
pub async fn of_vendor(
    State(api): State<Api>,
    asks: VendorAdmin,
    repeatable: Repeatable,
    JsonBody(body): JsonBody<MakeEndpointRequest>,
) -> Result<impl IntoResponse, Problem> {
    let memory = repeatable.memory(&asks.key, &body);
    make(&endpoints_of_vendor(&api, &asks), "/v1/endpoints", &body, memory.as_ref()).await
}
