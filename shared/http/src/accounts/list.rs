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
    /// Send it as `cursor` for the next page; null at the end.
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::TestApi;

    #[tokio::test]
    async fn a_vendor_sees_its_own_accounts_page_by_page() {
        let api = TestApi::new().await;
        let page = async |query: &str| {
            let path = format!("/v1/accounts?limit=1{query}");
            api.call("GET", &path).key(&api.keys.vendor).send().await
        };
        let first = page("").await.is(200);
        assert_eq!(first["items"], json!([{ "account": "acme" }]));
        let cursor = format!("&cursor={}", first["next"].as_str().unwrap());
        let second = page(&cursor).await.is(200);
        assert_eq!(second, json!({ "items": [{ "account": "globex" }], "next": null }));
        page("&cursor=nonsense").await.problem_with(422, "invalid-fields", &["cursor"]);
    }
}
