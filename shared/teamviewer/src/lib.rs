//! A client of TeamViewer's Web API: the [`TeamViewer`](casebridge_app::ports::TeamViewer) port over HTTPS.
//!
//! The public sources about that API disagree in places; where they do, both readings are taken. What each fact rests
//! on is said where it is used, in the words of `shapes/ORIGIN.md`: the manual, the schema, the official module, or
//! recorded.

mod account;
mod authorization;
mod closing;
mod groups;
mod listing;
mod opening;
mod options;
mod probes;
mod refusal;
mod reports;
mod sessions;
mod transport;
mod web_api;
mod wire;

pub use options::{BadOptions, Options};
pub use web_api::WebApi;
