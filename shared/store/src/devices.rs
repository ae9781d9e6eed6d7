//! Devices and how many there are.
//!
//! What is counted is kept beside the devices, in the transaction that changes a device, one item for each shard. A report
//! that changes no count touches none of these items, so devices that report every hour never meet there.

use casebridge_app::ports::store::{DeviceCounts, Fleet, Inspection, Revision, StoreError, Stored};
use casebridge_domain::device::Device;
use casebridge_domain::{AccountId, DeviceId};
use futures::future::try_join_all;
use serde::{Deserialize, Serialize};

use crate::accounts::account_of;
use crate::codec::{self, Kind};
use crate::engine::{Counts, Engine, Guard, Item, Write, Written};
use crate::item_store::ItemStore;
use crate::keys::devices as keys;

mod activation;
mod list;

pub(crate) use activation::activated;

/// Devices that one step keeps: each is up to two writes, and one counts them all.
const AT_ONCE: usize = 49;

/// How often a step is tried while others report the same devices.
const TRIES: usize = 16;

const DEVICES: &str = "devices";
const LICENCES: &str = "licences";
const HOSTS: &str = "hosts";

/// That a device has the Host app.
#[derive(Debug, Serialize, Deserialize)]
struct HostOf {
    device: DeviceId,
}

/// What a device counts for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Share {
    devices: i64,
    licences: i64,
    hosts: i64,
}

impl Share {
    fn of(device: Option<&Device>) -> Self {
        device.map_or_else(Self::default, |device| Self {
            devices: 1,
            licences: i64::from(device.facts.takes_a_licence()),
            hosts: i64::from(device.facts.has_host()),
        })
    }

    fn add(&mut self, after: Self, before: Self) {
        self.devices += after.devices - before.devices;
        self.licences += after.licences - before.licences;
        self.hosts += after.hosts - before.hosts;
    }

    /// What is nought is not written; nor is anything, where all is.
    fn addition(self, account: &AccountId, shard: usize, revision: Revision) -> Option<Write> {
        let counters = [(DEVICES, self.devices), (LICENCES, self.licences), (HOSTS, self.hosts)];
        let counters: Vec<(String, i64)> =
            counters.into_iter().filter(|(_, more)| *more != 0).map(|(name, more)| (name.to_owned(), more)).collect();
        let key = keys::count(account, shard);
        (!counters.is_empty())
            .then(|| Write::Add(Box::new(codec::addition(Kind::DeviceCounts, key, revision, counters, Vec::new()))))
    }
}

fn device_of(item: &Item) -> Stored<Device> {
    codec::value(Kind::Device, item)
}

/// Adds what an item counts.
fn add_counts(counts: &mut DeviceCounts, item: &Item) -> Stored<()> {
    codec::check(Kind::DeviceCounts, item)?;
    let found = Counts::parse(&item.body)
        .ok_or_else(|| codec::unreadable(Kind::DeviceCounts, item, format_args!("it holds no counts")))?;
    for (name, count) in found.counters() {
        // A count that went below nought is as good as none; a recount tells.
        let count = u64::try_from(count).unwrap_or_default();
        match name {
            DEVICES => counts.devices += count,
            LICENCES => counts.licences += count,
            HOSTS => counts.hosts += count,
            _ => {}
        }
    }
    Ok(())
}

/// Settings, activation and counts, as they were read side by side: settings that were let in with the request may be a minute old.
fn fleet_of(account: Option<Item>, activation: Option<&Item>, counted: &[Option<Item>]) -> Stored<Fleet> {
    let mut counts = DeviceCounts::default();
    for item in counted.iter().flatten() {
        add_counts(&mut counts, item)?;
    }
    Ok(Fleet {
        activation: activation.map(|item| codec::versioned(Kind::Activation, item)).transpose()?,
        licence_limit: account_of(account)?.and_then(|account| account.value.unattended_licences),
        counts,
        counted_at: counted.iter().map(|item| item.as_ref().map(|item| Revision(item.revision))).collect(),
    })
}

fn conflicts() -> StoreError {
    StoreError::Unavailable("devices keep being reported at the same time".into())
}

impl<E: Engine> ItemStore<E> {
    /// Each shard in steps of its own, side by side: whichever of them fails, what the others kept stays, and reporting the
    /// same once more does no harm.
    pub(crate) async fn save_devices(&self, account: &AccountId, devices: &[Device]) -> Stored<()> {
        let mut shards: [Vec<&Device>; keys::SHARDS] = Default::default();
        for device in devices {
            if let Some(shard) = shards.get_mut(keys::shard(&device.id)) {
                shard.push(device);
            }
        }
        let shards = shards.iter().enumerate().filter(|(_, devices)| !devices.is_empty());
        let saved = shards.map(async |(shard, devices)| {
            for devices in devices.chunks(AT_ONCE) {
                self.save_some(account, shard, devices).await?;
            }
            Ok::<(), StoreError>(())
        });
        try_join_all(saved).await.map(|_| ())
    }

    async fn save_some(&self, account: &AccountId, shard: usize, devices: &[&Device]) -> Stored<()> {
        let places: Vec<_> = devices.iter().map(|device| keys::device(account, &device.id)).collect();
        for _ in 0..TRIES {
            let there = self.read(&places).await?;
            let revision = self.fresh_revision();
            let mut writes = Vec::with_capacity(2 * devices.len() + 1);
            let mut difference = Share::default();
            for ((device, place), there) in devices.iter().zip(&places).zip(&there) {
                let before = there.as_ref().map(device_of).transpose()?;
                difference.add(Share::of(Some(device)), Share::of(before.as_ref()));
                let guard = there.as_ref().map_or(Guard::Absent, |item| Guard::Revision(item.revision));
                let item = codec::item(Kind::Device, place.clone(), revision, device)?;
                writes.push(Write::Put(Box::new(item), guard));
                writes.extend(host_write(account, Some(device), before.as_ref(), revision)?);
            }
            writes.extend(difference.addition(account, shard, revision));
            if let Written::Done = self.write(writes).await? {
                return Ok(());
            }
        }
        Err(conflicts())
    }

    pub(crate) async fn delete_device(&self, account: &AccountId, id: &DeviceId) -> Stored<bool> {
        for _ in 0..TRIES {
            let place = keys::device(account, id);
            let Some(there) = self.read_one(place.clone()).await? else { return Ok(false) };
            let (revision, device) = (self.fresh_revision(), device_of(&there)?);
            let mut difference = Share::default();
            difference.add(Share::default(), Share::of(Some(&device)));
            let mut writes = vec![Write::Delete(place, Guard::Revision(there.revision))];
            writes.extend(host_write(account, None, Some(&device), revision)?);
            writes.extend(difference.addition(account, keys::shard(id), revision));
            if let Written::Done = self.write(writes).await? {
                return Ok(true);
            }
        }
        Err(conflicts())
    }

    pub(crate) async fn device(&self, account: &AccountId, id: &DeviceId) -> Stored<Option<Device>> {
        self.read_one(keys::device(account, id)).await?.as_ref().map(device_of).transpose()
    }

    pub(crate) async fn inspection(&self, account: &AccountId, id: &DeviceId) -> Stored<Inspection> {
        let mut wanted = vec![keys::device(account, id), crate::keys::account(account), keys::activation(account)];
        wanted.extend(keys::counts(account));
        let mut found = self.read(&wanted).await?.into_iter();
        let device = found.next().flatten().as_ref().map(device_of).transpose()?;
        let (settings, activation) = (found.next().flatten(), found.next().flatten());
        let counted: Vec<Option<Item>> = found.collect();
        Ok(Inspection { device, fleet: fleet_of(settings, activation.as_ref(), &counted)? })
    }
}

/// The device is found among those with the Host app, or no longer. Its own item's guard holds others off.
fn host_write(
    account: &AccountId,
    after: Option<&Device>,
    before: Option<&Device>,
    revision: Revision,
) -> Stored<Option<Write>> {
    let has_host = |device: Option<&Device>| device.is_some_and(|device| device.facts.has_host());
    let Some(device) = after.or(before) else { return Ok(None) };
    let place = keys::host(account, &device.id);
    Ok(match (has_host(before), has_host(after)) {
        (false, true) => {
            let host = HostOf { device: device.id.clone() };
            Some(Write::Put(Box::new(codec::item(Kind::DeviceWithHost, place, revision, &host)?), Guard::Any))
        }
        (true, false) => Some(Write::Delete(place, Guard::Any)),
        _ => None,
    })
}
