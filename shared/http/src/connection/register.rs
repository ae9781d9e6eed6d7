//! `PUT /v1/accounts/{account}/connection`: checks and keeps a script token.

use axum::Json;
use axum::extract::State;
use casebridge_app::connection::{RegisterError, RegisterToken};
use casebridge_domain::{Malformed, Text};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::view::{self, ConnectionView};
use crate::Api;
use crate::extract::{Admin, Faults, JsonBody};
use crate::problem::{Kind, Problem};

/// What the administrator registers.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterRequest {
    /// The script token from the Management Console. Checked, kept encrypted, never shown again.
    #[schema(example = "1234567-abcdefghijKLMNOPQRST")]
    script_token: String,
    /// The group's name in Computers & Contacts, at most 100 characters; `BOSS` if left out.
    #[schema(example = "BOSS")]
    group_name: Option<String>,
}

impl RegisterRequest {
    fn parse(self) -> Result<RegisterToken, Problem> {
        let mut faults = Faults::default();
        let token = faults.take("script_token", token(&self.script_token));
        let group_name = faults.maybe("group_name", self.group_name.as_deref(), Text::parse);
        match token {
            Some(token) if faults.is_empty() => Ok(RegisterToken { token, group_name }),
            _ => Err(faults.problem()),
        }
    }
}

/// It will stand in a header field: visible ASCII, without what is copied along with it.
fn token(raw: &str) -> Result<SecretString, Malformed> {
    let token = raw.trim();
    if (1..=512).contains(&token.len()) && token.bytes().all(|b| b.is_ascii_graphic()) {
        Ok(SecretString::from(token))
    } else {
        Err(Malformed::new("must be a script token as the Management Console shows it"))
    }
}

impl From<RegisterError> for Problem {
    fn from(error: RegisterError) -> Self {
        match error {
            RegisterError::TokenRefused => Self::field(
                "script_token",
                &Malformed::new("is refused by TeamViewer: it is unknown, has expired or was revoked"),
            ),
            RegisterError::Licence(licence) => Self::new(Kind::LicenceTooSmall)
                .detail(format!("TeamViewer says that the account's licence is {}.", licence.name()))
                .member("licence", json!(licence.name())),
            RegisterError::Permissions(missing) => {
                Self::new(Kind::PermissionsMissing).member("permissions", view::missing(&missing))
            }
            RegisterError::LiveCases(cases) => Self::new(Kind::LiveCases)
                .detail("Another TeamViewer user's token can be registered once no case of the present one is live.")
                .cases(&cases),
            RegisterError::Overtaken => Self::new(Kind::ChangedMeanwhile),
            RegisterError::Malformed(fault) => Self::field("group_name", &fault),
            RegisterError::Outside(error) => error.into(),
        }
    }
}

/// Checks a token with TeamViewer, then keeps it encrypted. Each permission of the guide is proven, missing or unknown;
/// only a missing one that is needed refuses.
#[utoipa::path(
    put, path = "/v1/accounts/{account}/connection", tag = "connection", operation_id = "registerToken", request_body = RegisterRequest,
    responses(
        (status = 200, body = ConnectionView),
        (status = 409, description = "`live-cases`, `changed-meanwhile`"),
        (status = 422, description = "`invalid-fields`, `licence-too-small`, `permissions-missing`")
    )
)]
pub async fn register(
    State(api): State<Api>,
    Admin(admitted): Admin,
    JsonBody(body): JsonBody<RegisterRequest>,
) -> Result<Json<ConnectionView>, Problem> {
    let connection = casebridge_app::connection::register(&admitted.desk, body.parse()?).await?;
    api.admissions.forget(admitted.desk.id());
    Ok(Json(ConnectionView::from(&connection)))
}

#[cfg(test)]
mod tests {
    use casebridge_app::ports::teamviewer::TeamViewerError;
    use casebridge_domain::connection::{Licence, Permission};
    use serde_json::{Value, json};

    use crate::testing::{Answer, TOKEN, TestApi};

    async fn register(api: &TestApi, body: &Value) -> Answer {
        api.call("PUT", "/v1/accounts/acme/connection").key(&api.keys.admin).json(body).send().await
    }

    #[tokio::test]
    async fn a_good_token_is_kept_and_never_shown() {
        let api = TestApi::new().await;
        let body = json!({ "script_token": format!(" {TOKEN}\n"), "group_name": "Help" });
        let shown = register(&api, &body).await.is(200);
        assert_eq!((&shown["state"], &shown["licence"]), (&json!("active"), &json!("Corporate")));
        assert_eq!(shown["group"], json!({ "name": "Help" }));
        assert_eq!(shown["registrar"], json!({ "user": "u1", "name": "Sam Admin" }));
        assert_eq!(shown["permissions"].as_array().unwrap().len(), 10);
        assert_eq!(
            shown["permissions"][0],
            json!({
                "permission": "sessions_create", "proof": "proven", "needed": true,
                "in_the_console": "Session management: create"
            })
        );
        let undone = shown["checklist"].as_array().unwrap().iter().filter(|item| item["done"] == false).count();
        assert_eq!(undone, 4);
        let read = api.call("GET", "/v1/accounts/acme/connection").key(&api.keys.admin).send().await.is(200);
        assert_eq!(read, shown);
        assert!(!shown.to_string().contains(TOKEN));
        api.play("T1").await;
    }

    #[tokio::test]
    async fn a_token_that_will_not_do_is_refused_with_what_is_missing() {
        let api = TestApi::new().await;
        let writes = api.engine.writes();
        let good = json!({ "script_token": TOKEN });
        let unknown = register(&api, &json!({ "script_token": "SECRET" })).await;
        unknown.problem_with(422, "invalid-fields", &["script_token"]);
        for bad in ["", " ", "a b", "ä", &"x".repeat(513)] {
            let answer = register(&api, &json!({ "script_token": bad, "group_name": "" })).await;
            answer.problem_with(422, "invalid-fields", &["script_token", "group_name"]);
        }
        api.teamviewer.company().missing = vec![Permission::SessionsEdit, Permission::ReportsDelete];
        let problem = register(&api, &good).await.problem(422, "permissions-missing");
        let missing = json!([{ "permission": "sessions_edit", "in_the_console": "Session management: edit all" }]);
        assert_eq!(problem["permissions"], missing);
        api.teamviewer.company().licence = Some(Licence::Business);
        assert_eq!(register(&api, &good).await.problem(422, "licence-too-small")["licence"], "Business");
        api.teamviewer.fails("*", TeamViewerError::Unreachable);
        register(&api, &good).await.problem(502, "teamviewer-failed");
        api.call("GET", "/v1/accounts/acme/connection").key(&api.keys.admin).send().await.problem(404, "not-found");
        assert_eq!(api.engine.writes(), writes);
    }

    #[tokio::test]
    async fn only_an_administrator_registers() {
        let api = TestApi::new().await;
        let writes = api.engine.writes();
        let body = json!({ "script_token": TOKEN });
        let call = api.call("PUT", "/v1/accounts/acme/connection").key(&api.keys.technician).json(&body);
        call.send().await.problem(403, "forbidden");
        assert_eq!(api.engine.writes(), writes);
    }
}
