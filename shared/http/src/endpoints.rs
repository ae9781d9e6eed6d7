//! Endpoints: where an account or a vendor has events pushed to.
//!
//! Both have the same operations: an account's below `/v1/accounts/{account}/endpoints`, a vendor's, which get the events of all
//! its accounts, below `/v1/endpoints`.

use axum::Router;
use axum::routing::{get, post};
use casebridge_app::endpoints::{EndpointError, Endpoints};
use casebridge_domain::endpoint::MOST_ENDPOINTS;
use casebridge_domain::journal::Principal;
use casebridge_domain::key::Owner;

use crate::Api;
use crate::extract::{Admin, VendorAdmin};
use crate::problem::{Kind, Problem};

pub mod change;
pub mod delete;
pub mod deliveries;
pub mod list;
pub mod make;
pub mod read;
pub mod replay;
pub mod rotate;
pub mod test;
#[cfg(test)]
mod tests;
mod view;

pub use view::{EndpointSecretView, EndpointView};

pub(crate) fn routes() -> Router<Api> {
    let of_account = Router::new()
        .route("/v1/accounts/{account}/endpoints", post(make::of_account).get(list::of_account))
        .route(
            "/v1/accounts/{account}/endpoints/{endpoint}",
            get(read::of_account).patch(change::of_account).delete(delete::of_account),
        )
        .route("/v1/accounts/{account}/endpoints/{endpoint}/rotate", post(rotate::of_account))
        .route("/v1/accounts/{account}/endpoints/{endpoint}/test", post(test::of_account))
        .route("/v1/accounts/{account}/endpoints/{endpoint}/deliveries", get(deliveries::of_account))
        .route("/v1/accounts/{account}/endpoints/{endpoint}/replay", post(replay::of_account));
    of_account
        .route("/v1/endpoints", post(make::of_vendor).get(list::of_vendor))
        .route("/v1/endpoints/{endpoint}", get(read::of_vendor).patch(change::of_vendor).delete(delete::of_vendor))
        .route("/v1/endpoints/{endpoint}/rotate", post(rotate::of_vendor))
        .route("/v1/endpoints/{endpoint}/test", post(test::of_vendor))
        .route("/v1/endpoints/{endpoint}/deliveries", get(deliveries::of_vendor))
        .route("/v1/endpoints/{endpoint}/replay", post(replay::of_vendor))
}

/// Those of the account that the request is about.
fn endpoints_of_account(api: &Api, Admin(admitted): &Admin) -> Endpoints {
    let owner = Owner::Account(admitted.desk.id().clone());
    let endpoints = Endpoints::of(api.world().clone(), owner, admitted.desk.by(), api.reach().clone());
    endpoints.notifying(api.lane_notifier())
}

/// Those of the vendor who asks.
fn endpoints_of_vendor(api: &Api, asks: &VendorAdmin) -> Endpoints {
    let by = Principal::Key { id: asks.key.id };
    let owner = Owner::Vendor(asks.vendor.clone());
    Endpoints::of(api.world().clone(), owner, by, api.reach().clone()).notifying(api.lane_notifier())
}

impl From<EndpointError> for Problem {
    fn from(error: EndpointError) -> Self {
        match error {
            EndpointError::Unknown => Self::new(Kind::NotFound),
            EndpointError::TooMany => {
                Self::new(Kind::TooManyEndpoints).detail(format!("There are {MOST_ENDPOINTS}, which is the most."))
            }
            EndpointError::Address(why) => Self::new(Kind::InvalidFields).and_field("url", why.to_string()),
            EndpointError::Off => Self::new(Kind::EndpointOff),
            EndpointError::NothingToReplay => Self::new(Kind::NothingToReplay),
            EndpointError::KeyReused => Self::new(Kind::IdempotencyKeyReused),
            EndpointError::Overtaken => Self::new(Kind::ChangedMeanwhile),
            EndpointError::Outside(error) => error.into(),
        }
    }
}
