//! Somebody's turn at a lane.

use std::sync::Arc;

use casebridge_domain::endpoint::{Endpoint, Lane, SigningSecret, TEST_EVENT};
use casebridge_domain::key::Owner;
use casebridge_domain::{EndpointId, Instant};
use chrono::TimeDelta;
use futures::{FutureExt as _, StreamExt as _, stream};

use super::Pushing;
use super::attempt::{Attempt, Attempted};
use super::feeds::{Fed, Moment};
use super::job::Job;
use crate::Outside;
use crate::endpoints::open_secrets;
use crate::ports::push::Pushed;
use crate::ports::store::{FeedHead, LaneSaved, LaneStep, Revision, Serving, Versioned};

mod settling;
mod writing;

use writing::{Unwritten, Written};

/// A lane whose worker was not heard of for so long is anybody's: longer than an attempt and the writes around it.
const LEASE: TimeDelta = TimeDelta::seconds(60);

/// Pushed at the same time to one endpoint that takes what it gets; to one that fails, one after the other.
const AT_ONCE: usize = 8;

/// Events that are looked at in one go.
const EVENTS: usize = 64;

/// A lane is looked at so often though nothing happens.
const LOOKED_AT_EVERY: TimeDelta = TimeDelta::hours(1);

/// No attempt is begun so shortly before the end of a function.
const ENOUGH: TimeDelta = TimeDelta::seconds(20);

/// Takes a lane, if it is due, and works on it until there is nothing to do or `deadline` comes near. Gives when it is due again;
/// `None` if it is somebody else's, its endpoint is off or gone, or the operator holds deliveries: then it stays due.
pub async fn take_turn(
    pushing: &Pushing,
    owner: &Owner,
    id: EndpointId,
    deadline: Option<Instant>,
) -> Result<Option<Instant>, Outside> {
    let store = &pushing.world.store;
    let Serving { endpoint, lane: Some(lane) } = store.endpoint(owner, id).await? else { return Ok(None) };
    let now = pushing.world.now();
    let Ok(taken) = lane.value.taken(now, now + LEASE) else { return Ok(None) };
    if store.deliveries_held_since().await?.is_some() {
        return Ok(None);
    }
    let LaneSaved::Done(read_at) = store.save_lane(&LaneStep::of(&taken, lane.revision)).await? else {
        return Ok(None);
    };
    let Some(endpoint) = endpoint else { return clear(pushing, owner, id, deadline).await };
    let secrets = open_secrets(&pushing.world, &endpoint.value).await?;
    let next_retry = store.retries(owner, id, 1).await?.first().map(|retry| retry.due);
    let turn = Turn {
        pushing,
        endpoint,
        secrets,
        lane: taken,
        read_at,
        written_at: now,
        next_retry,
        deadline,
        since: pushing.feeds.moment(),
        unwritten: Unwritten::default(),
    };
    turn.work().await
}

/// Removes what waits for an endpoint that is gone. Gives when the rest of it is to be removed.
async fn clear(
    pushing: &Pushing,
    owner: &Owner,
    id: EndpointId,
    deadline: Option<Instant>,
) -> Result<Option<Instant>, Outside> {
    while pushing.world.store.forget_lane(owner, id).await? {
        let now = pushing.world.now();
        if deadline.is_some_and(|deadline| now + ENOUGH > deadline) {
            return Ok(Some(now + LEASE));
        }
    }
    Ok(None)
}

struct Turn<'a> {
    pushing: &'a Pushing,
    endpoint: Versioned<Endpoint>,
    secrets: Vec<SigningSecret>,
    lane: Lane,
    read_at: Revision,
    written_at: Instant,
    /// When the first retry is due.
    next_retry: Option<Instant>,
    deadline: Option<Instant>,
    /// What was in the feed by then is not overlooked.
    since: Moment,
    unwritten: Unwritten,
}

impl Turn<'_> {
    async fn work(mut self) -> Result<Option<Instant>, Outside> {
        let mut growth = self.pushing.news.of(&self.lane.owner);
        let mut followed = false;
        loop {
            let now = self.now();
            let ended = if self.deadline.is_some_and(|deadline| now + ENOUGH > deadline) {
                self.let_go(Some(now), None).await?
            } else if !self.unwritten.is_empty() {
                self.write_down().await?
            } else if self.lane.test().is_some() {
                self.test().await;
                self.write_down().await?
            } else if !self.endpoint.value.is_on() {
                self.let_go(None, None).await?
            } else if let Some(until) = self.lane.paused(now) {
                self.let_go(Some(until), None).await?
            } else if self.next_retry.is_some_and(|due| due <= now) {
                self.retry(now).await?
            } else if self.replay().await? || self.go_on().await? {
                self.write_down_now_and_then().await?
            } else if growth.has_grown().await {
                Written::More
            } else {
                let head = self.pushing.world.store.feed_head(&self.lane.owner).await?;
                if head.followed || followed {
                    self.rest(now, head).await?
                } else {
                    // An older program, which knows nothing of endpoints, numbered in between.
                    self.pushing.world.store.follow(&self.lane.owner).await?;
                    followed = true;
                    Written::More
                }
            };
            match ended {
                Written::Done if self.is_in_hand() => {}
                Written::Done => return Ok(self.lane.due_at()),
                Written::More => self.since = self.pushing.feeds.moment(),
                Written::Over => return Ok(None),
            }
        }
    }

    fn is_in_hand(&self) -> bool {
        self.lane.is_turn_of(&self.lane)
    }

    fn now(&self) -> Instant {
        self.pushing.world.now()
    }

    /// There is nothing to do: the lane is let go, unless the feed has grown.
    async fn rest(&mut self, now: Instant, head: FeedHead) -> Result<Written, Outside> {
        self.since = self.pushing.feeds.moment();
        if self.lane.cursor() < head.last {
            // It has grown since it was looked at; or what it had is not kept any more.
            if self.after(self.lane.cursor(), 1).await?.is_empty() {
                self.lane.moved_to(head.last);
            }
            return Ok(Written::More);
        }
        let look = now + LOOKED_AT_EVERY;
        let due = self.next_retry.map_or(look, |retry| retry.min(look));
        self.let_go(Some(due), Some(head)).await
    }

    async fn after(&self, number: u64, limit: usize) -> Result<Vec<Arc<Fed>>, Outside> {
        let store = &*self.pushing.world.store;
        Ok(self.pushing.feeds.after(store, &self.lane.owner, number, limit, self.since).await?)
    }

    /// Pushes some of what the lane has not seen; `false` if there is nothing.
    async fn go_on(&mut self) -> Result<bool, Outside> {
        let events = self.after(self.lane.cursor(), EVENTS).await?;
        let Some((jobs, last)) = self.some_of(&events) else { return Ok(false) };
        self.push(jobs).await;
        self.lane.moved_to(last);
        Ok(true)
    }

    /// Pushes some of what was asked for once more; `false` if there is nothing.
    async fn replay(&mut self) -> Result<bool, Outside> {
        let Some(replay) = self.lane.replay() else { return Ok(false) };
        let mut events = self.after(replay.next.saturating_sub(1), EVENTS).await?;
        events.retain(|fed| fed.number <= replay.last);
        let next = match self.some_of(&events) {
            Some((jobs, last)) => {
                self.push(jobs).await;
                last.saturating_add(1)
            }
            None => replay.last.saturating_add(1),
        };
        self.lane.replayed_before(next);
        Ok(true)
    }

    /// As many as are pushed at once of those that the endpoint wants, and the last number that was looked at.
    fn some_of(&self, events: &[Arc<Fed>]) -> Option<(Vec<Job>, u64)> {
        let (mut jobs, mut last) = (Vec::new(), None);
        for fed in events {
            if jobs.len() >= self.at_once() {
                break;
            }
            last = Some(fed.number);
            if self.endpoint.value.wants(&fed.event) {
                jobs.push(Job::first(fed));
            }
        }
        last.map(|last| (jobs, last))
    }

    fn at_once(&self) -> usize {
        if self.lane.health().is_failing() { 1 } else { AT_ONCE }
    }

    /// Makes the retries that are due, as many as are pushed at once.
    async fn retry(&mut self, now: Instant) -> Result<Written, Outside> {
        let store = &self.pushing.world.store;
        let (owner, id) = (self.lane.owner.clone(), self.lane.endpoint);
        let mut due = store.retries(&owner, id, self.at_once()).await?;
        due.retain(|retry| retry.due <= now);
        let mut jobs: Vec<Job> = Vec::new();
        for retry in due {
            if jobs.iter().any(|job| job.fed.number == retry.number) {
                continue;
            }
            let found = self.after(retry.number.saturating_sub(1), 1).await?;
            match found.into_iter().find(|fed| fed.number == retry.number && self.endpoint.value.wants(&fed.event)) {
                Some(fed) => jobs.push(Job { fed, retry: Some(retry) }),
                // It is not kept any more, or not wanted any more.
                None => self.unwritten.made.push(retry),
            }
        }
        self.push(jobs).await;
        let written = self.write_down().await?;
        self.next_retry = store.retries(&owner, id, 1).await?.first().map(|retry| retry.due);
        Ok(written)
    }

    async fn push(&mut self, jobs: Vec<Job>) {
        if jobs.is_empty() {
            return;
        }
        let (pushing, endpoint, secrets) = (self.pushing, &self.endpoint.value, &self.secrets[..]);
        let attempts = jobs.iter().map(|job| {
            let attempt = Attempt {
                id: job.id(),
                what: job.what(&endpoint.owner),
                number: Some(job.fed.number),
                kind: job.fed.event.kind(),
                nth: job.attempt(),
            };
            attempt.push(&*pushing.pusher, endpoint, secrets, || pushing.world.now()).boxed()
        });
        // In a list: a compiler that looks for `Send` can't see through the closure.
        let attempts: Vec<_> = attempts.collect();
        let attempted: Vec<Attempted> = stream::iter(attempts).buffered(AT_ONCE).collect().await;
        for (job, attempted) in jobs.into_iter().zip(attempted) {
            self.settle(job, attempted);
        }
    }

    async fn test(&mut self) {
        let Some(test) = self.lane.tested() else { return };
        let attempt =
            Attempt { id: test.id, what: Pushed::Test { at: test.at }, number: None, kind: TEST_EVENT, nth: 1 };
        let pushing = self.pushing;
        let attempted = attempt.push(&*pushing.pusher, &self.endpoint.value, &self.secrets, || pushing.world.now());
        let Attempted { delivery, .. } = attempted.await;
        let _nothing_to_warn_of = self.lane.record(delivery, None);
    }
}
