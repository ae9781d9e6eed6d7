//! Endpoints are told of what got its number, and their lanes are passed on to those who push.

use std::collections::HashSet;

use casebridge_app::ports::store::{PushDue, StoreError};
use casebridge_app::push::{Feeds, fan_out};
use casebridge_app::{Outside, World};
use casebridge_domain::key::Owner;
use casebridge_host::function::{Queue, chain};
use casebridge_store::Chore;
use futures::{StreamExt as _, stream};

/// Owners whose endpoints are told at the same time.
const AT_ONCE: usize = 4;

/// Looked at in one go when the schedule asks.
const LOOKED_AT: usize = 256;

/// Tells the endpoints of these owners, and passes their lanes on. Gives those that are worth another try.
pub(crate) async fn tell(world: &World, feeds: &Feeds, queue: &Queue, owners: HashSet<Owner>) -> HashSet<Owner> {
    let told = owners.into_iter().map(|owner| tell_one(world, feeds, queue, owner));
    let left: Vec<Option<Owner>> = stream::iter(told).buffer_unordered(AT_ONCE).collect().await;
    left.into_iter().flatten().collect()
}

async fn tell_one(world: &World, feeds: &Feeds, queue: &Queue, owner: Owner) -> Option<Owner> {
    match fan_out(world, feeds, &owner).await {
        Ok(woken) => {
            let lanes: Vec<Chore> = woken.into_iter().map(|id| Chore::Lane(owner.clone(), id)).collect();
            // What the queue does not take is due in the table, where the schedule finds it.
            let _left = queue.send(&lanes).await;
            None
        }
        // Telling the stream again mends nothing.
        Err(error @ Outside::Store(StoreError::Unreadable(_))) => {
            tracing::error!(?owner, error = chain(&error), "endpoints can't be told");
            None
        }
        Err(error) => {
            tracing::warn!(?owner, error = chain(&error), "endpoints have to wait");
            Some(owner)
        }
    }
}

/// Tells everybody who has not been told, and passes on every lane that is due.
pub(crate) async fn due(world: &World, feeds: &Feeds, queue: &Queue) -> Result<(), Outside> {
    let (mut owners, mut lanes) = (HashSet::new(), Vec::new());
    for due in world.store.push_due(world.now(), LOOKED_AT).await? {
        match due {
            PushDue::Outbox(owner) => drop(owners.insert(owner)),
            PushDue::Lane(owner, id) => lanes.push(Chore::Lane(owner, id)),
        }
    }
    let _left = queue.send(&lanes).await;
    tell(world, feeds, queue, owners).await;
    Ok(())
}
