//! Something to push.

use std::sync::Arc;

use casebridge_domain::endpoint::Retry;
use casebridge_domain::key::Owner;

use super::feeds::Fed;
use crate::ports::push::Pushed;

/// An event to push, for the first time or again.
#[derive(Debug, Clone)]
pub(super) struct Job {
    /// The event.
    pub(super) fed: Arc<Fed>,
    /// The retry that it is; `None` the first time.
    pub(super) retry: Option<Retry>,
}

impl Job {
    pub(super) fn first(fed: &Arc<Fed>) -> Self {
        Self { fed: Arc::clone(fed), retry: None }
    }

    /// Which attempt it is.
    pub(super) fn attempt(&self) -> u32 {
        self.retry.as_ref().map_or(0, |retry| retry.attempts).saturating_add(1)
    }

    /// Its `webhook-id`: the same at every attempt and every endpoint, also when it is replayed.
    pub(super) fn id(&self) -> String {
        let event = &self.fed.event;
        format!("evt_{}_{}", event.account, event.number)
    }

    pub(super) fn what(&self, owner: &Owner) -> Pushed<'_> {
        let number_in_vendor = match owner {
            Owner::Vendor(_) => Some(self.fed.number),
            Owner::Account(_) => None,
        };
        Pushed::Event { number_in_vendor, event: &self.fed.event }
    }
}
