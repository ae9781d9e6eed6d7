//! A device as a session's case keeps it: as it was found when the session was started.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::{Mode, Platform, TeamViewerId};
use crate::{DeviceId, Text};

/// On iOS the session id expires after half an hour (guide, "Confirming the TeamViewer session ID").
const IOS_CODE_LIVES: TimeDelta = TimeDelta::minutes(30);

/// An unattended session ends by itself after so long (our own choice, a working day): nobody tells us that the technician has left.
const UNATTENDED_LIVES: TimeDelta = TimeDelta::hours(8);

/// The device that a session was started for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceSubject {
    id: DeviceId,
    /// As its user or its administrator calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<Text<100>>,
    platform: Platform,
    mode: Mode,
    view_only: bool,
    /// Where the technician's client finds the Host: unattended only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    host: Option<TeamViewerId>,
}

impl DeviceSubject {
    /// A session that the device's user lets the technician into. An iOS device is only ever viewed (guide, "Remote view").
    pub fn attended(id: DeviceId, name: Option<Text<100>>, platform: Platform, limited_to_viewing: bool) -> Self {
        let view_only = limited_to_viewing || platform == Platform::Ios;
        Self { id, name, platform, mode: Mode::Attended, view_only, host: None }
    }

    /// A session through the Host app, which there is for Android only.
    pub fn unattended(id: DeviceId, name: Option<Text<100>>, host: TeamViewerId, limited_to_viewing: bool) -> Self {
        let view_only = limited_to_viewing;
        Self { id, name, platform: Platform::Android, mode: Mode::Unattended, view_only, host: Some(host) }
    }

    /// The vendor's id.
    pub fn id(&self) -> &DeviceId {
        &self.id
    }

    /// As people call it; by its id where nobody said.
    pub fn name(&self) -> &str {
        self.name.as_ref().map_or(self.id.as_str(), Text::as_str)
    }

    /// What runs on it.
    pub fn platform(&self) -> Platform {
        self.platform
    }

    /// Whether somebody is at it.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Whether the technician sees it without controlling it. TeamViewer's API has nothing to ask for that with: iOS itself lets
    /// nobody control it, and on Android it is the add-on's absence that does.
    pub fn is_view_only(&self) -> bool {
        self.view_only
    }

    /// Where the Host is found, if nobody is at the device.
    pub fn host(&self) -> Option<&TeamViewerId> {
        self.host.as_ref()
    }

    /// How long the session's code may be used for the first time, out of the longest that a case lives.
    pub fn code_lives(&self, longest: TimeDelta) -> TimeDelta {
        if self.platform == Platform::Ios { longest.min(IOS_CODE_LIVES) } else { longest }
    }

    /// How long the session may last, out of the longest that a case lives.
    pub fn lives(&self, longest: TimeDelta) -> TimeDelta {
        match self.mode {
            Mode::Attended => longest,
            Mode::Unattended => longest.min(UNATTENDED_LIVES),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attended(platform: Platform, limited: bool) -> DeviceSubject {
        DeviceSubject::attended(DeviceId::parse("D1").unwrap(), Text::parse("Jane's").ok(), platform, limited)
    }

    #[test]
    fn ios_is_only_viewed_whatever_was_found() {
        assert!(attended(Platform::Ios, false).is_view_only());
        assert!(!attended(Platform::Android, false).is_view_only());
        assert!(attended(Platform::Android, true).is_view_only());
    }

    #[test]
    fn a_code_for_ios_lives_half_an_hour_at_most() {
        let (hour, minute) = (TimeDelta::hours(1), TimeDelta::minutes(1));
        assert_eq!(attended(Platform::Ios, false).code_lives(hour), TimeDelta::minutes(30));
        assert_eq!(attended(Platform::Ios, false).code_lives(minute), minute);
        assert_eq!(attended(Platform::Android, false).code_lives(hour), hour);
    }

    #[test]
    fn an_unattended_session_ends_by_itself_within_a_working_day() {
        let host = TeamViewerId::parse("123456789").unwrap();
        let subject = DeviceSubject::unattended(DeviceId::parse("D1").unwrap(), None, host, false);
        assert_eq!(subject.lives(TimeDelta::hours(24)), TimeDelta::hours(8));
        assert_eq!(subject.lives(TimeDelta::hours(1)), TimeDelta::hours(1));
        assert_eq!(subject.platform(), Platform::Android);
    }
}
