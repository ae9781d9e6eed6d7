//! `DELETE /v1/accounts/{account}/mail-templates/{language}`: back to the built-in template.

use axum::http::StatusCode;
use casebridge_app::templates::reset_template;

use crate::Problem;
use crate::extract::{Admin, LanguagePath};

/// Goes back to the built-in template of the language.
#[utoipa::path(
    delete, path = "/v1/accounts/{account}/mail-templates/{language}", tag = "mail templates", operation_id = "resetMailTemplate",
    responses((status = 204, description = "The built-in template is in use"))
)]
pub async fn reset(Admin(admitted): Admin, LanguagePath(language): LanguagePath) -> Result<StatusCode, Problem> {
    reset_template(&admitted.desk, language).await?;
    Ok(StatusCode::NO_CONTENT)
}
