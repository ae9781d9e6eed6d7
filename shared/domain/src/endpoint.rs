//! Where events are pushed to.

mod network;
mod reach;
mod secret;
mod signature;
mod url;

pub use network::Network;
pub use reach::{NotAllowed, Reach};
pub use secret::{SigningMethod, SigningSecret};
pub use signature::{Signed, TOLERANCE_SECONDS, sign};
pub use url::{EndpointUrl, Host};
