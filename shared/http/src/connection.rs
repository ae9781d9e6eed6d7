//! The account's TeamViewer connection.

use axum::Router;
use axum::routing::put;
use casebridge_app::connection::CheckError;

use crate::problem::{Kind, Problem};
use crate::{Api, answering, doctor};

pub mod module;
pub mod read;
pub mod register;
pub mod revoke;
pub mod share;
mod view;

pub use view::{ChecklistItem, ConnectionView, GroupView, ModuleView, PermissionView, RegistrarView, ShareView};

/// What the connection function serves: the doctor too, who asks TeamViewer.
pub fn router(api: Api) -> Router {
    answering::around(routes(), api)
}

pub(crate) fn routes() -> Router<Api> {
    Router::new()
        .route("/v1/accounts/{account}/connection", put(register::register).get(read::read).delete(revoke::revoke))
        .route("/v1/accounts/{account}/connection/shares", put(share::share))
        .route("/v1/accounts/{account}/connection/module", put(module::module))
        .merge(doctor::routes())
}

impl From<CheckError> for Problem {
    fn from(error: CheckError) -> Self {
        match error {
            CheckError::NotConnected => Self::new(Kind::NotFound).detail("The account has no TeamViewer connection."),
            CheckError::Outside(error) => error.into(),
        }
    }
}
