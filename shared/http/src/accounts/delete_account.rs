//! `DELETE /v1/accounts/{account}`: removes an account for good.

use axum::extract::State;
use axum::http::StatusCode;

use crate::extract::Admin;
use crate::{Api, Problem};

/// Removes the account with its keys and templates. Its id stays taken. Other processes follow within a minute.
#[utoipa::path(
    delete, path = "/v1/accounts/{account}", tag = "accounts", operation_id = "deleteAccount",
    responses(
        (status = 204, description = "It is gone"),
        (status = 409, description = "`account-connected`, `live-cases`, `changed-meanwhile`")
    )
)]
pub async fn delete_account(State(api): State<Api>, Admin(admitted): Admin) -> Result<StatusCode, Problem> {
    casebridge_app::accounts::delete_account(&admitted.desk).await?;
    api.admissions.forget(admitted.desk.id());
    Ok(StatusCode::NO_CONTENT)
}
