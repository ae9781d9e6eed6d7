//! `PUT /v1/accounts/{account}/tickets/{ticket}`: newer facts of the ticket; closed or reopened.

use axum::Json;
use casebridge_app::cases::newest_case;
use casebridge_app::close_guard::{ticket_closed, ticket_reopened};
use casebridge_app::ticket_facts::update_facts;
use casebridge_domain::service_case::Note;
use casebridge_domain::{Malformed, Ticket, TicketId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::view::CaseView;
use super::wire::{TechnicianRequest, TicketRequest};
use crate::Problem;
use crate::extract::{Faults, JsonBody, Object, Technician, TicketPath};

/// What is new. At least one of `ticket` and `state` has to be there.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FactsRequest {
    /// All facts, as they are now.
    #[schema(value_type = Option<TicketRequest>)]
    ticket: Option<Object<TicketRequest>>,
    /// The ticket's technician, sent with the facts; left out, he stays.
    #[schema(value_type = Option<TechnicianRequest>)]
    technician: Option<Object<TechnicianRequest>>,
    /// `closed`: play is refused from now on. `open`: reopened.
    #[schema(example = "open")]
    state: Option<String>,
    /// Why the ticket is closed though its case is live; as with the ticket's closing.
    reason: Option<String>,
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
    reason: Option<Note>,
}

impl FactsRequest {
    fn parse(&self, id: TicketId) -> Result<Facts, Problem> {
        let mut faults = Faults::default();
        let ticket = self.ticket.as_ref().and_then(|ticket| ticket.parse(id, &mut faults));
        let technician = self.technician.as_ref().and_then(|technician| technician.parse(&mut faults));
        let state = faults.maybe("state", self.state.as_deref(), state);
        let reason = faults.maybe("reason", self.reason.as_deref(), Note::parse);
        if reason.is_some() && !matches!(state, Some(TicketState::Closed)) {
            faults.add("reason", "goes with the state closed only");
        }
        if self.ticket.is_none() && (self.technician.is_some() || self.state.is_none()) {
            faults.add("ticket", "is missing");
        }
        if faults.is_empty() { Ok(Facts { ticket, technician, state, reason }) } else { Err(faults.problem()) }
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
/// the ticket for play. What a live case means to its ticket's closing is the account's policy `close_guard`.
#[utoipa::path(
    put, path = "/v1/accounts/{account}/tickets/{ticket}", tag = "tickets", operation_id = "updateTicket", request_body = FactsRequest,
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
        Some(TicketState::Closed) => {
            let closed = ticket_closed(desk, &id, facts.reason.as_ref()).await;
            closed.map_err(|error| Problem::of_guard(error, desk.now()))?;
        }
        Some(TicketState::Open) => ticket_reopened(desk, &id).await?,
        None => {}
    }
    let case = match facts.ticket {
        Some(ticket) => update_facts(desk, ticket, facts.technician).await?,
        None => newest_case(desk, &id).await?,
    };
    let case = match case {
        Some(case) => Some(CaseView::new(&case, desk, &admitted.key).await),
        None => None,
    };
    Ok(Json(FactsView { ticket: id.to_string(), case }))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::testing::{Answer, TestApi};

    async fn put(api: &TestApi, body: &Value) -> Answer {
        let path = "/v1/accounts/acme/tickets/T1";
        api.call("PUT", path).key(&api.keys.technician).json(body).send().await
    }

    #[tokio::test]
    async fn a_live_case_takes_newer_facts() {
        let (api, case) = TestApi::played().await;
        let body = json!({
            "ticket": { "number": "INC-1", "title": "Plotter" },
            "technician": { "id": "u-7", "name": "Kim" },
            "state": "open"
        });
        let shown = put(&api, &body).await.is(200);
        assert_eq!(shown["case"]["id"], case["id"]);
        assert_eq!(shown["case"]["technician"], json!({ "id": "u-7", "name": "Kim" }));
    }

    #[tokio::test]
    async fn where_closing_is_refused_the_facts_stay_too() {
        let (api, _) = TestApi::played().await;
        let writes = api.engine.writes();
        let body = json!({ "ticket": { "number": "INC-2", "title": "Plotter" }, "state": "closed" });
        put(&api, &body).await.problem(409, "live-case");
        assert_eq!(api.engine.writes(), writes);
    }

    #[tokio::test]
    async fn a_ticket_without_a_case_may_be_closed() {
        let api = TestApi::connected().await;
        assert_eq!(put(&api, &json!({ "state": "closed" })).await.is(200), json!({ "ticket": "T1" }));
        let path = "/v1/accounts/acme/tickets/T1/closable";
        let closable = api.call("GET", path).key(&api.keys.read).send().await.is(200);
        assert_eq!(closable, json!({ "closable": true, "closed": true }));
    }

    #[tokio::test]
    async fn something_has_to_be_said() {
        let api = TestApi::new().await;
        let writes = api.engine.writes();
        for (body, field) in [
            (json!({}), "ticket"),
            (json!({ "technician": { "id": "u", "name": "Kim" }, "state": "open" }), "ticket"),
            (json!({ "state": "solved" }), "state"),
            (json!({ "ticket": { "number": "1", "title": "" } }), "ticket.title"),
        ] {
            put(&api, &body).await.problem_with(422, "invalid-fields", &[field]);
        }
        assert_eq!(api.engine.writes(), writes);
    }
}
