//! What is reported of a device, on its way into the domain's types. What is left out (or null) is not known.

use casebridge_domain::device::{
    AppFacts, DeviceFacts, HostFacts, Kiosk, Management, Platform, Reported, TeamViewerId, Version,
};
use casebridge_domain::{Malformed, Text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::cases::RequesterRequest;
use crate::extract::{Faults, Object};

/// What is known of a device now. It replaces what was known before as a whole: what is left out (or null) is not known any more,
/// and never guessed.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeviceFactsRequest {
    /// `android` or `ios`.
    #[schema(example = "android")]
    platform: String,
    /// As its user or its administrator calls it; at most 100 characters, as `maker` and `model`.
    #[schema(example = "Till 4")]
    name: Option<String>,
    /// Begins with a number.
    #[schema(example = "14")]
    os_version: Option<String>,
    /// Who made it.
    #[schema(example = "Samsung")]
    maker: Option<String>,
    /// As the maker calls it.
    #[schema(example = "SM-X200")]
    model: Option<String>,
    /// How the device management holds it: `device_owner` or `work_profile` (Android), `enrolled` (in any other way; iOS),
    /// `mam_only` (only its apps) or `none`.
    #[schema(example = "device_owner")]
    management: Option<String>,
    /// `none`, `kiosk` or `shared_kiosk`.
    #[schema(example = "none")]
    kiosk: Option<String>,
    /// TeamViewer QuickSupport.
    #[schema(value_type = Option<AppRequest>)]
    quicksupport: Option<Object<AppRequest>>,
    /// TeamViewer Host; Android only.
    #[schema(value_type = Option<HostRequest>)]
    host: Option<Object<HostRequest>>,
    /// The add-on for the maker, or the universal one; Android only.
    #[schema(value_type = Option<AppRequest>)]
    add_on: Option<Object<AppRequest>>,
    /// Its user accepted TeamViewer's licence agreement.
    eula_accepted: Option<bool>,
    /// Who uses it.
    #[schema(value_type = Option<RequesterRequest>)]
    requester: Option<Object<RequesterRequest>>,
}

/// What is known of one of TeamViewer's apps.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppRequest {
    /// It is on the device.
    installed: Option<bool>,
    /// The device management gives it to the device.
    distributed: Option<bool>,
    /// It may be used there.
    allow_listed: Option<bool>,
    /// It takes managed app configuration.
    managed: Option<bool>,
    /// Begins with a number.
    #[schema(example = "15.50.112")]
    version: Option<String>,
}

/// What is known of the Host app.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HostRequest {
    /// It is on the device.
    installed: Option<bool>,
    /// The device management gives it to the device: that takes one unattended licence.
    distributed: Option<bool>,
    /// It may be used there.
    allow_listed: Option<bool>,
    /// It takes managed app configuration.
    managed: Option<bool>,
    /// Begins with a number.
    #[schema(example = "15.50.112")]
    version: Option<String>,
    /// What it asks for when it is started for the first time was granted.
    permission_granted: Option<bool>,
    /// The number it shows as its own, 6 to 12 digits.
    #[schema(example = "1 234 567 890")]
    teamviewer_id: Option<String>,
}

impl DeviceFactsRequest {
    /// The facts; whatever is wrong goes to `faults`.
    pub(super) fn parse(&self, faults: &mut Faults) -> Option<DeviceFacts> {
        let platform = faults.take("platform", Platform::parse(&self.platform));
        let mut text = |field: &str, raw: &Option<String>| faults.maybe(field, raw.as_deref(), Text::parse);
        let (name, maker, model) = (text("name", &self.name), text("maker", &self.maker), text("model", &self.model));
        let reported = Reported {
            platform: platform.unwrap_or(Platform::Android),
            name,
            maker,
            model,
            os_version: faults.maybe("os_version", self.os_version.as_deref(), Version::parse),
            management: faults.maybe("management", self.management.as_deref(), Management::parse),
            kiosk: faults.maybe("kiosk", self.kiosk.as_deref(), Kiosk::parse),
            quicksupport: self.quicksupport.as_ref().map(|app| app.parse("quicksupport", faults)).unwrap_or_default(),
            host: self.host.as_ref().map(|host| host.parse(faults)).unwrap_or_default(),
            add_on: self.add_on.as_ref().map(|app| app.parse("add_on", faults)).unwrap_or_default(),
            eula_accepted: self.eula_accepted,
            requester: self.requester.as_ref().and_then(|requester| requester.parse(faults)),
        };
        platform?;
        match DeviceFacts::accept(reported) {
            Ok(facts) => Some(facts),
            Err(contradiction) => faults.take(contradiction.field, Err::<DeviceFacts, Malformed>(contradiction.why)),
        }
    }
}

impl AppRequest {
    fn parse(&self, place: &str, faults: &mut Faults) -> AppFacts {
        AppFacts {
            installed: self.installed,
            distributed: self.distributed,
            allow_listed: self.allow_listed,
            managed: self.managed,
            version: faults.maybe(&format!("{place}.version"), self.version.as_deref(), Version::parse),
        }
    }
}

impl HostRequest {
    fn parse(&self, faults: &mut Faults) -> HostFacts {
        let app = AppFacts {
            installed: self.installed,
            distributed: self.distributed,
            allow_listed: self.allow_listed,
            managed: self.managed,
            version: faults.maybe("host.version", self.version.as_deref(), Version::parse),
        };
        let teamviewer_id = faults.maybe("host.teamviewer_id", self.teamviewer_id.as_deref(), TeamViewerId::parse);
        HostFacts { app, permission_granted: self.permission_granted, teamviewer_id }
    }
}
