//! What is due, over all accounts.

use casebridge_app::ports::store::{Due, Stored};
use casebridge_domain::Instant;
use futures::future::try_join_all;

use crate::codec::{self, Kind};
use crate::engine::{Engine, Index, Item, Order};
use crate::item_store::ItemStore;
use crate::keys::{self, DUE_SHARDS};
use crate::stretch::next_from;

/// Something due, and its place in time.
struct Placed {
    place: String,
    due: Due,
}

impl<E: Engine> ItemStore<E> {
    pub(crate) async fn due(&self, now: Instant, limit: usize) -> Stored<Vec<Due>> {
        let shards = try_join_all((0..DUE_SHARDS).map(|shard| self.due_of_shard(shard, now, limit))).await?;
        let mut all: Vec<Placed> = shards.into_iter().flatten().collect();
        all.sort_by(|a, b| a.place.cmp(&b.place));
        all.truncate(limit);
        Ok(all.into_iter().map(|placed| placed.due).collect())
    }

    /// An item that can't be read (a newer program may have written it) is passed over: it must not hold up the rest.
    async fn due_of_shard(&self, shard: u64, now: Instant, limit: usize) -> Stored<Vec<Placed>> {
        let mut stretch = keys::due(shard, now);
        let mut found = Vec::new();
        while found.len() < limit {
            let rows = self.rows(Some(Index::Due), &stretch, Order::Ascending, limit - found.len()).await?;
            stretch.from = next_from(Some(Index::Due), &rows);
            found.extend(rows.items.iter().filter_map(placed));
            if stretch.from.is_none() {
                break;
            }
        }
        Ok(found)
    }
}

fn placed(item: &Item) -> Option<Placed> {
    let place = item.indexed.iter().find(|entry| entry.index == Index::Due)?.sort.clone();
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
