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
