//! `POST /v1/accounts/{account}/cases/{case}/invitation`: sends the invitation again.

use axum::Json;
use axum::http::StatusCode;
use casebridge_app::invitation::{InviteError, invite_again};
use casebridge_app::open_case::Request;
use casebridge_domain::service_case::NotAllowed;

use super::view::CaseView;
use crate::extract::{CasePath, Nothing, OptionalBody, Repeatable, Technician};
use crate::problem::{Kind, Problem};

impl From<InviteError> for Problem {
    fn from(error: InviteError) -> Self {
        match error {
            InviteError::NotFound => Self::new(Kind::NotFound),
            InviteError::NoAddress => Self::new(Kind::NoAddress),
            InviteError::NotAllowed(NotAllowed::StillOpening) => Self::new(Kind::CaseOpening).retry_after(2),
            InviteError::NotAllowed(NotAllowed::BeingClosed) => Self::new(Kind::CaseClosing).retry_after(2),
            InviteError::NotAllowed(NotAllowed::Ended | NotAllowed::Time | NotAllowed::Overtaken) => {
                Self::new(Kind::CaseEnded)
            }
            InviteError::KeyReused => Self::new(Kind::IdempotencyKeyReused),
            InviteError::Outside(error) => error.into(),
        }
    }
}

/// Mails the requester once more. Use an `Idempotency-Key`, so that a repeated request is one letter.
#[utoipa::path(
    post, path = "/v1/accounts/{account}/cases/{case}/invitation", tag = "cases", request_body = Option<Nothing>,
    responses(
        (status = 202, description = "The letter is queued", body = CaseView),
        (status = 409, description = "`no-address`, `case-ended`, `case-opening`, `case-closing`"),
        (status = 422, description = "`idempotency-key-reused`")
    )
)]
pub async fn invite(
    Technician(admitted): Technician,
    CasePath(id): CasePath,
    repeatable: Repeatable,
    OptionalBody(body): OptionalBody<Nothing>,
) -> Result<(StatusCode, Json<CaseView>), Problem> {
    let memory = repeatable.memory(&admitted.key, &body);
    let case = invite_again(&admitted.desk, id, Request { wish: (), memory: memory.as_ref() }).await?;
    Ok((StatusCode::ACCEPTED, Json(CaseView::new(&case, &admitted.desk, &admitted.key))))
}
