//! `GET /console/session`: who is signed in.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use casebridge_app::admission::Admitted;
use casebridge_domain::key::Scope;

use super::{SessionView, key_in_cookie};
use crate::Api;
use crate::problem::Problem;

pub(super) async fn read(State(api): State<Api>, headers: HeaderMap) -> Result<Response, Problem> {
    let Admitted { desk, key } = signed_in(&api, &headers).await?;
    let view = SessionView::of(desk.account(), &key).ok_or_else(Problem::unauthorized)?;
    Ok(([(CACHE_CONTROL, "no-store")], Json(view)).into_response())
}

/// Whoever the cookie says.
pub(super) async fn signed_in(api: &Api, headers: &HeaderMap) -> Result<Admitted, Problem> {
    let key = key_in_cookie(headers).ok_or_else(Problem::unauthorized)?;
    Ok(api.admissions.to_its_account(key, Scope::Read).await?)
}
