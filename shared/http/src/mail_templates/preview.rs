//! `POST /v1/accounts/{account}/mail-templates/{language}/preview`: what a template makes of a made-up case.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use super::TemplateRequest;
use crate::Problem;
use crate::extract::{Admin, JsonBody, LanguagePath, Repeatable};

/// A letter as the requester would get it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PreviewView {
    /// One line.
    subject: String,
    /// The plain-text part.
    text: String,
    /// The HTML part. Show it in a sandboxed frame: the template is the administrator's.
    html: String,
}

/// Shows what a template makes of a made-up case. Keeps nothing and sends nothing, so that it may be repeated freely.
#[utoipa::path(
    post, path = "/v1/accounts/{account}/mail-templates/{language}/preview", tag = "mail templates", operation_id = "previewMailTemplate",
    request_body = TemplateRequest,
    responses((status = 200, body = PreviewView), (status = 422, description = "`invalid-fields`"))
)]
pub async fn preview(
    Admin(admitted): Admin,
    LanguagePath(language): LanguagePath,
    _: Repeatable,
    JsonBody(body): JsonBody<TemplateRequest>,
) -> Result<Json<PreviewView>, Problem> {
    let shown = casebridge_app::templates::preview(&admitted.desk, body.parse(language)?)?;
    Ok(Json(PreviewView { subject: shown.subject, text: shown.text, html: shown.html }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::TestApi;

    #[tokio::test]
    async fn a_preview_escapes_what_is_filled_in_and_keeps_nothing() {
        let api = TestApi::new().await;
        let writes = api.engine.writes();
        let path = "/v1/accounts/acme/mail-templates/en/preview";
        let body = json!({
            "subject": "About {{ticket.number}}",
            "text": "{{ticket.title}} {{teamviewer.customer_link}}",
            "html": "<p>{{ticket.title}}</p><a href=\"{{teamviewer.customer_link}}\">join</a>"
        });
        let shown = api.call("POST", path).key(&api.keys.admin).json(&body).send().await.is(200);
        assert_eq!(shown["subject"], "About INC-4711");
        assert!(shown["html"].as_str().unwrap().contains("&lt;3rd floor&gt;"), "{shown}");
        assert_eq!(api.engine.writes(), writes);
    }
}
