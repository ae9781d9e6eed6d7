//! What a case for a device shows besides.

use casebridge_domain::ServiceCase;
use casebridge_domain::device::{DeviceSubject, Loss, Payload, Platform, Value as Configured};
use casebridge_domain::session::HostLink;
use casebridge_domain::time::rfc3339;
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// Under which Android knows QuickSupport (named so by app stores; TeamViewer's documents don't say).
const QUICKSUPPORT_ON_ANDROID: &str = "com.teamviewer.quicksupport.market";

/// The device that is helped with, as it was found when the session was started.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseDeviceView {
    /// The vendor's id.
    #[schema(example = "d-4711")]
    pub(crate) id: String,
    /// As people call it.
    #[schema(example = "Jane's tablet")]
    pub(crate) name: String,
    /// `android` or `ios`.
    #[schema(value_type = String, example = "android")]
    pub(crate) platform: &'static str,
    /// `attended` or `unattended`.
    #[schema(value_type = String, example = "attended")]
    pub(crate) mode: &'static str,
    /// The technician sees the screen and doesn't control it: always so on iOS, and on Android where readiness said so. TeamViewer's
    /// API has nothing to ask for that with; its description of the session says it, and the device's system or a missing add-on is
    /// what keeps it so.
    pub(crate) view_only: bool,
}

impl From<&DeviceSubject> for CaseDeviceView {
    fn from(device: &DeviceSubject) -> Self {
        Self {
            id: device.id().to_string(),
            name: device.name().to_owned(),
            platform: device.platform().name(),
            mode: device.mode().name(),
            view_only: device.is_view_only(),
        }
    }
}

/// The way to a device where nobody is. There is no session code, and nothing to hand over.
#[derive(Debug, Serialize, ToSchema)]
pub struct HostLinkView {
    /// The Host's TeamViewer id.
    #[schema(example = "1234567890")]
    teamviewer_id: String,
    /// Opens the technician's client on it, which asks for what lets it in. The form of the link is our reading: no document of
    /// TeamViewer's has it.
    #[schema(example = "teamviewer10://control?device=1234567890&authorization=password")]
    link: String,
}

impl From<&HostLink> for HostLinkView {
    fn from(host: &HostLink) -> Self {
        Self { teamviewer_id: host.host.as_str().to_owned(), link: host.link.to_string() }
    }
}

/// How the session gets to its device: what the vendor gives to QuickSupport there, and what is known of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct HandOverView {
    /// `handed` (to the vendor), `taken` (the user came) or `lost`: then have it sent again.
    #[schema(value_type = String, example = "handed")]
    state: &'static str,
    /// From 1; one more each time that it was asked for again.
    #[schema(example = 1)]
    attempt: u32,
    /// When it was handed to the vendor.
    at: String,
    /// Why it is lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    lost: Option<LossView>,
    /// For an Android device.
    #[serde(skip_serializing_if = "Option::is_none")]
    android: Option<AndroidPayload>,
    /// For an iOS device.
    #[serde(skip_serializing_if = "Option::is_none")]
    ios: Option<IosPayload>,
}

/// A device does not know its session.
#[derive(Debug, Serialize, ToSchema)]
pub struct LossView {
    /// `restarted` or `killed`, as it was reported; `unanswered` where nobody came within five minutes.
    #[schema(value_type = String, example = "restarted")]
    why: &'static str,
    /// When.
    at: String,
}

/// Android's managed configuration of QuickSupport. What its values are called is the account's setting `device_configuration`.
#[derive(Debug, Serialize, ToSchema)]
pub struct AndroidPayload {
    /// The app it is for.
    #[schema(value_type = String, example = "com.teamviewer.quicksupport.market")]
    package: &'static str,
    /// Names and values, as Android Management's `managedConfiguration` takes them, and as they stand in the app's bundle.
    #[schema(value_type = Object, example = json!({"session_code": "s123-456-789", "auto_start": true}))]
    managed_configuration: Map<String, Value>,
    /// The same, as Google Play's EMM API takes them (`managedProperty`).
    #[schema(value_type = Vec<Object>)]
    managed_property: Vec<Value>,
}

/// iOS's managed app configuration of QuickSupport. What its values are called is the account's setting `device_configuration`.
#[derive(Debug, Serialize, ToSchema)]
pub struct IosPayload {
    /// Names and values.
    #[schema(value_type = Object, example = json!({"session_code": "s123-456-789", "auto_start": true}))]
    dictionary: Map<String, Value>,
    /// The same as a property list.
    property_list: String,
}

impl HandOverView {
    /// As it stands in this version of the case; `None` once there is nothing to send any more.
    pub(super) fn of(case: &ServiceCase) -> Option<Self> {
        let payload = case.payload()?;
        let hand_over = case.hand_over()?;
        let is_android = case.subject().device()?.platform() == Platform::Android;
        Some(Self {
            state: match hand_over.lost {
                Some(_) => "lost",
                None if case.is_taken_up() => "taken",
                None => "handed",
            },
            attempt: hand_over.attempt,
            at: rfc3339(hand_over.at),
            lost: hand_over.lost.map(LossView::from),
            android: is_android.then(|| AndroidPayload::from(&payload)),
            ios: (!is_android).then(|| IosPayload::from(&payload)),
        })
    }
}

impl From<Loss> for LossView {
    fn from(loss: Loss) -> Self {
        Self { why: loss.cause.name(), at: rfc3339(loss.at) }
    }
}

impl From<&Payload> for AndroidPayload {
    fn from(payload: &Payload) -> Self {
        let property = |(key, value): (&str, &Configured)| match value {
            Configured::Text(text) => json!({"key": key, "valueString": text}),
            Configured::Flag(flag) => json!({"key": key, "valueBool": flag}),
        };
        Self {
            package: QUICKSUPPORT_ON_ANDROID,
            managed_configuration: dictionary(payload),
            managed_property: payload.entries().map(property).collect(),
        }
    }
}

impl From<&Payload> for IosPayload {
    fn from(payload: &Payload) -> Self {
        Self { dictionary: dictionary(payload), property_list: payload.property_list() }
    }
}

fn dictionary(payload: &Payload) -> Map<String, Value> {
    let value = |value: &Configured| match value {
        Configured::Text(text) => json!(text),
        Configured::Flag(flag) => json!(flag),
    };
    payload.entries().map(|(key, configured)| (key.to_owned(), value(configured))).collect()
}
