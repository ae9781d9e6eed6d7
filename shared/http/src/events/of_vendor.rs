//! `GET /v1/events`: everything that happened in all of the vendor's accounts, in one order.

use axum::Json;
use axum::extract::State;
use casebridge_app::feed::vendor_events;

use super::of_account::EventPage;
use super::{EventView, Stretch};
use crate::extract::{Query, VendorReader};
use crate::{Api, Problem};

/// Lists what happened in all of the vendor's accounts, also in those that were removed since. Read on from `last`, and
/// nothing is missed.
///
/// It promises what an account's feed does (`listEvents`), with numbers of its own: `account_number` is the one in the
/// account's feed. The events of an account are in the account's order.
#[utoipa::path(
    get, path = "/v1/events", tag = "events", operation_id = "listVendorEvents",
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
pub async fn events(State(api): State<Api>, asks: VendorReader, query: Query) -> Result<Json<EventPage>, Problem> {
    let Stretch { after, limit } = Stretch::parse(query)?;
    let page = vendor_events(api.world(), &asks.vendor, after, limit).await?;
    let items = page.events.iter().map(|event| EventView::of_vendor(event.number, &event.event)).collect();
    Ok(Json(EventPage { items, last: page.last }))
}
