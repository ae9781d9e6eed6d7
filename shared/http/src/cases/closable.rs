//! `GET /v1/accounts/{account}/tickets/{ticket}/closable`: may the ticket be closed?

use axum::Json;

use super::guard::ClosableView;
use crate::Problem;
use crate::extract::{Reader, TicketPath};

/// Advice: the answer may be out of date the moment it is given. Reserve the closing to be sure.
#[utoipa::path(
    get, path = "/v1/accounts/{account}/tickets/{ticket}/closable", tag = "close guard", operation_id = "closable",
    responses((status = 200, body = ClosableView))
)]
pub async fn closable(Reader(admitted): Reader, TicketPath(ticket): TicketPath) -> Result<Json<ClosableView>, Problem> {
    Ok(Json(casebridge_app::close_guard::closable(&admitted.desk, &ticket).await?.into()))
}
