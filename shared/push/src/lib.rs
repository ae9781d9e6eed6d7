//! Sends events to vendors' endpoints: the [`Pusher`](casebridge_app::ports::Pusher) port over HTTPS, by Standard Webhooks 1.0.
//!
//! An endpoint's address comes from outside, so it may lead anywhere. What is called is decided by
//! [`Reach`](casebridge_domain::endpoint::Reach): an address in the URL is looked at before anything is sent, and a name is resolved
//! once, here, by a resolver that gives the connection only addresses that may be called. Redirects are not followed, no proxy is
//! used, and an answer is read to a limit.

mod answer;
mod options;
mod pusher;
mod resolver;
mod trouble;

pub use options::{BadOptions, Options, Render};
pub use pusher::HttpPusher;
pub use resolver::{Lookup, SystemLookup};
