//! Events are pushed to the endpoints of accounts and vendors, at least once.
//!
//! Each endpoint has a lane: how far it is in its owner's feed, what is tried again, how it goes. A lane is in one pair of hands
//! at a time, under a lease, and none waits for another: a slow endpoint delays nobody else's. Pushing what an endpoint takes
//! writes nothing for the event by itself; what it doesn't take becomes a retry, and the lane goes on.
//!
//! Whoever numbers a feed leaves, in the same transaction, what its endpoints have to be told ([`fan_out`]); that makes lanes
//! due. A lane is let go only in a transaction that the feed's head has not moved since it was read, so nothing falls between
//! the two. A lane that nothing makes due is looked at all the same, once an hour.

use std::sync::Arc;

use async_trait::async_trait;
use casebridge_domain::key::Owner;

use crate::World;
use crate::ports::Pusher;

mod attempt;
mod fan_out;
mod feeds;
mod job;
mod turn;

pub use fan_out::fan_out;
pub use feeds::Feeds;
pub(crate) use feeds::read as read_feed;
pub use turn::take_turn;

/// Tells lanes in hand that their owner's feed may have grown: the host's own way, quicker than asking the store.
pub trait News: Send + Sync {
    /// Listens to one owner's from now on.
    fn of(&self, owner: &Owner) -> Box<dyn Growth>;
}

/// One owner's feed, as somebody listens to it.
#[async_trait]
pub trait Growth: Send {
    /// Waits for a moment, as long as the host sees fit. `true` once the feed may have grown since the last time, `false` where
    /// the lane is to be let go.
    async fn has_grown(&mut self) -> bool;
}

/// No news: a lane with nothing left to do is let go at once, as functions do.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoNews;

impl News for NoNews {
    fn of(&self, _: &Owner) -> Box<dyn Growth> {
        Box::new(Self)
    }
}

#[async_trait]
impl Growth for NoNews {
    async fn has_grown(&mut self) -> bool {
        false
    }
}

/// What pushing takes. Cheap to clone.
#[derive(Clone)]
pub struct Pushing {
    /// Everything outside.
    pub world: World,
    /// Sends.
    pub pusher: Arc<dyn Pusher>,
    /// Tells of growth.
    pub news: Arc<dyn News>,
    /// What was read of feeds.
    pub feeds: Arc<Feeds>,
}
