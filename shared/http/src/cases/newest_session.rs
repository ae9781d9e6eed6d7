//! `GET /v1/accounts/{account}/devices/{device}/case`: the device's newest case.

use axum::Json;
use casebridge_app::cases::newest_device_case;

use super::view::CaseView;
use crate::extract::{DevicePath, Reader};
use crate::problem::{Kind, Problem};

/// The device's newest case, live or ended.
#[utoipa::path(
    get, path = "/v1/accounts/{account}/devices/{device}/case", tag = "devices", operation_id = "newestSession",
    responses((status = 200, body = CaseView), (status = 404, description = "`not-found`: it never had one"))
)]
pub async fn newest(Reader(admitted): Reader, DevicePath(device): DevicePath) -> Result<Json<CaseView>, Problem> {
    let case = newest_device_case(&admitted.desk, &device).await?.ok_or_else(|| Problem::new(Kind::NotFound))?;
    Ok(Json(CaseView::new(&case, &admitted.desk, &admitted.key).await))
}
