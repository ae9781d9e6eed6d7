//! `GET /v1/accounts/{account}/events`: everything that happened in the account, in order.

use axum::Json;
use casebridge_app::feed::events as read_events;
use serde::Serialize;
use utoipa::ToSchema;

use super::{EventView, Stretch};
use crate::Problem;
use crate::extract::{Query, Reader};

/// A page of events, in order, without gaps.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventPage {
    /// The events; none if nothing happened since.
    pub(super) items: Vec<EventView>,
    /// What to send as `after` next time, also where there are no items.
    #[schema(example = 4711)]
    pub(super) last: u64,
}

/// Lists what happened in the account, in order. Read on from `last`, and nothing is missed.
///
/// Every change is in the feed once, under one number for ever, shortly after it happened. Numbers have no gaps, and an
/// event is shown only when all before it are: a number that was read is never followed by a smaller one. The events of
/// a case are in the case's own order (`sequence`); events of different cases are in about the order they happened in.
/// An event is kept for 30 days.
#[utoipa::path(
    get, path = "/v1/accounts/{account}/events", tag = "events", operation_id = "listEvents",
    params(
        ("after" = Option<u64>, Query, description = "`last` of the page before; from the oldest event that is kept if left out"),
        ("limit" = Option<u8>, Query, description = "1 to 100; 50 if left out")
    ),
    responses(
        (status = 200, body = EventPage),
        (status = 410, description = "`events-gone`: events after that number are not kept any more; `oldest` says from which on they are"),
        (status = 422, description = "`invalid-fields`; also where no event has the number `after` yet")
    )
)]
pub async fn events(Reader(admitted): Reader, query: Query) -> Result<Json<EventPage>, Problem> {
    let Stretch { after, limit } = Stretch::parse(query)?;
    let page = read_events(&admitted.desk, after, limit).await?;
    Ok(Json(EventPage { items: page.events.iter().map(EventView::of_account).collect(), last: page.last }))
}
