//! What waits for its numbers.

use casebridge_app::ports::store::{Revision, StoreError, Stored};
use casebridge_domain::key::Owner;

use crate::engine::{Engine, Guard, Item, Key, Order, Write};
use crate::item_store::ItemStore;
use crate::keys;

/// What waits, and whether more does.
pub(super) struct Waiting {
    pub(super) items: Vec<Item>,
    pub(super) more: bool,
}

impl<E: Engine> ItemStore<E> {
    /// At most so much of what waits. With an entry come all earlier ones about the same case, or of the same account:
    /// they stand after it, so whoever met it meets them. Those that the limit cut off are left for the next time.
    pub(super) async fn waiting(&self, owner: &Owner, limit: usize) -> Stored<Waiting> {
        let rows = self.rows(None, &keys::journal::all_waiting(owner), Order::Ascending, limit).await?;
        let mut items = rows.items;
        let last = items.last().filter(|_| rows.more).map(|item| item.key.clone());
        let Some(last) = last.filter(|last| !keys::journal::is_alone(last)) else {
            return Ok(Waiting { items, more: rows.more });
        };
        let cut = keys::journal::group(&last);
        items.retain(|item| keys::journal::group(&item.key) != cut);
        if items.is_empty() {
            // More about one case than is wanted at once. What came first has long been there.
            let alike = keys::journal::waiting_like(&last);
            items = self.rows(None, &alike, Order::Descending, limit).await?.items;
        }
        Ok(Waiting { items, more: true })
    }
}

/// Where an item waits, as a text for whoever numbers it. It names the version that was read: what somebody else numbered
/// meanwhile is not there to be deleted.
pub(super) fn place(item: &Item) -> String {
    format!("{:016x}{}", item.revision, item.key.sort)
}

/// Deletes what waited there.
pub(super) fn numbered(owner: &Owner, place: &str) -> Stored<Write> {
    let (revision, sort) = place.split_at_checked(16).unwrap_or_default();
    let revision = u64::from_str_radix(revision, 16)
        .map_err(|_| StoreError::Unreadable("a place in a journal that no backlog gave out".to_owned()))?;
    let Key { partition, .. } = keys::journal::head(owner);
    Ok(Write::Delete(Key { partition, sort: sort.to_owned() }, Guard::Revision(revision)))
}

/// The guard of a head that was read at that version, or not there.
pub(super) fn at(read_at: Option<Revision>) -> Guard {
    read_at.map_or(Guard::Absent, |read_at| Guard::Revision(read_at.0))
}
