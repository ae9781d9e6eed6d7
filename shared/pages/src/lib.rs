//! What people see in a browser: the page that a customer's link leads to, which runs no script, and the files of widget and console,
//! which are served as they are. Nothing is loaded from elsewhere.

use axum::Router;
use axum::routing::{get, post};
use casebridge_http::{Api, around};

mod colour;
mod customer;
mod files;
mod logo;
mod messages;
mod oauth;

/// What the pages function serves.
pub fn router(api: Api) -> Router {
    around(routes(), api)
}

/// What the connection function serves: beside its own, the page that technicians come back to from TeamViewer. It takes what
/// makes a connection, and what that function may.
pub fn connection_router(api: Api) -> Router {
    casebridge_http::connection::router_with(technicians(), api)
}

fn technicians() -> Router<Api> {
    Router::new().route("/oauth/teamviewer", get(oauth::back).head(oauth::not_taken))
}

/// The same for the one process, to be merged with everything else.
pub fn routes() -> Router<Api> {
    technicians()
        .route("/c/{account}/{case}/{secret}", get(customer::show))
        .route("/c/{account}/{case}/{secret}/join", post(customer::join).get(customer::back))
        .route("/c/{account}/{case}/{secret}/not-me", post(customer::not_me).get(customer::back))
        .route("/c/{account}/{case}/{secret}/new-link", post(customer::new_link).get(customer::back))
        .route("/c/{account}/ask/{token}", get(customer::asking::show))
        .route("/c/{account}/ask/{token}/help", post(customer::asking::help).get(customer::asking::back))
        .route("/c/{account}/ask/{token}/withdraw", post(customer::asking::withdraw).get(customer::asking::back))
        .route("/c/{account}/ask/{token}/join", post(customer::asking::join).get(customer::asking::back))
        .route("/pages/colour/{file}", get(colour::sheet))
        .route("/pages/logo/{account}/{digest}", get(logo::logo))
        .route("/pages/{version}/{file}", get(files::versioned))
        .route("/console", get(files::console))
        .route("/console/sign-in", get(files::sign_in))
        .route("/console/{version}/{*path}", get(files::of_the_console))
        .route("/widget.js", get(files::widget))
        .route("/widget/{version}/{*path}", get(files::of_the_widget))
}

#[cfg(test)]
mod testing;
