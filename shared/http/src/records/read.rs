//! `GET /v1/accounts/{account}/reports/sessions/records/{case}`: one session record.

use axum::Json;
use casebridge_app::records::record;

use super::view::RecordView;
use crate::extract::{CasePath, Reader};
use crate::problem::{Kind, Problem};

/// The record of a case that has ended.
#[utoipa::path(
    get, path = "/v1/accounts/{account}/reports/sessions/records/{case}", tag = "reports", operation_id = "readRecord",
    responses(
        (status = 200, body = RecordView),
        (status = 404, description = "`not-found`: there is no such case, it has not ended, or never had a session")
    )
)]
pub async fn read(Reader(admitted): Reader, CasePath(case): CasePath) -> Result<Json<RecordView>, Problem> {
    let record = record(&admitted.desk, case).await?.ok_or_else(|| Problem::new(Kind::NotFound))?;
    Ok(Json(RecordView::from(&record)))
}
