//! `DELETE /console/session`: signs out.

use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use casebridge_app::accounts::delete_key;

use super::cookie;
use super::read::signed_in;
use crate::Api;
use crate::problem::Problem;

/// The key is gone with it: a cookie that somebody kept lets nobody in.
pub(super) async fn end(State(api): State<Api>, headers: HeaderMap) -> Result<Response, Problem> {
    let admitted = signed_in(&api, &headers).await?;
    delete_key(&admitted.desk, admitted.key.id).await?;
    api.admissions.forget(admitted.desk.id());
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, cookie(&api, "", 0))]).into_response())
}
