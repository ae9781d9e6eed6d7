//! What is due for endpoints, over all owners.

use std::collections::HashSet;

use casebridge_app::ports::store::{PushDue, Stored};
use casebridge_domain::key::Owner;
use casebridge_domain::{EndpointId, Instant};
use futures::future::try_join_all;
use futures::try_join;

use crate::codec::Kind;
use crate::engine::{Engine, Index, Item, Order, Write};
use crate::item_store::ItemStore;
use crate::keys;
use crate::stretch::{Stretch, next_from};

/// How often a shard is looked at at most, where what is found is all of the same owner.
const LOOKS: usize = 10;

/// The lane that a write makes due by `now`, if that is what it does. Whoever hears of a write knows by it whom to take.
pub fn lane_due_at_once(write: &Write, now: Instant) -> Option<(Owner, EndpointId)> {
    let Write::Put(item, _) = write else { return None };
    let place = place(item).filter(|_| Kind::Lane.is(item))?;
    (place < keys::due::end(now).as_str()).then(|| lane_at(place)).flatten()
}

fn place(item: &Item) -> Option<&str> {
    item.indexed.iter().find(|entry| entry.index == Index::Due).map(|entry| entry.sort.as_str())
}

fn lane_at(place: &str) -> Option<(Owner, EndpointId)> {
    let (owner, id) = keys::endpoints::due_at(place)?;
    Some((owner, EndpointId::parse(id).ok()?))
}

impl<E: Engine> ItemStore<E> {
    pub(super) async fn due_for_endpoints(&self, now: Instant, limit: usize) -> Stored<Vec<PushDue>> {
        let lane = |place: &str| lane_at(place).map(|(owner, id)| PushDue::Lane(owner, id));
        let outbox = |place: &str| keys::endpoints::due_at(place).map(|(owner, _)| PushDue::Outbox(owner));
        let lanes =
            try_join_all(keys::endpoints::due_lanes(now).map(|stretch| self.each_of_shard(stretch, limit, lane)));
        let outboxes =
            try_join_all(keys::endpoints::due_outboxes(now).map(|stretch| self.each_of_shard(stretch, limit, outbox)));
        let (lanes, outboxes) = try_join!(lanes, outboxes)?;
        Ok(oldest(outboxes, limit).chain(oldest(lanes, limit)).collect())
    }

    /// Each thing once, the longest due first.
    async fn each_of_shard(
        &self,
        mut stretch: Stretch,
        limit: usize,
        due: impl Fn(&str) -> Option<PushDue>,
    ) -> Stored<Vec<(String, PushDue)>> {
        let (mut found, mut seen) = (Vec::new(), HashSet::new());
        for _ in 0..LOOKS {
            let rows = self.rows(Some(Index::Due), &stretch, Order::Ascending, limit).await?;
            stretch.from = next_from(Some(Index::Due), &rows);
            let placed =
                rows.items.iter().filter_map(|item| place(item).and_then(|at| Some((at.to_owned(), due(at)?))));
            found.extend(placed.filter(|(_, due)| seen.insert(due.clone())));
            if stretch.from.is_none() || found.len() >= limit {
                break;
            }
        }
        Ok(found)
    }
}

fn oldest(shards: Vec<Vec<(String, PushDue)>>, limit: usize) -> impl Iterator<Item = PushDue> {
    let mut all: Vec<_> = shards.into_iter().flatten().collect();
    all.sort_by(|(a, _), (b, _)| a.cmp(b));
    all.into_iter().map(|(_, due)| due).take(limit)
}
