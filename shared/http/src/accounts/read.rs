//! `GET /v1/accounts/{account}`: the account's settings.

use axum::Json;
use axum::extract::State;
use casebridge_app::Desk;

use super::view::AccountView;
use crate::Api;
use crate::extract::Admin;
use crate::problem::{Kind, Problem};

/// The account as it is now.
#[utoipa::path(get, path = "/v1/accounts/{account}", tag = "accounts", operation_id = "readAccount", responses((status = 200, body = AccountView)))]
pub async fn read(State(api): State<Api>, Admin(admitted): Admin) -> Result<Json<AccountView>, Problem> {
    // Settings are not read from what admission kept for a minute.
    let desk = Desk::open(api.world(), admitted.desk.id(), admitted.desk.by()).await?;
    let desk = desk.ok_or_else(|| Problem::new(Kind::NotFound))?;
    Ok(Json(AccountView::from(desk.account())))
}
