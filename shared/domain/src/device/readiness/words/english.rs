//! English.

use super::Words;
use crate::device::Hindrance;

#[expect(clippy::too_many_lines, reason = "a table, one row per finding")]
pub(super) const fn words(hindrance: Hindrance) -> Words {
    match hindrance {
        Hindrance::NotActivated => Words {
            title: "TeamViewer is not activated.",
            fix: "An administrator agrees to the licence terms and activates TeamViewer in the settings.",
        },
        Hindrance::UnattendedNotActivated => Words {
            title: "Only attended sessions are activated.",
            fix: "An administrator activates unattended sessions in the settings.",
        },
        Hindrance::UnattendedOnIos => Words {
            title: "Unattended sessions exist on Android only.",
            fix: "Start an attended session: the user of the device lets you in.",
        },
        Hindrance::IosTooOld => {
            Words { title: "The device’s iOS is older than 11.", fix: "Update the device to iOS 11 or later." }
        }
        Hindrance::MamOnly => Words {
            title: "Only the apps of this iOS device are managed.",
            fix: "Enrol the device in device management.",
        },
        Hindrance::KioskWithoutDeviceOwner => Words {
            title: "The device is a kiosk and not held as a device owner.",
            fix: "Provision the device with the device management as device owner, or take it out of kiosk mode.",
        },
        Hindrance::Unmanaged => Words {
            title: "The device is not managed: the session can’t be handed to it.",
            fix: "Enrol the device in device management.",
        },
        Hindrance::QuickSupportNotDistributed => Words {
            title: "TeamViewer QuickSupport is not distributed to the device.",
            fix: "Distribute the QuickSupport app to the device’s user.",
        },
        Hindrance::QuickSupportNotInstalled => Words {
            title: "TeamViewer QuickSupport is not installed on the iOS device.",
            fix: "Push the QuickSupport app to the device from the app catalog.",
        },
        Hindrance::QuickSupportNotManaged => Words {
            title: "TeamViewer QuickSupport on the iOS device is not a managed app.",
            fix: "Convert the installed QuickSupport app to a managed app.",
        },
        Hindrance::QuickSupportNotAllowed => Words {
            title: "TeamViewer QuickSupport is not on the device’s allow list.",
            fix: "Put the QuickSupport app on the allow list.",
        },
        Hindrance::ClientTooOld => Words {
            title: "The technician’s TeamViewer client is older than QuickSupport on the device.",
            fix: "Update the TeamViewer client on the technician’s computer.",
        },
        Hindrance::HostNotDistributed => Words {
            title: "TeamViewer Host is not distributed to the device.",
            fix: "Distribute the Host app to the device; it takes one unattended licence.",
        },
        Hindrance::HostNotInstalled => Words {
            title: "TeamViewer Host is not installed on the device.",
            fix: "Install the Host app, or let the device check in.",
        },
        Hindrance::HostNotAllowed => Words {
            title: "TeamViewer Host is not on the device’s allow list.",
            fix: "Put the Host app on the allow list.",
        },
        Hindrance::HostPermissionMissing => Words {
            title: "The Host app was not yet given its permission on the device.",
            fix: "Start the Host app once on the device and grant what it asks for.",
        },
        Hindrance::HostIdMissing => Words {
            title: "The TeamViewer ID of the device’s Host app is not known.",
            fix: "Report the ID that the Host app shows with the device’s facts.",
        },
        Hindrance::LicencesUsedUp => Words {
            title: "The Host app is distributed to more devices than there are unattended licences.",
            fix: "Take the Host app off devices that don’t need it, or add licences and raise the number in the settings.",
        },
        Hindrance::ViewedOnIos => Words {
            title: "The screen of an iOS device is viewed, not controlled.",
            fix: "Nothing has to be done: tell the user what to tap.",
        },
        Hindrance::AddOnMissing => Words {
            title: "There is no TeamViewer add-on on the device: its screen is viewed, not controlled.",
            fix: "Distribute the universal add-on, or the one for the device’s maker.",
        },
        Hindrance::AddOnNotAllowed => Words {
            title: "The TeamViewer add-on is not allowed in the kiosk: the screen is viewed, not controlled.",
            fix: "Put the add-on on the kiosk’s allow list.",
        },
        Hindrance::QuickSupportMissing => Words {
            title: "TeamViewer QuickSupport is not installed: the user is asked to download it.",
            fix: "Ask the user to install it when prompted, or install it beforehand.",
        },
        Hindrance::EulaNotAccepted => Words {
            title: "The user will be asked to accept TeamViewer’s licence agreement.",
            fix: "Ask the user to accept it in the QuickSupport app.",
        },
        Hindrance::PixelConsent => Words {
            title: "Google Pixel devices ask for consent at each session.",
            fix: "Somebody at the device consents when the session starts.",
        },
        Hindrance::KeepInBackground => Words {
            title: "QuickSupport has to run in the background during the session.",
            fix: "Ask the user not to close the QuickSupport app.",
        },
        Hindrance::NotReported => Words {
            title: "Something about the device was not reported: what depends on it can’t be told.",
            fix: "Report the facts that are named here with the device.",
        },
    }
}
