//! `DELETE /v1/accounts/{account}/widget-tokens`: refuses every widget token that was given out so far.

use axum::extract::State;
use axum::http::StatusCode;

use crate::extract::Admin;
use crate::{Api, Problem};

/// Refuses every widget token of the account that was given out so far. Pages ask their help desk for another one; other
/// processes follow within a minute.
#[utoipa::path(
    delete, path = "/v1/accounts/{account}/widget-tokens", tag = "widget", operation_id = "refuseWidgetTokens",
    responses((status = 204, description = "They are refused"), (status = 409, description = "`changed-meanwhile`"))
)]
pub async fn refuse_tokens(State(api): State<Api>, Admin(admitted): Admin) -> Result<StatusCode, Problem> {
    casebridge_app::widget::refuse_tokens(&admitted.desk).await?;
    api.admissions.forget(admitted.desk.id());
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use crate::testing::TestApi;

    #[tokio::test]
    async fn tokens_from_before_are_refused_and_those_from_after_are_good() {
        let api = TestApi::new().await;
        let before = api.widget("T1").await;
        let look = async |token: &str| api.call("GET", "/v1/widget").key(token).send().await.status.as_u16();
        assert_eq!(look(&before).await, 200);
        let path = "/v1/accounts/acme/widget-tokens";
        api.call("DELETE", path).key(&api.keys.technician).send().await.problem(403, "forbidden");
        assert_eq!(look(&before).await, 200);
        api.call("DELETE", path).key(&api.keys.admin).send().await.is(204);
        assert_eq!(look(&before).await, 401);
        let after = api.widget("T1").await;
        assert_eq!((look(&before).await, look(&after).await), (401, 200));
    }

    #[tokio::test]
    async fn a_token_does_not_outlive_its_account() {
        let api = TestApi::new().await;
        let token = api.widget("T1").await;
        api.call("GET", "/v1/widget").key(&token).send().await.is(200);
        api.call("DELETE", "/v1/accounts/acme").key(&api.keys.vendor).send().await.is(204);
        assert_eq!(api.call("GET", "/v1/widget").key(&token).send().await.status, 401);
    }
}
