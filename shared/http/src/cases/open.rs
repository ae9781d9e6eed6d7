//! `POST /v1/accounts/{account}/tickets/{ticket}/case`: play.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use casebridge_app::open_case::{OpenCase, OpenCaseError, Opened, Request, open_case};
use casebridge_domain::{Instant, SessionType, TicketId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::view::CaseView;
use super::wire::{RequesterRequest, TechnicianRequest, TicketRequest, session_type};
use crate::Api;
use crate::extract::{Faults, JsonBody, Repeatable, Technician, TicketPath};
use crate::problem::{Kind, Problem};

/// What the technician wishes when he presses play.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenCaseRequest {
    /// The ticket's facts.
    ticket: TicketRequest,
    /// Who is helped.
    requester: RequesterRequest,
    /// Who helps, if that is known.
    technician: Option<TechnicianRequest>,
    /// `default` (remote control) or `pilot` (camera); `default` if left out.
    #[schema(example = "default")]
    session_type: Option<String>,
}

impl OpenCaseRequest {
    fn parse(&self, ticket: TicketId) -> Result<OpenCase, Problem> {
        let mut faults = Faults::default();
        let ticket = self.ticket.parse(ticket, &mut faults);
        let requester = self.requester.parse(&mut faults);
        let technician = self.technician.as_ref().and_then(|technician| technician.parse(&mut faults));
        let kind = faults.maybe("session_type", self.session_type.as_deref(), session_type);
        match (ticket, requester) {
            (Some(ticket), Some(requester)) if faults.is_empty() => {
                let session_type = kind.unwrap_or(SessionType::Default);
                Ok(OpenCase { ticket, requester, technician, session_type })
            }
            _ => Err(faults.problem()),
        }
    }
}

impl Problem {
    /// What the vendor is told when there is no case.
    pub(crate) fn of_play(error: OpenCaseError, now: Instant) -> Self {
        match error {
            OpenCaseError::TicketClosing { until } => Self::new(Kind::TicketClosing).retry_at(until, now),
            OpenCaseError::Pending { until } => Self::new(Kind::RequestPending).retry_at(until, now),
            OpenCaseError::NotConnected => Self::new(Kind::NotConnected),
            OpenCaseError::Draining => Self::new(Kind::Draining),
            OpenCaseError::TokenRefused => Self::new(Kind::TokenRefused),
            OpenCaseError::TicketClosed => Self::new(Kind::TicketClosed),
            OpenCaseError::KeyReused => Self::new(Kind::IdempotencyKeyReused),
            OpenCaseError::NoSession(_, error) => error.into(),
            OpenCaseError::Outside(error) => error.into(),
        }
    }
}

/// Opens the ticket's service case and mails the requester, or returns the case that is live.
#[utoipa::path(
    post, path = "/v1/accounts/{account}/tickets/{ticket}/case", tag = "cases", request_body = OpenCaseRequest,
    responses(
        (status = 201, description = "A new case", body = CaseView,
            headers(("Location" = String, description = "The case"))),
        (status = 200, description = "The ticket has a live case already", body = CaseView),
        (status = 409, description = "`not-connected`, `connection-draining`, `token-refused`, `permission-missing`, \
            `licence-limit`, `ticket-closed`, `ticket-closing`, `request-pending`"),
        (status = 422, description = "`invalid-fields`, `idempotency-key-reused`"),
        (status = 502, description = "`teamviewer-failed`, `teamviewer-refused`"),
        (status = 503, description = "`teamviewer-busy`, `unavailable`")
    )
)]
pub async fn open(
    State(api): State<Api>,
    Technician(admitted): Technician,
    TicketPath(ticket): TicketPath,
    repeatable: Repeatable,
    JsonBody(body): JsonBody<OpenCaseRequest>,
) -> Result<Response, Problem> {
    let wish = body.parse(ticket)?;
    let memory = repeatable.memory(&admitted.key, &body);
    let opened = Box::pin(open_case(&admitted.desk, Request { wish, memory: memory.as_ref() })).await;
    let opened = opened.map_err(|error| Problem::of_play(error, api.now()))?;
    let (status, case) = match &opened {
        Opened::New(case) => (StatusCode::CREATED, case),
        Opened::Already(case) => (StatusCode::OK, case),
    };
    let location = format!("/v1/accounts/{}/cases/{}", admitted.desk.id(), case.id());
    let view = CaseView::new(case, &admitted.desk, &admitted.key);
    Ok((status, [(LOCATION, location)], Json(view)).into_response())
}
