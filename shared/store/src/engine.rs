//! What an engine has to do: items in partitions, three sparse indexes, one atomic write.

mod addition;
mod body;
mod counts;
mod merge;

use std::sync::Arc;

use async_trait::async_trait;

pub use addition::{Addition, NotAdded};
pub use counts::Counts;

/// The most writes one step may have: DynamoDB's limit of a transaction. The largest step of ours is the one that
/// tells up to 41 people that a customer is online.
pub const MOST_WRITES: usize = 100;

/// The most items one read may ask for: DynamoDB's limit of a batch.
pub const MOST_READS: usize = 100;

/// The most bytes one item may have: DynamoDB's limit, 400 kB. An item's size is what its key, its body and its own
/// fields have together; an engine may count a little more, never less than half of it.
pub const MOST_BYTES: usize = 400 * 1024;

/// The most counters and labels one [`Addition`] may name: what fits into an expression of DynamoDB's.
pub const MOST_ADDED: usize = 200;

/// Where an item is. Both parts are non-empty text; within a partition items are ordered by the bytes of `sort`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The partition; carries the account's id but for a few system partitions.
    pub partition: String,
    /// The place within the partition.
    pub sort: String,
}

/// A sparse index: holds only the items that have an entry in it. May lag behind a write by moments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Index {
    /// What is due, by time.
    Due,
    /// An account's cases that are not settled, by time.
    Unsettled,
    /// A case by its session code.
    Code,
}

/// An item's place in an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexEntry {
    /// Which index.
    pub index: Index,
    /// The partition within the index.
    pub partition: String,
    /// The place within that partition.
    pub sort: String,
}

/// One thing that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Where.
    pub key: Key,
    /// What it is, for people who look into the table.
    pub kind: String,
    /// The version of the body's shape.
    pub version: u32,
    /// Changes with every write; chosen by the writer.
    pub revision: u64,
    /// Who holds it, for [`Guard::HeldBy`].
    pub holder: Option<String>,
    /// Until when it is held against [`Guard::Free`], in milliseconds since 1970; [`i64::MAX`] is for good.
    pub held_until: Option<i64>,
    /// From then on the store may forget it, in seconds since 1970. Reads and guards never trust that it did.
    pub expires: Option<i64>,
    /// Its places in the sparse indexes, at most one in each.
    pub indexed: Vec<IndexEntry>,
    /// JSON.
    pub body: String,
}

impl Item {
    /// Its size, for engines that have no limit of their own to go by.
    pub fn bytes(&self) -> usize {
        const NUMBERS: usize = 4 * size_of::<u64>();
        let entries = self.indexed.iter().map(|entry| entry.partition.len() + entry.sort.len());
        let texts = [&self.key.partition, &self.key.sort, &self.kind, &self.body];
        let holder = self.holder.as_ref().map_or(0, String::len);
        texts.iter().map(|text| text.len()).sum::<usize>() + holder + entries.sum::<usize>() + NUMBERS
    }
}

/// What has to be true of the item that is there for a write to happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Guard {
    /// Whatever is there.
    Any,
    /// Nothing is there.
    Absent,
    /// It is at this revision.
    Revision(u64),
    /// Nothing is there, or it is not held, or it was held until this moment at the latest (milliseconds since 1970):
    /// `absent || held_until is none || held_until <= now`.
    Free {
        /// The server's clock.
        now: i64,
    },
    /// It is there and held by this holder, whether or not the time of its hold has passed.
    HeldBy(String),
}

impl Guard {
    /// Whether the guard lets a write happen over what is there.
    pub fn is_met_by(&self, there: Option<&Item>) -> bool {
        match self {
            Self::Any => true,
            Self::Absent => there.is_none(),
            Self::Revision(revision) => there.is_some_and(|item| item.revision == *revision),
            Self::Free { now } => there.and_then(|item| item.held_until).is_none_or(|until| until <= *now),
            Self::HeldBy(holder) => there.is_some_and(|item| item.holder.as_ref() == Some(holder)),
        }
    }
}

/// One part of an atomic write. A transaction names each key once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// Replaces the item.
    Put(Box<Item>, Guard),
    /// Removes the item; removing what is not there is no error under [`Guard::Any`].
    Delete(Key, Guard),
    /// Writes nothing, but refuses the whole transaction.
    Check(Key, Guard),
    /// Adds to an item's counters, whatever is there. It meets no guard and is met by none: concurrent ones all count.
    /// Not safe to repeat by itself, so it goes with a write whose guard refuses the repetition. Such a refusal goes
    /// before anything that is wrong with the addition.
    Add(Box<Addition>),
}

impl Write {
    /// Which item it is about.
    pub fn key(&self) -> &Key {
        match self {
            Self::Put(item, _) => &item.key,
            Self::Delete(key, _) | Self::Check(key, _) => key,
            Self::Add(addition) => &addition.key,
        }
    }

    /// What has to be true of the item that is there; nothing for an addition.
    pub fn guard(&self) -> Option<&Guard> {
        match self {
            Self::Put(_, guard) | Self::Delete(_, guard) | Self::Check(_, guard) => Some(guard),
            Self::Add(_) => None,
        }
    }
}

/// What came of an atomic write.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Written {
    /// All of it is kept, durably.
    Done,
    /// Nothing is: these guards were not met, all of them in ascending order. Position in the list of writes, and what
    /// is there instead.
    Refused(Vec<(usize, Option<Item>)>),
}

/// Which way a query goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

/// A stretch of one partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// `None` asks the table itself, consistently.
    pub index: Option<Index>,
    /// Which partition.
    pub partition: String,
    /// Smallest place, included.
    pub from: Option<String>,
    /// Largest place, excluded.
    pub to: Option<String>,
    /// Which way.
    pub order: Order,
    /// At most so many.
    pub limit: usize,
}

/// What a query found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows {
    /// The items, in order.
    pub items: Vec<Item>,
    /// Whether more may follow after the last one: never false while something does. To go on, ask again from there
    /// (the caller narrows `from` or `to`).
    pub more: bool,
}

/// Why an engine could not do it.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// It does not answer, throttles, or keeps conflicting although it was retried.
    #[error("the engine does not answer")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// No room left.
    #[error("the engine has no room left")]
    Full(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// An item would grow beyond [`MOST_BYTES`]. Nothing was written.
    #[error("an item would be too large")]
    TooLarge,
    /// Something is kept that is no item.
    #[error("an item can't be read: {0}")]
    Unreadable(String),
}

/// An engine. Bounded retries, time limits and jitter are its own business; a call that fails may have been carried
/// out only if carrying it out again is refused by its guards.
///
/// [`Engine::read`] and [`Engine::write`] see every write that was answered before they began; so does
/// [`Engine::query`] of the table itself.
#[async_trait]
pub trait Engine: Send + Sync + 'static {
    /// The items at these keys (at most [`MOST_READS`], each once), consistently, in the order of the keys. One round trip.
    async fn read(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, EngineError>;

    /// A stretch of a partition, up to `limit` items even where the engine's own pages are smaller; one round trip per
    /// page of the engine's own.
    async fn query(&self, query: &Query) -> Result<Rows, EngineError>;

    /// Up to [`MOST_WRITES`] writes, all or nothing. One round trip. A write whose answer got lost is not carried out twice, and its
    /// own effect is not mistaken for somebody else's: it ends as `Done`.
    async fn write(&self, writes: Vec<Write>) -> Result<Written, EngineError>;
}

#[async_trait]
impl<E: Engine + ?Sized> Engine for Arc<E> {
    async fn read(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, EngineError> {
        (**self).read(keys).await
    }

    async fn query(&self, query: &Query) -> Result<Rows, EngineError> {
        (**self).query(query).await
    }

    async fn write(&self, writes: Vec<Write>) -> Result<Written, EngineError> {
        (**self).write(writes).await
    }
}
