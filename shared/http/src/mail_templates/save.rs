//! `PUT /v1/accounts/{account}/mail-templates/{language}`: keeps a template.

use axum::Json;
use casebridge_app::templates::save_template;

use super::{TemplateRequest, TemplateView};
use crate::Problem;
use crate::extract::{Admin, JsonBody, LanguagePath};

/// Keeps a template for a language. Each fault is told with its name and place.
#[utoipa::path(
    put, path = "/v1/accounts/{account}/mail-templates/{language}", tag = "mail templates", operation_id = "saveMailTemplate",
    request_body = TemplateRequest,
    responses((status = 200, body = TemplateView), (status = 422, description = "`invalid-fields`"))
)]
pub async fn save(
    Admin(admitted): Admin,
    LanguagePath(language): LanguagePath,
    JsonBody(body): JsonBody<TemplateRequest>,
) -> Result<Json<TemplateView>, Problem> {
    let template = body.parse(language)?;
    save_template(&admitted.desk, &template).await?;
    Ok(Json(TemplateView::new(&template, true)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::TestApi;

    const PATH: &str = "/v1/accounts/acme/mail-templates/pt-BR";

    #[tokio::test]
    async fn a_template_is_kept_shown_and_taken_back() {
        let api = TestApi::new().await;
        let built_in = api.call("GET", PATH).key(&api.keys.admin).send().await.is(200);
        assert_eq!((&built_in["language"], &built_in["own"]), (&json!("pt"), &json!(false)));

        let body = json!({ "subject": "{{ticket.number}}", "text": "Aqui: {{teamviewer.customer_link}}" });
        let kept = api.call("PUT", PATH).key(&api.keys.admin).json(&body).send().await.is(200);
        assert_eq!((&kept["subject"], &kept["own"]), (&body["subject"], &json!(true)));
        assert_eq!(api.call("GET", PATH).key(&api.keys.admin).send().await.is(200), kept);

        api.call("DELETE", PATH).key(&api.keys.admin).send().await.is(204);
        assert_eq!(api.call("GET", PATH).key(&api.keys.admin).send().await.is(200), built_in);
    }

    #[tokio::test]
    async fn an_unknown_parameter_is_refused_with_its_name_and_place() {
        let api = TestApi::new().await;
        let writes = api.engine.writes();
        let body = json!({ "subject": "{{ticket.titel}}", "text": "x {{teamviewer.customer_link}}", "html": "<p>{{" });
        for (method, path) in [("PUT", PATH.to_owned()), ("POST", format!("{PATH}/preview"))] {
            let answer = api.call(method, &path).key(&api.keys.admin).json(&body).send().await;
            let problem = answer.problem(422, "invalid-fields");
            let errors = problem["errors"].as_array().unwrap();
            assert_eq!((&errors[0]["field"], &errors[1]["field"]), (&json!("subject"), &json!("html")));
            let message = errors[0]["message"].as_str().unwrap();
            assert!(message.contains("{{ticket.titel}} at line 1, column 1"), "{message}");
        }
        assert_eq!(api.engine.writes(), writes);
    }

    #[tokio::test]
    async fn a_language_we_have_no_words_in_is_not_there() {
        let api = TestApi::new().await;
        let path = "/v1/accounts/acme/mail-templates/tlh";
        api.call("GET", path).key(&api.keys.admin).send().await.problem(404, "not-found");
    }
}
