//! A managed device, as far as a session for it needs it.

use serde::{Deserialize, Serialize};

use crate::{DeviceId, Instant, Malformed};

pub mod activation;
pub mod facts;
mod hand_over;
mod host;
mod payload;
pub mod readiness;
mod subject;
pub mod version;

pub use activation::{Activation, Agreed, Agreement, CustomerId, Extent, Licences, TERMS, Terms};
pub use facts::{AppFacts, Contradiction, DeviceFacts, HostFacts, Kiosk, Management, Reported, TeamViewerId};
pub use hand_over::{ConfigurationKey, DeviceConfiguration, HandOver, Loss, LossCause, UNANSWERED_AFTER};
pub use host::host_link;
pub use payload::{Payload, Value};
pub use readiness::{Circumstances, Effect, Finding, Hindrance, ModeReadiness, Readiness};
pub use subject::DeviceSubject;
pub use version::Version;

/// What runs on a device, of what TeamViewer's QuickSupport can help with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Platform {
    /// Controlled, or viewed where the maker's add-on is missing.
    Android,
    /// Viewed, never controlled.
    Ios,
}

impl Platform {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Android, Self::Ios];

    /// Accepts the platform's name.
    pub fn parse(raw: &str) -> Result<Self, Malformed> {
        let found = Self::ALL.into_iter().find(|platform| platform.name() == raw);
        found.ok_or_else(|| Malformed::new("must be one of android, ios"))
    }

    /// As it is called in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Android => "android",
            Self::Ios => "ios",
        }
    }
}

/// Whether somebody is at the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// By QuickSupport and a session code: its user lets the technician in.
    Attended,
    /// By the Host app, on Android: nobody needs to be there.
    Unattended,
}

impl Mode {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Attended, Self::Unattended];

    /// Accepts the mode's name.
    pub fn parse(raw: &str) -> Result<Self, Malformed> {
        let found = Self::ALL.into_iter().find(|mode| mode.name() == raw);
        found.ok_or_else(|| Malformed::new("must be one of attended, unattended"))
    }

    /// As it is called in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Attended => "attended",
            Self::Unattended => "unattended",
        }
    }
}

/// A device of the account, as it was reported last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// The vendor's id.
    pub id: DeviceId,
    /// What was reported; the newest report replaces the one before it as a whole.
    pub facts: DeviceFacts,
    /// When, by the server's clock.
    pub reported_at: Instant,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn platforms_and_modes_are_kept_under_the_names_they_have_in_the_api() {
        for platform in Platform::ALL {
            assert_eq!(Platform::parse(platform.name()).unwrap(), platform);
            assert_eq!(serde_json::to_value(platform).unwrap(), platform.name());
        }
        for mode in Mode::ALL {
            assert_eq!(Mode::parse(mode.name()).unwrap(), mode);
            assert_eq!(serde_json::to_value(mode).unwrap(), mode.name());
        }
        assert!(Platform::parse("windows").is_err() && Mode::parse("").is_err());
    }
}
