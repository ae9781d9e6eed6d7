//! The event feed: everything that happened, in order, for 30 days.

use casebridge_domain::VendorId;
use casebridge_domain::journal::Event;

use crate::ports::store::VendorEvent;
use crate::{Desk, Outside, World};

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// Events after that number are not kept any more: whoever reads on would miss some.
    #[error("events after that number are not kept any more")]
    Gone {
        /// From here on they are; nothing at all is kept if it is beyond the last one.
        oldest: u64,
    },
    /// No event has that number yet.
    #[error("no event has that number yet")]
    Ahead {
        /// The last one's.
        last: u64,
    },
    /// Something else failed.
    #[error(transparent)]
    Outside(#[from] Outside),
}

/// A page of a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedPage<T> {
    /// In order, without gaps.
    pub events: Vec<T>,
    /// The last number of this page: the next one begins after it.
    pub last: u64,
}

/// The account's events after a number; without one, from the oldest that is kept.
pub async fn events(desk: &Desk, after: Option<u64>, limit: usize) -> Result<FeedPage<Event>, FeedError> {
    let (store, from) = (&desk.world.store, after.unwrap_or(0));
    let mut events = store.events(desk.id(), from, limit).await.map_err(Outside::from)?;
    let mut last = from;
    if events.is_empty() {
        last = store.journal_head(desk.id()).await.map_err(Outside::from)?.map_or(0, |head| head.last);
    }
    if from < last {
        // They may have got their numbers only after we looked.
        events = store.events(desk.id(), from, limit).await.map_err(Outside::from)?;
    }
    page(after, last, events, |event| event.number)
}

/// The events of all the vendor's accounts.
pub async fn vendor_events(
    world: &World,
    vendor: &VendorId,
    after: Option<u64>,
    limit: usize,
) -> Result<FeedPage<VendorEvent>, FeedError> {
    let (store, from) = (&world.store, after.unwrap_or(0));
    let mut events = store.vendor_events(vendor, from, limit).await.map_err(Outside::from)?;
    let mut last = from;
    if events.is_empty() {
        last = store.vendor_head(vendor).await.map_err(Outside::from)?;
    }
    if from < last {
        events = store.vendor_events(vendor, from, limit).await.map_err(Outside::from)?;
    }
    page(after, last, events, |event| event.number)
}

/// What was found; `last` is the head that was read before, if nothing was found at first.
fn page<T>(
    after: Option<u64>,
    last: u64,
    mut events: Vec<T>,
    number: impl Fn(&T) -> u64,
) -> Result<FeedPage<T>, FeedError> {
    let Some(first) = events.first().map(&number) else { return nothing(after, last) };
    if after.is_some_and(|after| first > after + 1) {
        return Err(FeedError::Gone { oldest: first });
    }
    // What expires while it is read must not leave a gap within the page.
    let whole = events.iter().zip(first..).take_while(|(event, expected)| number(event) == *expected).count();
    events.truncate(whole);
    let last = events.last().map_or(first, number);
    Ok(FeedPage { events, last })
}

/// Nothing follows: because nothing happened since, or because it is not kept any more.
fn nothing<T>(after: Option<u64>, last: u64) -> Result<FeedPage<T>, FeedError> {
    match after {
        Some(after) if after > last => Err(FeedError::Ahead { last }),
        Some(after) if after < last => Err(FeedError::Gone { oldest: last + 1 }),
        _ => Ok(FeedPage { events: Vec::new(), last }),
    }
}
