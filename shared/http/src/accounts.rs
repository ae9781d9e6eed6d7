//! Accounts, their settings and their keys.

use axum::Router;
use axum::routing::{delete, get, post};
use casebridge_app::accounts::AccountError;

use crate::problem::{Kind, Problem};
use crate::{Api, answering, console, endpoints, mail_templates, service};

mod branding;
pub mod change;
pub mod delete_account;
pub mod delete_key;
mod device_configuration;
pub mod keys;
pub mod list;
pub mod make;
pub mod make_key;
pub mod make_sign_in_link;
pub mod read;
pub mod renew_inbound_secret;
mod settings;
mod view;

pub use branding::BrandingWish;
pub use device_configuration::{DeviceConfigurationView, DeviceConfigurationWish};
pub use settings::ToldWish;
pub use view::{AccountView, BrandingView, KeyView, Told};

/// What the accounts function serves: accounts, keys, mail templates, and what is about the service itself.
pub fn router(api: Api) -> Router {
    answering::around(routes().merge(service::routes()), api)
}

pub(crate) fn routes() -> Router<Api> {
    Router::new()
        .route("/v1/accounts", post(make::make).get(list::list))
        .route("/v1/accounts/{account}", get(read::read).patch(change::change).delete(delete_account::delete_account))
        .route("/v1/accounts/{account}/keys", post(make_key::make_key).get(keys::keys))
        .route("/v1/accounts/{account}/keys/{key}", delete(delete_key::delete_key))
        .route("/v1/accounts/{account}/inbound-secret", post(renew_inbound_secret::renew_inbound_secret))
        .route("/v1/accounts/{account}/sign-in-links", post(make_sign_in_link::make_sign_in_link))
        .merge(mail_templates::routes())
        .merge(console::routes())
        .merge(endpoints::routes())
}

impl From<AccountError> for Problem {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Exists => Self::new(Kind::AccountExists),
            AccountError::KeyReused => Self::new(Kind::IdempotencyKeyReused),
            AccountError::Connected => Self::new(Kind::AccountConnected),
            AccountError::LiveCases(cases) => Self::new(Kind::LiveCases).cases(&cases),
            AccountError::Overtaken => Self::new(Kind::ChangedMeanwhile),
            AccountError::Outside(error) => error.into(),
        }
    }
}
