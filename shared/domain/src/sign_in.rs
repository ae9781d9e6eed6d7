//! Signing in to the console: a link that works once, and the key of whoever used it.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::journal::Principal;
use crate::key::{KeyHash, Scope};
use crate::people::{PersonName, Technician};
use crate::{AccountId, Instant, Malformed};

/// How long a link waits to be used: 1 to 60 minutes, 10 by default (our own choice).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkLifetime(u8);

impl LinkLifetime {
    /// Accepts 1 to 60 minutes.
    pub fn of_minutes(minutes: u8) -> Result<Self, Malformed> {
        if (1..=60).contains(&minutes) { Ok(Self(minutes)) } else { Err(Malformed::new("must be 1 to 60 minutes")) }
    }

    /// The span in which it works.
    pub fn span(self) -> TimeDelta {
        TimeDelta::minutes(self.0.into())
    }
}

impl Default for LinkLifetime {
    fn default() -> Self {
        Self(10)
    }
}

/// Hours that somebody stays signed in at most: a working day (our own choice).
pub const SIGNED_IN_HOURS: i64 = 12;

/// A link that was made and not yet used, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// Of which account.
    pub account: AccountId,
    /// How its code is recognised.
    pub hash: KeyHash,
    /// What whoever uses it may.
    pub scope: Scope,
    /// For whom it was made.
    pub name: PersonName,
    /// Which of the vendor's support users that is, where the vendor said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub technician: Option<Technician>,
    /// Until when it works.
    pub until: Instant,
    /// Who made it.
    pub by: Principal,
}

/// Who a key was made for by signing in, and until when it is one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// As the link named him.
    pub name: PersonName,
    /// Which of the vendor's support users that is, where the link said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub technician: Option<Technician>,
    /// The key works until then.
    pub until: Instant,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_waits_between_a_minute_and_an_hour() {
        assert!(LinkLifetime::of_minutes(0).is_err() && LinkLifetime::of_minutes(61).is_err());
        assert_eq!(LinkLifetime::of_minutes(60).unwrap().span(), TimeDelta::hours(1));
        assert_eq!(LinkLifetime::default().span(), TimeDelta::minutes(10));
    }
}
