//! `GET /v1/accounts`: the vendor's accounts.

use axum::Json;
use axum::extract::State;
use casebridge_app::Outside;
use casebridge_app::accounts::accounts;
use casebridge_app::ports::store::StoreError;
use casebridge_domain::Malformed;
use serde::Serialize;
use utoipa::ToSchema;

use crate::extract::{Faults, Query, VendorReader};
use crate::{Api, Problem};

/// A page of accounts by id.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountPage {
    /// Their ids.
    items: Vec<AccountItem>,
    /// Send it as `cursor` for the next page; absent at the end.
    next: Option<String>,
}

/// One account of the list.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountItem {
    /// Its id.
    #[schema(example = "acme")]
    account: String,
}

/// Lists the vendor's accounts.
#[utoipa::path(
    get, path = "/v1/accounts", tag = "accounts", operation_id = "listAccounts",
    params(("cursor" = Option<String>, Query, description = "`next` of the page before"),
           ("limit" = Option<u8>, Query, description = "1 to 100; 50 if left out")),
    responses((status = 200, body = AccountPage), (status = 422, description = "`invalid-fields`"))
)]
pub async fn list(State(api): State<Api>, asks: VendorReader, mut query: Query) -> Result<Json<AccountPage>, Problem> {
    let mut faults = Faults::default();
    let limit = faults.take("limit", query.limit());
    let cursor = query.take("cursor");
    query.finish()?;
    let Some(limit) = limit else { return Err(faults.problem()) };
    let page = accounts(api.world(), &asks.vendor, cursor.as_deref(), limit).await.map_err(of_a_page)?;
    let items = page.items.into_iter().map(|id| AccountItem { account: id.to_string() }).collect();
    Ok(Json(AccountPage { items, next: page.next }))
}

/// A cursor that no list gave out is the client's fault.
pub(crate) fn of_a_page(error: Outside) -> Problem {
    match error {
        Outside::Store(StoreError::BadCursor) => {
            Problem::field("cursor", &Malformed::new("must be `next` of the page before, of the same list"))
        }
        other => other.into(),
    }
}
