//! The widget's own API: one ticket, one technician, from any page. It takes a widget token and nothing else does.

use axum::Router;
use axum::middleware;
use axum::routing::{get, post};

use crate::problem::{Kind, Problem};
use crate::{Api, extract};

mod at_widget;
mod cross_origin;
pub mod events;
pub mod hand_over;
pub mod invite;
pub mod make_token;
pub mod play;
pub mod read;
pub mod refuse_tokens;
pub mod stop;
mod view;

pub use at_widget::AtWidgetToken;
pub use view::{ColleagueView, WidgetAccountView, WidgetTicketView, WidgetView};

pub(crate) fn routes() -> Router<Api> {
    let widgets = Router::new()
        .route("/v1/widget", get(read::read))
        .route("/v1/widget/play", post(play::play))
        .route("/v1/widget/stop", post(stop::stop))
        .route("/v1/widget/invitation", post(invite::invite))
        .route("/v1/widget/technician", post(hand_over::hand_over_case))
        .route("/v1/widget/events", get(events::events))
        // Here already, so that what a browser asks first comes by the layer.
        .method_not_allowed_fallback(async || Problem::new(Kind::MethodNotAllowed))
        .layer(middleware::from_fn(cross_origin::from_any_page));
    Router::new()
        .route(
            "/v1/accounts/{account}/widget-tokens",
            post(make_token::make_token).delete(refuse_tokens::refuse_tokens),
        )
        .merge(widgets)
}

/// A request at a widget that may carry an `Idempotency-Key`: the token says whose ticket it is about, not the address.
fn memory(
    repeatable: &extract::Repeatable,
    at: &casebridge_app::widget::AtWidget,
    body: &impl serde::Serialize,
) -> Option<casebridge_app::open_case::RequestMemory> {
    let owner = casebridge_domain::key::Owner::Account(at.desk.id().clone());
    let about = [at.claims.ticket.id.as_str(), at.claims.technician.id.as_str()];
    repeatable.memory_about(&owner, at.claims.key, &about, body)
}
