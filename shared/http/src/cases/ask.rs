//! `POST /v1/accounts/{account}/tickets/{ticket}/request`: the requester asks for help.

use axum::extract::State;
use axum::response::Response;
use casebridge_app::help_request::{AskForHelp, NotAsked, ask_for_help};
use casebridge_app::open_case::Request;
use casebridge_domain::service_case::Note;
use casebridge_domain::{Instant, Language, SessionType, TicketId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::open::played;
use super::view::CaseView;
use super::wire::{RequesterRequest, TicketRequest, session_type};
use crate::Api;
use crate::extract::{Faults, JsonBody, Object, Repeatable, Technician, TicketPath};
use crate::problem::{Kind, Problem};

/// What the requester asks for.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskForHelpRequest {
    /// The ticket's facts.
    #[schema(value_type = TicketRequest)]
    ticket: Object<TicketRequest>,
    /// Who asks.
    #[schema(value_type = RequesterRequest)]
    requester: Object<RequesterRequest>,
    /// What is wrong, in his words; at most 2000 characters.
    #[schema(example = "The printer smokes")]
    note: Option<String>,
    /// `default` (remote control) or `pilot` (camera); `default` if left out.
    #[schema(example = "default")]
    session_type: Option<String>,
}

impl AskForHelpRequest {
    fn parse(&self, ticket: TicketId) -> Result<AskForHelp, Problem> {
        let mut faults = Faults::default();
        let ticket = self.ticket.parse(ticket, &mut faults);
        let requester = self.requester.parse(&mut faults);
        let note = note(self.note.as_deref(), &mut faults);
        let kind = faults.maybe("session_type", self.session_type.as_deref(), session_type);
        match (ticket, requester) {
            (Some(ticket), Some(requester)) if faults.is_empty() => {
                let session_type = kind.unwrap_or(SessionType::Default);
                Ok(AskForHelp { subject: ticket.into(), requester, session_type, note })
            }
            _ => Err(faults.problem()),
        }
    }
}

/// What is wrong; an empty one counts as left out.
pub(super) fn note(raw: Option<&str>, faults: &mut Faults) -> Option<Note> {
    faults.maybe("note", raw.filter(|raw| !raw.trim().is_empty()), Note::parse)
}

impl Problem {
    /// What the vendor is told when nobody is asked.
    pub(crate) fn of_asking(error: NotAsked, language: Language, now: Instant) -> Self {
        match error {
            NotAsked::TicketClosed => Self::new(Kind::TicketClosed),
            NotAsked::TicketClosing { until } => Self::new(Kind::TicketClosing).retry_at(until, now),
            NotAsked::Device(error) => Self::of_start(error, language, now),
            NotAsked::KeyReused => Self::new(Kind::IdempotencyKeyReused),
            NotAsked::Outside(error) => error.into(),
        }
    }
}

/// The requester asks for help: the case waits in the technicians' queue (`GET …/cases?unassigned=true`), and whoever takes it first has
/// it. Those who stand in for a technician are mailed. TeamViewer is asked for a session when somebody takes it; after the account's
/// `request_lifetime_minutes` a request that nobody took ends by itself.
#[utoipa::path(
    post, path = "/v1/accounts/{account}/tickets/{ticket}/request", tag = "queue", operation_id = "askForHelp",
    request_body = AskForHelpRequest,
    responses(
        (status = 201, description = "A new case, `asked`", body = CaseView,
            headers(("Location" = String, description = "The case"))),
        (status = 200, description = "The ticket has a case that waits or is live already", body = CaseView),
        (status = 409, description = "`ticket-closed`, `ticket-closing`"),
        (status = 422, description = "`invalid-fields`, `idempotency-key-reused`"),
        (status = 503, description = "`unavailable`")
    )
)]
pub async fn ask(
    State(api): State<Api>,
    Technician(admitted): Technician,
    TicketPath(ticket): TicketPath,
    repeatable: Repeatable,
    JsonBody(body): JsonBody<AskForHelpRequest>,
) -> Result<Response, Problem> {
    let wish = body.parse(ticket)?;
    let memory = repeatable.memory(&admitted.key, &body);
    let language = admitted.desk.account().language;
    let asked = ask_for_help(&admitted.desk, Request { wish, memory: memory.as_ref() }).await;
    let opened = asked.map_err(|error| Problem::of_asking(error, language, api.now()))?;
    Ok(played(&opened, &admitted).await)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use serde_json::{Value, json};

    use crate::testing::{Answer, TestApi, play};

    fn request() -> Value {
        let mut body = play();
        body.as_object_mut().unwrap().remove("technician");
        body["note"] = json!("It smokes");
        body
    }

    async fn ask(api: &TestApi) -> Answer {
        let path = "/v1/accounts/acme/tickets/T1/request";
        api.call("POST", path).key(&api.keys.technician).json(&request()).send().await
    }

    async fn of_case(api: &TestApi, case: &Value, step: &str, body: &Value) -> Answer {
        let path = format!("/v1/accounts/acme/cases/{}/{step}", case["id"].as_str().unwrap());
        api.call("POST", &path).key(&api.keys.technician).json(body).send().await
    }

    fn kim() -> Value {
        json!({ "technician": { "id": "u-7", "name": "Kim" } })
    }

    #[tokio::test]
    async fn who_asks_waits_in_the_queue_without_a_session() {
        let api = TestApi::new().await;
        let case = ask(&api).await.is(201);
        assert_eq!((case["state"].as_str(), case["problem"].as_str()), (Some("asked"), None));
        let request =
            json!({ "asked_at": "2100-03-01T12:00:00Z", "until": "2100-03-01T13:00:00Z", "note": "It smokes" });
        assert_eq!(case["request"], request);
        assert!(case.get("session_code").is_none() && case.get("technician").is_none());
        let writes = api.engine.writes();
        assert_eq!(ask(&api).await.is(200), case);
        assert_eq!((api.engine.writes(), api.teamviewer.open()), (writes, 0));
        for query in ["state=asked", "state=live&unassigned=true"] {
            let path = format!("/v1/accounts/acme/cases?{query}");
            let page = api.call("GET", &path).key(&api.keys.read).send().await.is(200);
            assert_eq!(page["items"], json!([case]), "{query}");
        }
    }

    #[tokio::test]
    async fn who_takes_it_first_has_it_and_the_second_is_told_who() {
        let api = TestApi::connected().await;
        let case = ask(&api).await.is(201);
        let taken = of_case(&api, &case, "take", &kim()).await.is(200);
        assert_eq!((taken["id"].clone(), taken["state"].as_str()), (case["id"].clone(), Some("open")));
        assert_eq!(taken["technician"], json!({ "id": "u-7", "name": "Kim" }));
        assert_eq!(taken["request"], json!({ "asked_at": "2100-03-01T12:00:00Z", "note": "It smokes" }));
        let other = json!({ "technician": { "id": "u-8", "name": "Lou" } });
        let late = of_case(&api, &case, "take", &other).await.problem(409, "case-taken");
        assert_eq!(late["technician"], json!({ "id": "u-7", "name": "Kim" }));
        of_case(&api, &case, "withdraw", &json!({})).await.problem(409, "case-taken");
        assert_eq!(api.teamviewer.open(), 1);
    }

    #[tokio::test]
    async fn what_nobody_has_taken_can_be_withdrawn_and_little_else() {
        let api = TestApi::connected().await;
        let case = ask(&api).await.is(201);
        of_case(&api, &case, "invitation", &json!({})).await.problem(409, "case-asked");
        of_case(&api, &case, "technician", &kim()).await.problem(409, "case-asked");
        of_case(&api, &case, "hand-over", &json!({})).await.problem(409, "case-asked");
        let withdrawn = of_case(&api, &case, "withdraw", &json!({})).await.is(200);
        assert_eq!((withdrawn["state"].as_str(), withdrawn["problem"].as_str()), (Some("failed"), Some("withdrawn")));
        assert_eq!(of_case(&api, &case, "withdraw", &json!({})).await.is(200), withdrawn);
        of_case(&api, &case, "take", &kim()).await.problem(409, "case-ended");
        assert_eq!(api.teamviewer.open(), 0);
    }

    #[tokio::test]
    async fn past_its_time_it_has_ended_though_nobody_settled_it() {
        let api = TestApi::connected().await;
        let case = ask(&api).await.is(201);
        api.clock.advance(TimeDelta::hours(1));
        let path = format!("/v1/accounts/acme/cases/{}", case["id"].as_str().unwrap());
        let over = api.call("GET", &path).key(&api.keys.read).send().await.is(200);
        assert_eq!((over["state"].as_str(), over["problem"].as_str()), (Some("failed"), Some("not_taken")));
        of_case(&api, &case, "take", &kim()).await.problem(409, "case-ended");
        of_case(&api, &case, "withdraw", &json!({})).await.problem(409, "case-ended");
    }

    #[tokio::test]
    async fn without_a_connection_it_waits_and_the_taker_is_told_why() {
        let api = TestApi::new().await;
        let case = ask(&api).await.is(201);
        of_case(&api, &case, "take", &kim()).await.problem(409, "not-connected");
        assert_eq!(ask(&api).await.is(200)["state"], "asked");
    }

    #[tokio::test]
    async fn what_breaks_a_rule_is_named_and_nothing_is_kept() {
        let api = TestApi::connected().await;
        let writes = api.engine.writes();
        let body = json!({
            "ticket": { "number": "", "title": "x" }, "requester": { "name": "" }, "note": "x".repeat(2001), "session_type": "video",
        });
        let path = "/v1/accounts/acme/tickets/T1/request";
        let answer = api.call("POST", path).key(&api.keys.technician).json(&body).send().await;
        answer.problem_with(422, "invalid-fields", &["ticket.number", "requester.name", "note", "session_type"]);
        api.call("POST", path).key(&api.keys.read).json(&request()).send().await.problem(403, "forbidden");
        assert_eq!(api.engine.writes(), writes);
    }
}
