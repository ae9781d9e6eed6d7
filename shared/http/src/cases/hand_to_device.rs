//! `POST /v1/accounts/{account}/cases/{case}/hand-over`: what starts the session on its device, once more.

use axum::Json;
use casebridge_app::device_hand_over::hand_over_again;
use casebridge_app::open_case::Request;

use super::view::CaseView;
use crate::extract::{CasePath, Nothing, OptionalBody, Repeatable, Technician};
use crate::problem::Problem;

/// Hands out the device's configuration once more, where a restart or an ended app lost it or nobody came. Every call is a new
/// attempt, and an event: use an `Idempotency-Key`.
#[utoipa::path(
    post, path = "/v1/accounts/{account}/cases/{case}/hand-over", tag = "devices", operation_id = "handToDevice", request_body = Option<Nothing>,
    responses(
        (status = 200, body = CaseView),
        (status = 409, description = "`nothing-to-hand-over`, `case-ended`: start a new session; `case-closing`, `case-opening`"),
        (status = 422, description = "`idempotency-key-reused`")
    )
)]
pub async fn hand_to_device(
    Technician(admitted): Technician,
    CasePath(id): CasePath,
    repeatable: Repeatable,
    OptionalBody(body): OptionalBody<Nothing>,
) -> Result<Json<CaseView>, Problem> {
    let memory = repeatable.memory(&admitted.key, &body);
    let case = hand_over_again(&admitted.desk, id, Request { wish: (), memory: memory.as_ref() }).await?;
    Ok(Json(CaseView::new(&case, &admitted.desk, &admitted.key).await))
}
