//! How a host that can hold connections tells that something a widget shows may have changed.

use casebridge_domain::{AccountId, TicketId};
use tokio::sync::watch;

/// Tells of changes. A host that can't hold connections has none.
pub trait Changes: Send + Sync {
    /// Tells from now on of changes to a ticket's case, to how the ticket stands, and to its account's settings and
    /// connection.
    fn subscribe(&self, account: &AccountId, ticket: &TicketId) -> Subscription;
}

/// Where changes of one ticket are told. Several at once are told as one.
#[derive(Debug)]
pub struct Subscription(watch::Receiver<()>);

impl Subscription {
    /// Told by the sender's side; ended when that is dropped.
    pub fn of(told: watch::Receiver<()>) -> Self {
        Self(told)
    }

    /// Waits for the next change; `false` says that the host is about to stop.
    pub async fn changed(&mut self) -> bool {
        self.0.changed().await.is_ok()
    }
}
