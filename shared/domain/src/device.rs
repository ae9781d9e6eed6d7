//! A managed device, as far as a session for it needs it.

use serde::{Deserialize, Serialize};

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
