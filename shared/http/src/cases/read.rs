//! `GET /v1/accounts/{account}/cases/{case}`: one case.

use axum::Json;
use casebridge_app::cases::case;

use super::view::CaseView;
use crate::extract::{CasePath, Reader};
use crate::problem::{Kind, Problem};

/// One case, as it stands by the clock.
#[utoipa::path(
    get, path = "/v1/accounts/{account}/cases/{case}", tag = "cases", operation_id = "readCase",
    responses((status = 200, body = CaseView))
)]
pub async fn read(Reader(admitted): Reader, CasePath(id): CasePath) -> Result<Json<CaseView>, Problem> {
    let case = case(&admitted.desk, id).await?.ok_or_else(|| Problem::new(Kind::NotFound))?;
    Ok(Json(CaseView::new(&case, &admitted.desk, &admitted.key).await))
}
