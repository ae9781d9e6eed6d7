//! The vendor's feed: stretches of its accounts' feeds, numbered once more.

use casebridge_app::ports::store::{
    AccountStretch, Saved, Stored, VendorBacklog, VendorEvent, VendorNumbering, VendorPending, Versioned,
};
use casebridge_domain::VendorId;
use casebridge_domain::key::Owner;
use futures::try_join;
use serde::{Deserialize, Serialize};

use super::feed::events_of;
use super::numbering::leaves_feed;
use super::waiting::{at, numbered, place};
use crate::codec::{self, Kind};
use crate::endpoints::tell;
use crate::engine::{Engine, Guard, Item, Key, Write};
use crate::item_store::ItemStore;
use crate::keys;

/// How far a vendor's feed is numbered.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct VendorHead {
    pub(crate) last: u64,
    /// Whether the vendor has endpoints, which have to be told.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) followed: bool,
}

/// Stretches that got their numbers in one step.
#[derive(Debug, Serialize, Deserialize)]
struct Stretches {
    /// The first event's number in the vendor's feed.
    first: u64,
    /// In the order of their numbers.
    stretches: Vec<AccountStretch>,
}

/// A stretch with the numbers that the vendor's feed gives it.
struct Placed {
    first: u64,
    stretch: AccountStretch,
}

impl<E: Engine> ItemStore<E> {
    pub(crate) async fn vendor_backlog(&self, vendor: &VendorId, limit: usize) -> Stored<VendorBacklog> {
        let owner = Owner::Vendor(vendor.clone());
        let head = self.read_one(keys::journal::head(&owner));
        let (head, waiting) = try_join!(head, self.waiting(&owner, limit))?;
        let head: Option<Versioned<VendorHead>> =
            head.map(|item| codec::versioned(Kind::VendorHead, &item)).transpose()?;
        let mut pending = waiting.items.iter().map(pending).collect::<Stored<Vec<_>>>()?;
        pending.sort_by(|a, b| (&a.stretch.account, a.stretch.first).cmp(&(&b.stretch.account, b.stretch.first)));
        let followed = head.as_ref().is_some_and(|head| head.value.followed);
        let head = head.map(|head| Versioned { value: head.value.last, revision: head.revision });
        Ok(VendorBacklog { head, followed, pending, more: waiting.more })
    }

    pub(crate) async fn number_for_vendor(&self, numbering: &VendorNumbering<'_>) -> Stored<Saved> {
        let revision = self.fresh_revision();
        let owner = Owner::Vendor(numbering.vendor.clone());
        let head = VendorHead { last: numbering.last, followed: numbering.followed };
        let head = codec::item(Kind::VendorHead, keys::journal::head(&owner), revision, &head)?;
        let mut writes = vec![Write::Put(Box::new(head), at(numbering.read_at))];
        for place in numbering.places {
            writes.push(numbered(&owner, place)?);
        }
        let events: u64 = numbering.stretches.iter().map(AccountStretch::count).sum();
        let first = (numbering.last + 1).saturating_sub(events);
        let batch = Stretches { first, stretches: numbering.stretches.to_vec() };
        let batch = codec::item(Kind::VendorFeed, keys::journal::feed(&owner, numbering.last), revision, &batch)?;
        let batch = Item { expires: Some(leaves_feed(numbering.now)), ..batch };
        writes.push(Write::Put(Box::new(batch), Guard::Absent));
        if numbering.followed {
            writes.push(tell(&owner, first, numbering.last, numbering.now, revision)?);
        }
        self.save(writes, revision).await
    }

    pub(crate) async fn vendor_head(&self, vendor: &VendorId) -> Stored<u64> {
        let item = self.read_one(keys::journal::head(&Owner::Vendor(vendor.clone()))).await?;
        let head: Option<VendorHead> = item.map(|item| codec::value(Kind::VendorHead, &item)).transpose()?;
        Ok(head.map_or(0, |head| head.last))
    }

    /// The events themselves are in the accounts' feeds: an account's stretch is what got its numbers there in one step.
    /// One that is gone from there is passed over at the beginning, and is the end later.
    pub(crate) async fn vendor_events(&self, vendor: &VendorId, after: u64, limit: usize) -> Stored<Vec<VendorEvent>> {
        let owner = Owner::Vendor(vendor.clone());
        let mut passed = after;
        loop {
            let stretch = keys::journal::feed_after(&owner, passed);
            let placed = self.opened(stretch, limit, |item| placed_after(item, passed)).await?;
            let wanted = enough(placed, passed, limit);
            let Some(last) = wanted.last().map(Placed::last) else { return Ok(Vec::new()) };
            let mut events = self.kept_events(&wanted).await?;
            events.retain(|event| event.number > after);
            events.truncate(limit);
            if !events.is_empty() {
                return Ok(events);
            }
            passed = last;
        }
    }

    async fn kept_events(&self, wanted: &[Placed]) -> Stored<Vec<VendorEvent>> {
        let keys: Vec<Key> = wanted.iter().map(|placed| feed_of(&placed.stretch)).collect();
        let items = self.read_many(&keys).await?;
        let kept = wanted.iter().zip(items).skip_while(|(_, item)| item.is_none());
        let mut events = Vec::new();
        for (placed, item) in kept.map_while(|(placed, item)| Some((placed, item?))) {
            events.extend(placed.events(&item)?);
        }
        Ok(events)
    }
}

impl Placed {
    fn last(&self) -> u64 {
        (self.first + self.stretch.count()).saturating_sub(1)
    }

    fn events(&self, item: &Item) -> Stored<Vec<VendorEvent>> {
        let events = events_of(&self.stretch.account, item)?;
        Ok((self.first..).zip(events).map(|(number, event)| VendorEvent { number, event }).collect())
    }
}

fn pending(item: &Item) -> Stored<VendorPending> {
    Ok(VendorPending { place: place(item), stretch: codec::value(Kind::AccountStretch, item)? })
}

fn feed_of(stretch: &AccountStretch) -> Key {
    keys::journal::feed(&Owner::Account(stretch.account.clone()), stretch.last)
}

/// A step's stretches that have events after a number.
fn placed_after(item: &Item, after: u64) -> Stored<Vec<Placed>> {
    let Stretches { mut first, stretches } = codec::value(Kind::VendorFeed, item)?;
    let mut placed = Vec::with_capacity(stretches.len());
    for stretch in stretches {
        let next = first + stretch.count();
        placed.push(Placed { first, stretch });
        first = next;
    }
    placed.retain(|placed| placed.last() > after);
    Ok(placed)
}

/// As many of them as it takes for so many events.
fn enough(mut placed: Vec<Placed>, after: u64, limit: usize) -> Vec<Placed> {
    let before = placed.first().map_or(after, |placed| after.max(placed.first.saturating_sub(1)));
    let last = before.saturating_add(u64::try_from(limit).unwrap_or(u64::MAX));
    placed.retain(|placed| placed.first <= last);
    placed
}
