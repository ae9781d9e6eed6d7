//! Everything outside the rules, in one place.

use std::sync::Arc;

use casebridge_domain::{InstallationId, Instant, PublicUrl};

use crate::ports::{Clock, Ids, Renderer, Store, TeamViewer, Vault};

/// The ports that use cases work with. Cheap to clone.
#[derive(Clone)]
pub struct World {
    /// What is kept.
    pub store: Arc<dyn Store>,
    /// TeamViewer's Web API.
    pub teamviewer: Arc<dyn TeamViewer>,
    /// Secrets.
    pub vault: Arc<dyn Vault>,
    /// Letters in words.
    pub renderer: Arc<dyn Renderer>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Ids and randomness.
    pub ids: Arc<dyn Ids>,
    /// Marks the TeamViewer sessions that are ours.
    pub installation: InstallationId,
    /// Where its own pages are; without one, customers get TeamViewer's own links.
    pub public_url: Option<PublicUrl>,
}

impl World {
    /// The current time.
    pub fn now(&self) -> Instant {
        self.clock.now()
    }
}
