//! `PUT /v1/accounts/{account}/tickets/{ticket}`: newer facts of the ticket; closed or reopened.

use axum::Json;
use casebridge_app::cases::newest_case;
use casebridge_app::close_guard::{ticket_closed, ticket_reopened};
use casebridge_app::ticket_facts::update_facts;
use casebridge_domain::{Malformed, Ticket, TicketId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::view::CaseView;
use super::wire::{TechnicianRequest, TicketRequest};
use crate::Problem;
use crate::extract::{Faults, JsonBody, Technician, TicketPath};

/// What is new. At least one of `ticket` and `state` has to be there.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FactsRequest {
    /// All facts, as they are now.
    ticket: Option<TicketRequest>,
    /// The ticket's technician, sent with the facts; left out, he stays.
    technician: Option<TechnicianRequest>,
    /// `closed`: play is refused from now on. `open`: reopened.
    #[schema(example = "open")]
    state: Option<String>,
}

#[derive(Clone, Copy)]
enum TicketState {
    Open,
    Closed,
}

struct Facts {
    ticket: Option<Ticket>,
    technician: Option<casebridge_domain::Technician>,
    state: Option<TicketState>,
}

impl FactsRequest {
    fn parse(&self, id: TicketId) -> Result<Facts, Problem> {
        let mut faults = Faults::default();
        let ticket = self.ticket.as_ref().and_then(|ticket| ticket.parse(id, &mut faults));
        let technician = self.technician.as_ref().and_then(|technician| technician.parse(&mut faults));
        let state = faults.maybe("state", self.state.as_deref(), state);
        if self.ticket.is_none() && (self.technician.is_some() || self.state.is_none()) {
            faults.add("ticket", "is missing");
        }
        if faults.is_empty() { Ok(Facts { ticket, technician, state }) } else { Err(faults.problem()) }
    }
}

fn state(raw: &str) -> Result<TicketState, Malformed> {
    match raw {
        "open" => Ok(TicketState::Open),
        "closed" => Ok(TicketState::Closed),
        _ => Err(Malformed::new("must be one of open, closed")),
    }
}

/// The ticket after the change.
#[derive(Debug, Serialize, ToSchema)]
pub struct FactsView {
    /// The vendor's id.
    ticket: String,
    /// The ticket's newest case, if it ever had one. A case that has ended keeps the facts it ended with.
    #[serde(skip_serializing_if = "Option::is_none")]
    case: Option<CaseView>,
}

/// Takes the ticket's newer facts into its live case, for the comment, the letters and the reports; closes or reopens
/// the ticket for play.
#[utoipa::path(
    put, path = "/v1/accounts/{account}/tickets/{ticket}", tag = "tickets", request_body = FactsRequest,
    responses(
        (status = 200, body = FactsView),
        (status = 409, description = "`live-case`: the ticket can't be closed while its case is live"),
        (status = 422, description = "`invalid-fields`")
    )
)]
pub async fn facts(
    Technician(admitted): Technician,
    TicketPath(id): TicketPath,
    JsonBody(body): JsonBody<FactsRequest>,
) -> Result<Json<FactsView>, Problem> {
    let desk = &admitted.desk;
    let facts = body.parse(id.clone())?;
    // The state first: where closing is refused, nothing changes.
    match facts.state {
        Some(TicketState::Closed) => ticket_closed(desk, &id).await?,
        Some(TicketState::Open) => ticket_reopened(desk, &id).await?,
        None => {}
    }
    let case = match facts.ticket {
        Some(ticket) => update_facts(desk, ticket, facts.technician).await?,
        None => newest_case(desk, &id).await?,
    };
    let case = case.map(|case| CaseView::new(&case, desk, &admitted.key));
    Ok(Json(FactsView { ticket: id.to_string(), case }))
}
