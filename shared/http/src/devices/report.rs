//! `PUT /v1/accounts/{account}/devices/{device}`: what is known of a device now.

use axum::Json;

use super::view::DeviceView;
use super::wire::DeviceFactsRequest;
use crate::Problem;
use crate::extract::{DevicePath, Faults, JsonBody, Technician};

/// Keeps what is known of a device now; it replaces what was known before as a whole. Never refused for licences.
#[utoipa::path(
    put, path = "/v1/accounts/{account}/devices/{device}", tag = "devices", operation_id = "reportDevice",
    request_body = DeviceFactsRequest,
    responses((status = 200, body = DeviceView), (status = 422, description = "`invalid-fields`"))
)]
pub async fn report(
    Technician(admitted): Technician,
    DevicePath(id): DevicePath,
    JsonBody(body): JsonBody<DeviceFactsRequest>,
) -> Result<Json<DeviceView>, Problem> {
    let mut faults = Faults::default();
    let facts = body.parse(&mut faults);
    match facts {
        Some(facts) if faults.is_empty() => {
            let device = casebridge_app::devices::report(&admitted.desk, id, facts).await?;
            Ok(Json(DeviceView::from(&device)))
        }
        _ => Err(faults.problem()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::TestApi;

    const PATH: &str = "/v1/accounts/acme/devices/till%204";

    #[tokio::test]
    async fn the_newest_report_replaces_the_one_before_as_a_whole() {
        let api = TestApi::new().await;
        let put = async |body| api.call("PUT", PATH).key(&api.keys.technician).json(&body).send().await.is(200);
        let facts = json!({
            "platform": "android", "name": "Till 4", "os_version": "14", "maker": "Samsung", "model": "SM-X200",
            "management": "device_owner", "kiosk": "shared_kiosk",
            "quicksupport": { "installed": true, "distributed": true, "allow_listed": true, "managed": true, "version": "15.50" },
            "host": { "distributed": true, "permission_granted": true, "teamviewer_id": "1 234 567 890" },
            "add_on": { "installed": false }, "eula_accepted": true,
            "requester": { "name": "Jane", "email": "jane@example.com", "language": "pt-BR" },
        });
        let shown = put(facts.clone()).await;
        let mut expected = facts;
        expected["host"]["teamviewer_id"] = json!("1234567890");
        expected["requester"]["language"] = json!("pt");
        assert_eq!((&shown["device"], &shown["facts"]), (&json!("till 4"), &expected));
        assert_eq!(api.call("GET", PATH).key(&api.keys.read).send().await.is(200), shown);

        let shown = put(json!({ "platform": "ios", "name": null })).await;
        assert_eq!(shown["facts"], json!({ "platform": "ios" }));
        assert_eq!(api.call("GET", PATH).key(&api.keys.read).send().await.is(200), shown);
    }

    #[tokio::test]
    async fn everything_that_is_wrong_is_told_at_once() {
        let api = TestApi::new().await;
        let writes = api.engine.writes();
        let put = async |body| api.call("PUT", PATH).key(&api.keys.admin).json(&body).send().await;
        let wrong = json!({
            "platform": "windows", "name": "", "os_version": "Tiramisu", "management": "rooted", "kiosk": "no",
            "quicksupport": { "version": "new" }, "host": { "teamviewer_id": "7" }, "requester": { "name": "" },
        });
        let fields = [
            "platform",
            "name",
            "os_version",
            "management",
            "kiosk",
            "quicksupport.version",
            "host.teamviewer_id",
            "requester.name",
        ];
        put(wrong).await.problem_with(422, "invalid-fields", &fields);
        let host_on_ios = json!({ "platform": "ios", "host": { "distributed": true } });
        put(host_on_ios).await.problem_with(422, "invalid-fields", &["host"]);
        put(json!({})).await.problem_with(400, "malformed-request", &["platform"]);
        let by_reader = api.call("PUT", PATH).key(&api.keys.read).json(&json!({ "platform": "ios" }));
        by_reader.send().await.problem(403, "forbidden");
        let nameless = api.call("PUT", "/v1/accounts/acme/devices/a%2Fb").key(&api.keys.admin);
        nameless.json(&json!({ "platform": "ios" })).send().await.problem_with(422, "invalid-fields", &["device"]);
        assert_eq!(api.engine.writes(), writes);
    }
}
