//! `POST /v1/widget/invitation`: sends the invitation again.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use casebridge_app::invitation::invite_again;
use casebridge_app::open_case::Request;

use super::view::{WidgetView, view};
use super::{AtWidgetToken, memory};
use crate::Api;
use crate::extract::{Nothing, OptionalBody, Repeatable};
use crate::problem::{Kind, Problem};

/// Mails the requester once more.
#[utoipa::path(
    post, path = "/v1/widget/invitation", tag = "widget", operation_id = "inviteAgainAtWidget", security(("widget token" = [])),
    request_body = Option<Nothing>,
    responses(
        (status = 200, body = WidgetView),
        (status = 409, description = "`no-address`, `case-ended`, `case-opening`, `case-closing`"),
        (status = 422, description = "`idempotency-key-reused`")
    )
)]
pub async fn invite(
    State(api): State<Api>,
    AtWidgetToken { at, .. }: AtWidgetToken,
    repeatable: Repeatable,
    OptionalBody(body): OptionalBody<Nothing>,
) -> Result<Response, Problem> {
    let case = at.look().await?.case.ok_or_else(|| Problem::new(Kind::NotFound))?;
    let memory = memory(&repeatable, &at, &body);
    invite_again(&at.desk, case.id(), Request { wish: (), memory: memory.as_ref() }).await?;
    Ok(view(&api, &at).await?.into_response())
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use serde_json::json;

    use crate::testing::TestApi;

    #[tokio::test]
    async fn the_invitation_is_queued_again_while_the_case_is_live() {
        let (api, case) = TestApi::played().await;
        let token = api.widget("T1").await;
        let invite = async || api.call("POST", "/v1/widget/invitation").key(&token).json(&json!({})).send().await;
        api.clock.advance(TimeDelta::seconds(90));
        let view = invite().await.is(200);
        assert_eq!(view["case"]["invitation"], json!({ "state": "queued", "at": "2100-03-01T12:01:30Z" }));
        api.stop(&case).await;
        let writes = api.engine.writes();
        assert_eq!(invite().await.status, 409);
        assert_eq!(api.engine.writes(), writes);
    }
}
