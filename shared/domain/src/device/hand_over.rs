//! How a device is handed its session: as a configuration that its management gives to QuickSupport, which then starts.
//!
//! The vendor sends it. A restarted device and an app that was killed forget it (guide, "Help@Work"), which only the vendor can see,
//! or nobody: then the user never comes.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::{Instant, Malformed};

/// Minutes after which a device whose user did not come is thought not to have got the configuration (our own choice).
pub const UNANSWERED_AFTER: TimeDelta = TimeDelta::minutes(5);

/// The name of a value in an app's managed configuration: 1 to 100 visible characters of ASCII.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ConfigurationKey(String);

impl ConfigurationKey {
    /// Accepts a name.
    pub fn parse(raw: &str) -> Result<Self, Malformed> {
        if (1..=100).contains(&raw.len()) && raw.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self(raw.to_owned()))
        } else {
            Err(Malformed::new("must be 1 to 100 visible characters of ASCII, without spaces"))
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ConfigurationKey {
    type Error = Malformed;
    fn try_from(raw: String) -> Result<Self, Malformed> {
        Self::parse(&raw)
    }
}

impl From<ConfigurationKey> for String {
    fn from(key: ConfigurationKey) -> Self {
        key.0
    }
}

/// What the values that QuickSupport reads are called. No public document of TeamViewer's names them, so they are the account's
/// setting; what they are called by default is our own choice, to be replaced by what TeamViewer told the vendor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceConfiguration {
    session_code_key: ConfigurationKey,
    auto_start_key: ConfigurationKey,
}

impl DeviceConfiguration {
    /// Two names that may stand in one configuration.
    pub fn new(session_code_key: ConfigurationKey, auto_start_key: ConfigurationKey) -> Result<Self, Malformed> {
        if session_code_key == auto_start_key {
            return Err(Malformed::new("must not be the key of the session code"));
        }
        Ok(Self { session_code_key, auto_start_key })
    }

    /// Carries the session code.
    pub fn session_code_key(&self) -> &ConfigurationKey {
        &self.session_code_key
    }

    /// Says that the session starts by itself ("Auto start (from parameters in the managed app configuration)" of the guide).
    pub fn auto_start_key(&self) -> &ConfigurationKey {
        &self.auto_start_key
    }
}

impl Default for DeviceConfiguration {
    fn default() -> Self {
        let key = |name: &str| ConfigurationKey(name.to_owned());
        Self { session_code_key: key("session_code"), auto_start_key: key("auto_start") }
    }
}

/// Why a device no longer knows its session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LossCause {
    /// The device was started anew.
    Restarted,
    /// QuickSupport was ended.
    Killed,
    /// Nobody reported anything, but the user did not come either.
    Unanswered,
}

impl LossCause {
    /// As it is called in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Restarted => "restarted",
            Self::Killed => "killed",
            Self::Unanswered => "unanswered",
        }
    }
}

/// A session was not, or no longer, known to its device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loss {
    /// When that was reported, or could be seen.
    pub at: Instant,
    /// Why.
    pub cause: LossCause,
}

/// The session's way to the device: what was handed to the vendor to send, and whether it is known to have been lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOver {
    /// The names as they were when the payload was last made: an event shows what was sent then.
    pub configuration: DeviceConfiguration,
    /// From 1; one more each time that it is sent again.
    pub attempt: u32,
    /// When it was handed to the vendor.
    pub at: Instant,
    /// That it was lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lost: Option<Loss>,
}

impl HandOver {
    /// The first one.
    pub fn first(configuration: DeviceConfiguration, at: Instant) -> Self {
        Self { configuration, attempt: 1, at, lost: None }
    }

    /// The next one.
    #[must_use]
    pub fn again(self, configuration: DeviceConfiguration, at: Instant) -> Self {
        Self { configuration, attempt: self.attempt.saturating_add(1), at, lost: None }
    }

    /// Until when the user may take before the device is thought not to have got it.
    pub fn unanswered_at(&self) -> Instant {
        self.at + UNANSWERED_AFTER
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_a_configuration_are_two() {
        let key = |raw: &str| ConfigurationKey::parse(raw).unwrap();
        assert!(DeviceConfiguration::new(key("a"), key("a")).is_err());
        assert!(DeviceConfiguration::new(key("a"), key("b")).is_ok());
        let ours = DeviceConfiguration::default();
        assert!(DeviceConfiguration::new(ours.session_code_key, ours.auto_start_key).is_ok());
    }

    #[test]
    fn a_name_is_one_word() {
        assert!(ConfigurationKey::parse("com.teamviewer.sessionCode").is_ok());
        for bad in ["", "session code", "clé", "a\n", &"x".repeat(101)] {
            assert!(ConfigurationKey::parse(bad).is_err(), "{bad}");
        }
    }
}
