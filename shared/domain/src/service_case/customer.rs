//! What the customer does on his page.

use chrono::TimeDelta;

use super::{EventKind, ServiceCase, State};
use crate::Instant;

/// Pressing on within this time is not written down again (our own choice): nobody can make the store write by pressing.
const PRESSED_AGAIN: TimeDelta = TimeDelta::minutes(1);

impl ServiceCase {
    /// The customer pressed the page's button: he is about to come. The first press after an invitation is an event; a later one
    /// only makes his coming likely again. `None` says that nothing changed.
    #[must_use]
    pub fn link_opened(mut self, now: Instant) -> Option<Self> {
        if !matches!(self.state, State::Open(_)) || !self.is_live(now) {
            return None;
        }
        let first = self.link_opened_at.is_none();
        if !first && now - self.eager_since < PRESSED_AGAIN {
            return None;
        }
        self.eager_since = self.eager_since.max(now);
        if first {
            self.link_opened_at = Some(now);
            self.happened(now, EventKind::InvitationOpened);
        }
        Some(self)
    }

    /// The requester says that he did not ask for this. Only the first time is told to anybody: `None` says that it was.
    #[must_use]
    pub fn disowned(mut self, now: Instant) -> Option<Self> {
        if self.disowned_at.is_some() || !self.is_live(now) {
            return None;
        }
        self.disowned_at = Some(now);
        self.happened(now, EventKind::InvitationDisowned);
        Some(self)
    }
}
