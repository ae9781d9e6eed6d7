//! `GET /v1/accounts/{account}/keys`: the account's keys, without their texts.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use super::view::KeyView;
use crate::Problem;
use crate::extract::Admin;

/// All keys of the account.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyPage {
    /// The keys.
    items: Vec<KeyView>,
    /// Always null: the list is whole.
    next: Option<String>,
}

/// Lists the account's keys.
#[utoipa::path(get, path = "/v1/accounts/{account}/keys", tag = "accounts", operation_id = "listKeys", responses((status = 200, body = KeyPage)))]
pub async fn keys(Admin(admitted): Admin) -> Result<Json<KeyPage>, Problem> {
    let keys = casebridge_app::accounts::keys(&admitted.desk).await?;
    Ok(Json(KeyPage { items: keys.iter().map(KeyView::from).collect(), next: None }))
}
