//! `GET /v1/accounts/{account}/tickets/{ticket}/case`: the ticket's newest case.

use axum::Json;
use casebridge_app::cases::newest_case;

use super::view::CaseView;
use crate::extract::{Reader, TicketPath};
use crate::problem::{Kind, Problem};

/// The ticket's newest case, live or ended.
#[utoipa::path(
    get, path = "/v1/accounts/{account}/tickets/{ticket}/case", tag = "cases",
    responses((status = 200, body = CaseView))
)]
pub async fn newest(Reader(admitted): Reader, TicketPath(ticket): TicketPath) -> Result<Json<CaseView>, Problem> {
    let case = newest_case(&admitted.desk, &ticket).await?.ok_or_else(|| Problem::new(Kind::NotFound))?;
    Ok(Json(CaseView::new(&case, &admitted.desk, &admitted.key)))
}
