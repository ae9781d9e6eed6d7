//! What is due, over all accounts.

use std::collections::HashSet;

use casebridge_app::ports::store::{Due, Stored};
use casebridge_domain::Instant;
use casebridge_domain::key::Owner;
use futures::future::try_join_all;
use futures::try_join;

use crate::codec::{self, Kind};
use crate::engine::{Engine, Index, Item, Order};
use crate::item_store::ItemStore;
use crate::keys;
use crate::stretch::next_from;

/// Something due, and its place in time.
struct Placed {
    place: String,
    due: Due,
}

/// Rows of what waits for its numbers that are looked at at once, and how often: who has more waiting than that before
/// others has it numbered first.
const WAITING_AT_ONCE: usize = 100;
const WAITING_LOOKS: usize = 10;

impl<E: Engine> ItemStore<E> {
    /// Where not all of it fits, neither work nor what waits for its numbers takes more than half from the other.
    pub(crate) async fn due(&self, now: Instant, limit: usize) -> Stored<Vec<Due>> {
        let work = try_join_all((0..keys::due::SHARDS).map(|shard| self.work_of_shard(shard, now, limit)));
        let waiting = try_join_all((0..keys::due::SHARDS).map(|shard| self.waiting_of_shard(shard, now, limit)));
        let (work, waiting) = try_join!(work, waiting)?;
        let (mut work, mut waiting) = (oldest(work), oldest(waiting));
        let for_waiting = (limit / 2).max(limit.saturating_sub(work.len())).min(waiting.len());
        waiting.truncate(for_waiting);
        work.truncate(limit - for_waiting);
        Ok(oldest([work, waiting]).into_iter().map(|placed| placed.due).collect())
    }

    /// An item that can't be read (a newer program may have written it) is passed over: it must not hold up the rest.
    async fn work_of_shard(&self, shard: u64, now: Instant, limit: usize) -> Stored<Vec<Placed>> {
        let mut stretch = keys::due::work(shard, now);
        let mut found = Vec::new();
        while found.len() < limit {
            let rows = self.rows(Some(Index::Due), &stretch, Order::Ascending, limit - found.len()).await?;
            stretch.from = next_from(Some(Index::Due), &rows);
            found.extend(rows.items.iter().filter_map(work));
            if stretch.from.is_none() {
                break;
            }
        }
        Ok(found)
    }

    /// Each account and each vendor once, however much of theirs waits.
    async fn waiting_of_shard(&self, shard: u64, now: Instant, limit: usize) -> Stored<Vec<Placed>> {
        let mut stretch = keys::due::waiting(shard, now);
        let mut found = Vec::new();
        let mut seen = HashSet::new();
        for _ in 0..WAITING_LOOKS {
            let rows = self.rows(Some(Index::Due), &stretch, Order::Ascending, WAITING_AT_ONCE).await?;
            stretch.from = next_from(Some(Index::Due), &rows);
            let placed = rows.items.iter().filter_map(|item| Some((place(item)?, keys::woken_by(&item.key)?)));
            found.extend(
                placed.filter(|(_, owner)| seen.insert(owner.clone())).map(|(place, owner)| waiting(place, owner)),
            );
            if stretch.from.is_none() || found.len() >= limit {
                break;
            }
        }
        Ok(found)
    }
}

/// All of them, the longest due first.
fn oldest(some: impl IntoIterator<Item = Vec<Placed>>) -> Vec<Placed> {
    let mut all: Vec<Placed> = some.into_iter().flatten().collect();
    all.sort_by(|a, b| a.place.cmp(&b.place));
    all
}

/// Whether an item of work is due by `now`, by the place that it has in the index.
pub(crate) fn is_due(item: &Item, now: Instant) -> bool {
    place(item).is_some_and(|place| place < keys::due::end(now))
}

fn place(item: &Item) -> Option<String> {
    item.indexed.iter().find(|entry| entry.index == Index::Due).map(|entry| entry.sort.clone())
}

fn work(item: &Item) -> Option<Placed> {
    let place = place(item)?;
    let due = if Kind::Tick.is(item) {
        codec::versioned(Kind::Tick, item).map(Due::Tick)
    } else {
        codec::versioned(Kind::Letter, item).map(Due::Letter)
    };
    match due {
        Ok(due) => Some(Placed { place, due }),
        Err(error) => {
            tracing::error!(%error, "passed over something due that can't be read");
            None
        }
    }
}

/// That it is due is said by the key: what waits there need not be read.
fn waiting(place: String, owner: Owner) -> Placed {
    let due = match owner {
        Owner::Account(account) => Due::Journal(account),
        Owner::Vendor(vendor) => Due::VendorFeed(vendor),
    };
    Placed { place, due }
}
