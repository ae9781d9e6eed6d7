//! Steps of a lane.

use casebridge_app::ports::store::{LaneSaved, LaneStep, Revision, Stored};
use casebridge_domain::EndpointId;
use casebridge_domain::endpoint::{Lane, Retry, UNDELIVERED_DAYS};
use casebridge_domain::key::Owner;
use chrono::TimeDelta;

use super::head::not_grown;
use super::put_endpoint;
use crate::codec::{self, Kind};
use crate::engine::{Engine, Guard, Item, Key, Order, Write, Written};
use crate::item_store::ItemStore;
use crate::keys;
use crate::stretch::Stretch;

/// What waits for an attempt or was given up is kept for so long after its time.
const KEPT: TimeDelta = TimeDelta::days(UNDELIVERED_DAYS);

/// Where a lane and the feed's head stand among the writes of a step.
const LANE: usize = 0;
const HEAD: usize = 1;

pub(super) fn put_lane(lane: &Lane, revision: Revision, guard: Guard) -> Stored<Write> {
    let due = lane.due_at().map(|at| keys::endpoints::due_lane(&lane.owner, lane.endpoint, at));
    let item = Item {
        indexed: due.into_iter().collect(),
        ..codec::item(Kind::Lane, keys::endpoints::lane(&lane.owner, lane.endpoint), revision, lane)?
    };
    Ok(Write::Put(Box::new(item), guard))
}

fn retry_key(owner: &Owner, id: EndpointId, retry: &Retry) -> Key {
    keys::endpoints::retry(owner, id, retry.due, retry.number)
}

fn put_retry(kind: Kind, key: Key, retry: &Retry, revision: Revision) -> Stored<Write> {
    let expires = Some((retry.due + KEPT).timestamp());
    Ok(Write::Put(Box::new(Item { expires, ..codec::item(kind, key, revision, retry)? }), Guard::Any))
}

impl<E: Engine> ItemStore<E> {
    pub(super) async fn step_of_lane(&self, step: &LaneStep<'_>) -> Stored<LaneSaved> {
        let revision = self.fresh_revision();
        let (owner, id) = (&step.lane.owner, step.lane.endpoint);
        let mut writes = vec![put_lane(step.lane, revision, Guard::Revision(step.read_at.0))?];
        writes.extend(step.head.map(|head| not_grown(owner, &head)));
        let made = step.made.iter().map(|retry| retry_key(owner, id, retry));
        writes.extend(made.map(|key| Write::Delete(key, Guard::Any)));
        for retry in step.to_make {
            writes.push(put_retry(Kind::Retry, retry_key(owner, id, retry), retry, revision)?);
        }
        for retry in step.given_up {
            let key = keys::endpoints::undelivered(owner, id, retry.number);
            writes.push(put_retry(Kind::Undelivered, key, retry, revision)?);
        }
        if let Some((endpoint, read_at)) = step.endpoint {
            writes.push(put_endpoint(endpoint, revision, Guard::Revision(read_at.0))?);
        }
        for entry in step.entries {
            writes.extend(self.leaving_of_endpoint(owner, Some(entry), revision)?);
        }
        Ok(match self.write(writes).await? {
            Written::Done => LaneSaved::Done(revision),
            Written::Refused(refused) => {
                let is_refused = |place| refused.iter().any(|(refused, _)| *refused == place);
                let only_grown = step.head.is_some() && is_refused(HEAD) && !is_refused(LANE) && refused.len() == 1;
                if only_grown { LaneSaved::Grown } else { LaneSaved::Lost }
            }
        })
    }

    pub(super) async fn listed_retries(&self, stretch: Stretch, limit: usize) -> Stored<Vec<Retry>> {
        let rows = self.rows(None, &stretch, Order::Ascending, limit).await?;
        let retry = |item: &Item| {
            let kind = if Kind::Undelivered.is(item) { Kind::Undelivered } else { Kind::Retry };
            codec::value(kind, item)
        };
        rows.items.iter().map(retry).collect()
    }
}
