//! What came of a turn is written down, and what others asked meanwhile is taken over.

use casebridge_domain::Instant;
use casebridge_domain::endpoint::{Endpoint, Retry, WhyDisabled};
use casebridge_domain::journal::JournalEntry;
use chrono::TimeDelta;

use super::{LEASE, Turn};
use crate::Outside;
use crate::endpoints::open_secrets;
use crate::ports::store::{FeedHead, LaneSaved, LaneStep, Serving, Versioned};

/// Where all goes well, it is written down so often how far a lane is: as much is pushed once more after a crash.
const WRITTEN_DOWN_EVERY: TimeDelta = TimeDelta::seconds(1);

/// What came of writing a turn down.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    Done,
    /// Somebody asked something of the lane, or the feed has grown: there is more to do.
    More,
    /// It is somebody else's turn, or the endpoint is gone.
    Over,
}

/// What is not written down yet, besides the lane itself.
#[derive(Default)]
pub(super) struct Unwritten {
    pub(super) made: Vec<Retry>,
    pub(super) to_make: Vec<Retry>,
    pub(super) given_up: Vec<Retry>,
    pub(super) entries: Vec<JournalEntry>,
    pub(super) disabled: Option<WhyDisabled>,
}

impl Unwritten {
    pub(super) fn is_empty(&self) -> bool {
        let Self { made, to_make, given_up, entries, disabled } = self;
        made.is_empty() && to_make.is_empty() && given_up.is_empty() && entries.is_empty() && disabled.is_none()
    }
}

impl Turn<'_> {
    /// Writes down what somebody has to know at once, and now and then how far the lane is.
    pub(super) async fn write_down_now_and_then(&mut self) -> Result<Written, Outside> {
        let is_late = self.now() >= self.written_at + WRITTEN_DOWN_EVERY;
        if is_late || !self.unwritten.is_empty() { self.write_down().await } else { Ok(Written::Done) }
    }

    /// Writes down how far the lane is, keeps it, and looks at the endpoint again.
    pub(super) async fn write_down(&mut self) -> Result<Written, Outside> {
        self.lane = self.lane.clone().kept_until(self.now() + LEASE);
        match self.write(None).await? {
            Written::Done => self.look_at_endpoint().await,
            other => Ok(other),
        }
    }

    pub(super) async fn let_go(&mut self, due_at: Option<Instant>, head: Option<FeedHead>) -> Result<Written, Outside> {
        self.lane = self.lane.clone().let_go(due_at);
        let written = self.write(head).await?;
        if written == Written::More {
            self.lane = self.lane.clone().kept_until(self.now() + LEASE);
        }
        Ok(written)
    }

    async fn write(&mut self, head: Option<FeedHead>) -> Result<Written, Outside> {
        let Unwritten { made, to_make, given_up, entries, disabled } = &self.unwritten;
        let endpoint = disabled.map(|_| (&self.endpoint.value, self.endpoint.revision));
        let step =
            LaneStep { lane: &self.lane, read_at: self.read_at, head, made, to_make, given_up, endpoint, entries };
        match self.pushing.world.store.save_lane(&step).await? {
            LaneSaved::Done(revision) => {
                if self.unwritten.disabled.is_some() {
                    self.endpoint.revision = revision;
                }
                self.read_at = revision;
                self.written_at = self.now();
                self.unwritten = Unwritten::default();
                Ok(Written::Done)
            }
            LaneSaved::Grown => Ok(Written::More),
            LaneSaved::Lost => self.catch_up().await,
        }
    }

    /// Somebody changed the lane or the endpoint: what was asked is taken over, if it still is this turn.
    async fn catch_up(&mut self) -> Result<Written, Outside> {
        let serving = self.pushing.world.store.endpoint(&self.lane.owner, self.lane.endpoint).await?;
        let Serving { endpoint: Some(endpoint), lane: Some(lane) } = serving else { return Ok(Written::Over) };
        if !self.lane.is_turn_of(&lane.value) {
            return Ok(Written::Over);
        }
        self.lane.adopt(&lane.value);
        self.read_at = lane.revision;
        self.take_endpoint(endpoint).await?;
        Ok(Written::More)
    }

    /// Somebody may have changed the endpoint meanwhile.
    async fn look_at_endpoint(&mut self) -> Result<Written, Outside> {
        let serving = self.pushing.world.store.endpoint(&self.lane.owner, self.lane.endpoint).await?;
        let Some(endpoint) = serving.endpoint else { return Ok(Written::Over) };
        if endpoint.revision != self.endpoint.revision {
            self.take_endpoint(endpoint).await?;
        }
        Ok(Written::Done)
    }

    async fn take_endpoint(&mut self, endpoint: Versioned<Endpoint>) -> Result<(), Outside> {
        self.secrets = open_secrets(&self.pushing.world, &endpoint.value).await?;
        self.endpoint = endpoint;
        if let Some(why) = self.unwritten.disabled {
            let now = self.now();
            self.endpoint.value = self.endpoint.value.clone().disabled(why, now);
        }
        Ok(())
    }
}
