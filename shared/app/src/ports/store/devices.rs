//! Devices, the activation, and what is counted of both.

use casebridge_domain::device::{Activation, Device, Mode, Platform};

use super::{Revision, Versioned};

/// Which devices are wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DeviceFilter {
    /// Only of this platform.
    pub platform: Option<Platform>,
    /// Only those that have, or are given, the app for sessions of this mode.
    pub mode: Option<Mode>,
}

impl DeviceFilter {
    /// Whether it lets a device through.
    pub fn takes(&self, device: &Device) -> bool {
        self.platform.is_none_or(|platform| device.facts.platform == platform)
            && self.mode.is_none_or(|mode| device.facts.is_for(mode))
    }
}

/// How many devices an account has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DeviceCounts {
    /// All of them.
    pub devices: u64,
    /// Those that take an unattended licence each.
    pub licences: u64,
    /// Those that the Host app has to be taken off before the activation can be removed.
    pub hosts: u64,
}

/// What is kept of an account's devices as a whole, read at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fleet {
    /// The activation, if there is one.
    pub activation: Option<Versioned<Activation>>,
    /// How many unattended licences the account says it has, as its settings are now.
    pub licence_limit: Option<u32>,
    /// How many devices there are.
    pub counts: DeviceCounts,
    /// At which versions they were counted: as long as these stand, so do the counts.
    pub counted_at: Vec<Option<Revision>>,
}

/// Everything that has to be known to say whether a session can be started: one read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inspection {
    /// The device, if it was reported.
    pub device: Option<Device>,
    /// The account's.
    pub fleet: Fleet,
}
