//! `DELETE /v1/accounts/{account}/tickets/{ticket}/closing`: the ticket is not closed after all.

use axum::http::StatusCode;

use crate::Problem;
use crate::extract::{Technician, TicketPath};

/// Lets a reserved closing go: play works again. A ticket that is closed stays closed.
#[utoipa::path(
    delete, path = "/v1/accounts/{account}/tickets/{ticket}/closing", tag = "close guard", operation_id = "letGoClosing",
    responses((status = 204, description = "Nothing is reserved"))
)]
pub async fn let_go(Technician(admitted): Technician, TicketPath(ticket): TicketPath) -> Result<StatusCode, Problem> {
    casebridge_app::close_guard::let_go(&admitted.desk, &ticket).await?;
    Ok(StatusCode::NO_CONTENT)
}
