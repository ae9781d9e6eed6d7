//! What people see in a browser: the page that a customer's link leads to, and the files that are served as they are.
//!
//! No page here runs a script, loads anything from elsewhere, or sets a cookie.

use axum::Router;
use axum::routing::{get, post};
use casebridge_http::{Api, around};

mod colour;
mod customer;
mod files;
mod logo;

/// What the pages function serves.
pub fn router(api: Api) -> Router {
    around(routes(), api)
}

/// The same for the one process, to be merged with everything else.
pub fn routes() -> Router<Api> {
    Router::new()
        .route("/c/{account}/{case}/{secret}", get(customer::show))
        .route("/c/{account}/{case}/{secret}/join", post(customer::join).get(customer::back))
        .route("/c/{account}/{case}/{secret}/not-me", post(customer::not_me).get(customer::back))
        .route("/c/{account}/{case}/{secret}/new-link", post(customer::new_link).get(customer::back))
        .route("/pages/colour/{file}", get(colour::sheet))
        .route("/pages/logo/{account}/{digest}", get(logo::logo))
        .route("/pages/{version}/{file}", get(files::versioned))
        .route("/widget.js", get(files::widget))
        .route("/widget/{version}/{*path}", get(files::of_the_widget))
}

#[cfg(test)]
mod testing;
