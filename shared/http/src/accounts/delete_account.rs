//! `DELETE /v1/accounts/{account}`: removes an account for good.

use axum::extract::State;
use axum::http::StatusCode;

use crate::extract::Admin;
use crate::{Api, Problem};

/// Removes the account with its keys and templates. Its id stays taken. Other processes follow within a minute.
#[utoipa::path(
    delete, path = "/v1/accounts/{account}", tag = "accounts", operation_id = "deleteAccount",
    responses(
        (status = 204, description = "It is gone"),
        (status = 409, description = "`account-connected`, `live-cases`, `changed-meanwhile`")
    )
)]
pub async fn delete_account(State(api): State<Api>, Admin(admitted): Admin) -> Result<StatusCode, Problem> {
    casebridge_app::accounts::delete_account(&admitted.desk).await?;
    api.admissions.forget(admitted.desk.id());
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use crate::testing::TestApi;

    const PATH: &str = "/v1/accounts/acme";

    #[tokio::test]
    async fn an_account_that_is_gone_is_gone_for_its_keys_and_for_good() {
        let api = TestApi::new().await;
        api.call("DELETE", PATH).key(&api.keys.vendor).send().await.is(204);
        api.call("GET", PATH).key(&api.keys.admin).send().await.problem(401, "unauthorized");
        api.call("GET", PATH).key(&api.keys.vendor).send().await.problem(404, "not-found");
        let body = serde_json::json!({ "account": "acme", "name": "Acme", "time_zone": "UTC" });
        let answer = api.call("POST", "/v1/accounts").key(&api.keys.vendor).json(&body).send().await;
        answer.problem(409, "account-exists");
    }

    #[tokio::test]
    async fn a_connection_has_to_be_revoked_first() {
        let api = TestApi::connected().await;
        let writes = api.engine.writes();
        api.call("DELETE", PATH).key(&api.keys.admin).send().await.problem(409, "account-connected");
        assert_eq!(api.engine.writes(), writes);
    }
}
