//! What the vendor reports of a device. What it doesn't report stays unknown: nothing is guessed.

use std::ops::Deref;

use serde::{Deserialize, Serialize};

use super::{Platform, Version};
use crate::{Malformed, Requester, Text};

/// How the vendor's device management holds the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Management {
    /// Android, fully managed.
    DeviceOwner,
    /// Android, a work profile beside the user's own things.
    WorkProfile,
    /// Managed in any other way; an iOS device that is enrolled.
    Enrolled,
    /// Only its apps are managed.
    MamOnly,
    /// Not at all.
    None,
}

impl Management {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::DeviceOwner, Self::WorkProfile, Self::Enrolled, Self::MamOnly, Self::None];

    /// Accepts its name.
    pub fn parse(raw: &str) -> Result<Self, Malformed> {
        let found = Self::ALL.into_iter().find(|management| management.name() == raw);
        found.ok_or_else(|| Malformed::new("must be one of device_owner, work_profile, enrolled, mam_only, none"))
    }

    /// As it is called in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::DeviceOwner => "device_owner",
            Self::WorkProfile => "work_profile",
            Self::Enrolled => "enrolled",
            Self::MamOnly => "mam_only",
            Self::None => "none",
        }
    }
}

/// Whether the device shows only what it was given to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kiosk {
    /// It is no kiosk.
    None,
    /// A kiosk.
    Kiosk,
    /// A kiosk that users share, each signing in.
    SharedKiosk,
}

impl Kiosk {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::None, Self::Kiosk, Self::SharedKiosk];

    /// Accepts its name.
    pub fn parse(raw: &str) -> Result<Self, Malformed> {
        let found = Self::ALL.into_iter().find(|kiosk| kiosk.name() == raw);
        found.ok_or_else(|| Malformed::new("must be one of none, kiosk, shared_kiosk"))
    }

    /// As it is called in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Kiosk => "kiosk",
            Self::SharedKiosk => "shared_kiosk",
        }
    }
}

/// What is known of one of TeamViewer's apps on a device.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AppFacts {
    /// It is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub installed: Option<bool>,
    /// The device management gives it to the device.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distributed: Option<bool>,
    /// It may be used there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allow_listed: Option<bool>,
    /// It takes managed app configuration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub managed: Option<bool>,
    /// Which one is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<Version>,
}

impl AppFacts {
    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What is known of the Host app on a device.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HostFacts {
    /// As of any app.
    #[serde(flatten)]
    pub app: AppFacts,
    /// What it asks for when it is started for the first time was granted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permission_granted: Option<bool>,
    /// Under which a technician's client reaches it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub teamviewer_id: Option<TeamViewerId>,
}

impl HostFacts {
    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The number that a TeamViewer client shows as its own: 8 to 10 digits today; 6 to 12 are taken (our own choice).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TeamViewerId(String);

impl TeamViewerId {
    /// Accepts digits, in groups as TeamViewer shows them or not.
    pub fn parse(raw: &str) -> Result<Self, Malformed> {
        let digits: String = raw.chars().filter(|c| *c != ' ').collect();
        if (6..=12).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(digits))
        } else {
            Err(Malformed::new("must be 6 to 12 digits, as TeamViewer shows them"))
        }
    }

    /// Its digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for TeamViewerId {
    type Error = Malformed;
    fn try_from(raw: String) -> Result<Self, Malformed> {
        Self::parse(&raw)
    }
}

impl From<TeamViewerId> for String {
    fn from(id: TeamViewerId) -> Self {
        id.0
    }
}

/// A report as it came, each field valid by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reported {
    /// What runs on it.
    pub platform: Platform,
    /// As its user or its administrator calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text<100>>,
    /// Of Android or iOS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub os_version: Option<Version>,
    /// Who made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maker: Option<Text<100>>,
    /// As the maker calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<Text<100>>,
    /// How it is held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub management: Option<Management>,
    /// Whether it is a kiosk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kiosk: Option<Kiosk>,
    /// TeamViewer QuickSupport.
    #[serde(default, skip_serializing_if = "AppFacts::is_empty")]
    pub quicksupport: AppFacts,
    /// TeamViewer Host, on Android.
    #[serde(default, skip_serializing_if = "HostFacts::is_empty")]
    pub host: HostFacts,
    /// The add-on for the maker or the universal one, on Android.
    #[serde(default, skip_serializing_if = "AppFacts::is_empty")]
    pub add_on: AppFacts,
    /// Its user accepted TeamViewer's licence agreement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub eula_accepted: Option<bool>,
    /// Who uses it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requester: Option<Requester>,
}

impl Reported {
    /// A device of which nothing else is known.
    pub fn nothing_but(platform: Platform) -> Self {
        Self {
            platform,
            name: None,
            os_version: None,
            maker: None,
            model: None,
            management: None,
            kiosk: None,
            quicksupport: AppFacts::default(),
            host: HostFacts::default(),
            add_on: AppFacts::default(),
            eula_accepted: None,
            requester: None,
        }
    }
}

/// Two fields of a report that can't both be true.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field} {why}")]
pub struct Contradiction {
    /// Which field to look at, as the API calls it.
    pub field: &'static str,
    /// What is wrong with it.
    pub why: Malformed,
}

/// What is known of a device: a report whose fields don't contradict each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Reported", into = "Reported")]
pub struct DeviceFacts(Reported);

impl DeviceFacts {
    /// Accepts a report, unless it says of an iOS device what only Android has.
    pub fn accept(reported: Reported) -> Result<Self, Contradiction> {
        let refused = |field| Err(Contradiction { field, why: Malformed::new("exists on Android only") });
        if reported.platform == Platform::Ios {
            if !reported.host.is_empty() {
                return refused("host");
            }
            if !reported.add_on.is_empty() {
                return refused("add_on");
            }
            if matches!(reported.management, Some(Management::DeviceOwner | Management::WorkProfile)) {
                return refused("management");
            }
        }
        Ok(Self(reported))
    }

    /// Whether it takes one of the unattended licences (guide: "The number of licenses is calculated based on the
    /// distribution of the TeamViewer host app").
    pub fn takes_a_licence(&self) -> bool {
        self.host.app.distributed == Some(true)
    }

    /// Whether the Host app has to be taken off it before the activation can be removed: it is distributed to the device,
    /// or still there.
    pub fn has_host(&self) -> bool {
        self.takes_a_licence() || self.host.app.installed == Some(true)
    }

    /// Whether TeamViewer has an app for sessions of that mode there, or is to have it.
    pub fn is_for(&self, mode: super::Mode) -> bool {
        match mode {
            super::Mode::Attended => {
                self.quicksupport.distributed == Some(true) || self.quicksupport.installed == Some(true)
            }
            super::Mode::Unattended => self.has_host(),
        }
    }

    /// Whether it is one of Google's Pixel devices, as far as maker and model tell.
    pub fn is_pixel(&self) -> Option<bool> {
        let maker_is_google = self.maker.as_ref().map(|maker| maker.as_str().eq_ignore_ascii_case("google"));
        let model = self.model.as_ref().map(|model| model.as_str().to_ascii_lowercase());
        let model_is_pixel = model.map(|model| model.starts_with("pixel") || model.starts_with("google pixel"));
        match (maker_is_google, model_is_pixel) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (_, Some(true)) => Some(true),
            (_, None) => None,
        }
    }
}

impl Deref for DeviceFacts {
    type Target = Reported;
    fn deref(&self) -> &Reported {
        &self.0
    }
}

impl TryFrom<Reported> for DeviceFacts {
    type Error = Contradiction;
    fn try_from(reported: Reported) -> Result<Self, Contradiction> {
        Self::accept(reported)
    }
}

impl From<DeviceFacts> for Reported {
    fn from(facts: DeviceFacts) -> Self {
        facts.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn google(model: &str) -> DeviceFacts {
        let mut reported = Reported::nothing_but(Platform::Android);
        reported.maker = Some(Text::parse("Google").unwrap());
        reported.model = Text::parse(model).ok();
        DeviceFacts::accept(reported).unwrap()
    }

    #[test]
    fn an_ios_device_has_nothing_that_only_android_has() {
        let ios = || Reported::nothing_but(Platform::Ios);
        let mut host = ios();
        host.host.app.distributed = Some(false);
        let mut add_on = ios();
        add_on.add_on.installed = Some(true);
        let mut owner = ios();
        owner.management = Some(Management::DeviceOwner);
        for (reported, field) in [(host, "host"), (add_on, "add_on"), (owner, "management")] {
            assert_eq!(DeviceFacts::accept(reported).unwrap_err().field, field);
        }
    }

    #[test]
    fn a_licence_is_taken_by_distribution_and_not_by_what_is_installed() {
        let mut reported = Reported::nothing_but(Platform::Android);
        reported.host.app.installed = Some(true);
        let left_over = DeviceFacts::accept(reported.clone()).unwrap();
        assert!(!left_over.takes_a_licence() && left_over.has_host());
        reported.host.app.distributed = Some(true);
        assert!(DeviceFacts::accept(reported).unwrap().takes_a_licence());
    }

    #[test]
    fn what_is_unknown_takes_no_room_and_stays_unknown() {
        let facts = DeviceFacts::accept(Reported::nothing_but(Platform::Ios)).unwrap();
        let kept = serde_json::to_value(&facts).unwrap();
        assert_eq!(kept, serde_json::json!({"platform": "ios"}));
        assert_eq!(serde_json::from_value::<DeviceFacts>(kept).unwrap(), facts);
    }

    #[test]
    fn everything_that_is_known_is_kept() {
        let kept = serde_json::json!({
            "platform": "android", "name": "Till 4", "os_version": "14", "maker": "Samsung", "model": "SM-X200",
            "management": "device_owner", "kiosk": "shared_kiosk",
            "quicksupport": {"installed": true, "distributed": true, "allow_listed": true, "managed": true, "version": "15.50"},
            "host": {"installed": true, "permission_granted": true, "teamviewer_id": "1234567890"},
            "add_on": {"installed": false}, "eula_accepted": true,
            "requester": {"name": "Jane", "email": null, "language": null},
        });
        let facts: DeviceFacts = serde_json::from_value(kept.clone()).unwrap();
        assert_eq!(serde_json::to_value(&facts).unwrap(), kept);
    }

    #[test]
    fn a_pixel_is_known_by_maker_and_model() {
        assert_eq!(google("Pixel 8").is_pixel(), Some(true));
        assert_eq!(google("Nexus 5").is_pixel(), Some(false));
        assert_eq!(google("").is_pixel(), None);
        let mut samsung = Reported::nothing_but(Platform::Android);
        samsung.maker = Some(Text::parse("Samsung").unwrap());
        assert_eq!(DeviceFacts::accept(samsung).unwrap().is_pixel(), Some(false));
    }

    #[test]
    fn a_teamviewer_id_is_digits_however_they_are_grouped() {
        assert_eq!(TeamViewerId::parse("1 234 567 890").unwrap().as_str(), "1234567890");
        for bad in ["", "12345", "r1234567", "1234567890123"] {
            assert!(TeamViewerId::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn names_in_the_api_are_those_that_are_kept() {
        for management in Management::ALL {
            assert_eq!(Management::parse(management.name()).unwrap(), management);
            assert_eq!(serde_json::to_value(management).unwrap(), management.name());
        }
        for kiosk in Kiosk::ALL {
            assert_eq!(Kiosk::parse(kiosk.name()).unwrap(), kiosk);
            assert_eq!(serde_json::to_value(kiosk).unwrap(), kiosk.name());
        }
    }
}
