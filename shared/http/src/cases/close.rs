//! `POST /v1/accounts/{account}/cases/{case}/close`: stop.

use axum::Json;
use axum::extract::State;
use casebridge_app::close_case::{CloseCase, CloseCaseError, close_case};
use casebridge_app::open_case::Request;
use casebridge_app::ports::teamviewer::TeamViewerError;
use casebridge_domain::Instant;
use casebridge_domain::service_case::Note;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::view::CaseView;
use crate::Api;
use crate::extract::{CasePath, Faults, OptionalBody, Repeatable, Technician};
use crate::problem::{Kind, Problem};

/// What the technician wishes when he presses stop.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseCaseRequest {
    /// The technician's words, for the comment and the record; at most 2000 characters.
    #[schema(example = "Replaced the driver.")]
    note: Option<String>,
    /// End the case on our side only, when TeamViewer refuses the token. The TeamViewer session is not touched.
    #[serde(default)]
    here_only: bool,
}

impl CloseCaseRequest {
    fn parse(&self) -> Result<CloseCase, Problem> {
        let mut faults = Faults::default();
        let note = faults.maybe("note", self.note.as_deref(), Note::parse);
        if faults.is_empty() { Ok(CloseCase { note, here_only: self.here_only }) } else { Err(faults.problem()) }
    }
}

fn refusal(error: CloseCaseError, now: Instant) -> Problem {
    match error {
        CloseCaseError::NotFound => Problem::new(Kind::NotFound),
        CloseCaseError::StillOpening { until } => Problem::new(Kind::CaseOpening).retry_at(until, now),
        CloseCaseError::BeingClosed { until } => Problem::new(Kind::CaseClosing).retry_at(until, now),
        CloseCaseError::TokenRefused => Problem::new(Kind::TokenRefused)
            .detail(
                "TeamViewer refuses the token that the case was opened with, so TeamViewer can't be told to close it.",
            )
            .fix(
                "Register a valid script token and stop again; or stop with \"here_only\": true, which ends the case \
                 here and leaves the TeamViewer session to end by itself.",
            ),
        CloseCaseError::NotTold(error @ TeamViewerError::RateLimited { .. }) => {
            Problem::from(error).detail("The end is on record; TeamViewer is told as soon as it takes calls again.")
        }
        CloseCaseError::NotTold(error) => Problem::new(Kind::TeamViewerNotTold).caused_by(error),
        CloseCaseError::KeyReused => Problem::new(Kind::IdempotencyKeyReused),
        CloseCaseError::Outside(error) => error.into(),
    }
}

/// Closes the case, in TeamViewer too. A case that has ended is returned as it is, so that stop may be repeated.
#[utoipa::path(
    post, path = "/v1/accounts/{account}/cases/{case}/close", tag = "cases", request_body = Option<CloseCaseRequest>,
    responses(
        (status = 200, body = CaseView),
        (status = 409, description = "`token-refused` (the way out is `here_only`), `case-opening`, `case-closing`"),
        (status = 422, description = "`invalid-fields`, `idempotency-key-reused`"),
        (status = 502, description = "`teamviewer-not-told`: the end is on record all the same"),
        (status = 503, description = "`teamviewer-busy`, `unavailable`")
    )
)]
pub async fn close(
    State(api): State<Api>,
    Technician(admitted): Technician,
    CasePath(id): CasePath,
    repeatable: Repeatable,
    OptionalBody(body): OptionalBody<CloseCaseRequest>,
) -> Result<Json<CaseView>, Problem> {
    let wish = body.parse()?;
    let memory = repeatable.memory(&admitted.key, &body);
    let closed = close_case(&admitted.desk, id, Request { wish, memory: memory.as_ref() }).await;
    let case = closed.map_err(|error| refusal(error, api.now()))?;
    Ok(Json(CaseView::new(&case, &admitted.desk, &admitted.key)))
}
