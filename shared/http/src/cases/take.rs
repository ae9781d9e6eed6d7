//! `POST /v1/accounts/{account}/cases/{case}/take`: a technician takes a case from the queue.

use axum::Json;
use axum::extract::State;
use casebridge_app::help_request::{NotTaken, take_case};
use casebridge_app::open_case::Request;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::view::CaseView;
use super::wire::TechnicianRequest;
use crate::Api;
use crate::extract::{CasePath, Faults, JsonBody, Object, Repeatable, Technician};
use crate::problem::Problem;

/// Who takes it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeRequest {
    /// The technician who helps from now on.
    #[schema(value_type = TechnicianRequest)]
    technician: Object<TechnicianRequest>,
}

impl TakeRequest {
    fn parse(&self) -> Result<casebridge_domain::Technician, Problem> {
        let mut faults = Faults::default();
        let technician = self.technician.parse(&mut faults);
        technician.ok_or_else(|| faults.problem())
    }
}

/// Takes a case that nobody has: of several technicians the first one has it. One that somebody asked for gets its session now, and the
/// requester is mailed the link; if TeamViewer gives none, the case waits for somebody again, and the answer says why.
#[utoipa::path(
    post, path = "/v1/accounts/{account}/cases/{case}/take", tag = "queue", operation_id = "takeCase", request_body = TakeRequest,
    responses(
        (status = 200, description = "The technician has it", body = CaseView),
        (status = 409, description = "`case-taken`: names the technician who has it; `case-ended`, `case-closing`; and as play: \
            `not-connected`, `connection-draining`, `token-refused`, `permission-missing`, `licence-limit`, `group-pending`, \
            `sign-in-needed`, `sign-in-renewing`, `oauth-app-refused`"),
        (status = 422, description = "`invalid-fields`, `idempotency-key-reused`"),
        (status = 502, description = "`teamviewer-failed`, `teamviewer-refused`"),
        (status = 503, description = "`teamviewer-busy`, `unavailable`")
    )
)]
pub async fn take(
    State(api): State<Api>,
    Technician(admitted): Technician,
    CasePath(id): CasePath,
    repeatable: Repeatable,
    JsonBody(body): JsonBody<TakeRequest>,
) -> Result<Json<CaseView>, Problem> {
    let wish = body.parse()?;
    let memory = repeatable.memory(&admitted.key, &body);
    let taken = Box::pin(take_case(&admitted.desk, id, Request { wish, memory: memory.as_ref() })).await;
    let case = taken.map_err(|error| match error {
        NotTaken::HandOver(error) => error.into(),
        NotTaken::Play(error) => Problem::of_play(error, api.now()),
    })?;
    Ok(Json(CaseView::new(&case, &admitted.desk, &admitted.key).await))
}
