//! `POST /v1/accounts/{account}/cases/{case}/withdraw`: help is not wanted any more.

use axum::Json;
use casebridge_app::help_request::{NotWithdrawn, withdraw};
use casebridge_app::open_case::Request;
use casebridge_domain::service_case::NotAllowed;
use serde_json::json;

use super::view::CaseView;
use crate::extract::{CasePath, Nothing, OptionalBody, Repeatable, Technician};
use crate::problem::{Kind, Problem};

impl From<NotWithdrawn> for Problem {
    fn from(error: NotWithdrawn) -> Self {
        match error {
            NotWithdrawn::NotFound => Self::new(Kind::NotFound),
            NotWithdrawn::Taken(None) => Self::new(Kind::CaseTaken),
            NotWithdrawn::Taken(Some(technician)) => Self::new(Kind::CaseTaken)
                .member("technician", json!({ "id": technician.id.to_string(), "name": technician.name.to_string() })),
            NotWithdrawn::NotAllowed(NotAllowed::BeingClosed) => Self::new(Kind::CaseClosing).retry_after(2),
            NotWithdrawn::NotAllowed(_) => Self::new(Kind::CaseEnded),
            NotWithdrawn::KeyReused => Self::new(Kind::IdempotencyKeyReused),
            NotWithdrawn::Outside(error) => error.into(),
        }
    }
}

/// Withdraws a request for help that nobody has taken: the case ends as `failed`, with the problem `withdrawn`. Stop does the same.
#[utoipa::path(
    post, path = "/v1/accounts/{account}/cases/{case}/withdraw", tag = "queue", operation_id = "withdrawRequest",
    request_body = Option<Nothing>,
    responses(
        (status = 200, description = "It is withdrawn", body = CaseView),
        (status = 409, description = "`case-taken`: somebody helps already; `case-ended`, `case-closing`"),
        (status = 422, description = "`idempotency-key-reused`")
    )
)]
pub async fn withdraw_request(
    Technician(admitted): Technician,
    CasePath(id): CasePath,
    repeatable: Repeatable,
    OptionalBody(body): OptionalBody<Nothing>,
) -> Result<Json<CaseView>, Problem> {
    let memory = repeatable.memory(&admitted.key, &body);
    let case = withdraw(&admitted.desk, id, Request { wish: (), memory: memory.as_ref() }).await?;
    Ok(Json(CaseView::new(&case, &admitted.desk, &admitted.key).await))
}
