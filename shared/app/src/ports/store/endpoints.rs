//! Endpoints, their lanes, and which events they have not been told of.

use async_trait::async_trait;
use casebridge_domain::endpoint::{Endpoint, Lane, Retry};
use casebridge_domain::journal::JournalEntry;
use casebridge_domain::key::Owner;
use casebridge_domain::{EndpointId, Instant};

use super::{Idempotency, Remembered, Revision, Saved, Stored, Versioned};

/// An endpoint with its lane: one read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Serving {
    /// The endpoint; it may be gone while its lane is not.
    pub endpoint: Option<Versioned<Endpoint>>,
    /// Its lane.
    pub lane: Option<Versioned<Lane>>,
}

/// What came of making an endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum EndpointMade {
    /// It is there, and gets everything that gets its number from now on.
    New,
    /// The owner has as many as he may have.
    TooMany,
    /// The same request was made before.
    Remembered(Remembered),
}

/// Consecutive numbers of an owner's feed that his endpoints have not been told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Untold {
    /// Where that stands; opaque.
    pub place: String,
    /// The first one.
    pub first: u64,
    /// The last one.
    pub last: u64,
}

/// Everything that an owner's endpoints have not been told of, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outbox {
    /// The oldest first.
    pub untold: Vec<Untold>,
    /// Whether there is more than this.
    pub more: bool,
}

/// How far a feed is numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeedHead {
    /// The last number given; 0 before the first.
    pub last: u64,
    /// At which version; `None` before the first number.
    pub revision: Option<Revision>,
    /// Whether its owner's endpoints are told of what gets its number.
    pub followed: bool,
}

/// A step of a lane: all of it, or nothing.
#[derive(Debug, Clone)]
pub struct LaneStep<'a> {
    /// The lane as it is from now on.
    pub lane: &'a Lane,
    /// The lane as it was read.
    pub read_at: Revision,
    /// The feed must not have grown since that was read.
    pub head: Option<FeedHead>,
    /// Retries that were made.
    pub made: &'a [Retry],
    /// Retries that are to be made.
    pub to_make: &'a [Retry],
    /// What is given up.
    pub given_up: &'a [Retry],
    /// The endpoint, where the step changes it, as it was read and as it is from now on.
    pub endpoint: Option<(&'a Endpoint, Revision)>,
    /// What the account's journal says of it. A vendor has none.
    pub entries: &'a [JournalEntry],
}

impl<'a> LaneStep<'a> {
    /// A step that changes the lane only.
    pub const fn of(lane: &'a Lane, read_at: Revision) -> Self {
        Self { lane, read_at, head: None, made: &[], to_make: &[], given_up: &[], endpoint: None, entries: &[] }
    }
}

/// What came of a step of a lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum LaneSaved {
    /// It is kept, at this version.
    Done(Revision),
    /// The feed has grown meanwhile.
    Grown,
    /// Somebody changed the lane or the endpoint: read again.
    Lost,
}

/// Something to do for endpoints.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PushDue {
    /// Somebody's endpoints have to be told of events.
    Outbox(Owner),
    /// A lane is to be taken.
    Lane(Owner, EndpointId),
}

/// What is kept for endpoints.
#[async_trait]
pub trait Endpoints: Send + Sync {
    /// Makes an endpoint with a lane that is due at `due_at` at the latest; what gets its number after that is pushed there.
    async fn make_endpoint(
        &self,
        endpoint: &Endpoint,
        due_at: Instant,
        entry: Option<&JournalEntry>,
        idempotency: Option<&Idempotency>,
    ) -> Stored<EndpointMade>;

    /// All endpoints of an owner, oldest first.
    async fn endpoints(&self, owner: &Owner) -> Stored<Vec<Versioned<Endpoint>>>;

    /// An endpoint with its lane.
    async fn endpoint(&self, owner: &Owner, id: EndpointId) -> Stored<Serving>;

    /// Saves a changed endpoint, and with it what the change asks of its lane.
    async fn save_endpoint(
        &self,
        endpoint: &Endpoint,
        read_at: Revision,
        lane: Option<&Versioned<Lane>>,
        entry: Option<&JournalEntry>,
    ) -> Stored<Saved>;

    /// Removes an endpoint; `false` if there is none. Its lane is due at `now`, for what waits in it to be cleared away, and in nobody's
    /// hands any more.
    async fn delete_endpoint(
        &self,
        owner: &Owner,
        id: EndpointId,
        now: Instant,
        entry: Option<&JournalEntry>,
    ) -> Stored<bool>;

    /// Removes the next thousand or so of what waits for an endpoint that is gone, and at last its lane; whether there may be more.
    async fn forget_lane(&self, owner: &Owner, id: EndpointId) -> Stored<bool>;

    /// All lanes of an owner.
    async fn lanes(&self, owner: &Owner) -> Stored<Vec<Versioned<Lane>>>;

    /// Saves a lane, and what belongs to the step.
    async fn save_lane(&self, step: &LaneStep<'_>) -> Stored<LaneSaved>;

    /// What an endpoint did not take yet, the earliest due first, at most `limit`.
    async fn retries(&self, owner: &Owner, id: EndpointId, limit: usize) -> Stored<Vec<Retry>>;

    /// What was given up after a number, in order, at most `limit`.
    async fn undelivered(&self, owner: &Owner, id: EndpointId, after: u64, limit: usize) -> Stored<Vec<Retry>>;

    /// Which events the owner's endpoints have not been told of, at most `limit` stretches.
    async fn outbox(&self, owner: &Owner, limit: usize) -> Stored<Outbox>;

    /// They have been told of these.
    async fn told(&self, owner: &Owner, places: &[String]) -> Stored<()>;

    /// How far an owner's feed is numbered.
    async fn feed_head(&self, owner: &Owner) -> Stored<FeedHead>;

    /// Has the owner's endpoints told of what gets its number from now on.
    async fn follow(&self, owner: &Owner) -> Stored<()>;

    /// What is due by `now`, at most `limit` of each kind. May lag behind a write by moments.
    async fn push_due(&self, now: Instant, limit: usize) -> Stored<Vec<PushDue>>;
}
