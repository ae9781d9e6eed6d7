//! Events are pushed once more.

use casebridge_domain::endpoint::Range;
use casebridge_domain::key::Owner;
use casebridge_domain::{EndpointId, Instant};

use super::{EndpointError, Endpoints};
use crate::Outside;

/// Which events; their numbers are those of the feed of the endpoint's owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplayWish {
    /// These, one or more.
    Numbers(Range),
    /// Everything from this number on.
    Since(u64),
    /// Everything that happened since then.
    SinceTime(Instant),
}

impl Endpoints {
    /// Has events pushed once more that the endpoint wants, with the same `webhook-id` as before. Gives which of those that were
    /// asked for are kept.
    pub async fn replay(&self, id: EndpointId, wish: ReplayWish) -> Result<Range, EndpointError> {
        let (endpoint, _) = self.serving(id).await?;
        if !endpoint.value.is_on() {
            return Err(EndpointError::Off);
        }
        let last = self.world.store.feed_head(&self.owner).await?.last;
        let (first, last) = match wish {
            ReplayWish::Numbers(range) => (range.first(), range.last().min(last)),
            ReplayWish::Since(first) => (first, last),
            ReplayWish::SinceTime(at) => (self.first_since(at, last).await?, last),
        };
        // What is not kept any more can't be pushed.
        let kept = self.moment_after(first.saturating_sub(1)).await?.ok_or(EndpointError::NothingToReplay)?.0;
        let range = Range::new(first.max(kept), last).map_err(|_| EndpointError::NothingToReplay)?;
        let now = self.world.now();
        self.ask_of_lane(id, |lane| lane.to_replay(range, now)).await?;
        Ok(range)
    }

    /// The number of the first event that happened then or later, as far as events have their numbers in the order of their
    /// times: those of one moment may not.
    async fn first_since(&self, at: Instant, last: u64) -> Result<u64, Outside> {
        let (mut from, mut to) = (0, last);
        while from < to {
            let middle = from + (to - from) / 2;
            match self.moment_after(middle).await? {
                Some((number, moment)) if moment < at => from = number,
                _ => to = middle,
            }
        }
        Ok(from + 1)
    }

    /// The first event after a number that is kept: its number, and when it happened.
    async fn moment_after(&self, after: u64) -> Result<Option<(u64, Instant)>, Outside> {
        let store = &self.world.store;
        Ok(match &self.owner {
            Owner::Account(account) => {
                let found = store.events(account, after, 1).await?;
                found.first().map(|event| (event.number, event.at))
            }
            Owner::Vendor(vendor) => {
                let found = store.vendor_events(vendor, after, 1).await?;
                found.first().map(|event| (event.number, event.event.at))
            }
        })
    }
}
