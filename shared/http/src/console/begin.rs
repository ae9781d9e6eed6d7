//! `POST /console/session`: signs in by a link's code.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, SET_COOKIE};
use axum::response::{IntoResponse, Response};
use casebridge_app::sign_in::{SignInError, sign_in};
use casebridge_domain::sign_in::SIGNED_IN_HOURS;
use chrono::TimeDelta;
use secrecy::ExposeSecret as _;
use serde::Deserialize;

use super::{FIELD, SessionView, cookie, is_from_the_console};
use crate::Api;
use crate::extract::JsonBody;
use crate::problem::{Kind, Problem};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Begin {
    code: String,
}

pub(super) async fn begin(
    State(api): State<Api>,
    headers: HeaderMap,
    JsonBody(Begin { code }): JsonBody<Begin>,
) -> Result<Response, Problem> {
    if !is_from_the_console(&headers) {
        return Err(
            Problem::new(Kind::Forbidden).detail(format!("Only the console signs in here, with the field {FIELD}."))
        );
    }
    let signed_in = sign_in(api.world(), &code).await.map_err(|error| match error {
        SignInError::UnknownLink => Problem::new(Kind::SignInLinkRefused),
        SignInError::Outside(error) => error.into(),
    })?;
    let cookie = cookie(&api, signed_in.text.expose_secret(), TimeDelta::hours(SIGNED_IN_HOURS).num_seconds());
    let view = SessionView::of(&signed_in.account, &signed_in.key);
    Ok(([(SET_COOKIE, cookie), (CACHE_CONTROL, "no-store".to_owned())], Json(view)).into_response())
}
