//! `POST /v1/accounts/{account}/keys`: makes a key.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::IntoResponse;
use casebridge_domain::key::{Owner, Scope};
use casebridge_domain::{KeyId, Text};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::view::KeyView;
use crate::extract::{Admin, Faults, JsonBody, Repeatable};
use crate::{Api, Problem};

/// A new key.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeKeyRequest {
    /// What it may: `admin`, `technician`, `read` or `notify`.
    #[schema(example = "technician")]
    scope: String,
    /// What it is for; at most 100 characters.
    #[schema(example = "Help desk back end")]
    label: Option<String>,
}

impl MakeKeyRequest {
    fn parse(&self) -> Result<(Scope, Option<Text<100>>), Problem> {
        let mut faults = Faults::default();
        let scope = faults.take("scope", Scope::parse(&self.scope));
        let label = faults.maybe("label", self.label.as_deref(), Text::parse);
        match scope {
            Some(scope) if faults.is_empty() => Ok((scope, label)),
            _ => Err(faults.problem()),
        }
    }
}

/// A key with its text.
#[derive(Serialize, ToSchema)]
pub struct NewKeyView {
    /// What is kept.
    #[serde(flatten)]
    kept: KeyView,
    /// The key itself: shown this once, and left out when a request is repeated with its `Idempotency-Key`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "cb_account_acme_5f0c…")]
    key: Option<String>,
}

/// Makes a key of the account. Its text is shown once.
#[utoipa::path(
    post, path = "/v1/accounts/{account}/keys", tag = "accounts", operation_id = "makeKey", request_body = MakeKeyRequest,
    responses(
        (status = 201, body = NewKeyView, headers(("Location" = String, description = "The key"))),
        (status = 422, description = "`invalid-fields`, `idempotency-key-reused`")
    )
)]
pub async fn make_key(
    State(api): State<Api>,
    Admin(admitted): Admin,
    repeatable: Repeatable,
    JsonBody(body): JsonBody<MakeKeyRequest>,
) -> Result<impl IntoResponse, Problem> {
    let (scope, label) = body.parse()?;
    let account = admitted.desk.id();
    let memory = repeatable.memory(&admitted.key, &body);
    let owner = Owner::Account(account.clone());
    let by = admitted.desk.by();
    let made = casebridge_app::accounts::make_key(api.world(), &owner, scope, label, by, memory.as_ref()).await?;
    let location = location(account.as_str(), made.key.id);
    let key = made.text.map(|text| text.expose_secret().to_owned());
    let view = NewKeyView { kept: KeyView::from(&made.key), key };
    Ok((StatusCode::CREATED, [(LOCATION, location)], Json(view)))
}

fn location(account: &str, key: KeyId) -> String {
    format!("/v1/accounts/{account}/keys/{key}")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::testing::{Answer, TestApi};

    const PATH: &str = "/v1/accounts/acme/keys";

    async fn make(api: &TestApi, body: &Value) -> Answer {
        api.call("POST", PATH).key(&api.keys.admin).header("idempotency-key", "k").json(body).send().await
    }

    #[tokio::test]
    async fn a_key_is_shown_once_works_and_can_be_taken_away() {
        let api = TestApi::new().await;
        let body = json!({ "scope": "read", "label": "Wallboard" });
        let answer = make(&api, &body).await;
        let location = answer.header("location").to_owned();
        let made = answer.is(201);
        let key = made["key"].as_str().unwrap();
        assert_eq!((&made["scope"], &made["label"]), (&json!("read"), &json!("Wallboard")));

        let again = make(&api, &body).await.is(201);
        assert_eq!(again["id"], made["id"]);
        assert!(again.get("key").is_none());
        let listed = api.call("GET", PATH).key(&api.keys.admin).send().await.is(200);
        assert_eq!(listed["items"].as_array().unwrap().len(), 5);
        assert!(!listed.to_string().contains("cb_account"));

        let cases = "/v1/accounts/acme/cases";
        api.call("GET", cases).key(key).send().await.is(200);
        api.call("DELETE", &location).key(&api.keys.admin).send().await.is(204);
        api.call("GET", cases).key(key).send().await.problem(401, "unauthorized");
        api.call("DELETE", &location).key(&api.keys.admin).send().await.problem(404, "not-found");
    }

    #[tokio::test]
    async fn a_key_that_breaks_a_rule_is_not_made() {
        let api = TestApi::new().await;
        let writes = api.engine.writes();
        let answer = make(&api, &json!({ "scope": "root", "label": "" })).await;
        answer.problem_with(422, "invalid-fields", &["scope", "label"]);
        let call = api.call("POST", PATH).key(&api.keys.technician).json(&json!({ "scope": "admin" }));
        call.send().await.problem(403, "forbidden");
        assert_eq!(api.engine.writes(), writes);
    }

    #[tokio::test]
    async fn another_accounts_key_cannot_be_taken_away() {
        let api = TestApi::new().await;
        let made = make(&api, &json!({ "scope": "read" })).await.is(201);
        let writes = api.engine.writes();
        let path = format!("/v1/accounts/globex/keys/{}", made["id"].as_str().unwrap());
        api.call("DELETE", &path).key(&api.keys.other_account).send().await.problem(404, "not-found");
        assert_eq!(api.engine.writes(), writes);
    }
}
