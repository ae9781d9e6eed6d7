//! `POST …/endpoints/{endpoint}/replay`: pushes events once more.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use casebridge_app::endpoints::{Endpoints, ReplayWish};
use casebridge_domain::endpoint::Range;
use casebridge_domain::{EndpointId, Instant, Malformed};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{endpoints_of_account, endpoints_of_vendor};
use crate::extract::{Admin, EndpointPath, Faults, JsonBody, Repeatable, VendorAdmin};
use crate::{Api, Problem};

/// Which events: `from` (and `to`), or `since`.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "from": 41, "to": 57 }))]
pub struct ReplayRequest {
    /// The first one's number in the feed.
    #[schema(example = 41)]
    from: Option<u64>,
    /// The last one's; the newest if left out.
    #[schema(example = 41)]
    to: Option<u64>,
    /// Everything that happened since then.
    #[schema(example = "2026-11-22T08:00:00Z")]
    since: Option<String>,
}

impl ReplayRequest {
    fn parse(&self) -> Result<ReplayWish, Problem> {
        let mut faults = Faults::default();
        let since = faults.maybe("since", self.since.as_deref(), moment);
        let wish = match (self.from, self.to, since) {
            (Some(from), Some(to), None) => faults.take("to", Range::new(from, to)).map(ReplayWish::Numbers),
            (Some(from), None, None) => Some(ReplayWish::Since(from)),
            (None, None, Some(since)) => Some(ReplayWish::SinceTime(since)),
            _ if self.since.is_some() && !faults.is_empty() => None,
            _ => faults.take("from", Err(Malformed::new("must be given, with to or without, or else since"))),
        };
        wish.filter(|_| faults.is_empty()).ok_or_else(|| faults.problem())
    }
}

fn moment(raw: &str) -> Result<Instant, Malformed> {
    raw.parse().map_err(|_| Malformed::new("must be an instant, such as 2026-11-22T08:00:00Z"))
}

/// Events that are pushed once more.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReplayView {
    /// The first number that is looked at: of those that were asked for, earlier ones are not kept any more.
    #[schema(example = 41)]
    from: u64,
    /// The last one.
    #[schema(example = 41)]
    to: u64,
}

async fn replay(
    endpoints: &Endpoints,
    id: EndpointId,
    body: &ReplayRequest,
) -> Result<(StatusCode, Json<ReplayView>), Problem> {
    let range = endpoints.replay(id, body.parse()?).await?;
    Ok((StatusCode::ACCEPTED, Json(ReplayView { from: range.first(), to: range.last() })))
}

/// Has events pushed to an endpoint once more, of those that it wants: one or more by number, everything since a number, or
/// everything since a time. They have the `webhook-id` that they had before. A repeated request pushes them again, whatever its
/// `Idempotency-Key`.
#[utoipa::path(
    post, path = "/v1/accounts/{account}/endpoints/{endpoint}/replay", tag = "endpoints", operation_id = "replayEvents", request_body = ReplayRequest,
    responses(
        (status = 202, body = ReplayView),
        (status = 409, description = "`endpoint-off`, `nothing-to-replay`, `changed-meanwhile`"),
        (status = 422, description = "`invalid-fields`")
    )
)]
pub async fn of_account(
    State(api): State<Api>,
    admin: Admin,
    EndpointPath(id): EndpointPath,
    _: Repeatable,
    JsonBody(body): JsonBody<ReplayRequest>,
) -> Result<(StatusCode, Json<ReplayView>), Problem> {
    replay(&endpoints_of_account(&api, &admin), id, &body).await
}

/// The same for an endpoint of the vendor, with the numbers of the vendor's feed (`replayEvents`).
#[utoipa::path(
    post, path = "/v1/endpoints/{endpoint}/replay", tag = "endpoints", operation_id = "replayVendorEvents", request_body = ReplayRequest,
    responses(
        (status = 202, body = ReplayView),
        (status = 409, description = "`endpoint-off`, `nothing-to-replay`, `changed-meanwhile`"),
        (status = 422, description = "`invalid-fields`")
    )
)]
pub async fn of_vendor(
    State(api): State<Api>,
    asks: VendorAdmin,
    EndpointPath(id): EndpointPath,
    _: Repeatable,
    JsonBody(body): JsonBody<ReplayRequest>,
) -> Result<(StatusCode, Json<ReplayView>), Problem> {
    replay(&endpoints_of_vendor(&api, &asks), id, &body).await
}
