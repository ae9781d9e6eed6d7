//! Endpoints and their lanes.

use async_trait::async_trait;
use casebridge_app::ports::store::{
    EndpointMade, Endpoints, FeedHead, Idempotency, LaneSaved, LaneStep, Made, Outbox, PushDue, Revision, Saved,
    Serving, StoreError, Stored, Versioned,
};
use casebridge_domain::endpoint::{Endpoint, Lane, MOST_ENDPOINTS, Retry};
use casebridge_domain::journal::JournalEntry;
use casebridge_domain::key::Owner;
use casebridge_domain::{EndpointId, Instant};
use futures::future::try_join_all;
use futures::try_join;

use crate::codec::{self, Kind};
use crate::engine::{Engine, Guard, Item, Write, Written};
use crate::item_store::ItemStore;
use crate::keys;

mod due;
mod head;
mod lane;
mod outbox;

pub use due::lane_due_at_once;
pub(crate) use outbox::tell;

/// Tries against others who number, or make endpoints, at the same time.
const TRIES: usize = 8;

pub(super) fn put_endpoint(endpoint: &Endpoint, revision: Revision, guard: Guard) -> Stored<Write> {
    let key = keys::endpoints::endpoint(&endpoint.owner, endpoint.id);
    Ok(Write::Put(Box::new(codec::item(Kind::Endpoint, key, revision, endpoint)?), guard))
}

impl<E: Engine> ItemStore<E> {
    /// What a step about an endpoint leaves in the journal. A vendor has none.
    fn leaving_of_endpoint(
        &self,
        owner: &Owner,
        entry: Option<&JournalEntry>,
        revision: Revision,
    ) -> Stored<Option<Write>> {
        match owner {
            Owner::Vendor(_) => Ok(None),
            Owner::Account(account) => self.leaving(account, entry, revision),
        }
    }

    async fn endpoint_and_lane(&self, owner: &Owner, id: EndpointId) -> Stored<[Option<Item>; 2]> {
        let mut found =
            self.read(&[keys::endpoints::endpoint(owner, id), keys::endpoints::lane(owner, id)]).await?.into_iter();
        Ok(std::array::from_fn(|_| found.next().flatten()))
    }
}

#[async_trait]
impl<E: Engine> Endpoints for ItemStore<E> {
    /// The head is written as well: so nothing gets its number between what the lane begins after and its being there, and
    /// no two endpoints are made at once.
    async fn make_endpoint(
        &self,
        endpoint: &Endpoint,
        due_at: Instant,
        entry: Option<&JournalEntry>,
        idempotency: Option<&Idempotency>,
    ) -> Stored<EndpointMade> {
        let owner = &endpoint.owner;
        for _ in 0..TRIES {
            let (head, there) = try_join!(self.head_item(owner), self.endpoints(owner))?;
            if there.len() >= MOST_ENDPOINTS {
                return Ok(EndpointMade::TooMany);
            }
            let revision = self.fresh_revision();
            let lane = Lane::of(endpoint, head.last(), due_at);
            let mut writes = vec![
                put_endpoint(endpoint, revision, Guard::Absent)?,
                lane::put_lane(&lane, revision, Guard::Absent)?,
                head.followed(owner, revision)?,
            ];
            writes.extend(self.leaving_of_endpoint(owner, entry, revision)?);
            match self.make(writes, idempotency, revision).await? {
                Made::New => return Ok(EndpointMade::New),
                Made::Remembered(remembered) => return Ok(EndpointMade::Remembered(remembered)),
                Made::Exists => {}
            }
        }
        Err(StoreError::Unavailable("the feed's head keeps changing".into()))
    }

    async fn endpoints(&self, owner: &Owner) -> Stored<Vec<Versioned<Endpoint>>> {
        let items = self.all(None, keys::endpoints::endpoints(owner)).await?;
        items.iter().map(|item| codec::versioned(Kind::Endpoint, item)).collect()
    }

    async fn endpoint(&self, owner: &Owner, id: EndpointId) -> Stored<Serving> {
        let [endpoint, lane] = self.endpoint_and_lane(owner, id).await?;
        Ok(Serving {
            endpoint: endpoint.map(|item| codec::versioned(Kind::Endpoint, &item)).transpose()?,
            lane: lane.map(|item| codec::versioned(Kind::Lane, &item)).transpose()?,
        })
    }

    async fn save_endpoint(
        &self,
        endpoint: &Endpoint,
        read_at: Revision,
        lane: Option<&Versioned<Lane>>,
        entry: Option<&JournalEntry>,
    ) -> Stored<Saved> {
        let revision = self.fresh_revision();
        let mut writes = vec![put_endpoint(endpoint, revision, Guard::Revision(read_at.0))?];
        if let Some(lane) = lane {
            writes.push(lane::put_lane(&lane.value, revision, Guard::Revision(lane.revision.0))?);
        }
        writes.extend(self.leaving_of_endpoint(&endpoint.owner, entry, revision)?);
        self.save(writes, revision).await
    }

    async fn delete_endpoint(
        &self,
        owner: &Owner,
        id: EndpointId,
        now: Instant,
        entry: Option<&JournalEntry>,
    ) -> Stored<bool> {
        for _ in 0..TRIES {
            let Serving { endpoint: Some(endpoint), lane } = self.endpoint(owner, id).await? else { return Ok(false) };
            let revision = self.fresh_revision();
            let at = Guard::Revision(endpoint.revision.0);
            let mut writes = vec![Write::Delete(keys::endpoints::endpoint(owner, id), at)];
            if let Some(lane) = lane {
                let abandoned = lane.value.abandoned(now);
                writes.push(lane::put_lane(&abandoned, revision, Guard::Revision(lane.revision.0))?);
            }
            writes.extend(self.leaving_of_endpoint(owner, entry, revision)?);
            if self.write(writes).await? == Written::Done {
                return Ok(true);
            }
        }
        Err(StoreError::Unavailable("the endpoint's lane keeps changing".into()))
    }

    async fn forget_lane(&self, owner: &Owner, id: EndpointId) -> Stored<bool> {
        let waiting = [keys::endpoints::retries(owner, id), keys::endpoints::undelivered_after(owner, id, 0)];
        if try_join_all(waiting.map(|stretch| self.sweep_some(stretch))).await?.contains(&true) {
            return Ok(true);
        }
        self.settle(Write::Delete(keys::endpoints::lane(owner, id), Guard::Any)).await?;
        Ok(false)
    }

    async fn lanes(&self, owner: &Owner) -> Stored<Vec<Versioned<Lane>>> {
        let items = self.all(None, keys::endpoints::lanes(owner)).await?;
        items.iter().map(|item| codec::versioned(Kind::Lane, item)).collect()
    }

    async fn save_lane(&self, step: &LaneStep<'_>) -> Stored<LaneSaved> {
        self.step_of_lane(step).await
    }

    async fn retries(&self, owner: &Owner, id: EndpointId, limit: usize) -> Stored<Vec<Retry>> {
        self.listed_retries(keys::endpoints::retries(owner, id), limit).await
    }

    async fn undelivered(&self, owner: &Owner, id: EndpointId, after: u64, limit: usize) -> Stored<Vec<Retry>> {
        self.listed_retries(keys::endpoints::undelivered_after(owner, id, after), limit).await
    }

    async fn outbox(&self, owner: &Owner, limit: usize) -> Stored<Outbox> {
        self.untold(owner, limit).await
    }

    async fn told(&self, owner: &Owner, places: &[String]) -> Stored<()> {
        self.have_told(owner, places).await
    }

    async fn feed_head(&self, owner: &Owner) -> Stored<FeedHead> {
        Ok(self.head_item(owner).await?.head())
    }

    async fn follow(&self, owner: &Owner) -> Stored<()> {
        for _ in 0..TRIES {
            let head = self.head_item(owner).await?;
            if head.head().followed
                || self.write(vec![head.followed(owner, self.fresh_revision())?]).await? == Written::Done
            {
                return Ok(());
            }
        }
        Err(StoreError::Unavailable("the feed's head keeps changing".into()))
    }

    async fn push_due(&self, now: Instant, limit: usize) -> Stored<Vec<PushDue>> {
        self.due_for_endpoints(now, limit).await
    }
}
