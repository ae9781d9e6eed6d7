//! The activation: who may start sessions for devices is agreed to once, and taken back in two steps.

use casebridge_domain::ServiceCase;
use casebridge_domain::device::{Activation, Agreement, CustomerId, Device, Extent, Licences, Mode};
use casebridge_domain::hex::hex;
use casebridge_domain::journal::AccountMatter;
use sha2::{Digest, Sha256};

use crate::device_sessions::stop_device_sessions;
use crate::devices::licences;
use crate::ports::store::{DeviceCounts, DeviceFilter, Fleet, Saved, StoreError, Versioned};
use crate::settle::TRIES;
use crate::{Desk, Outside};

pub use crate::device_sessions::StoppedSessions;

/// Devices that a refusal names; the list of devices has all of them.
const NAMED: usize = 20;

/// How an account stands with TeamViewer on devices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The activation, if there is one.
    pub activation: Option<Activation>,
    /// How many devices there are.
    pub counts: DeviceCounts,
    /// The account's unattended licences.
    pub licences: Licences,
}

/// What the administrator agreed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivationWish {
    /// For which modes.
    pub extent: Extent,
    /// Under which terms.
    pub agreement: Agreement,
    /// By which identification TeamViewer knows the customer; else it is the account's id.
    pub customer_id: Option<CustomerId>,
}

/// Why nothing was activated.
#[derive(Debug, thiserror::Error)]
pub enum ActivateError {
    /// Somebody else changed the activation at the same time.
    #[error("the activation was changed at the same time")]
    Overtaken,
    /// Something else failed.
    #[error(transparent)]
    Outside(#[from] Outside),
}

impl From<StoreError> for ActivateError {
    fn from(error: StoreError) -> Self {
        Self::Outside(error.into())
    }
}

/// What would stop, and how to say that it shall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WouldStop {
    /// Sent back, it confirms the removal of this activation and of no later one.
    pub confirmation: String,
    /// Live sessions of devices that would end.
    pub sessions: Vec<ServiceCase>,
    /// Devices that could not be helped any more.
    pub devices: u64,
}

/// Why the activation stays.
#[derive(Debug, thiserror::Error)]
pub enum DeactivateError {
    /// There is none.
    #[error("TeamViewer is not activated")]
    NotActivated,
    /// These devices still have the Host app, and perhaps more.
    #[error("devices have the Host app")]
    HostsLeft {
        /// The first few.
        devices: Vec<Device>,
        /// How many there are.
        total: u64,
    },
    /// It has to be confirmed.
    #[error("the removal was not confirmed")]
    Unconfirmed(Box<WouldStop>),
    /// Somebody else changed the activation or devices at the same time.
    #[error("the activation or devices were changed at the same time")]
    Overtaken,
    /// Something else failed.
    #[error(transparent)]
    Outside(#[from] Outside),
}

impl From<StoreError> for DeactivateError {
    fn from(error: StoreError) -> Self {
        Self::Outside(error.into())
    }
}

/// How the account stands now.
pub async fn standing(desk: &Desk) -> Result<Standing, Outside> {
    let fleet = desk.world.store.fleet(desk.id()).await?;
    Ok(stands(fleet))
}

fn stands(fleet: Fleet) -> Standing {
    let licences = licences(&fleet);
    Standing { activation: fleet.activation.map(|kept| kept.value), counts: fleet.counts, licences }
}

/// Activates TeamViewer for devices, or changes for which modes. The agreement is the new one; since when the account is
/// activated stays. It needs no connection: a technician may bring a sign-in of his own.
pub async fn activate(desk: &Desk, wish: ActivationWish) -> Result<Standing, ActivateError> {
    for _ in 0..TRIES {
        let mut fleet = desk.world.store.fleet(desk.id()).await?;
        let read_at = fleet.activation.as_ref().map(|kept| kept.revision);
        let activated_at = fleet.activation.as_ref().map_or_else(|| desk.now(), |kept| kept.value.activated_at);
        let (agreement, extent) = (wish.agreement.clone(), wish.extent);
        let entry = desk.entry(AccountMatter::ActivationMade {
            mode: extent,
            terms_version: agreement.terms_version().clone(),
            agreed_by: agreement.agreed_by().id.clone(),
        });
        let value =
            Activation { extent, agreement, customer_id: wish.customer_id.clone(), activated_at, by: desk.by() };
        if let Saved::Done(revision) = desk.world.store.save_activation(desk.id(), &value, read_at, &entry).await? {
            fleet.activation = Some(Versioned { value, revision });
            return Ok(stands(fleet));
        }
    }
    Err(ActivateError::Overtaken)
}

/// Removes the activation, once that is confirmed, and ends the live sessions of devices. Refused while a device has the Host app.
/// The connection and the tickets' cases stay as they are.
///
/// The activation goes first, in a transaction that holds while no device gets the Host app meanwhile; only then the live sessions
/// are looked at, so that none begins behind the look.
pub async fn deactivate(desk: &Desk, confirmation: Option<&str>) -> Result<StoppedSessions, DeactivateError> {
    let fleet = desk.world.store.fleet(desk.id()).await?;
    let Some(activation) = &fleet.activation else { return Err(DeactivateError::NotActivated) };
    if fleet.counts.hosts > 0 {
        let filter = DeviceFilter { platform: None, mode: Some(Mode::Unattended) };
        let devices = desk.world.store.devices(desk.id(), &filter, None, NAMED).await?.items;
        return Err(DeactivateError::HostsLeft { devices, total: fleet.counts.hosts });
    }
    let expected = confirmation_of(desk, activation);
    if confirmation != Some(expected.as_str()) {
        let sessions = desk.live_device_cases().await?;
        let would_stop = WouldStop { confirmation: expected, sessions, devices: fleet.counts.devices };
        return Err(DeactivateError::Unconfirmed(Box::new(would_stop)));
    }
    let entry = desk.entry(AccountMatter::ActivationRemoved);
    match desk.world.store.delete_activation(desk.id(), &fleet, &entry).await? {
        Saved::Done(_) => Ok(stop_device_sessions(desk).await?),
        Saved::Lost => Err(DeactivateError::Overtaken),
    }
}

/// Names this activation at this version. It is no secret: whoever may remove the activation is told it.
fn confirmation_of(desk: &Desk, activation: &Versioned<Activation>) -> String {
    let mut hash = Sha256::new();
    hash.update(b"remove activation ");
    hash.update(desk.id().as_str());
    hash.update(activation.revision.0.to_be_bytes());
    let digest = hex(&hash.finalize());
    digest.chars().take(16).collect()
}
