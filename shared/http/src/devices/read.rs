//! `GET /v1/accounts/{account}/devices/{device}`: one device.

use axum::Json;

use super::view::DeviceView;
use crate::Problem;
use crate::extract::{DevicePath, Reader};
use crate::problem::Kind;

/// Shows a device as it was reported last.
#[utoipa::path(
    get, path = "/v1/accounts/{account}/devices/{device}", tag = "devices", operation_id = "readDevice",
    responses((status = 200, body = DeviceView), (status = 404, description = "`not-found`: it was never reported"))
)]
pub async fn read(Reader(admitted): Reader, DevicePath(id): DevicePath) -> Result<Json<DeviceView>, Problem> {
    let device = casebridge_app::devices::device(&admitted.desk, &id).await?;
    let device = device.ok_or_else(|| Problem::new(Kind::NotFound).detail("The device was never reported."))?;
    Ok(Json(DeviceView::from(&device)))
}
