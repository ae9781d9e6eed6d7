//! `DELETE /v1/accounts/{account}/devices/{device}`: the vendor does not have it any more.

use axum::http::StatusCode;

use crate::Problem;
use crate::extract::{DevicePath, Technician};
use crate::problem::Kind;

/// Forgets a device. Its unattended licence, if it took one, is free again.
#[utoipa::path(
    delete, path = "/v1/accounts/{account}/devices/{device}", tag = "devices", operation_id = "forgetDevice",
    responses((status = 204, description = "It is forgotten"), (status = 404, description = "`not-found`: it was never reported"))
)]
pub async fn forget(Technician(admitted): Technician, DevicePath(id): DevicePath) -> Result<StatusCode, Problem> {
    if casebridge_app::devices::forget(&admitted.desk, &id).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Problem::new(Kind::NotFound).detail("The device was never reported."))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::TestApi;

    const PATH: &str = "/v1/accounts/acme/devices/D1";

    #[tokio::test]
    async fn a_device_is_forgotten_once() {
        let api = TestApi::new().await;
        let report = api.call("PUT", PATH).key(&api.keys.technician).json(&json!({ "platform": "ios" }));
        report.send().await.is(200);
        api.call("DELETE", PATH).key(&api.keys.read).send().await.problem(403, "forbidden");
        api.call("DELETE", PATH).key(&api.keys.technician).send().await.is(204);
        api.call("DELETE", PATH).key(&api.keys.technician).send().await.problem(404, "not-found");
        api.call("GET", PATH).key(&api.keys.read).send().await.problem(404, "not-found");
        let readiness = api.call("GET", "/v1/accounts/acme/devices/D1/readiness").key(&api.keys.read);
        readiness.send().await.problem(404, "not-found");
    }
}
