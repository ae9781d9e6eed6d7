//! `GET /v1/accounts/{account}/devices`: devices, page by page.

use axum::Json;
use casebridge_app::ports::store::DeviceFilter;
use casebridge_domain::device::{Mode, Platform};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::DeviceView;
use crate::Problem;
use crate::accounts::list::of_a_page;
use crate::extract::{Faults, Query, Reader};

/// A page of devices, each in the list once, in an order that stays.
#[derive(Debug, Serialize, ToSchema)]
pub struct DevicePage {
    /// The devices. A page may be short, or even empty, though more follow.
    items: Vec<DeviceView>,
    /// Send it as `cursor` for the next page; null at the end.
    next: Option<String>,
}

/// Lists devices. Those with the Host app (`mode=unattended`) are found at once among any number; a filter by platform looks at
/// up to a thousand devices for one page.
#[utoipa::path(
    get, path = "/v1/accounts/{account}/devices", tag = "devices", operation_id = "listDevices",
    params(
        ("platform" = Option<String>, Query, description = "`android` or `ios`"),
        ("mode" = Option<String>, Query, description = "`attended`: QuickSupport is distributed or installed; `unattended`: \
            the Host app is"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<u8>, Query, description = "1 to 100; 50 if left out")
    ),
    responses((status = 200, body = DevicePage), (status = 422, description = "`invalid-fields`"))
)]
pub async fn list(Reader(admitted): Reader, mut query: Query) -> Result<Json<DevicePage>, Problem> {
    let mut faults = Faults::default();
    let platform = faults.maybe("platform", query.take("platform").as_deref(), Platform::parse);
    let mode = faults.maybe("mode", query.take("mode").as_deref(), Mode::parse);
    let limit = faults.take("limit", query.limit());
    let cursor = query.take("cursor");
    query.finish()?;
    let Some(limit) = limit.filter(|_| faults.is_empty()) else { return Err(faults.problem()) };
    let filter = DeviceFilter { platform, mode };
    let page = casebridge_app::devices::devices(&admitted.desk, &filter, cursor.as_deref(), limit).await;
    let page = page.map_err(of_a_page)?;
    Ok(Json(DevicePage { items: page.items.iter().map(DeviceView::from).collect(), next: page.next }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::TestApi;

    #[tokio::test]
    async fn devices_are_found_by_platform_and_mode_page_by_page() {
        let api = TestApi::new().await;
        for (id, facts) in [
            ("a", json!({ "platform": "android" })),
            ("h", json!({ "platform": "android", "host": { "distributed": true } })),
            ("i", json!({ "platform": "ios", "quicksupport": { "installed": true } })),
        ] {
            let path = format!("/v1/accounts/acme/devices/{id}");
            api.call("PUT", &path).key(&api.keys.technician).json(&facts).send().await.is(200);
        }
        let listed = async |query: &str| {
            let (mut ids, mut cursor) = (Vec::new(), String::new());
            loop {
                let path = format!("/v1/accounts/acme/devices?limit=1{query}&cursor={cursor}");
                let page = api.call("GET", &path).key(&api.keys.read).send().await.is(200);
                let items = page["items"].as_array().unwrap();
                ids.extend(items.iter().map(|device| device["device"].as_str().unwrap().to_owned()));
                let Some(next) = page["next"].as_str() else { break };
                next.clone_into(&mut cursor);
            }
            ids.sort();
            ids
        };
        assert_eq!(listed("").await, ["a", "h", "i"]);
        assert_eq!(listed("&platform=android").await, ["a", "h"]);
        assert_eq!(listed("&mode=unattended").await, ["h"]);
        assert_eq!(listed("&mode=attended&platform=ios").await, ["i"]);
    }

    #[tokio::test]
    async fn a_filter_that_is_not_understood_is_refused_rather_than_ignored() {
        let api = TestApi::new().await;
        for (query, status, slug, field) in [
            ("platform=windows", 422, "invalid-fields", "platform"),
            ("mode=both", 422, "invalid-fields", "mode"),
            ("limit=0", 422, "invalid-fields", "limit"),
            ("cursor=nonsense", 422, "invalid-fields", "cursor"),
            ("plattform=ios", 400, "malformed-request", "plattform"),
        ] {
            let path = format!("/v1/accounts/acme/devices?{query}");
            let answer = api.call("GET", &path).key(&api.keys.read).send().await;
            answer.problem_with(status, slug, &[field]);
        }
    }
}
