//! Time as the rules see it.

use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

use crate::text::Malformed;

/// A point in time by the server's clock, UTC.
pub type Instant = DateTime<Utc>;

/// RFC 3339 in UTC with whole seconds, as the API answers.
pub fn rfc3339(at: Instant) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// From one instant to another in whole seconds, as they are shown: the duration beside two times is their difference.
pub fn seconds_between(from: Instant, to: Instant) -> i64 {
    (to.timestamp() - from.timestamp()).max(0)
}

/// A named time zone of the IANA database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeZone(chrono_tz::Tz);

impl TimeZone {
    /// Coordinated universal time.
    pub const UTC: Self = Self(chrono_tz::Tz::UTC);

    /// Accepts a name such as `America/Sao_Paulo`.
    pub fn parse(raw: &str) -> Result<Self, Malformed> {
        raw.parse().map(Self).map_err(|_| Malformed::new("must be an IANA time zone such as Europe/Paris"))
    }

    /// The zone's rules.
    pub const fn rules(self) -> chrono_tz::Tz {
        self.0
    }
}

impl TryFrom<String> for TimeZone {
    type Error = Malformed;
    fn try_from(raw: String) -> Result<Self, Malformed> {
        Self::parse(&raw)
    }
}

impl From<TimeZone> for String {
    fn from(zone: TimeZone) -> Self {
        zone.to_string()
    }
}

impl fmt::Display for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name())
    }
}
