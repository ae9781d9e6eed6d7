//! Notices from outside.

use axum::Router;
use axum::routing::post;

use crate::{Api, answering};

mod signature;
pub mod teamviewer;

/// What the webhooks function serves.
pub fn router(api: Api) -> Router {
    answering::around(routes(), api)
}

pub(crate) fn routes() -> Router<Api> {
    Router::new().route("/v1/webhooks/teamviewer/{account}", post(teamviewer::notice))
}
