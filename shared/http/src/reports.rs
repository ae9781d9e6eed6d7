//! Reports, the sessions behind them, the event feed and the audit trail: what is read long after it happened.

use axum::http::HeaderValue;
use axum::http::header::{ACCEPT, VARY};
use axum::response::Response;
use axum::routing::get;
use axum::{Router, middleware};

use crate::zipped::zipped;
use crate::{Api, answering, audit, events, records};

pub(crate) mod days;
mod figures;
mod group_by;
#[cfg(test)]
mod local_days;
pub mod printed;
pub mod sessions;
mod view;

pub use figures::FiguresView;
pub use view::{DefinitionView, ReportGroupView, SessionsReport};

/// What the reports function serves.
pub fn router(api: Api) -> Router {
    answering::around(routes(), api)
}

pub(crate) fn routes() -> Router<Api> {
    let in_several_forms = Router::new()
        .route("/v1/accounts/{account}/reports/sessions", get(sessions::sessions))
        .route("/v1/accounts/{account}/reports/sessions/records", get(records::list::list))
        .route_layer(middleware::map_response(by_what_is_accepted))
        .route_layer(middleware::from_fn(zipped));
    let audit = Router::new()
        .route("/v1/accounts/{account}/audit", get(audit::audit))
        .route_layer(middleware::map_response(by_what_is_accepted));
    let printed = Router::new().route("/v1/accounts/{account}/reports/sessions/printed", get(printed::printed));
    in_several_forms.merge(audit).merge(printed).merge(records::routes()).merge(events::routes())
}

/// Whoever keeps an answer must know that another `Accept` gives another one.
async fn by_what_is_accepted(mut response: Response) -> Response {
    response.headers_mut().append(VARY, HeaderValue::from_name(ACCEPT));
    response
}
