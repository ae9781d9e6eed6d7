//! How messages are sent.

use std::sync::Arc;
use std::time::Duration;

use casebridge_app::ports::push::Pushed;
use casebridge_domain::endpoint::Reach;
use rustls::ClientConfig;

use crate::resolver::{Lookup, SystemLookup};

/// Makes a message's body: JSON, of at most 20 kB. Who knows how events are shown gives it.
pub type Render = fn(&Pushed<'_>) -> Vec<u8>;

/// How the sender behaves. [`Options::default`] is for endpoints on the public internet.
#[derive(Clone)]
pub struct Options {
    /// Which addresses are called.
    pub reach: Reach,
    /// How long one attempt may take, name resolution and TLS included. Standard Webhooks recommends 15 to 30 seconds.
    pub time_limit: Duration,
    /// How long the body of an answer is waited for once its status is known: it is only shown.
    pub body_limit: Duration,
    /// How the process speaks TLS and whom it trusts. If nothing is said, whom the operating system does.
    pub tls: Option<ClientConfig>,
    /// Where names lead.
    pub lookup: Arc<dyn Lookup>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            reach: Reach::default(),
            time_limit: Duration::from_secs(15),
            body_limit: Duration::from_secs(2),
            tls: None,
            lookup: Arc::new(SystemLookup),
        }
    }
}

/// Why there is no sender.
#[derive(Debug, thiserror::Error)]
#[error("the HTTPS client could not be set up")]
pub struct BadOptions(#[from] pub(crate) reqwest::Error);
