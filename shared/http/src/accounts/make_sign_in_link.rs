//! `POST /v1/accounts/{account}/sign-in-links`: lets somebody in to the console.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use casebridge_app::sign_in::{self, SignInWish};
use casebridge_domain::key::Scope;
use casebridge_domain::sign_in::LinkLifetime;
use casebridge_domain::time::rfc3339;
use casebridge_domain::{Malformed, Text};
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::cases::TechnicianRequest;
use crate::extract::{Admin, Faults, JsonBody, Object};
use crate::{Api, Problem};

/// Who is to be let in.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeSignInLinkRequest {
    /// `admin` (settings as well) or `technician` (cases and reports).
    #[schema(example = "technician")]
    role: String,
    /// The person's name, for the console and the audit trail; at most 100 characters.
    #[schema(example = "Robin Technician")]
    name: String,
    /// Which of your support users that is: cases that he or she takes in the console are theirs.
    technician: Option<Object<TechnicianRequest>>,
    /// How long the link waits to be used: 1 to 60, 10 if left out.
    #[schema(example = 10)]
    minutes: Option<u8>,
}

impl MakeSignInLinkRequest {
    fn parse(&self) -> Result<SignInWish, Problem> {
        let mut faults = Faults::default();
        let scope = faults.take("role", role(&self.role));
        let name = faults.take("name", Text::parse(&self.name));
        let technician = self.technician.as_ref().and_then(|technician| technician.parse(&mut faults));
        let lifetime = match self.minutes {
            Some(minutes) => faults.take("minutes", LinkLifetime::of_minutes(minutes)),
            None => Some(LinkLifetime::default()),
        };
        match (scope, name, lifetime) {
            (Some(scope), Some(name), Some(lifetime)) if faults.is_empty() => {
                Ok(SignInWish { scope, name, technician, lifetime })
            }
            _ => Err(faults.problem()),
        }
    }
}

fn role(raw: &str) -> Result<Scope, Malformed> {
    match raw {
        "admin" => Ok(Scope::Admin),
        "technician" => Ok(Scope::Technician),
        _ => Err(Malformed::new("must be one of admin, technician")),
    }
}

/// A link that works once.
#[derive(Serialize, ToSchema)]
pub struct SignInLinkView {
    /// Where to send the person's browser. Absent where the installation has no public address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "https://help.example.com/console/sign-in#cb_signin_acme_5f0c…")]
    url: Option<String>,
    /// The same, below the installation's address.
    #[schema(example = "/console/sign-in#cb_signin_acme_5f0c…")]
    path: String,
    /// Until when it works.
    #[schema(example = "2026-11-22T08:10:00Z")]
    expires_at: String,
}

/// Makes a link that signs one person in to the console, once. Whoever uses it stays signed in for twelve hours at most, with a key
/// that the account's list of keys shows under the person's name and that can be removed there. Every repetition makes another link.
#[utoipa::path(
    post, path = "/v1/accounts/{account}/sign-in-links", tag = "accounts", operation_id = "makeSignInLink",
    request_body = MakeSignInLinkRequest,
    responses((status = 201, body = SignInLinkView), (status = 422, description = "`invalid-fields`"))
)]
pub async fn make_sign_in_link(
    State(api): State<Api>,
    Admin(admitted): Admin,
    JsonBody(body): JsonBody<MakeSignInLinkRequest>,
) -> Result<impl IntoResponse, Problem> {
    let code = sign_in::make_link(&admitted.desk, body.parse()?).await?;
    let path = code.path().expose_secret().to_owned();
    let url = api.world().public_url.as_ref().map(|address| format!("{address}{path}"));
    Ok((StatusCode::CREATED, Json(SignInLinkView { url, path, expires_at: rfc3339(code.until) })))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::TestApi;

    const PATH: &str = "/v1/accounts/acme/sign-in-links";

    #[tokio::test]
    async fn a_link_is_made_by_whoever_manages_the_account_and_by_nobody_else() {
        let api = TestApi::new().await;
        let body = json!({ "role": "technician", "name": "Tess", "minutes": 5 });
        for key in [&api.keys.admin, &api.keys.vendor] {
            let made = api.call("POST", PATH).key(key).json(&body).send().await.is(201);
            assert!(made["path"].as_str().unwrap().starts_with("/console/sign-in#cb_signin_acme_"));
            assert_eq!(made["expires_at"], "2100-03-01T12:05:00Z");
        }
        let writes = api.engine.writes();
        for key in [&api.keys.technician, &api.keys.read, &api.keys.notify] {
            api.call("POST", PATH).key(key).json(&body).send().await.problem(403, "forbidden");
        }
        assert_eq!(api.engine.writes(), writes);
    }

    #[tokio::test]
    async fn a_link_is_for_a_role_and_a_name_and_waits_an_hour_at_most() {
        let api = TestApi::new().await;
        let writes = api.engine.writes();
        let body = json!({ "role": "notify", "name": "", "minutes": 61, "technician": { "id": "", "name": "T" } });
        let answer = api.call("POST", PATH).key(&api.keys.admin).json(&body).send().await;
        answer.problem_with(422, "invalid-fields", &["role", "name", "technician.id", "minutes"]);
        assert_eq!(api.engine.writes(), writes);
    }
}
