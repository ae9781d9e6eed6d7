//! What endpoints have not been told of.

use casebridge_app::ports::store::{Outbox, Revision, Stored, Untold};
use casebridge_domain::Instant;
use casebridge_domain::key::Owner;
use serde::{Deserialize, Serialize};

use crate::codec::{self, Kind};
use crate::engine::{Engine, Guard, Item, MOST_WRITES, Order, Write};
use crate::item_store::ItemStore;
use crate::keys;

/// Consecutive numbers of a feed.
#[derive(Debug, Serialize, Deserialize)]
struct Numbers {
    first: u64,
    last: u64,
}

/// The write that has an owner's endpoints told of what gets these numbers in the same step.
pub(crate) fn tell(owner: &Owner, first: u64, last: u64, now: Instant, revision: Revision) -> Stored<Write> {
    let numbers = Numbers { first, last };
    let item = Item {
        indexed: vec![keys::endpoints::due_outbox(owner, last, now)],
        ..codec::item(Kind::Untold, keys::endpoints::untold(owner, last), revision, &numbers)?
    };
    Ok(Write::Put(Box::new(item), Guard::Absent))
}

impl<E: Engine> ItemStore<E> {
    pub(super) async fn untold(&self, owner: &Owner, limit: usize) -> Stored<Outbox> {
        let rows = self.rows(None, &keys::endpoints::outbox(owner), Order::Ascending, limit).await?;
        let untold = |item: &Item| {
            let Numbers { first, last } = codec::value(Kind::Untold, item)?;
            Ok(Untold { place: item.key.sort.clone(), first, last })
        };
        Ok(Outbox { untold: rows.items.iter().map(untold).collect::<Stored<_>>()?, more: rows.more })
    }

    pub(super) async fn have_told(&self, owner: &Owner, places: &[String]) -> Stored<()> {
        for some in places.chunks(MOST_WRITES) {
            let told = some.iter().map(|place| Write::Delete(keys::endpoints::untold_at(owner, place), Guard::Any));
            self.settle_all(told.collect()).await?;
        }
        Ok(())
    }
}
