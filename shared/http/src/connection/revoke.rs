//! `DELETE /v1/accounts/{account}/connection`: revokes access, so that another administrator may register.

use axum::extract::State;
use axum::http::StatusCode;
use casebridge_app::connection::RevokeError;

use crate::Api;
use crate::extract::Admin;
use crate::problem::{Kind, Problem};

impl From<RevokeError> for Problem {
    fn from(error: RevokeError) -> Self {
        match error {
            RevokeError::NotConnected => Self::new(Kind::NotFound).detail("The account has no TeamViewer connection."),
            RevokeError::LiveCases(cases) => Self::new(Kind::LiveCases).cases(&cases).fix(
                "Stop the service cases that are listed first. Where TeamViewer refuses the token, stop them with \
                 \"here_only\": true.",
            ),
            RevokeError::Overtaken => Self::new(Kind::ChangedMeanwhile),
            RevokeError::Outside(error) => error.into(),
        }
    }
}

/// Revokes access: the token is forgotten. Refused while cases are live; the refusal lists them.
#[utoipa::path(
    delete, path = "/v1/accounts/{account}/connection", tag = "connection", operation_id = "revokeAccess",
    responses(
        (status = 204, description = "The token is forgotten"),
        (status = 409, description = "`live-cases`, `changed-meanwhile`")
    )
)]
pub async fn revoke(State(api): State<Api>, Admin(admitted): Admin) -> Result<StatusCode, Problem> {
    let revoked = casebridge_app::connection::revoke(&admitted.desk).await;
    api.admissions.forget(admitted.desk.id());
    revoked?;
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::TestApi;

    const PATH: &str = "/v1/accounts/acme/connection";

    #[tokio::test]
    async fn access_is_revoked_once_no_case_is_live() {
        let (api, case) = TestApi::played().await;
        let problem = api.call("DELETE", PATH).key(&api.keys.admin).send().await.problem(409, "live-cases");
        let listed = json!([{
            "id": case["id"], "ticket": "T1", "session_code": case["session_code"], "valid_until": case["valid_until"],
        }]);
        assert_eq!(problem["cases"], listed);
        assert_eq!(api.call("GET", PATH).key(&api.keys.admin).send().await.is(200)["state"], "active");

        let stop = format!("/v1/accounts/acme/cases/{}/close", case["id"].as_str().unwrap());
        api.call("POST", &stop).key(&api.keys.technician).send().await.is(200);
        api.call("DELETE", PATH).key(&api.keys.admin).send().await.is(204);
        api.call("DELETE", PATH).key(&api.keys.admin).send().await.problem(404, "not-found");
        let play = api.call("POST", "/v1/accounts/acme/tickets/T1/case").key(&api.keys.technician);
        play.json(&crate::testing::play()).send().await.problem(409, "not-connected");
    }
}
