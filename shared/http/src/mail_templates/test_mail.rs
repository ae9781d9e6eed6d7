//! `POST /v1/accounts/{account}/mail-templates/{language}/test`: mails an administrator the template in use.

use axum::Json;
use axum::http::StatusCode;
use casebridge_app::templates::{SendTestError, send_test};
use casebridge_domain::EmailAddress;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::extract::{Admin, Faults, JsonBody, LanguagePath, Repeatable};
use crate::problem::{Kind, Problem};

/// Where the test goes.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TestMailRequest {
    /// A mail address.
    #[schema(example = "admin@example.com")]
    to: String,
}

/// The letter that is owed.
#[derive(Debug, Serialize, ToSchema)]
pub struct TestMailView {
    /// Also the left half of its `Message-ID`.
    letter: String,
}

impl From<SendTestError> for Problem {
    fn from(error: SendTestError) -> Self {
        match error {
            SendTestError::KeyReused => Self::new(Kind::IdempotencyKeyReused),
            SendTestError::Outside(error) => error.into(),
        }
    }
}

/// Mails what the template in use (the account's own, else the built-in one) makes of a made-up case.
#[utoipa::path(
    post, path = "/v1/accounts/{account}/mail-templates/{language}/test", tag = "mail templates", operation_id = "sendTestMail",
    request_body = TestMailRequest,
    responses(
        (status = 202, description = "The letter is queued", body = TestMailView),
        (status = 422, description = "`invalid-fields`, `idempotency-key-reused`")
    )
)]
pub async fn send(
    Admin(admitted): Admin,
    LanguagePath(language): LanguagePath,
    repeatable: Repeatable,
    JsonBody(body): JsonBody<TestMailRequest>,
) -> Result<(StatusCode, Json<TestMailView>), Problem> {
    let mut faults = Faults::default();
    let Some(to) = faults.take("to", EmailAddress::parse(&body.to)) else { return Err(faults.problem()) };
    let memory = repeatable.memory(&admitted.key, &body);
    let letter = send_test(&admitted.desk, language, to, memory.as_ref()).await?;
    Ok((StatusCode::ACCEPTED, Json(TestMailView { letter: letter.to_string() })))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::TestApi;

    #[tokio::test]
    async fn a_test_mail_is_owed_once_for_each_key() {
        let api = TestApi::new().await;
        let path = "/v1/accounts/acme/mail-templates/fr/test";
        let body = json!({"to": "admin@example.com"});
        let writes = api.engine.writes();
        let first = api
            .call("POST", path)
            .key(&api.keys.admin)
            .header("idempotency-key", "one")
            .json(&body)
            .send()
            .await
            .is(202);
        let again = api
            .call("POST", path)
            .key(&api.keys.admin)
            .header("idempotency-key", "one")
            .json(&body)
            .send()
            .await
            .is(202);
        assert_eq!(first["letter"], again["letter"]);
        assert_eq!(api.engine.writes(), writes + 1);
    }

    #[tokio::test]
    async fn a_test_to_no_address_names_the_field_and_owes_nothing() {
        let api = TestApi::new().await;
        let writes = api.engine.writes();
        let body = json!({"to": "nobody"});
        let path = "/v1/accounts/acme/mail-templates/fr/test";
        let refused = api.call("POST", path).key(&api.keys.admin).json(&body).send().await.is(422);
        assert_eq!(refused["errors"][0]["field"], "to");
        assert_eq!(api.engine.writes(), writes);
    }
}
