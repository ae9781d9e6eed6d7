//! `GET /v1/accounts/{account}/mail-templates/{language}`: the template in use.

use axum::Json;
use casebridge_app::templates::template;

use super::TemplateView;
use crate::Problem;
use crate::extract::{Admin, LanguagePath};

/// The template in use for a language: the account's own, else the built-in one.
#[utoipa::path(
    get, path = "/v1/accounts/{account}/mail-templates/{language}", tag = "mail templates", operation_id = "readMailTemplate",
    responses((status = 200, body = TemplateView))
)]
pub async fn read(Admin(admitted): Admin, LanguagePath(language): LanguagePath) -> Result<Json<TemplateView>, Problem> {
    let (template, own) = template(&admitted.desk, language).await?;
    Ok(Json(TemplateView::new(&template, own)))
}
