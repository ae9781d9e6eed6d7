//! `POST /v1/widget/technician`: hands the case over, to a colleague whom the token names, or takes it.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use casebridge_app::hand_over::{HandOver, hand_over};
use casebridge_app::open_case::Request;
use casebridge_app::widget::AtWidget;
use casebridge_domain::TechnicianId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::view::{WidgetView, view};
use super::{AtWidgetToken, memory};
use crate::Api;
use crate::cases::said;
use crate::extract::{Faults, JsonBody, Repeatable};
use crate::problem::{Kind, Problem};

/// Who shall help from now on.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WidgetHandOverRequest {
    /// The id of one of the token's colleagues, or of its technician: who takes the case for himself. Null puts the case into
    /// the team's queue.
    #[serde(deserialize_with = "said")]
    #[schema(example = "u-7")]
    technician: Option<String>,
    /// Only if nobody has the case. Left out it is `true` for who takes the case for himself: the first one has it; `false`
    /// takes it from whoever has it.
    if_unassigned: Option<bool>,
}

impl WidgetHandOverRequest {
    fn parse(&self, at: &AtWidget) -> Result<HandOver, Problem> {
        let mut faults = Faults::default();
        let id = faults.maybe("technician", self.technician.as_deref(), TechnicianId::parse);
        let technician = id.as_ref().and_then(|id| at.helper(id)).cloned();
        if id.is_some() && technician.is_none() {
            faults.add("technician", "must be the token's technician or one of its colleagues");
        }
        if !faults.is_empty() {
            return Err(faults.problem());
        }
        let himself = technician.as_ref().is_some_and(|technician| technician.id == at.claims.technician.id);
        Ok(HandOver { technician, if_unassigned: self.if_unassigned.unwrap_or(himself), in_person: himself })
    }
}

/// Hands the ticket's live case to a colleague or to the team's queue, or takes it from there.
#[utoipa::path(
    post, path = "/v1/widget/technician", tag = "widget", operation_id = "handOverAtWidget", security(("widget token" = [])),
    request_body = WidgetHandOverRequest,
    responses(
        (status = 200, body = WidgetView),
        (status = 409, description = "`case-taken`: names the technician who has it; `case-ended`, `case-closing`"),
        (status = 422, description = "`invalid-fields`, `idempotency-key-reused`")
    )
)]
pub async fn hand_over_case(
    State(api): State<Api>,
    AtWidgetToken { at, .. }: AtWidgetToken,
    repeatable: Repeatable,
    JsonBody(body): JsonBody<WidgetHandOverRequest>,
) -> Result<Response, Problem> {
    let wish = body.parse(&at)?;
    let case = at.look().await?.case.ok_or_else(|| Problem::new(Kind::NotFound))?;
    let memory = memory(&repeatable, &at, &body);
    hand_over(&at.desk, case.id(), Request { wish, memory: memory.as_ref() }).await?;
    Ok(view(&api, &at).await?.into_response())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::testing::{Answer, TestApi};

    async fn hand(api: &TestApi, token: &str, body: &Value) -> Answer {
        api.call("POST", "/v1/widget/technician").key(token).json(body).send().await
    }

    #[tokio::test]
    async fn a_case_goes_to_a_colleague_or_the_queue_and_is_taken_from_there() {
        let (api, _) = TestApi::played().await;
        let token = api.widget("T1").await;
        let to = async |technician: Value| {
            hand(&api, &token, &json!({ "technician": technician })).await.is(200)["case"]["technician"]["id"].clone()
        };
        assert_eq!(to(json!("u-7")).await, "u-7");
        assert_eq!(to(json!(null)).await, Value::Null);
        assert_eq!(to(json!("u-42")).await, "u-42");
        assert_eq!(to(json!("u-42")).await, "u-42");
    }

    #[tokio::test]
    async fn who_comes_too_late_is_told_who_has_it_and_may_still_take_it_over() {
        let (api, _) = TestApi::played().await;
        let token = api.widget("T1").await;
        hand(&api, &token, &json!({ "technician": "u-7" })).await.is(200);
        let late = hand(&api, &token, &json!({ "technician": "u-42" })).await;
        assert_eq!((late.status.as_u16(), &late.body["technician"]), (409, &json!({ "id": "u-7", "name": "Kim" })));
        let over = hand(&api, &token, &json!({ "technician": "u-42", "if_unassigned": false })).await.is(200);
        assert_eq!(over["case"]["technician"]["id"], "u-42");
    }

    #[tokio::test]
    async fn nobody_gets_it_whom_the_token_does_not_name() {
        let (api, _) = TestApi::played().await;
        let token = api.widget("T1").await;
        let writes = api.engine.writes();
        let refused = hand(&api, &token, &json!({ "technician": "u-8" })).await;
        assert_eq!((refused.status.as_u16(), &refused.body["errors"][0]["field"]), (422, &json!("technician")));
        assert_eq!(hand(&api, &token, &json!({})).await.status, 400);
        assert_eq!(hand(&api, &api.widget("T2").await, &json!({ "technician": null })).await.status, 404);
        assert_eq!(api.engine.writes(), writes);
    }
}
