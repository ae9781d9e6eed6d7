//! Session records: the sessions behind the figures of a report.

use axum::Router;
use axum::routing::get;

use crate::Api;

pub mod change;
pub mod list;
pub mod read;
mod search;
mod table;
mod view;

pub(crate) use search::RecordSearch;
pub use view::{ExclusionView, RecordView, RecordedTechnician, RecordedTicket};

/// Those that know one form only; [`list`] is among the reports' routes.
pub(crate) fn routes() -> Router<Api> {
    Router::new().route("/v1/accounts/{account}/reports/sessions/records/{case}", get(read::read).patch(change::change))
}
