//! An account's entries get their numbers.

use casebridge_app::ports::store::{
    AccountStretch, Backlog, JournalHead, Numbering, Pending, Revision, Saved, Stored, Versioned,
};
use casebridge_domain::journal::FEED_DAYS;
use casebridge_domain::key::Owner;
use casebridge_domain::{AccountId, Instant};
use chrono::TimeDelta;
use futures::try_join;

use super::waiting::{at, numbered, place};
use crate::accounts::vendor_of;
use crate::codec::{self, Kind};
use crate::endpoints::tell;
use crate::engine::{Engine, Guard, Item, Write};
use crate::item_store::ItemStore;
use crate::keys;

impl<E: Engine> ItemStore<E> {
    pub(crate) async fn backlog(&self, account: &AccountId, limit: usize) -> Stored<Backlog> {
        let owner = Owner::Account(account.clone());
        let keys = [keys::journal::head(&owner), keys::account(account)];
        let (known, waiting) = try_join!(self.read(&keys), self.waiting(&owner, limit))?;
        let mut known = known.into_iter();
        let head: Option<Versioned<JournalHead>> =
            known.next().flatten().map(|item| codec::versioned(Kind::JournalHead, &item)).transpose()?;
        let vendor = known.next().flatten().map(|item| vendor_of(&item)).transpose()?;
        Ok(Backlog {
            vendor: vendor.or_else(|| head.as_ref().map(|head| head.value.vendor.clone())),
            head,
            pending: waiting.items.iter().map(pending).collect::<Stored<_>>()?,
            more: waiting.more,
        })
    }

    /// The head's version is the fence, and so is each entry: it can be deleted once.
    pub(crate) async fn number(&self, numbering: &Numbering<'_>) -> Stored<Saved> {
        let revision = self.fresh_revision();
        let Numbering { account, head, .. } = numbering;
        let owner = Owner::Account((*account).clone());
        let kept = codec::item(Kind::JournalHead, keys::journal::head(&owner), revision, head)?;
        let mut writes = vec![Write::Put(Box::new(kept), at(numbering.read_at))];
        for place in numbering.places {
            writes.push(numbered(&owner, place)?);
        }
        if let Some(first) = numbering.numbered.first() {
            let stretch = AccountStretch { account: (*account).clone(), first: first.first, last: head.last };
            let batches = [
                feed(numbering, &owner, revision)?,
                trail(numbering, revision)?,
                for_vendor(numbering, &stretch, revision)?,
            ];
            writes.extend(batches.map(|item| Write::Put(Box::new(item), Guard::Absent)));
            if head.followed {
                writes.push(tell(&owner, first.first, head.last, numbering.now, revision)?);
            }
        }
        self.save(writes, revision).await
    }

    pub(crate) async fn journal_head(&self, account: &AccountId) -> Stored<Option<JournalHead>> {
        let item = self.read_one(keys::journal::head(&Owner::Account(account.clone()))).await?;
        item.map(|item| codec::value(Kind::JournalHead, &item)).transpose()
    }
}

fn pending(item: &Item) -> Stored<Pending> {
    Ok(Pending { place: place(item), entry: codec::value(Kind::Entry, item)?, bytes: item.body.len() })
}

fn feed(numbering: &Numbering<'_>, owner: &Owner, revision: Revision) -> Stored<Item> {
    let key = keys::journal::feed(owner, numbering.head.last);
    let item = codec::item(Kind::Feed, key, revision, &numbering.numbered)?;
    Ok(Item { expires: Some(leaves_feed(numbering.now)), ..item })
}

fn trail(numbering: &Numbering<'_>, revision: Revision) -> Stored<Item> {
    let key = keys::journal::audit(numbering.account, numbering.head.last);
    codec::item(Kind::AuditTrail, key, revision, &numbering.audit)
}

/// The events wait for the vendor's own numbers.
fn for_vendor(numbering: &Numbering<'_>, stretch: &AccountStretch, revision: Revision) -> Stored<Item> {
    let vendor = &numbering.head.vendor;
    let key = keys::journal::waiting_of_account(vendor, &stretch.account, stretch.last);
    Ok(Item {
        indexed: vec![keys::due::unnumbered(&Owner::Vendor(vendor.clone()), numbering.now, &key.sort)],
        ..codec::item(Kind::AccountStretch, key, revision, stretch)?
    })
}

/// When what gets its numbers now may leave the feed, in seconds since 1970.
pub(super) fn leaves_feed(now: Instant) -> i64 {
    (now + TimeDelta::days(FEED_DAYS)).timestamp()
}
