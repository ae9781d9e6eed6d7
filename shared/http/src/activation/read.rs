//! `GET /v1/accounts/{account}/activation`: how the account stands.

use axum::Json;
use casebridge_app::activation::standing;

use super::view::ActivationView;
use crate::Problem;
use crate::extract::Reader;

/// Shows the activation, the terms as they are now, the agreement that is kept, and how many unattended licences are used.
#[utoipa::path(
    get, path = "/v1/accounts/{account}/activation", tag = "devices", operation_id = "readActivation",
    responses((status = 200, body = ActivationView))
)]
pub async fn read(Reader(admitted): Reader) -> Result<Json<ActivationView>, Problem> {
    let standing = standing(&admitted.desk).await?;
    Ok(Json(ActivationView::new(admitted.desk.id(), &standing)))
}
