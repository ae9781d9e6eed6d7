//! `GET /v1/accounts/{account}/tickets/{ticket}/case`: the ticket's newest case.

use axum::Json;
use casebridge_app::cases::newest_case;

use super::view::CaseView;
use crate::extract::{Reader, TicketPath};
use crate::problem::{Kind, Problem};

/// The ticket's newest case, live or ended.
#[utoipa::path(
    get, path = "/v1/accounts/{account}/tickets/{ticket}/case", tag = "cases", operation_id = "newestCase",
    responses((status = 200, body = CaseView))
)]
pub async fn newest(Reader(admitted): Reader, TicketPath(ticket): TicketPath) -> Result<Json<CaseView>, Problem> {
    let case = newest_case(&admitted.desk, &ticket).await?.ok_or_else(|| Problem::new(Kind::NotFound))?;
    Ok(Json(CaseView::new(&case, &admitted.desk, &admitted.key).await))
}

#[cfg(test)]
mod tests {
    use crate::testing::TestApi;

    #[tokio::test]
    async fn a_ticket_that_was_never_played_has_no_case() {
        let (api, case) = TestApi::played().await;
        let newest = async |ticket: &str| {
            let path = format!("/v1/accounts/acme/tickets/{ticket}/case");
            api.call("GET", &path).key(&api.keys.technician).send().await
        };
        assert_eq!(newest("T1").await.is(200), case);
        newest("T2").await.problem(404, "not-found");
    }
}
