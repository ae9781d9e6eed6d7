//! What waits for its numbers.

use casebridge_app::ports::store::{Revision, StoreError, Stored};
use casebridge_domain::key::Owner;

use crate::engine::{Engine, Guard, Item, Key, Order, Rows, Write};
use crate::item_store::ItemStore;
use crate::keys;

impl<E: Engine> ItemStore<E> {
    /// At most so much of what waits. Entries about the same case stand in their order, and so do stretches of the same
    /// account: whoever meets one has met the earlier ones, which were written before it.
    pub(super) async fn waiting(&self, owner: &Owner, limit: usize) -> Stored<Rows> {
        self.rows(None, &keys::journal::all_waiting(owner), Order::Ascending, limit).await
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
