//! `GET /v1/accounts/{account}/connection`: state and checks.

use axum::Json;
use axum::extract::State;
use casebridge_app::connection::{CheckError, recheck};
use casebridge_domain::Malformed;

use super::view::ConnectionView;
use crate::extract::{Admin, Query};
use crate::{Api, Problem};

/// The connection as it is kept, or, with `check=now`, as TeamViewer says it is.
#[utoipa::path(
    get, path = "/v1/accounts/{account}/connection", tag = "connection", operation_id = "readConnection",
    params(("check" = Option<String>, Query, description = "`now`: ask TeamViewer, and keep what it says")),
    responses((status = 200, body = ConnectionView), (status = 404, description = "`not-found`: no token is registered"))
)]
pub async fn read(
    State(api): State<Api>,
    Admin(admitted): Admin,
    mut query: Query,
) -> Result<Json<ConnectionView>, Problem> {
    let check = query.take("check");
    query.finish()?;
    match check.as_deref() {
        None => {
            let desk = admitted.desk.with_fresh_connection().await?;
            let connection = desk.connection().ok_or(CheckError::NotConnected)?;
            Ok(Json(ConnectionView::from(&connection.value)))
        }
        Some("now") => {
            let connection = recheck(&admitted.desk).await?;
            api.admissions.forget(admitted.desk.id());
            Ok(Json(ConnectionView::from(&connection)))
        }
        Some(_) => Err(Problem::field("check", &Malformed::new("must be now, or left out"))),
    }
}

#[cfg(test)]
mod tests {
    use casebridge_app::ports::teamviewer::TeamViewerError;
    use serde_json::json;

    use crate::testing::TestApi;

    #[tokio::test]
    async fn a_check_notices_that_the_token_was_revoked_and_says_what_to_do() {
        let api = TestApi::connected().await;
        let get = async |query: &str| {
            let path = format!("/v1/accounts/acme/connection{query}");
            api.call("GET", &path).key(&api.keys.admin).send().await
        };
        api.teamviewer.fails("ping", TeamViewerError::TokenRefused);
        assert_eq!(get("").await.is(200)["state"], "active");
        let checked = get("?check=now").await.is(200);
        assert_eq!(checked["state"], "token_refused");
        assert!(checked["fix"].as_str().unwrap().contains("registers a new script token"));
        assert_eq!(get("").await.is(200), checked);

        let play = api.call("POST", "/v1/accounts/acme/tickets/T1/case").key(&api.keys.technician);
        play.json(&crate::testing::play()).send().await.problem(409, "token-refused");
        api.teamviewer.company().faults.clear();
        assert_eq!(get("?check=now").await.is(200)["state"], "active");
    }

    #[tokio::test]
    async fn only_now_can_be_checked() {
        let api = TestApi::connected().await;
        let path = "/v1/accounts/acme/connection?check=later";
        let answer = api.call("GET", path).key(&api.keys.admin).send().await;
        answer.problem_with(422, "invalid-fields", &["check"]);
        let globex = "/v1/accounts/globex/connection?check=now";
        let answer = api.call("GET", globex).key(&api.keys.other_account).send().await;
        assert_eq!(answer.problem(404, "not-found")["detail"], json!("The account has no TeamViewer connection."));
    }
}
