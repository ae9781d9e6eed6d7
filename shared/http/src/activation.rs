//! The activation: whether, and under which terms, sessions may be started for the account's devices.

use axum::Router;
use axum::routing::get;

use crate::Api;

pub mod activate;
pub mod read;
pub mod remove;
mod view;

pub use view::{ActivationView, AgreementView, DeviceCountsView, TermsView};

pub(crate) fn routes() -> Router<Api> {
    let route = get(read::read).put(activate::activate).delete(remove::remove);
    Router::new().route("/v1/accounts/{account}/activation", route)
}
