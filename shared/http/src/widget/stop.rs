//! `POST /v1/widget/stop`: stop.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use casebridge_app::close_case::close_case;
use casebridge_app::open_case::Request;

use super::view::{WidgetView, view};
use super::{AtWidgetToken, memory};
use crate::Api;
use crate::cases::{CloseCaseRequest, close_refusal};
use crate::extract::{OptionalBody, Repeatable};
use crate::problem::{Kind, Problem};

/// Closes the ticket's newest case, in TeamViewer too. One that has ended stays as it is, so that stop may be repeated.
#[utoipa::path(
    post, path = "/v1/widget/stop", tag = "widget", operation_id = "stopAtWidget", security(("widget token" = [])),
    request_body = Option<CloseCaseRequest>,
    responses(
        (status = 200, body = WidgetView),
        (status = 409, description = "`token-refused` (the way out is `here_only`), `case-opening`, `case-closing`"),
        (status = 422, description = "`invalid-fields`: also where a `note` is required; `idempotency-key-reused`"),
        (status = 502, description = "`teamviewer-not-told`: the end is on record all the same"),
        (status = 503, description = "`teamviewer-busy`, `unavailable`")
    )
)]
pub async fn stop(
    State(api): State<Api>,
    AtWidgetToken { at, .. }: AtWidgetToken,
    repeatable: Repeatable,
    OptionalBody(body): OptionalBody<CloseCaseRequest>,
) -> Result<Response, Problem> {
    let wish = body.parse()?;
    let case = at.look().await?.case.ok_or_else(|| Problem::new(Kind::NotFound))?;
    let memory = memory(&repeatable, &at, &body);
    let closed = close_case(&at.desk, case.id(), Request { wish, memory: memory.as_ref() }).await;
    closed.map_err(|error| close_refusal(error, api.now()))?;
    Ok(view(&api, &at).await?.into_response())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::testing::{Answer, TestApi};

    async fn stop(api: &TestApi, token: &str, body: &Value) -> Answer {
        api.call("POST", "/v1/widget/stop").key(token).json(body).send().await
    }

    #[tokio::test]
    async fn stop_shows_the_comment_and_may_be_repeated() {
        let (api, _) = TestApi::played().await;
        let token = api.widget("T1").await;
        let view = stop(&api, &token, &json!({ "note": "Replaced the driver." })).await.is(200);
        assert_eq!(view["case"]["state"], "closed");
        assert!(view["case"]["comment"].as_str().unwrap().ends_with("Note: Replaced the driver."));
        assert_eq!(api.teamviewer.open(), 0);
        assert_eq!(stop(&api, &token, &json!({})).await.is(200), view);
    }

    #[tokio::test]
    async fn a_note_that_is_required_is_asked_for() {
        let (api, _) = TestApi::played().await;
        let required = json!({ "note": "required" });
        api.call("PATCH", "/v1/accounts/acme").key(&api.keys.admin).json(&required).send().await.is(200);
        let token = api.widget("T1").await;
        assert_eq!(api.call("GET", "/v1/widget").key(&token).send().await.is(200)["note"], "required");
        let refused = stop(&api, &token, &json!({})).await;
        assert_eq!((refused.status.as_u16(), &refused.body["errors"][0]["field"]), (422, &json!("note")));
        assert_eq!(api.teamviewer.open(), 1);
    }

    #[tokio::test]
    async fn where_there_is_no_case_nothing_is_stopped_whatever_another_ticket_has() {
        let (api, _) = TestApi::played().await;
        let token = api.widget("T2").await;
        assert_eq!(stop(&api, &token, &json!({})).await.status, 404);
        assert_eq!(api.teamviewer.open(), 1);
    }
}
