//! Devices as they are shown: as they were reported, without what is not known.

use casebridge_domain::Requester;
use casebridge_domain::device::{AppFacts, Device, DeviceFacts, HostFacts};
use casebridge_domain::time::rfc3339;
use serde::Serialize;
use utoipa::ToSchema;

use crate::cases::RequesterView;

/// A device.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeviceView {
    /// The vendor's id.
    #[schema(example = "7f3a")]
    device: String,
    /// What was reported last.
    facts: DeviceFactsView,
    /// When.
    #[schema(example = "2026-11-22T08:00:00Z")]
    reported_at: String,
}

/// What is known of a device. What is not known is left out.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeviceFactsView {
    /// `android` or `ios`.
    #[schema(value_type = String, example = "android")]
    platform: &'static str,
    /// As its user or its administrator calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// Of Android or iOS.
    #[serde(skip_serializing_if = "Option::is_none")]
    os_version: Option<String>,
    /// Who made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    maker: Option<String>,
    /// As the maker calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<String>,
    /// `device_owner`, `work_profile`, `enrolled`, `mam_only` or `none`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    management: Option<&'static str>,
    /// `none`, `kiosk` or `shared_kiosk`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    kiosk: Option<&'static str>,
    /// TeamViewer QuickSupport.
    #[serde(skip_serializing_if = "Option::is_none")]
    quicksupport: Option<AppView>,
    /// TeamViewer Host.
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<HostView>,
    /// The add-on.
    #[serde(skip_serializing_if = "Option::is_none")]
    add_on: Option<AppView>,
    /// Its user accepted TeamViewer's licence agreement.
    #[serde(skip_serializing_if = "Option::is_none")]
    eula_accepted: Option<bool>,
    /// Who uses it.
    #[serde(skip_serializing_if = "Option::is_none")]
    requester: Option<RequesterView>,
}

/// What is known of an app.
#[derive(Debug, Serialize, ToSchema)]
pub struct AppView {
    /// It is on the device.
    #[serde(skip_serializing_if = "Option::is_none")]
    installed: Option<bool>,
    /// The device management gives it to the device.
    #[serde(skip_serializing_if = "Option::is_none")]
    distributed: Option<bool>,
    /// It may be used there.
    #[serde(skip_serializing_if = "Option::is_none")]
    allow_listed: Option<bool>,
    /// It takes managed app configuration.
    #[serde(skip_serializing_if = "Option::is_none")]
    managed: Option<bool>,
    /// Which one is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
}

/// What is known of the Host app.
#[derive(Debug, Serialize, ToSchema)]
pub struct HostView {
    /// As of any app.
    #[serde(flatten)]
    app: AppView,
    /// What it asks for when it is started for the first time was granted.
    #[serde(skip_serializing_if = "Option::is_none")]
    permission_granted: Option<bool>,
    /// The number it shows as its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    teamviewer_id: Option<String>,
}

impl From<&Device> for DeviceView {
    fn from(device: &Device) -> Self {
        Self {
            device: device.id.to_string(),
            facts: DeviceFactsView::from(&device.facts),
            reported_at: rfc3339(device.reported_at),
        }
    }
}

impl From<&DeviceFacts> for DeviceFactsView {
    fn from(facts: &DeviceFacts) -> Self {
        let text = |text: &Option<casebridge_domain::Text<100>>| text.as_ref().map(ToString::to_string);
        Self {
            platform: facts.platform.name(),
            name: text(&facts.name),
            os_version: facts.os_version.as_ref().map(|version| version.as_str().to_owned()),
            maker: text(&facts.maker),
            model: text(&facts.model),
            management: facts.management.map(casebridge_domain::device::Management::name),
            kiosk: facts.kiosk.map(casebridge_domain::device::Kiosk::name),
            quicksupport: app(&facts.quicksupport),
            host: host(&facts.host),
            add_on: app(&facts.add_on),
            eula_accepted: facts.eula_accepted,
            requester: facts.requester.as_ref().map(|requester: &Requester| RequesterView::from(requester)),
        }
    }
}

fn app(facts: &AppFacts) -> Option<AppView> {
    (!facts.is_empty()).then(|| AppView::from(facts))
}

fn host(facts: &HostFacts) -> Option<HostView> {
    (!facts.is_empty()).then(|| HostView {
        app: AppView::from(&facts.app),
        permission_granted: facts.permission_granted,
        teamviewer_id: facts.teamviewer_id.as_ref().map(|id| id.as_str().to_owned()),
    })
}

impl From<&AppFacts> for AppView {
    fn from(facts: &AppFacts) -> Self {
        Self {
            installed: facts.installed,
            distributed: facts.distributed,
            allow_listed: facts.allow_listed,
            managed: facts.managed,
            version: facts.version.as_ref().map(|version| version.as_str().to_owned()),
        }
    }
}
