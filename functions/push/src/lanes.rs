//! Lanes that messages bring, and when they come again.

use std::collections::HashSet;

use casebridge_app::push::{Pushing, take_turn};
use casebridge_domain::key::Owner;
use casebridge_domain::{EndpointId, Instant};
use casebridge_host::function::{Answer, Queue, Record, Told, chain};
use casebridge_store::Chore;
use chrono::TimeDelta;
use futures::{StreamExt as _, stream};

/// Lanes that one function works on at the same time; a message brings one.
const AT_ONCE: usize = 4;

/// Until a lane that failed for the table's sake is looked at again: its lease has to lapse first.
const AGAIN_AFTER: TimeDelta = TimeDelta::seconds(65);

/// What it works with.
pub(crate) struct Lanes {
    pub(crate) pushing: Pushing,
    pub(crate) queue: Queue,
}

impl Lanes {
    /// Works on the lanes that the records tell of. Names what is no lane, for it belongs where somebody looks at it.
    ///
    /// No lane is told again: one that fails here stays due in the table, and is asked for by another message. Where that one
    /// gets lost as well, the relay's schedule finds it.
    pub(crate) async fn told(&self, records: &[Record], deadline: Instant) -> Answer {
        let (mut lanes, mut strange) = (HashSet::new(), Vec::new());
        for record in records {
            match record.told() {
                Told::Chore(Chore::Lane(owner, id)) => drop(lanes.insert((owner, *id))),
                Told::Unreadable(_) => strange.push(record),
                other => {
                    tracing::error!(told = ?other, "a record tells of no lane");
                    strange.push(record);
                }
            }
        }
        stream::iter(lanes).for_each_concurrent(AT_ONCE, |(owner, id)| self.take(owner, id, deadline)).await;
        Answer::again(strange)
    }

    async fn take(&self, owner: &Owner, id: EndpointId, deadline: Instant) {
        let world = &self.pushing.world;
        // What the operator holds stays due: the schedule finds it afterwards.
        let again = Box::pin(take_turn(&self.pushing, owner, id, Some(deadline))).await;
        let at = again.unwrap_or_else(|error| {
            tracing::warn!(endpoint = %id, error = chain(&error), "a lane has to wait");
            Some(world.now() + AGAIN_AFTER)
        });
        if let Some(at) = at {
            self.queue.send_later(Chore::Lane(owner.clone(), id), at, world.now()).await;
        }
    }
}
