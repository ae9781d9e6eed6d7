//! `POST /v1/accounts/{account}/tickets/{ticket}/closing`: reserves the ticket's closing, or confirms it.

use axum::Json;
use axum::extract::State;
use casebridge_app::close_guard::{reserve_closing, ticket_closed};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::guard::ClosableView;
use crate::extract::{OptionalBody, Repeatable, Technician, TicketPath};
use crate::{Api, Problem};

/// Reserve, or confirm.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClosingRequest {
    /// `false` reserves the closing for 60 seconds; `true` says that the ticket is closed.
    #[serde(default)]
    confirm: bool,
}

/// Reserves the closing for 60 seconds, so that no play slips in between; or says that the ticket is closed. Both may be
/// repeated: an `Idempotency-Key` is accepted and not needed.
#[utoipa::path(
    post, path = "/v1/accounts/{account}/tickets/{ticket}/closing", tag = "close guard",
    request_body = Option<ClosingRequest>,
    responses(
        (status = 200, body = ClosableView),
        (status = 409, description = "`live-case`: the refusal names the case")
    )
)]
pub async fn closing(
    State(api): State<Api>,
    Technician(admitted): Technician,
    TicketPath(ticket): TicketPath,
    _: Repeatable,
    OptionalBody(body): OptionalBody<ClosingRequest>,
) -> Result<Json<ClosableView>, Problem> {
    if body.confirm {
        ticket_closed(&admitted.desk, &ticket).await?;
        return Ok(Json(ClosableView::closed()));
    }
    let until = reserve_closing(&admitted.desk, &ticket).await?;
    // A ticket that was closed before gives the time of that.
    let reserved = until > api.now();
    Ok(Json(if reserved { ClosableView::reserved(until) } else { ClosableView::closed() }))
}
