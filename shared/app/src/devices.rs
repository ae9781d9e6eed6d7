//! Devices: what the vendor reports of them, and whether a session can be started for one.

use casebridge_domain::DeviceId;
use casebridge_domain::device::{Activation, Circumstances, Device, DeviceFacts, Licences, Readiness, Version};

use crate::ports::store::{DeviceCounts, DeviceFilter, Fleet, Page};
use crate::{Desk, Outside};

/// Keeps what was reported of a device. It replaces what was known before as a whole, and is refused for no licence.
pub async fn report(desk: &Desk, id: DeviceId, facts: DeviceFacts) -> Result<Device, Outside> {
    let device = Device { id, facts, reported_at: desk.now() };
    desk.world.store.save_devices(desk.id(), std::slice::from_ref(&device)).await?;
    Ok(device)
}

/// Keeps what was reported of many devices, each of them once. Where it fails, some may be kept, and reporting all of them again
/// does no harm.
pub async fn report_many(desk: &Desk, reported: Vec<(DeviceId, DeviceFacts)>) -> Result<(), Outside> {
    let reported_at = desk.now();
    let devices: Vec<Device> = reported.into_iter().map(|(id, facts)| Device { id, facts, reported_at }).collect();
    Ok(desk.world.store.save_devices(desk.id(), &devices).await?)
}

/// One device, as it was reported last.
pub async fn device(desk: &Desk, id: &DeviceId) -> Result<Option<Device>, Outside> {
    Ok(desk.world.store.device(desk.id(), id).await?)
}

/// Devices, each once. A page may be short, or even empty, though more follow.
pub async fn devices(
    desk: &Desk,
    filter: &DeviceFilter,
    after: Option<&str>,
    limit: usize,
) -> Result<Page<Device>, Outside> {
    Ok(desk.world.store.devices(desk.id(), filter, after, limit).await?)
}

/// Forgets a device; `false` if there is none.
pub async fn forget(desk: &Desk, id: &DeviceId) -> Result<bool, Outside> {
    Ok(desk.world.store.delete_device(desk.id(), id).await?)
}

/// A device, with what can be done for it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspected {
    /// As it was reported last.
    pub device: Device,
    /// The account's activation.
    pub activation: Option<Activation>,
    /// The account's unattended licences.
    pub licences: Licences,
    /// What can be started, and what comes in the way.
    pub readiness: Readiness,
}

/// Looks whether sessions can be started for a device now; `None` if it was never reported. `client` is the technician's
/// TeamViewer client, where the caller knows it.
pub async fn inspect(desk: &Desk, id: &DeviceId, client: Option<Version>) -> Result<Option<Inspected>, Outside> {
    let found = desk.world.store.inspection(desk.id(), id).await?;
    let Some(device) = found.device else { return Ok(None) };
    let licences = licences(&found.fleet);
    let activation = found.fleet.activation.map(|activation| activation.value);
    let activated = activation.as_ref().map(|activation| activation.extent);
    let readiness = Readiness::of(&device.facts, &Circumstances { activated, licences, client });
    Ok(Some(Inspected { device, activation, licences, readiness }))
}

/// The account's unattended licences: what its devices take, and what it says it has.
pub(crate) fn licences(fleet: &Fleet) -> Licences {
    Licences { used: fleet.counts.licences, limit: fleet.licence_limit }
}

/// Kept counts of devices beside those that were counted one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recount {
    /// As they are kept.
    pub kept: DeviceCounts,
    /// As they were counted.
    pub counted: DeviceCounts,
}

impl Recount {
    /// Whether both are the same.
    pub fn agrees(&self) -> bool {
        self.kept == self.counted
    }
}

/// Holds the kept counts against the devices themselves. While devices are reported, both may differ by those.
pub async fn recount(desk: &Desk) -> Result<Recount, Outside> {
    let counted = desk.world.store.recount_devices(desk.id()).await?;
    let kept = desk.world.store.fleet(desk.id()).await?.counts;
    Ok(Recount { kept, counted })
}
