//! Pages to play customer and technician on. They are forms, and work without JavaScript.

mod consent;
mod queue;

use axum::Router;
use axum::routing::{get, post};

use super::sandbox::Sandbox;

pub(crate) fn router() -> Router<Sandbox> {
    Router::new()
        .route("/", get(queue::all))
        .route("/v15/{link}", get(queue::one).post(queue::press))
        .route("/Connect/IndexByol", get(queue::web_client))
        .route("/queue/{code}", post(queue::press_in_list))
        .route("/oauth2/authorize", get(consent::ask).post(consent::give))
}

#[cfg(test)]
mod tests;
