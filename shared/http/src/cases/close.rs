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
    /// The technician's words, for the comment and the record; at most 2000 characters. Must be there where the account's
    /// policy `note` is `required`, but for `here_only`.
    #[schema(example = "Replaced the driver.")]
    note: Option<String>,
    /// End the case on our side only, when TeamViewer refuses the token. The TeamViewer session is not touched.
    #[serde(default)]
    here_only: bool,
}

impl CloseCaseRequest {
    pub(crate) fn parse(&self) -> Result<CloseCase, Problem> {
        let mut faults = Faults::default();
        let note = faults.maybe("note", self.note.as_deref(), Note::parse);
        if faults.is_empty() { Ok(CloseCase { note, here_only: self.here_only }) } else { Err(faults.problem()) }
    }
}

/// What the vendor is told when the case is not closed.
pub(crate) fn refusal(error: CloseCaseError, now: Instant) -> Problem {
    match error {
        CloseCaseError::NotFound => Problem::new(Kind::NotFound),
        CloseCaseError::StillOpening { until } => Problem::new(Kind::CaseOpening).retry_at(until, now),
        CloseCaseError::BeingClosed { until } => Problem::new(Kind::CaseClosing).retry_at(until, now),
        CloseCaseError::NoteMissing => Problem::new(Kind::InvalidFields)
            .detail("This account asks for a note when a case is stopped.")
            .and_field("note", "must not be missing"),
        CloseCaseError::CustomerOnline => Problem::new(Kind::LiveCase).detail("The customer is online."),
        CloseCaseError::TokenRefused => Problem::new(Kind::TokenRefused)
            .detail(
                "TeamViewer refuses the token that the case was opened with, so TeamViewer can't be told to close it.",
            )
            .fix(
                "Register a valid script token and stop again; or stop with \"here_only\": true, which ends the case \
                 here and leaves the TeamViewer session to end by itself.",
            ),
        CloseCaseError::SignInNeeded(needed) => Problem::sign_in_needed(&needed)
            .detail(
                "TeamViewer refuses the sign-in that the case was opened with, so TeamViewer can't be told to close it.",
            )
            .fix(
                "POST to the address in `sign_in`, send the technician to the `url` in the answer, and stop again; or stop \
                 with \"here_only\": true, which ends the case here and leaves the TeamViewer session to end by itself.",
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
    post, path = "/v1/accounts/{account}/cases/{case}/close", tag = "cases", operation_id = "closeCase", request_body = Option<CloseCaseRequest>,
    responses(
        (status = 200, body = CaseView),
        (status = 409, description = "`token-refused` and `sign-in-needed` (the way out is `here_only`), `case-opening`, `case-closing`"),
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
    Ok(Json(CaseView::new(&case, &admitted.desk, &admitted.key).await))
}

#[cfg(test)]
mod tests {
    use casebridge_app::ports::teamviewer::TeamViewerError;
    use chrono::TimeDelta;
    use serde_json::{Value, json};

    use crate::testing::{Answer, TestApi};

    fn path(case: &Value) -> String {
        format!("/v1/accounts/acme/cases/{}/close", case["id"].as_str().unwrap())
    }

    async fn stop(api: &TestApi, case: &Value, body: &Value) -> Answer {
        api.call("POST", &path(case)).key(&api.keys.technician).json(body).send().await
    }

    #[tokio::test]
    async fn stop_puts_start_end_and_duration_on_record() {
        let (api, case) = TestApi::played().await;
        api.clock.advance(TimeDelta::seconds(754));
        let closed = stop(&api, &case, &json!({ "note": "Replaced the driver." })).await.is(200);
        assert_eq!(closed["state"], "closed");
        assert_eq!(closed["started_at"], "2100-03-01T12:00:00Z");
        assert_eq!(closed["ended_at"], "2100-03-01T12:12:34Z");
        assert_eq!(closed["duration_seconds"], 754);
        assert!(closed["comment"].as_str().unwrap().contains("Replaced the driver."));
        assert!(closed.get("supporter_link").is_none());
        assert_eq!(api.teamviewer.open(), 0);

        let writes = api.engine.writes();
        api.clock.advance(TimeDelta::seconds(60));
        let again = api.call("POST", &path(&case)).key(&api.keys.technician).send().await.is(200);
        assert_eq!(again, closed);
        assert_eq!(api.engine.writes(), writes);
    }

    #[tokio::test]
    async fn where_a_note_is_asked_for_stop_waits_for_it_and_the_way_out_does_not() {
        let (api, case) = TestApi::played().await;
        let required = json!({ "note": "required" });
        api.call("PATCH", "/v1/accounts/acme").key(&api.keys.admin).json(&required).send().await.is(200);
        let writes = api.engine.writes();
        stop(&api, &case, &json!({})).await.problem_with(422, "invalid-fields", &["note"]);
        assert_eq!((api.teamviewer.open(), api.engine.writes()), (1, writes));
        stop(&api, &case, &json!({ "note": "Replaced the driver." })).await.is(200);
        stop(&api, &case, &json!({})).await.is(200);

        let other = api.play("T2").await;
        assert_eq!(stop(&api, &other, &json!({ "here_only": true })).await.is(200)["state"], "closed");
    }

    #[tokio::test]
    async fn a_refused_token_gets_a_clear_error_and_a_way_out() {
        let (api, case) = TestApi::played().await;
        api.teamviewer.fails("close_session", TeamViewerError::TokenRefused);
        let problem = stop(&api, &case, &json!({})).await.problem(409, "token-refused");
        assert!(problem["fix"].as_str().unwrap().contains("here_only"));
        let read = format!("/v1/accounts/acme/cases/{}", case["id"].as_str().unwrap());
        let shown = api.call("GET", &read).key(&api.keys.read).send().await.is(200);
        assert_eq!((&shown["state"], &shown["problem"]), (&json!("open"), &json!("token_refused")));

        let closed = stop(&api, &case, &json!({ "here_only": true })).await.is(200);
        assert_eq!(closed["state"], "closed");
        assert_eq!(api.teamviewer.open(), 1);
    }

    #[tokio::test]
    async fn when_teamviewer_does_not_answer_the_end_is_on_record_all_the_same() {
        let (api, case) = TestApi::played().await;
        api.clock.advance(TimeDelta::seconds(10));
        api.teamviewer.fails("close_session", TeamViewerError::OutcomeUnknown);
        stop(&api, &case, &json!({})).await.problem(502, "teamviewer-not-told");
        stop(&api, &case, &json!({})).await.problem(502, "teamviewer-not-told");

        api.clock.advance(TimeDelta::seconds(31));
        api.teamviewer.fails("close_session", TeamViewerError::RateLimited { retry_after: None });
        let busy = stop(&api, &case, &json!({})).await;
        assert_eq!(busy.header("retry-after"), "60");
        busy.problem(503, "teamviewer-busy");

        api.clock.advance(TimeDelta::seconds(31));
        api.teamviewer.company().faults.clear();
        assert_eq!(stop(&api, &case, &json!({})).await.is(200)["duration_seconds"], 10);
    }

    #[tokio::test]
    async fn what_is_not_there_cannot_be_stopped() {
        let (api, case) = TestApi::played().await;
        let writes = api.engine.writes();
        let nowhere = json!({ "id": "01890a5d-ac96-774b-bcce-b302099a8057" });
        stop(&api, &nowhere, &json!({})).await.problem(404, "not-found");
        stop(&api, &json!({ "id": "x" }), &json!({})).await.problem(404, "not-found");
        let elsewhere = path(&case).replace("acme", "globex");
        api.call("POST", &elsewhere).key(&api.keys.other_account).send().await.problem(404, "not-found");
        let answer = stop(&api, &case, &json!({ "note": "" })).await;
        answer.problem_with(422, "invalid-fields", &["note"]);
        assert_eq!((api.teamviewer.open(), api.engine.writes()), (1, writes));
    }
}
