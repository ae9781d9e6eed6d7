//! Devices, many at a time: shard by shard, and by id within a shard.

use casebridge_app::ports::store::{DeviceCounts, DeviceFilter, Page, Stored};
use casebridge_domain::AccountId;
use casebridge_domain::device::{Device, Mode};

use super::{HostOf, Share, device_of};
use crate::codec::{self, Kind};
use crate::cursor;
use crate::engine::{Engine, Item, Order};
use crate::item_store::ItemStore;
use crate::keys::devices::{self as keys, Place};

/// Rows that one page looks at, at most: where few devices are wanted among many, a page is short rather than slow.
const LOOKED_AT: usize = 1_000;

/// Rows of a recount asked for at once.
const PAGE: usize = 100;

impl<E: Engine> ItemStore<E> {
    /// Those with the Host app have a list of their own, since they are few among many, and the activation waits for them.
    pub(crate) async fn devices(
        &self,
        account: &AccountId,
        filter: &DeviceFilter,
        after: Option<&str>,
        limit: usize,
    ) -> Stored<Page<Device>> {
        let mut place = match after {
            None => Place::START,
            Some(after) => {
                let raw = cursor::place(after, |raw| Place::parse(raw).is_some())?;
                Place::parse(&raw).unwrap_or(Place::START)
            }
        };
        let (mut items, mut looked_at) = (Vec::with_capacity(limit), 0);
        loop {
            let (found, more) = self.some_devices(account, filter, &place, limit).await?;
            looked_at += found.len();
            let mut found = found.into_iter();
            for (id, device) in found.by_ref() {
                place.last = Some(id);
                items.extend(device.filter(|device| filter.takes(device)));
                if items.len() == limit {
                    break;
                }
            }
            if found.len() == 0 && !more {
                let Some(next) = place.next_shard() else { return Ok(Page { items, next: None }) };
                place = next;
            }
            if items.len() == limit || looked_at >= LOOKED_AT {
                return Ok(Page { items, next: Some(cursor::after(&place.text())) });
            }
        }
    }

    /// The next devices of a shard, and whether more may follow there. One that is gone meanwhile is only named.
    async fn some_devices(
        &self,
        account: &AccountId,
        filter: &DeviceFilter,
        place: &Place,
        limit: usize,
    ) -> Stored<(Vec<(casebridge_domain::DeviceId, Option<Device>)>, bool)> {
        if filter.mode != Some(Mode::Unattended) {
            let rows = self.rows(None, &keys::devices_after(account, place), Order::Ascending, limit).await?;
            let listed = |item: &Item| device_of(item).map(|device| (device.id.clone(), Some(device)));
            return Ok((rows.items.iter().map(listed).collect::<Stored<_>>()?, rows.more));
        }
        let rows = self.rows(None, &keys::hosts_after(account, place), Order::Ascending, limit).await?;
        let host = |item: &Item| Ok(codec::value::<HostOf>(Kind::DeviceWithHost, item)?.device);
        let ids = rows.items.iter().map(host).collect::<Stored<Vec<_>>>()?;
        let places: Vec<_> = ids.iter().map(|id| keys::device(account, id)).collect();
        let devices = self.read_many(&places).await?.into_iter();
        let devices = devices.map(|item| item.as_ref().map(device_of).transpose()).collect::<Stored<Vec<_>>>()?;
        Ok((ids.into_iter().zip(devices).collect(), rows.more))
    }

    /// Counts the devices one by one, for holding the kept counts against it. What is reported meanwhile may be in it or not.
    pub(crate) async fn recount_devices(&self, account: &AccountId) -> Stored<DeviceCounts> {
        let (mut sum, mut place) = (Share::default(), Place::START);
        loop {
            let rows = self.rows(None, &keys::devices_after(account, &place), Order::Ascending, PAGE).await?;
            for item in &rows.items {
                let device = device_of(item)?;
                sum.add(Share::of(Some(&device)), Share::default());
                place.last = Some(device.id);
            }
            if !rows.more {
                let Some(next) = place.next_shard() else { break };
                place = next;
            }
        }
        let count = |of: i64| u64::try_from(of).unwrap_or_default();
        Ok(DeviceCounts { devices: count(sum.devices), licences: count(sum.licences), hosts: count(sum.hosts) })
    }
}
