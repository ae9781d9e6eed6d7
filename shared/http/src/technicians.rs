//! Technicians who sign in to TeamViewer themselves.

use axum::Router;
use axum::routing::post;
use casebridge_app::technician_sign_in::SignInNeeded;
use serde_json::json;

use crate::problem::{Kind, Problem};
use crate::{Api, path_text};

pub mod begin;
pub mod read;
pub mod sign_out;

pub(crate) fn routes() -> Router<Api> {
    let sign_in = post(begin::begin_sign_in).get(read::read).delete(sign_out::sign_out);
    Router::new().route("/v1/accounts/{account}/technicians/{technician}/sign-in", sign_in)
}

impl Problem {
    /// Names the sign-in to do, and where it begins.
    pub(crate) fn sign_in_needed(needed: &SignInNeeded) -> Self {
        let SignInNeeded { account, technician } = needed;
        let address = format!("/v1/accounts/{account}/technicians/{}/sign-in", path_text::encoded(technician.as_str()));
        Self::new(Kind::SignInNeeded).member("sign_in", json!({ "technician": technician, "address": address }))
    }
}

#[cfg(test)]
mod tests {
    use casebridge_app::ports::teamviewer::TeamViewerError;
    use casebridge_app::technician_sign_in::{CameBack, come_back};
    use casebridge_domain::PublicUrl;
    use secrecy::SecretString;
    use serde_json::{Value, json};

    use crate::testing::{Answer, CLIENT_SECRET, TestApi, play};

    const PATH: &str = "/v1/accounts/acme/technicians/u-42/sign-in";

    /// An account with an app, in an installation with an address.
    async fn with_app() -> TestApi {
        let api = TestApi::reached_at(PublicUrl::parse("https://help.acme.example").unwrap()).await;
        let body = json!({ "client_id": "1-app", "client_secret": CLIENT_SECRET });
        let app = api.call("PUT", "/v1/accounts/acme/oauth-app").key(&api.keys.admin).json(&body).send().await.is(200);
        assert_eq!(app["redirect_uri"], "https://help.acme.example/oauth/teamviewer");
        api
    }

    async fn begun(api: &TestApi) -> Value {
        api.call("POST", PATH).key(&api.keys.technician).send().await.is(201)
    }

    async fn comes_back(api: &TestApi, begun: &Value) -> CameBack {
        let url = begun["url"].as_str().unwrap();
        let (_, state) = url.split_once("state=").unwrap();
        let (state, _) = state.split_once('&').unwrap();
        come_back(&api.world, state, Some(SecretString::from("good-code"))).await.unwrap().unwrap()
    }

    async fn signed_in() -> TestApi {
        let api = with_app().await;
        comes_back(&api, &begun(&api).await).await.signed_in.unwrap();
        api
    }

    async fn standing(api: &TestApi) -> Value {
        api.call("GET", PATH).key(&api.keys.technician).send().await.is(200)
    }

    async fn played(api: &TestApi) -> Answer {
        api.call("POST", "/v1/accounts/acme/tickets/T1/case").key(&api.keys.technician).json(&play()).send().await
    }

    #[tokio::test]
    async fn a_technician_is_sent_to_teamviewer_and_is_signed_in_when_he_comes_back() {
        let api = with_app().await;
        assert_eq!(standing(&api).await, json!({ "state": "none" }));
        let begun = begun(&api).await;
        assert!(begun["url"].as_str().unwrap().starts_with("https://login.teamviewer.com/oauth2/authorize?"));
        assert_eq!(begun["expires_at"], "2100-03-01T12:10:00Z");
        comes_back(&api, &begun).await.signed_in.unwrap();
        let expected = json!({
            "state": "valid", "until": "2100-03-02T12:00:00Z", "signed_in_at": "2100-03-01T12:00:00Z",
            "user": { "id": "u1", "name": "Sam Admin" }
        });
        assert_eq!(standing(&api).await, expected);
        let case = played(&api).await.is(201);
        assert_eq!(case["made_by"], "u-42");
    }

    #[tokio::test]
    async fn without_an_app_or_an_address_nobody_is_sent_anywhere() {
        let api = TestApi::new().await;
        api.call("POST", PATH).key(&api.keys.technician).send().await.problem(409, "oauth-app-missing");
        let body = json!({ "client_id": "1-app", "client_secret": CLIENT_SECRET });
        api.call("PUT", "/v1/accounts/acme/oauth-app").key(&api.keys.admin).json(&body).send().await.is(200);
        let writes = api.engine.writes();
        api.call("POST", PATH).key(&api.keys.technician).send().await.problem(409, "no-public-address");
        assert_eq!(api.engine.writes(), writes);
    }

    #[tokio::test]
    async fn an_id_that_would_read_as_another_path_is_refused() {
        let api = with_app().await;
        for id in ["a%2Fb", "50%25", "%20x"] {
            let path = format!("/v1/accounts/acme/technicians/{id}/sign-in");
            for method in ["POST", "GET", "DELETE"] {
                let answer = api.call(method, &path).key(&api.keys.technician).send().await;
                answer.problem_with(422, "invalid-fields", &["technician"]);
            }
        }
    }

    #[tokio::test]
    async fn play_with_neither_connection_nor_sign_in_names_the_sign_in_to_do() {
        let api = with_app().await;
        let problem = played(&api).await.problem(409, "sign-in-needed");
        assert_eq!(problem["sign_in"], json!({ "technician": "u-42", "address": PATH }));
        api.call("POST", PATH).key(&api.keys.technician).send().await.is(201);
    }

    #[tokio::test]
    async fn a_sign_in_that_teamviewer_does_not_renew_is_asked_for_again_and_stop_says_so() {
        let api = signed_in().await;
        let case = played(&api).await.is(201);
        let stop = format!("/v1/accounts/acme/cases/{}/close", case["id"].as_str().unwrap());
        api.teamviewer.fails("close_session", TeamViewerError::TokenRefused);
        "another".clone_into(&mut api.teamviewer.company().grant);
        let problem = api.call("POST", &stop).key(&api.keys.technician).send().await.problem(409, "sign-in-needed");
        assert_eq!(problem["sign_in"]["address"], PATH);
        assert!(problem["fix"].as_str().unwrap().contains("here_only"), "{problem}");
        let asked = standing(&api).await;
        assert_eq!((&asked["state"], &asked["why"]), (&json!("asked_again"), &json!("refused")));
        let body = json!({ "here_only": true });
        assert_eq!(
            api.call("POST", &stop).key(&api.keys.technician).json(&body).send().await.is(200)["state"],
            "closed"
        );
    }

    #[tokio::test]
    async fn who_signs_out_is_forgotten_unless_a_case_of_his_is_live() {
        let api = signed_in().await;
        let case = played(&api).await.is(201);
        let problem = api.call("DELETE", PATH).key(&api.keys.technician).send().await.problem(409, "live-cases");
        assert_eq!(problem["cases"][0]["id"], case["id"]);
        api.stop(&case).await;
        api.call("DELETE", PATH).key(&api.keys.technician).send().await.is(204);
        assert_eq!(standing(&api).await, json!({ "state": "none" }));
        api.call("DELETE", PATH).key(&api.keys.technician).send().await.problem(404, "not-found");
    }

    #[tokio::test]
    async fn who_may_only_read_signs_nobody_in_or_out() {
        let api = signed_in().await;
        let writes = api.engine.writes();
        for method in ["POST", "GET", "DELETE"] {
            api.call(method, PATH).key(&api.keys.read).send().await.problem(403, "forbidden");
        }
        assert_eq!(api.engine.writes(), writes);
    }
}
