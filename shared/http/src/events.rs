//! The event feed: everything that happened in an account, or in all accounts of a vendor.

use axum::Router;
use axum::routing::get;
use casebridge_app::feed::FeedError;
use casebridge_domain::Malformed;
use serde_json::json;

use crate::problem::{Kind, Problem};
use crate::{Api, extract};

pub(crate) mod catalogue;
#[cfg(any(test, feature = "conformance"))]
pub mod conformance;
mod message;
pub mod of_account;
pub mod of_vendor;
mod view;

pub use catalogue::types;
pub use message::{LIMIT, message};
pub use view::EventView;

pub(crate) fn routes() -> Router<Api> {
    Router::new()
        .route("/v1/accounts/{account}/events", get(of_account::events))
        .route("/v1/events", get(of_vendor::events))
}

impl From<FeedError> for Problem {
    fn from(error: FeedError) -> Self {
        match error {
            FeedError::Gone { oldest } => Self::new(Kind::EventsGone).member("oldest", json!(oldest)),
            FeedError::Ahead { last } => {
                Self::field("after", &Malformed::new(format!("must be at most {last}, the last number so far")))
            }
            FeedError::Outside(error) => error.into(),
        }
    }
}

/// What is wanted of a list by number.
pub(crate) struct Stretch {
    /// The number before the first one.
    pub(crate) after: Option<u64>,
    /// How many.
    pub(crate) limit: usize,
}

impl Stretch {
    /// Reads `after` and `limit`.
    pub(crate) fn parse(mut query: extract::Query) -> Result<Self, Problem> {
        let mut faults = extract::Faults::default();
        let after = faults.maybe("after", query.take("after").as_deref(), number);
        let limit = faults.take("limit", query.limit());
        query.finish()?;
        match limit {
            Some(limit) if faults.is_empty() => Ok(Self { after, limit }),
            _ => Err(faults.problem()),
        }
    }
}

/// A number that can have been given: stores count up to this.
fn number(raw: &str) -> Result<u64, Malformed> {
    let digits = raw.bytes().all(|byte| byte.is_ascii_digit());
    let number = raw.parse().ok().filter(|number| digits && i64::try_from(*number).is_ok());
    number.ok_or_else(|| Malformed::new("must be `last` of the page before, or 0"))
}
