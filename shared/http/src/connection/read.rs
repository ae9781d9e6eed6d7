//! `GET /v1/accounts/{account}/connection`: state and checks.

use axum::Json;
use axum::extract::State;
use casebridge_app::connection::{CheckError, recheck};
use casebridge_domain::Malformed;

use super::view::ConnectionView;
use crate::extract::{Admin, Query};
use crate::{Api, Problem};

/// The connection as it is kept, or, with `check=now`, as TeamViewer says it is.
#[utoipa::path(
    get, path = "/v1/accounts/{account}/connection", tag = "connection", operation_id = "readConnection",
    params(("check" = Option<String>, Query, description = "`now`: ask TeamViewer, and keep what it says")),
    responses((status = 200, body = ConnectionView), (status = 404, description = "`not-found`: no token is registered"))
)]
pub async fn read(
    State(api): State<Api>,
    Admin(admitted): Admin,
    mut query: Query,
) -> Result<Json<ConnectionView>, Problem> {
    let check = query.take("check");
    query.finish()?;
    match check.as_deref() {
        None => {
            let desk = admitted.desk.with_fresh_connection().await?;
            let connection = desk.connection().ok_or(CheckError::NotConnected)?;
            Ok(Json(ConnectionView::from(&connection.value)))
        }
        Some("now") => {
            let connection = recheck(&admitted.desk).await?;
            api.admissions.forget(admitted.desk.id());
            Ok(Json(ConnectionView::from(&connection)))
        }
        Some(_) => Err(Problem::field("check", &Malformed::new("must be now, or left out"))),
    }
}
