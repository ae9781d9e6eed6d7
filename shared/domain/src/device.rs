//! A managed device, as far as a session for it needs it.

use serde::{Deserialize, Serialize};

mod hand_over;
mod host;
mod payload;
mod subject;

pub use hand_over::{
    ConfigurationKey, DeviceConfiguration, HandOver, Loss, LossCause, UNANSWERED_AFTER,
};
pub use host::HostId;
pub use payload::{Payload, Value};
pub use subject::DeviceSubject;

/// What runs on a device, of what TeamViewer's QuickSupport can help with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Platform {
    /// Controlled, or viewed where the maker's add-on is missing.
    Android,
    /// Viewed, never controlled.
    Ios,
}

/// Whether somebody is at the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// By QuickSupport and a session code: its user lets the technician in.
    Attended,
    /// By the Host app, on Android: nobody needs to be there.
    Unattended,
}

impl Platform {
    /// As it is called in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Android => "android",
            Self::Ios => "ios",
        }
    }
}

impl Mode {
    /// As it is called in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Attended => "attended",
            Self::Unattended => "unattended",
        }
    }
}
