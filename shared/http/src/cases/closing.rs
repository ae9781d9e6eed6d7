//! `POST /v1/accounts/{account}/tickets/{ticket}/closing`: reserves the ticket's closing, or confirms it.

use axum::Json;
use axum::extract::State;
use casebridge_app::close_guard::{reserve_closing, ticket_closed};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::guard::ClosableView;
use crate::extract::{OptionalBody, Repeatable, Technician, TicketPath};
use crate::{Api, Problem};

/// Reserve, or confirm.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClosingRequest {
    /// `false` reserves the closing for 60 seconds; `true` says that the ticket is closed.
    #[serde(default)]
    confirm: bool,
}

/// Reserves the closing for 60 seconds, so that no play slips in between; or says that the ticket is closed. Both may be
/// repeated: an `Idempotency-Key` is accepted and not needed.
#[utoipa::path(
    post, path = "/v1/accounts/{account}/tickets/{ticket}/closing", tag = "close guard", operation_id = "reserveClosing",
    request_body = Option<ClosingRequest>,
    responses(
        (status = 200, body = ClosableView),
        (status = 409, description = "`live-case`: the refusal names the case")
    )
)]
pub async fn closing(
    State(api): State<Api>,
    Technician(admitted): Technician,
    TicketPath(ticket): TicketPath,
    _: Repeatable,
    OptionalBody(body): OptionalBody<ClosingRequest>,
) -> Result<Json<ClosableView>, Problem> {
    if body.confirm {
        ticket_closed(&admitted.desk, &ticket).await?;
        return Ok(Json(ClosableView::closed()));
    }
    let until = reserve_closing(&admitted.desk, &ticket).await?;
    // A ticket that was closed before gives the time of that.
    let reserved = until > api.now();
    Ok(Json(if reserved { ClosableView::reserved(until) } else { ClosableView::closed() }))
}

#[cfg(test)]
mod tests {
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
