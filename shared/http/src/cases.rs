//! Service cases, the ticket or device they belong to, and the ticket's close guard.

use axum::Router;
use axum::routing::{get, post, put};

use crate::{Api, answering, widget};

pub mod ask;
pub mod ask_for_device;
pub mod closable;
pub mod close;
pub mod closing;
pub mod facts;
mod guard;
pub mod hand_over;
pub mod hand_to_device;
pub mod invite;
pub mod let_go;
pub mod list;
pub mod lost;
pub mod newest;
pub mod newest_session;
pub mod open;
pub mod read;
pub mod request_link;
pub mod start_session;
pub mod take;
mod view;
mod wire;
pub mod withdraw;

pub use close::CloseCaseRequest;
pub(crate) use close::refusal as close_refusal;
pub use guard::ClosableView;
pub(crate) use hand_over::said;
pub(crate) use view::session_type_name;
pub use view::{
    AndroidPayload, CaseDeviceView, CaseView, HandOverView, HostLinkView, InvitationView, IosPayload, LossView,
    RequestView, RequesterView, TechnicianView,
};
pub(crate) use wire::session_type;
pub use wire::{RequesterRequest, TechnicianRequest, TicketRequest};

/// What the cases function serves: cases, tickets, and the widget that shows them.
pub fn router(api: Api) -> Router {
    answering::around(routes().merge(widget::routes()), api)
}

pub(crate) fn routes() -> Router<Api> {
    Router::new()
        .route("/v1/accounts/{account}/tickets/{ticket}", put(facts::facts))
        .route("/v1/accounts/{account}/tickets/{ticket}/case", post(open::open).get(newest::newest))
        .route("/v1/accounts/{account}/tickets/{ticket}/closable", get(closable::closable))
        .route("/v1/accounts/{account}/tickets/{ticket}/closing", post(closing::closing).delete(let_go::let_go))
        .route("/v1/accounts/{account}/cases", get(list::list))
        .route("/v1/accounts/{account}/cases/{case}", get(read::read))
        .route("/v1/accounts/{account}/cases/{case}/close", post(close::close))
        .route("/v1/accounts/{account}/cases/{case}/invitation", post(invite::invite))
        .route("/v1/accounts/{account}/cases/{case}/technician", post(hand_over::hand_over_case))
        .route("/v1/accounts/{account}/devices/{device}/case", post(start_session::start).get(newest_session::newest))
        .route("/v1/accounts/{account}/cases/{case}/lost", post(lost::lost))
        .route("/v1/accounts/{account}/tickets/{ticket}/request", post(ask::ask))
        .route("/v1/accounts/{account}/tickets/{ticket}/request-link", post(request_link::make))
        .route("/v1/accounts/{account}/devices/{device}/request", post(ask_for_device::ask))
        .route("/v1/accounts/{account}/cases/{case}/take", post(take::take))
        .route("/v1/accounts/{account}/cases/{case}/withdraw", post(withdraw::withdraw_request))
        .route("/v1/accounts/{account}/cases/{case}/hand-over", post(hand_to_device::hand_to_device))
}
