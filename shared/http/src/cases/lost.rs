//! `POST /v1/accounts/{account}/cases/{case}/lost`: the device does not know its session any more.

use axum::Json;
use casebridge_app::device_hand_over::{DeviceHandOverError, start_lost};
use casebridge_app::open_case::Request;
use casebridge_domain::Malformed;
use casebridge_domain::device::LossCause;
use casebridge_domain::service_case::NotAllowed;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::view::CaseView;
use crate::extract::{CasePath, Faults, JsonBody, Repeatable, Technician};
use crate::problem::{Kind, Problem};

/// How it was lost.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LostRequest {
    /// `restarted` (the device) or `killed` (QuickSupport).
    #[schema(example = "restarted")]
    why: String,
}

impl LostRequest {
    fn parse(&self) -> Result<LossCause, Problem> {
        let mut faults = Faults::default();
        let reported = [LossCause::Restarted, LossCause::Killed];
        let found = reported.into_iter().find(|cause| cause.name() == self.why);
        let cause = faults.take("why", found.ok_or_else(|| Malformed::new("must be one of restarted, killed")));
        cause.ok_or_else(|| faults.problem())
    }
}

impl From<DeviceHandOverError> for Problem {
    fn from(error: DeviceHandOverError) -> Self {
        match error {
            DeviceHandOverError::NotFound => Self::new(Kind::NotFound),
            DeviceHandOverError::NotAllowed(NotAllowed::NoHandOver | NotAllowed::NoSession) => {
                Self::new(Kind::NothingToHandOver)
            }
            DeviceHandOverError::NotAllowed(NotAllowed::BeingClosed) => Self::new(Kind::CaseClosing).retry_after(2),
            DeviceHandOverError::NotAllowed(NotAllowed::NotTaken) => Self::new(Kind::CaseAsked),
            DeviceHandOverError::NotAllowed(NotAllowed::StillOpening) => Self::new(Kind::CaseOpening).retry_after(2),
            DeviceHandOverError::NotAllowed(
                NotAllowed::Ended | NotAllowed::Time | NotAllowed::Overtaken | NotAllowed::Taken,
            ) => Self::new(Kind::CaseEnded),
            DeviceHandOverError::KeyReused => Self::new(Kind::IdempotencyKeyReused),
            DeviceHandOverError::Outside(error) => error.into(),
        }
    }
}

/// Reports that the device was started anew, or QuickSupport ended: it forgets the session it was handed. The case says so, and can
/// be handed over again.
#[utoipa::path(
    post, path = "/v1/accounts/{account}/cases/{case}/lost", tag = "devices", operation_id = "reportLost", request_body = LostRequest,
    responses(
        (status = 200, body = CaseView),
        (status = 409, description = "`nothing-to-hand-over`, `case-ended`, `case-closing`, `case-opening`"),
        (status = 422, description = "`invalid-fields`, `idempotency-key-reused`")
    )
)]
pub async fn lost(
    Technician(admitted): Technician,
    CasePath(id): CasePath,
    repeatable: Repeatable,
    JsonBody(body): JsonBody<LostRequest>,
) -> Result<Json<CaseView>, Problem> {
    let wish = body.parse()?;
    let memory = repeatable.memory(&admitted.key, &body);
    let case = start_lost(&admitted.desk, id, Request { wish, memory: memory.as_ref() }).await?;
    Ok(Json(CaseView::new(&case, &admitted.desk, &admitted.key).await))
}
