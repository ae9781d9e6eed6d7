//! The guide's conditions as one table, in the guide's order. Quoted is Ivanti's guide to Help@Work, in our translation; a
//! row that the guide doesn't have says why it is there.

use super::told::Told;
use super::{Circumstances, Effect, Finding};
use crate::device::{DeviceFacts, Extent, Kiosk, Management, Mode, Platform};

const BOTH: &[Mode] = &Mode::ALL;
const ATTENDED: &[Mode] = &[Mode::Attended];
const UNATTENDED: &[Mode] = &[Mode::Unattended];

/// The first iOS that serves.
const FIRST_IOS: u32 = 11;

/// Makes the table: one row per hindrance.
macro_rules! rules {
    ($($(#[$doc:meta])* $hindrance:ident => $code:literal, $effect:ident, $modes:expr, |$asked:pat_param| $holds:expr;)*) => {
        /// What a look at a device may find. Its code never changes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Hindrance {
            $($(#[$doc])* $hindrance,)*
            /// Facts are missing without which some of the others can't be told.
            NotReported,
        }

        impl Hindrance {
            /// All of them, for the API's description.
            pub const ALL: &[Self] = &[$(Self::$hindrance,)* Self::NotReported];

            /// Its stable name.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$hindrance => $code,)* Self::NotReported => "not-reported" }
            }

            /// What it means to a session.
            pub const fn effect(self) -> Effect {
                match self { $(Self::$hindrance => Effect::$effect,)* Self::NotReported => Effect::Unknown }
            }
        }

        const RULES: &[Rule] = &[
            $(Rule { hindrance: Hindrance::$hindrance, modes: $modes, holds: |$asked| $holds },)*
        ];
    };
}

rules! {
    /// "In the section Activate TeamViewer, turn on attended or unattended TeamViewer."
    NotActivated => "not-activated", Blocks, BOTH,
        |asked| asked.circumstances.activated.is_none().into();
    /// "Unattended mode … must be enabled on the TeamViewer integration page."
    UnattendedNotActivated => "unattended-not-activated", Blocks, UNATTENDED,
        |asked| asked.android().and((asked.circumstances.activated == Some(Extent::Attended)).into());
    /// "Unattended mode (available on Android only)."
    UnattendedOnIos => "unattended-android-only", Blocks, UNATTENDED,
        |asked| asked.ios();
    /// "Devices with iOS 11.0+."
    IosTooOld => "ios-too-old", Blocks, ATTENDED,
        |asked| asked.ios().and(asked.ios_is_too_old());
    /// "iOS MAM-only devices are not supported."
    MamOnly => "mam-only", Blocks, ATTENDED,
        |asked| asked.ios().and(asked.managed_as(Management::MamOnly));
    /// "TeamViewer is compatible with Android device owner devices in kiosk mode": of other kiosks it says nothing.
    KioskWithoutDeviceOwner => "kiosk-without-device-owner", Blocks, BOTH,
        |asked| asked.android().and(asked.kiosk()).and(asked.managed_as(Management::DeviceOwner).not());
    /// "Passes [the session id] to the TeamViewer QuickSupport app by the managed app configuration": nobody can, to a
    /// device that is not managed.
    Unmanaged => "unmanaged", Blocks, ATTENDED,
        |asked| asked.managed_as(Management::None);
    /// "Distribute the TeamViewer app to the users with whom you want to start remote sessions." On iOS an app that is there
    /// may be made a managed one instead.
    QuickSupportNotDistributed => "quicksupport-not-distributed", Blocks, ATTENDED,
        |asked| asked.quicksupport_distributed().not().and(asked.ios().and(asked.quicksupport_installed()).not());
    /// "On iOS devices the app must be pushed from the App Catalog …"
    QuickSupportNotInstalled => "quicksupport-not-installed", Blocks, ATTENDED,
        |asked| asked.ios().and(asked.quicksupport_installed().not());
    /// "… or, if it is already installed on the device, it must be converted to a managed app."
    QuickSupportNotManaged => "quicksupport-not-managed", Blocks, ATTENDED,
        |asked| asked.ios().and(asked.quicksupport_installed()).and(asked.quicksupport_managed().not());
    /// "Attended mode requires that the TeamViewer QuickSupport app is installed and allow-listed on the target device."
    QuickSupportNotAllowed => "quicksupport-not-allowed", Blocks, ATTENDED,
        |asked| asked.quicksupport_allowed().not();
    /// "The version of the desktop app … must be compatible with the version of QuickSupport": an older one is taken not to
    /// be, which is our reading.
    ClientTooOld => "technician-client-too-old", Blocks, ATTENDED,
        |asked| asked.client_is_older();
    /// "The TeamViewer Host app is required for unattended mode", and is "distributed" to the device.
    HostNotDistributed => "host-not-distributed", Blocks, UNATTENDED,
        |asked| asked.android().and(asked.host_distributed().not());
    /// "Unattended mode requires that the TeamViewer Host app is installed …"
    HostNotInstalled => "host-not-installed", Blocks, UNATTENDED,
        |asked| asked.android().and(asked.host_installed().not());
    /// "… and allow-listed on the target device."
    HostNotAllowed => "host-not-allowed", Blocks, UNATTENDED,
        |asked| asked.android().and(asked.host_allowed().not());
    /// "One-time activation on a device": the permission is asked for when the Host app is started for the first time.
    HostPermissionMissing => "host-permission-missing", Blocks, UNATTENDED,
        |asked| asked.android().and(asked.host_permission().not()).and(asked.pixel().not());
    /// Not in the guide. The technician's client reaches the device by this number, and there is no session without it.
    HostIdMissing => "host-id-missing", Blocks, UNATTENDED,
        |asked| asked.android().and(asked.host_has_no_id());
    /// "If the TeamViewer Host app is distributed to a device, one unattended remote host session license is consumed."
    LicencesUsedUp => "licences-used-up", Blocks, UNATTENDED,
        |asked| asked.android().and(asked.licences_used_up());
    /// "Remote View for iOS devices."
    ViewedOnIos => "ios-view-only", LimitsToViewing, ATTENDED,
        |asked| asked.ios();
    /// "If the administrator wants to control the device, a universal or model/OEM specific add-on by TeamViewer must be
    /// distributed to it as well."
    AddOnMissing => "add-on-missing", LimitsToViewing, BOTH,
        |asked| asked.android().and(asked.add_on_installed().not());
    /// "Other add-on apps may be required, and must be allowed in kiosk or shared kiosk mode."
    AddOnNotAllowed => "add-on-not-allowed", LimitsToViewing, BOTH,
        |asked| asked.android().and(asked.kiosk()).and(asked.add_on_allowed().not());
    /// "On Android devices, if the TeamViewer QuickSupport app is not installed, the user is asked to download it."
    QuickSupportMissing => "quicksupport-will-be-installed", WillAsk, ATTENDED,
        |asked| asked.android().and(asked.quicksupport_installed().not());
    /// "The user must accept the TeamViewer EULA."
    EulaNotAccepted => "eula-not-accepted", WillAsk, ATTENDED,
        |asked| asked.eula_accepted().not();
    /// "Google Pixel devices do not retain this permission grant, and require permission consent at each session."
    PixelConsent => "pixel-consent", WillAsk, BOTH,
        |asked| asked.android().and(asked.pixel());
    /// "The TeamViewer QuickSupport app must be running in the background during the session."
    KeepInBackground => "keep-quicksupport-running", WillAsk, ATTENDED,
        |_| Told::Yes;
}

struct Rule {
    hindrance: Hindrance,
    modes: &'static [Mode],
    holds: fn(&Asked<'_>) -> Told,
}

/// What comes in the way of a mode, in order of what it means to the session.
pub(super) fn findings(mode: Mode, facts: &DeviceFacts, circumstances: &Circumstances) -> Vec<Finding> {
    let asked = Asked { facts, circumstances };
    let mut findings = Vec::new();
    let mut unreported: Vec<&'static str> = Vec::new();
    for rule in RULES.iter().filter(|rule| rule.modes.contains(&mode)) {
        match (rule.holds)(&asked) {
            Told::Yes => findings.push(Finding { hindrance: rule.hindrance, facts: Vec::new() }),
            Told::No => {}
            Told::NotReported(facts) => unreported.extend(facts),
        }
    }
    unreported.sort_unstable();
    unreported.dedup();
    if !unreported.is_empty() {
        findings.push(Finding { hindrance: Hindrance::NotReported, facts: unreported });
    }
    findings.sort_by_key(Finding::effect);
    findings
}

/// The words that the table is written in.
struct Asked<'a> {
    facts: &'a DeviceFacts,
    circumstances: &'a Circumstances,
}

impl Asked<'_> {
    fn android(&self) -> Told {
        (self.facts.platform == Platform::Android).into()
    }

    fn ios(&self) -> Told {
        (self.facts.platform == Platform::Ios).into()
    }

    fn ios_is_too_old(&self) -> Told {
        Told::by("os_version", self.facts.os_version.as_ref().map(|version| version.major() < FIRST_IOS))
    }

    fn managed_as(&self, management: Management) -> Told {
        Told::by("management", self.facts.management.map(|known| known == management))
    }

    fn kiosk(&self) -> Told {
        Told::by("kiosk", self.facts.kiosk.map(|kiosk| kiosk != Kiosk::None))
    }

    fn pixel(&self) -> Told {
        Told::by("model", self.facts.is_pixel())
    }

    fn eula_accepted(&self) -> Told {
        Told::by("eula_accepted", self.facts.eula_accepted)
    }

    fn quicksupport_installed(&self) -> Told {
        Told::by("quicksupport.installed", self.facts.quicksupport.installed)
    }

    fn quicksupport_distributed(&self) -> Told {
        Told::by("quicksupport.distributed", self.facts.quicksupport.distributed)
    }

    fn quicksupport_managed(&self) -> Told {
        Told::by("quicksupport.managed", self.facts.quicksupport.managed)
    }

    fn quicksupport_allowed(&self) -> Told {
        Told::by("quicksupport.allow_listed", self.facts.quicksupport.allow_listed)
    }

    /// Which client a technician has, only the caller can know.
    fn client_is_older(&self) -> Told {
        match (&self.circumstances.client, &self.facts.quicksupport.version) {
            (Some(client), Some(quicksupport)) => (client.release() < quicksupport.release()).into(),
            (Some(_), None) => Told::NotReported(vec!["quicksupport.version"]),
            (None, _) => Told::NotReported(vec!["technician_client"]),
        }
    }

    fn host_installed(&self) -> Told {
        Told::by("host.installed", self.facts.host.app.installed)
    }

    fn host_distributed(&self) -> Told {
        Told::by("host.distributed", self.facts.host.app.distributed)
    }

    fn host_allowed(&self) -> Told {
        Told::by("host.allow_listed", self.facts.host.app.allow_listed)
    }

    fn host_permission(&self) -> Told {
        Told::by("host.permission_granted", self.facts.host.permission_granted)
    }

    /// A number that nobody told is as good as none. Where there is no Host app, that is what is said.
    fn host_has_no_id(&self) -> Told {
        (self.facts.host.teamviewer_id.is_none() && self.facts.host.app.installed != Some(false)).into()
    }

    fn licences_used_up(&self) -> Told {
        Told::by("unattended_licences", self.circumstances.licences.are_used_up())
    }

    /// What was never distributed is not there, unless it was seen there.
    fn add_on_installed(&self) -> Told {
        let add_on = &self.facts.add_on;
        let undistributed = add_on.installed.is_none() && add_on.distributed == Some(false);
        if undistributed { Told::No } else { Told::by("add_on.installed", add_on.installed) }
    }

    fn add_on_allowed(&self) -> Told {
        Told::by("add_on.allow_listed", self.facts.add_on.allow_listed)
    }
}
