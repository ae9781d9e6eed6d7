//! The HTTP API: routers, extractors, problems, OpenAPI.
//!
//! Each endpoint is one file: the request's shape, its way into the domain's types, the handler, what each refusal
//! becomes. The same routers serve the one process and the functions.

use axum::Router;

pub mod accounts;
pub mod activation;
mod answering;
mod api;
pub mod audit;
pub mod cases;
pub mod changes;
pub mod connection;
pub mod console;
pub mod devices;
pub mod doctor;
mod download;
pub mod endpoints;
pub mod events;
#[cfg(test)]
mod every_route;
pub mod extract;
pub mod mail_templates;
pub mod openapi;
mod path_text;
pub mod principal;
pub mod problem;
pub mod records;
pub mod reports;
mod request_id;
pub mod service;
mod spreadsheet;
pub mod technicians;
#[cfg(test)]
mod testing;
pub mod webhooks;
pub mod widget;
mod zipped;

pub use answering::around;
pub use api::Api;
pub use path_text::encoded_path;
pub use problem::Problem;
pub use request_id::RequestId;

/// Everything, for the one process.
pub fn router(api: Api) -> Router {
    router_with(Router::new(), api)
}

/// Everything, and more.
pub fn router_with(more: Router<Api>, api: Api) -> Router {
    answering::around(
        more.merge(accounts::routes())
            .merge(cases::routes())
            .merge(widget::routes())
            .merge(connection::routes())
            .merge(devices::routes())
            .merge(reports::routes())
            .merge(webhooks::routes())
            .merge(service::routes()),
        api,
    )
}
