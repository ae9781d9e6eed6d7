//! `POST /v1/accounts/{account}/tickets/{ticket}/closing`: reserves the ticket's closing, or confirms it.

use axum::Json;
use axum::extract::State;
use casebridge_app::close_guard::{Reservation, reserve_closing, ticket_closed};
use casebridge_domain::service_case::Note;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::guard::ClosableView;
use crate::extract::{Faults, OptionalBody, Repeatable, Technician, TicketPath};
use crate::{Api, Problem};

/// Reserve, or confirm.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClosingRequest {
    /// `false` reserves the closing for 60 seconds; `true` says that the ticket is closed.
    #[serde(default)]
    confirm: bool,
    /// Why the ticket is closed though its case is live; at most 2000 characters. Asked for by the policy
    /// `allow_with_reason`: the case is closed with it, and it is kept in the case's note, its event and the audit trail.
    /// Where it is not asked for it is not kept.
    #[schema(example = "The requester called: it works again.")]
    reason: Option<String>,
}

/// Reserves the closing for 60 seconds, so that no play slips in between; or says that the ticket is closed. Both may be
/// repeated: an `Idempotency-Key` is accepted and not needed.
///
/// What a live case means is the account's policy `close_guard`. `block`: both are refused. `warn`: both go through and
/// name the case, which stays as it is; nothing is reserved, since play gives that case; the ticket counts as closed
/// when the case ends. `close_idle`: both close a case whose customer is not online, and are refused while he is.
/// `allow_with_reason`: both close the case, if a `reason` is given.
#[utoipa::path(
    post, path = "/v1/accounts/{account}/tickets/{ticket}/closing", tag = "close guard", operation_id = "reserveClosing",
    request_body = Option<ClosingRequest>,
    responses(
        (status = 200, body = ClosableView),
        (status = 409, description = "`live-case`: the refusal names the case; `token-refused`, `case-opening`, \
            `case-closing` if the case can't be closed with the ticket"),
        (status = 422, description = "`invalid-fields`"),
        (status = 502, description = "`teamviewer-not-told`: the case's end is on record; send it again")
    )
)]
pub async fn closing(
    State(api): State<Api>,
    Technician(admitted): Technician,
    TicketPath(ticket): TicketPath,
    _: Repeatable,
    OptionalBody(body): OptionalBody<ClosingRequest>,
) -> Result<Json<ClosableView>, Problem> {
    let mut faults = Faults::default();
    let reason = faults.maybe("reason", body.reason.as_deref(), Note::parse);
    if !faults.is_empty() {
        return Err(faults.problem());
    }
    let desk = &admitted.desk;
    let refused = |error| Problem::of_guard(error, api.now());
    Ok(Json(if body.confirm {
        match ticket_closed(desk, &ticket, reason.as_ref()).await.map_err(refused)? {
            None => ClosableView::closed(),
            Some(case) => ClosableView::beside(&case, true),
        }
    } else {
        match reserve_closing(desk, &ticket, reason.as_ref()).await.map_err(refused)? {
            Reservation::Until(until) => ClosableView::reserved(until),
            Reservation::Closed => ClosableView::closed(),
            Reservation::Beside(case) => ClosableView::beside(&case, false),
        }
    }))
}

#[cfg(test)]
mod tests {
    use casebridge_app::ports::teamviewer::TeamViewerError;
    use chrono::TimeDelta;
    use serde_json::{Value, json};

    use crate::testing::{Answer, TestApi, play};

    async fn closing(api: &TestApi, body: &Value) -> Answer {
        let path = "/v1/accounts/acme/tickets/T1/closing";
        api.call("POST", path).key(&api.keys.technician).json(body).send().await
    }

    async fn play_again(api: &TestApi) -> Answer {
        let path = "/v1/accounts/acme/tickets/T1/case";
        api.call("POST", path).key(&api.keys.technician).json(&play()).send().await
    }

    #[tokio::test]
    async fn a_reserved_closing_keeps_play_away_until_it_lapses_or_is_let_go() {
        let api = TestApi::connected().await;
        let reserved = closing(&api, &json!({})).await.is(200);
        assert_eq!(reserved, json!({ "closable": true, "reserved_until": "2100-03-01T12:01:00Z" }));
        let refused = play_again(&api).await;
        assert_eq!(refused.header("retry-after"), "60");
        refused.problem(409, "ticket-closing");
        assert_eq!(api.teamviewer.open(), 0);

        let path = "/v1/accounts/acme/tickets/T1/closing";
        api.call("DELETE", path).key(&api.keys.technician).send().await.is(204);
        play_again(&api).await.is(201);
    }

    #[tokio::test]
    async fn a_confirmed_closing_lasts_until_the_ticket_is_reopened() {
        let api = TestApi::connected().await;
        let closed = json!({ "closable": true, "closed": true });
        assert_eq!(closing(&api, &json!({ "confirm": true })).await.is(200), closed);
        api.clock.advance(TimeDelta::hours(1));
        play_again(&api).await.problem(409, "ticket-closed");
        assert_eq!(closing(&api, &json!({ "confirm": false })).await.is(200), closed);
        let path = "/v1/accounts/acme/tickets/T1";
        let reopened = api.call("PUT", path).key(&api.keys.technician).json(&json!({ "state": "open" })).send().await;
        assert_eq!(reopened.is(200), json!({ "ticket": "T1" }));
        play_again(&api).await.is(201);
    }

    async fn policy(api: &TestApi, guard: &str) {
        let wish = json!({ "close_guard": guard });
        api.call("PATCH", "/v1/accounts/acme").key(&api.keys.admin).json(&wish).send().await.is(200);
    }

    async fn closable(api: &TestApi) -> Value {
        api.call("GET", "/v1/accounts/acme/tickets/T1/closable").key(&api.keys.read).send().await.is(200)
    }

    async fn newest(api: &TestApi) -> Value {
        api.call("GET", "/v1/accounts/acme/tickets/T1/case").key(&api.keys.read).send().await.is(200)
    }

    #[tokio::test]
    async fn to_warn_is_to_name_the_case_and_leave_it_and_the_ticket_stays_closed_after_it() {
        let (api, case) = TestApi::played().await;
        policy(&api, "warn").await;
        for (answer, closed) in [
            (closable(&api).await, false),
            (closing(&api, &json!({})).await.is(200), false),
            (closing(&api, &json!({ "confirm": true })).await.is(200), true),
            (closing(&api, &json!({ "confirm": true })).await.is(200), true),
        ] {
            assert_eq!((&answer["closable"], &answer["closing"]), (&json!(true), &json!("leaves_case")));
            assert_eq!(answer["case"]["id"], case["id"]);
            assert_eq!(answer.get("closed").is_some(), closed);
        }
        assert_eq!(closable(&api).await, json!({ "closable": true, "closed": true }));
        assert_eq!(play_again(&api).await.is(200)["id"], case["id"]);
        api.stop(&case).await;
        play_again(&api).await.problem(409, "ticket-closed");
    }

    #[tokio::test]
    async fn a_ticket_that_was_closed_beside_its_case_can_be_reopened_before_and_after_its_end() {
        let (api, case) = TestApi::played().await;
        policy(&api, "warn").await;
        let reopen = async || {
            let call = api.call("PUT", "/v1/accounts/acme/tickets/T1").key(&api.keys.technician);
            call.json(&json!({ "state": "open" })).send().await.is(200)
        };
        closing(&api, &json!({ "confirm": true })).await.is(200);
        reopen().await;
        assert_eq!(closable(&api).await["closing"], "leaves_case");
        api.stop(&case).await;
        play_again(&api).await.is(201);
        closing(&api, &json!({ "confirm": true })).await.is(200);
        api.clock.advance(TimeDelta::hours(24));
        play_again(&api).await.problem(409, "ticket-closed");
        reopen().await;
        play_again(&api).await.is(201);
    }

    #[tokio::test]
    async fn an_idle_case_is_closed_with_its_ticket_and_a_busy_one_blocks() {
        let (api, case) = TestApi::played().await;
        policy(&api, "close_idle").await;
        assert_eq!(closable(&api).await["closing"], "closes_case");
        let notice = json!({ "type": "service_case.online", "session_code": case["session_code"],
            "occurred_at": "2100-03-01T12:00:00Z" });
        api.call("POST", "/v1/webhooks/teamviewer/acme").key(&api.keys.notify).json(&notice).send().await.is(204);
        assert_eq!(closable(&api).await["closable"], false);
        let problem = closing(&api, &json!({})).await.problem(409, "live-case");
        assert_eq!((&problem["case"]["id"], newest(&api).await["state"].as_str()), (&case["id"], Some("open")));

        api.stop(&case).await;
        let idle = play_again(&api).await.is(201);
        let reserved = closing(&api, &json!({})).await.is(200);
        assert!(reserved["reserved_until"].is_string(), "{reserved}");
        let ended = newest(&api).await;
        assert_eq!((&ended["id"], &ended["state"]), (&idle["id"], &json!("closed")));
        assert_eq!(
            closing(&api, &json!({ "confirm": true })).await.is(200),
            json!({ "closable": true, "closed": true })
        );
    }

    #[tokio::test]
    async fn with_a_reason_the_case_is_closed_and_the_reason_is_its_note() {
        let (api, case) = TestApi::played().await;
        policy(&api, "allow_with_reason").await;
        assert_eq!(closable(&api).await["closing"], "needs_reason");
        let writes = api.engine.writes();
        for confirm in [false, true] {
            let problem = closing(&api, &json!({ "confirm": confirm })).await.problem(409, "live-case");
            assert_eq!((&problem["case"]["id"], &problem["errors"][0]["field"]), (&case["id"], &json!("reason")));
            let empty = closing(&api, &json!({ "confirm": confirm, "reason": "" })).await;
            empty.problem_with(422, "invalid-fields", &["reason"]);
        }
        assert_eq!(api.engine.writes(), writes);
        let body = json!({ "confirm": true, "reason": "Works again." });
        assert_eq!(closing(&api, &body).await.is(200), json!({ "closable": true, "closed": true }));
        assert!(newest(&api).await["comment"].as_str().unwrap().ends_with("Note: Works again."));
        play_again(&api).await.problem(409, "ticket-closed");
    }

    #[tokio::test]
    async fn a_case_that_can_not_be_closed_with_its_ticket_keeps_it_open() {
        let (api, case) = TestApi::played().await;
        policy(&api, "allow_with_reason").await;
        api.teamviewer.fails("close_session", TeamViewerError::TokenRefused);
        let body = json!({ "confirm": true, "reason": "Works again." });
        let problem = closing(&api, &body).await.problem(409, "token-refused");
        assert!(problem["fix"].as_str().unwrap().contains("here_only"));
        assert_eq!(newest(&api).await["state"], "open");
        let stop = format!("/v1/accounts/acme/cases/{}/close", case["id"].as_str().unwrap());
        api.call("POST", &stop).key(&api.keys.technician).json(&json!({ "here_only": true })).send().await.is(200);
        assert_eq!(closing(&api, &body).await.is(200), json!({ "closable": true, "closed": true }));
    }

    #[tokio::test]
    async fn a_live_case_refuses_the_closing_and_is_named() {
        let (api, case) = TestApi::played().await;
        let in_the_way = json!({
            "id": case["id"], "session_code": case["session_code"], "valid_until": case["valid_until"],
        });
        let writes = api.engine.writes();
        for confirm in [false, true] {
            let problem = closing(&api, &json!({ "confirm": confirm })).await.problem(409, "live-case");
            assert_eq!(problem["case"], in_the_way);
        }
        let path = "/v1/accounts/acme/tickets/T1/closable";
        let closable = api.call("GET", path).key(&api.keys.read).send().await.is(200);
        assert_eq!(closable, json!({ "closable": false, "case": in_the_way }));
        assert_eq!(api.engine.writes(), writes);
    }
}
