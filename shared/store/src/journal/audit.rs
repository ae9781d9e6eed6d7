//! The audit trail.

use std::collections::BTreeSet;

use casebridge_app::ports::store::{StoreError, Stored};
use casebridge_domain::AccountId;
use casebridge_domain::audit::AuditEntry;

use crate::codec::{self, Kind};
use crate::engine::{Engine, Guard, Item, Order, Write, Written};
use crate::item_store::ItemStore;
use crate::keys;

/// How often a part of the trail that changes under our eyes is looked at again. Nothing but erasing changes it.
const TRIES: usize = 8;

impl<E: Engine> ItemStore<E> {
    pub(crate) async fn audit(&self, account: &AccountId, after: u64, limit: usize) -> Stored<Vec<AuditEntry>> {
        self.opened(keys::journal::audit_after(account, after), limit, |item| {
            let mut links: Vec<AuditEntry> = codec::value(Kind::AuditTrail, item)?;
            links.retain(|link| link.number > after);
            Ok(links)
        })
        .await
    }

    /// Step by step. Broken off, it can be done again: what is erased stays erased.
    pub(crate) async fn erase_audit(&self, account: &AccountId, numbers: &BTreeSet<u64>) -> Stored<()> {
        let mut next = numbers.first().copied();
        while let Some(number) = next {
            let done = self.erase_around(account, number, numbers).await?;
            next = done.and_then(|last| numbers.range(last + 1..).next().copied());
        }
        Ok(())
    }

    /// Erases what is wanted among the links that were made with this one. Gives the last number of those; `None` if
    /// there is no such link yet.
    async fn erase_around(&self, account: &AccountId, number: u64, numbers: &BTreeSet<u64>) -> Stored<Option<u64>> {
        for _ in 0..TRIES {
            let stretch = keys::journal::audit_after(account, number.saturating_sub(1));
            let rows = self.rows(None, &stretch, Order::Ascending, 1).await?;
            let Some(item) = rows.items.into_iter().next() else { return Ok(None) };
            let links: Vec<AuditEntry> = codec::value(Kind::AuditTrail, &item)?;
            let last = links.last().map_or(number, |link| link.number);
            let is_meant = |link: &AuditEntry| numbers.contains(&link.number) && link.details.is_some();
            if !links.iter().any(is_meant) {
                return Ok(Some(last));
            }
            let links: Vec<AuditEntry> =
                links.into_iter().map(|link| if is_meant(&link) { link.erased() } else { link }).collect();
            let erased = codec::item(Kind::AuditTrail, item.key, self.fresh_revision(), &links)?;
            if self.replace(erased, item.revision).await? {
                return Ok(Some(last));
            }
        }
        Err(StoreError::Unavailable("a part of the audit trail keeps changing".into()))
    }

    async fn replace(&self, item: Item, read_at: u64) -> Stored<bool> {
        Ok(self.write(vec![Write::Put(Box::new(item), Guard::Revision(read_at))]).await? == Written::Done)
    }
}
