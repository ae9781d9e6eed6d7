//! `/v1/accounts/{account}/oauth-app`: the account's app in TeamViewer, which technicians sign in through.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use casebridge_app::oauth_app::{forget_app, keep_app, redirect_uri};
use casebridge_domain::Malformed;
use casebridge_domain::oauth::ClientId;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Api;
use crate::extract::{Admin, Faults, JsonBody};
use crate::problem::{Kind, Problem};

/// The app as the Management Console shows it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OauthAppRequest {
    /// Public.
    #[schema(example = "1029384-AbCdEfGhIjKlMnOpQrSt")]
    client_id: String,
    /// Kept encrypted, never shown again.
    #[schema(example = "aBcDeFgHiJkLmNoPqRsT")]
    client_secret: String,
}

/// The account's app. Its secret is never shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct OauthAppView {
    /// Public.
    #[schema(example = "1029384-AbCdEfGhIjKlMnOpQrSt")]
    client_id: String,
    /// What has to stand in the Management Console as the app's redirect URI; absent where the operator has set no public address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "https://help.example.com/oauth/teamviewer")]
    redirect_uri: Option<String>,
}

impl OauthAppRequest {
    fn parse(self) -> Result<(ClientId, SecretString), Problem> {
        let mut faults = Faults::default();
        let id = faults.take("client_id", ClientId::parse(&self.client_id));
        let secret = faults.take("client_secret", secret(&self.client_secret));
        id.zip(secret).ok_or_else(|| faults.problem())
    }
}

/// Visible ASCII, without what is copied along with it.
fn secret(raw: &str) -> Result<SecretString, Malformed> {
    let secret = raw.trim();
    if (1..=512).contains(&secret.len()) && secret.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(SecretString::from(secret))
    } else {
        Err(Malformed::new("must be a client secret as the Management Console shows it"))
    }
}

fn view(api: &Api, client_id: &ClientId) -> OauthAppView {
    OauthAppView { client_id: client_id.as_str().to_owned(), redirect_uri: redirect_uri(api.world()) }
}

/// Keeps client id and secret of the account's app in TeamViewer. TeamViewer is not asked: whether they are right shows when the
/// first technician signs in. Technicians who are signed in through another app have to do so again once their tokens end.
#[utoipa::path(
    put, path = "/v1/accounts/{account}/oauth-app", tag = "connection", operation_id = "keepOauthApp", request_body = OauthAppRequest,
    responses(
        (status = 200, body = OauthAppView),
        (status = 409, description = "`changed-meanwhile`"),
        (status = 422, description = "`invalid-fields`")
    )
)]
pub async fn keep(
    State(api): State<Api>,
    Admin(admitted): Admin,
    JsonBody(body): JsonBody<OauthAppRequest>,
) -> Result<Json<OauthAppView>, Problem> {
    let (client_id, secret) = body.parse()?;
    keep_app(&admitted.desk, client_id.clone(), &secret).await?;
    api.admissions.forget(admitted.desk.id());
    Ok(Json(view(&api, &client_id)))
}

/// The account's app in TeamViewer, without its secret.
#[utoipa::path(
    get, path = "/v1/accounts/{account}/oauth-app", tag = "connection", operation_id = "readOauthApp",
    responses((status = 200, body = OauthAppView))
)]
pub async fn read(State(api): State<Api>, Admin(admitted): Admin) -> Result<Json<OauthAppView>, Problem> {
    match &admitted.desk.account().oauth_app {
        Some(app) => Ok(Json(view(&api, &app.client_id))),
        None => Err(Problem::new(Kind::NotFound).detail("The account has no app in TeamViewer.")),
    }
}

/// Forgets the account's app. Nobody can sign in any more; who is signed in stays so until his token ends.
#[utoipa::path(
    delete, path = "/v1/accounts/{account}/oauth-app", tag = "connection", operation_id = "forgetOauthApp",
    responses((status = 204, description = "There is none (any more)"), (status = 409, description = "`changed-meanwhile`"))
)]
pub async fn forget(State(api): State<Api>, Admin(admitted): Admin) -> Result<StatusCode, Problem> {
    forget_app(&admitted.desk).await?;
    api.admissions.forget(admitted.desk.id());
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::testing::{Answer, TestApi};

    const PATH: &str = "/v1/accounts/acme/oauth-app";

    async fn keep(api: &TestApi, body: &Value) -> Answer {
        api.call("PUT", PATH).key(&api.keys.admin).json(body).send().await
    }

    #[tokio::test]
    async fn the_app_is_kept_and_its_secret_never_shown() {
        let api = TestApi::new().await;
        api.call("GET", PATH).key(&api.keys.admin).send().await.problem(404, "not-found");
        let shown = keep(&api, &json!({ "client_id": " 1-app\n", "client_secret": "SECRET" })).await.is(200);
        assert_eq!(shown, json!({ "client_id": "1-app" }));
        assert_eq!(api.call("GET", PATH).key(&api.keys.admin).send().await.is(200), shown);
        let account = api.call("GET", "/v1/accounts/acme").key(&api.keys.admin).send().await;
        assert!(!account.text.contains("SECRET"), "{}", account.text);
        api.call("DELETE", PATH).key(&api.keys.admin).send().await.is(204);
        api.call("DELETE", PATH).key(&api.keys.admin).send().await.is(204);
        api.call("GET", PATH).key(&api.keys.admin).send().await.problem(404, "not-found");
    }

    #[tokio::test]
    async fn what_the_console_would_not_show_is_refused_and_only_an_administrator_keeps_it() {
        let api = TestApi::new().await;
        let writes = api.engine.writes();
        for bad in ["", " ", "SECRET SECRET", "é", &"x".repeat(513)] {
            let answer = keep(&api, &json!({ "client_id": bad, "client_secret": bad })).await;
            answer.problem_with(422, "invalid-fields", &["client_id", "client_secret"]);
        }
        let body = json!({ "client_id": "1-app", "client_secret": "hush" });
        for key in [&api.keys.technician, &api.keys.read] {
            api.call("PUT", PATH).key(key).json(&body).send().await.problem(403, "forbidden");
            api.call("GET", PATH).key(key).send().await.problem(403, "forbidden");
            api.call("DELETE", PATH).key(key).send().await.problem(403, "forbidden");
        }
        assert_eq!(api.engine.writes(), writes);
    }
}
