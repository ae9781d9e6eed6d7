//! Endpoints: where events are pushed to, and how it goes there.

use serde::{Deserialize, Serialize};

use crate::journal::Event;
use crate::key::Owner;
use crate::{EndpointId, Instant, Malformed, Sealed, Text};

mod delivery;
mod event_types;
mod filter;
mod health;
mod lane;
mod network;
mod reach;
mod retry;
mod secret;
mod signature;
mod url;

pub use delivery::{Beginning, Delivery, Outcome, Recent, TEST_EVENT};
pub use event_types::EventTypes;
pub use filter::{EventFilter, EventPattern, MOST_PATTERNS};
pub use health::{DISABLED_AFTER_HOURS, Health, Warning};
pub use lane::{Lane, LaneState, Replay, TestAsked};
pub use network::Network;
pub use reach::{NotAllowed, Reach};
pub use retry::{ATTEMPTS, LONGEST_RETRY_AFTER, Retry, due_after};
pub use secret::{SigningMethod, SigningSecret};
pub use signature::{Signed, TOLERANCE_SECONDS, sign};
pub use url::{EndpointUrl, Host};

/// The most endpoints that an owner may have (our own choice).
pub const MOST_ENDPOINTS: usize = 100;

/// Days that what was given up is kept for a replay.
pub const UNDELIVERED_DAYS: i64 = 30;

/// Hours that the secret before goes on signing after a rotation (our own choice; peers have a day).
pub const ROTATION_HOURS: i64 = 24;

/// Whether events are pushed there, and if not, why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum EndpointState {
    /// They are.
    On,
    /// Somebody switched it off.
    Off {
        /// Since when.
        since: Instant,
    },
    /// We did.
    Disabled {
        /// Why.
        why: WhyDisabled,
        /// Since when.
        since: Instant,
    },
}

/// Why an endpoint was disabled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyDisabled {
    /// It answered 410: nobody is there any more (Standard Webhooks 1.0, "Responses").
    Gone,
    /// It failed for [`DISABLED_AFTER_HOURS`].
    Failing,
}

impl WhyDisabled {
    /// As it is called in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::Failing => "failing",
        }
    }
}

/// A secret that signs, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptSecret {
    /// The secret itself, sealed.
    pub sealed: Sealed,
    /// What receivers check its signatures with, where that is no secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public: Option<String>,
}

/// The secret before a rotation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormerSecret {
    /// Which.
    pub secret: KeptSecret,
    /// It signs until then.
    pub until: Instant,
}

/// An address of a vendor's or of an account's that events are pushed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// Which.
    pub id: EndpointId,
    /// Whose events: an account's, or those of all a vendor's accounts.
    pub owner: Owner,
    /// Where to.
    pub url: EndpointUrl,
    /// Which of them.
    pub filter: EventFilter,
    /// What it is for, in the maker's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Text<200>>,
    /// Whether they are pushed.
    pub state: EndpointState,
    /// How they are signed.
    pub signing: SigningMethod,
    /// With what.
    pub secret: KeptSecret,
    /// With what besides, for a while.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former: Option<FormerSecret>,
    /// When it was made.
    pub made_at: Instant,
}

impl Endpoint {
    /// Whether events are pushed there.
    pub fn is_on(&self) -> bool {
        self.state == EndpointState::On
    }

    /// Whether it wants an event. That an endpoint takes nothing is never told to itself: that would fail as well, and be told.
    pub fn wants(&self, event: &Event) -> bool {
        self.filter.takes(event.kind()) && event.failing_endpoint() != Some(self.id)
    }

    /// The secrets that sign at that time, the newest first.
    pub fn secrets(&self, now: Instant) -> impl Iterator<Item = &KeptSecret> {
        let former = self.former.iter().filter(move |former| now < former.until).map(|former| &former.secret);
        std::iter::once(&self.secret).chain(former)
    }

    /// The same with another secret; the one before signs as well until `until`.
    #[must_use]
    pub fn rotated(self, secret: KeptSecret, until: Instant) -> Self {
        let former = Some(FormerSecret { secret: self.secret, until });
        Self { secret, former, ..self }
    }

    /// The same, disabled; one that is not on stays as it is.
    #[must_use]
    pub fn disabled(self, why: WhyDisabled, since: Instant) -> Self {
        let state = if self.is_on() { EndpointState::Disabled { why, since } } else { self.state };
        Self { state, ..self }
    }
}

/// Which part of the events is to be pushed once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    first: u64,
    last: u64,
}

impl Range {
    /// From the first number to the last, both included.
    pub fn new(first: u64, last: u64) -> Result<Self, Malformed> {
        if first == 0 || last < first {
            return Err(Malformed::new("must begin at 1 or later and not end before it begins"));
        }
        Ok(Self { first, last })
    }

    /// The first number.
    pub const fn first(self) -> u64 {
        self.first
    }

    /// The last number.
    pub const fn last(self) -> u64 {
        self.last
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};
    use uuid::Uuid;

    use super::*;
    use crate::journal::{AccountMatter, JournalEntry, Principal};
    use crate::{AccountId, VendorId};

    fn endpoint(id: u128) -> Endpoint {
        Endpoint {
            id: EndpointId::new(Uuid::from_u128(id)),
            owner: Owner::Vendor(VendorId::parse("boss").unwrap()),
            url: EndpointUrl::parse("https://hooks.example/in").unwrap(),
            filter: EventFilter::All,
            description: None,
            state: EndpointState::On,
            signing: SigningMethod::Hmac,
            secret: secret("first"),
            former: None,
            made_at: DateTime::UNIX_EPOCH,
        }
    }

    fn secret(text: &str) -> KeptSecret {
        KeptSecret { sealed: Sealed::new(text.to_owned()), public: None }
    }

    #[test]
    fn two_secrets_sign_until_the_former_ones_time_is_up() {
        let until = DateTime::UNIX_EPOCH + TimeDelta::hours(24);
        let rotated = endpoint(1).rotated(secret("second"), until);
        let signing = |now| rotated.secrets(now).map(|secret| secret.sealed.as_str()).collect::<Vec<_>>();
        assert_eq!(signing(until - TimeDelta::milliseconds(1)), ["second", "first"]);
        assert_eq!(signing(until), ["second"]);
    }

    #[test]
    fn how_it_goes_with_an_endpoint_is_told_to_the_others_only() {
        let matter = AccountMatter::EndpointFailing { endpoint: endpoint(1).id, percent: 50 };
        let entry = JournalEntry::Account { by: Principal::Casebridge, at: DateTime::UNIX_EPOCH, matter };
        let event = entry.events(&AccountId::parse("acme").unwrap(), 1).remove(0);
        assert!(!endpoint(1).wants(&event));
        assert!(endpoint(2).wants(&event));
    }

    #[test]
    fn what_somebody_switched_off_is_not_disabled_besides() {
        let now = DateTime::UNIX_EPOCH;
        let off = Endpoint { state: EndpointState::Off { since: now }, ..endpoint(1) };
        assert_eq!(off.clone().disabled(WhyDisabled::Gone, now + TimeDelta::hours(1)), off);
        assert!(!endpoint(1).disabled(WhyDisabled::Gone, now).is_on());
    }

    #[test]
    fn a_range_has_a_beginning_before_its_end() {
        for (first, last) in [(0, 1), (2, 1)] {
            assert!(Range::new(first, last).is_err());
        }
        assert_eq!(Range::new(1, 1).map(|range| (range.first(), range.last())).unwrap(), (1, 1));
    }
}
