//! Managed devices: the activation, what is known of each device, and whether a session can be started for it.

use axum::Router;
use axum::routing::{get, put};

use crate::{Api, activation, answering};

pub mod forget;
pub mod list;
pub mod read;
pub mod readiness;
pub mod report;
pub mod report_many;
mod view;
mod wire;

pub use view::{AppView, DeviceFactsView, DeviceView, HostView};
pub use wire::{AppRequest, DeviceFactsRequest, HostRequest};

/// What the devices function serves.
pub fn router(api: Api) -> Router {
    answering::around(routes(), api)
}

pub(crate) fn routes() -> Router<Api> {
    Router::new()
        .route("/v1/accounts/{account}/devices", get(list::list).post(report_many::report_many))
        .route("/v1/accounts/{account}/devices/{device}", put(report::report).get(read::read).delete(forget::forget))
        .route("/v1/accounts/{account}/devices/{device}/readiness", get(readiness::readiness))
        .merge(activation::routes())
}
