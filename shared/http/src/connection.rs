//! The account's TeamViewer connection.

use axum::Router;
use axum::routing::put;
use casebridge_app::connection::CheckError;

use crate::problem::{Kind, Problem};
use crate::{Api, answering, doctor, technicians};

pub mod module;
pub mod oauth_app;
pub mod read;
pub mod register;
pub mod revoke;
pub mod share;
mod view;

pub use view::{ChecklistItem, ConnectionView, GroupView, ModuleView, PermissionView, RegistrarView, ShareView};

/// What the connection function serves: technicians who sign in and the doctor too, who ask TeamViewer.
pub fn router(api: Api) -> Router {
    answering::around(routes(), api)
}

/// The same, and more.
pub fn router_with(more: Router<Api>, api: Api) -> Router {
    answering::around(more.merge(routes()), api)
}

pub(crate) fn routes() -> Router<Api> {
    Router::new()
        .route("/v1/accounts/{account}/connection", put(register::register).get(read::read).delete(revoke::revoke))
        .route("/v1/accounts/{account}/connection/shares", put(share::share))
        .route("/v1/accounts/{account}/connection/module", put(module::module))
        .route("/v1/accounts/{account}/oauth-app", put(oauth_app::keep).get(oauth_app::read).delete(oauth_app::forget))
        .merge(technicians::routes())
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
