//! What the use cases need from outside, as traits.

pub mod authorization;
pub mod clock;
pub mod ids;
pub mod mail;
pub mod push;
pub mod store;
pub mod teamviewer;
pub mod vault;

pub use authorization::AuthorizationServer;
pub use clock::Clock;
pub use ids::Ids;
pub use mail::{Mailer, Renderer};
pub use push::{LaneNotifier, Pusher};
pub use store::Store;
pub use teamviewer::TeamViewer;
pub use vault::Vault;
