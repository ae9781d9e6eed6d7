//! `DELETE /v1/accounts/{account}/keys/{key}`: removes a key.

use axum::extract::State;
use axum::http::StatusCode;

use crate::Api;
use crate::extract::{Admin, KeyPath};
use crate::problem::{Kind, Problem};

/// Removes a key. Other processes refuse it within a minute.
#[utoipa::path(
    delete, path = "/v1/accounts/{account}/keys/{key}", tag = "accounts", operation_id = "deleteKey",
    responses((status = 204, description = "It is gone"))
)]
pub async fn delete_key(
    State(api): State<Api>,
    Admin(admitted): Admin,
    KeyPath(key): KeyPath,
) -> Result<StatusCode, Problem> {
    if !casebridge_app::accounts::delete_key(&admitted.desk, key).await? {
        return Err(Problem::new(Kind::NotFound));
    }
    api.admissions.forget(admitted.desk.id());
    Ok(StatusCode::NO_CONTENT)
}
