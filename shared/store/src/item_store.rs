//! The store, whatever engine is under it.

use std::sync::Arc;

use casebridge_app::ports::Ids;
use casebridge_app::ports::store::{Revision, Saved, StoreError, Stored};
use casebridge_domain::Instant;
use futures::future::try_join_all;
use uuid::Uuid;

use crate::engine::{
    Engine, EngineError, Index, Item, Key, MOST_READS, MOST_WRITES, Order, Query, Rows, Write, Written,
};
use crate::stretch::{Stretch, next_from};

/// Rows asked for at once where all are wanted.
const PAGE: usize = 100;

/// The [`Store`](casebridge_app::ports::Store) port over an engine.
pub struct ItemStore<E> {
    engine: E,
    ids: Arc<dyn Ids>,
}

impl<E: Engine> ItemStore<E> {
    /// A store over an engine. `ids` makes the revisions.
    pub fn new(engine: E, ids: Arc<dyn Ids>) -> Self {
        Self { engine, ids }
    }

    /// The engine, for what only its host knows about (backup, health).
    pub fn engine(&self) -> &E {
        &self.engine
    }

    /// An id that carries this moment.
    pub(crate) fn fresh_id(&self, at: Instant) -> Uuid {
        self.ids.time_ordered(at)
    }

    /// A revision that no item had before: 64 random bits.
    pub(crate) fn fresh_revision(&self) -> Revision {
        let secret = self.ids.secret();
        Revision(secret.first_chunk().copied().map_or(0, u64::from_be_bytes))
    }

    pub(crate) async fn read(&self, keys: &[Key]) -> Stored<Vec<Option<Item>>> {
        self.engine.read(keys).await.map_err(store_error)
    }

    /// However many keys there are, each once: as many reads as it takes, side by side.
    pub(crate) async fn read_many(&self, keys: &[Key]) -> Stored<Vec<Option<Item>>> {
        Ok(try_join_all(keys.chunks(MOST_READS).map(|keys| self.read(keys))).await?.into_iter().flatten().collect())
    }

    pub(crate) async fn read_one(&self, key: Key) -> Stored<Option<Item>> {
        Ok(self.read(&[key]).await?.into_iter().next().flatten())
    }

    pub(crate) async fn write(&self, writes: Vec<Write>) -> Stored<Written> {
        let fits = self.write_if_it_fits(writes).await?;
        fits.ok_or_else(|| StoreError::Full(Box::new(EngineError::TooLarge)))
    }

    /// A write that may have no room in one of its items; `None` says that it has none.
    pub(crate) async fn write_if_it_fits(&self, writes: Vec<Write>) -> Stored<Option<Written>> {
        if writes.len() > MOST_WRITES {
            let size = format!("a step of {} writes, {MOST_WRITES} is the most", writes.len());
            return Err(StoreError::Full(size.into()));
        }
        match self.engine.write(writes).await {
            Ok(written) => Ok(Some(written)),
            Err(EngineError::TooLarge) => Ok(None),
            Err(error) => Err(store_error(error)),
        }
    }

    /// A write that somebody else may have overtaken.
    pub(crate) async fn save(&self, writes: Vec<Write>, revision: Revision) -> Stored<Saved> {
        Ok(match self.write(writes).await? {
            Written::Done => Saved::Done(revision),
            Written::Refused(_) => Saved::Lost,
        })
    }

    /// A write whose guard can't be refused, or whose refusal says that there is nothing left to do.
    pub(crate) async fn settle(&self, write: Write) -> Stored<()> {
        self.settle_all(vec![write]).await
    }

    /// The same of several.
    pub(crate) async fn settle_all(&self, writes: Vec<Write>) -> Stored<()> {
        self.write(writes).await.map(|_| ())
    }

    pub(crate) async fn rows(
        &self,
        index: Option<Index>,
        stretch: &Stretch,
        order: Order,
        limit: usize,
    ) -> Stored<Rows> {
        let Stretch { partition, from, to } = stretch.clone();
        if let (Some(from), Some(to)) = (&from, &to)
            && from >= to
        {
            return Ok(Rows { items: Vec::new(), more: false });
        }
        let query = Query { index, partition, from, to, order, limit: limit.max(1) };
        self.engine.query(&query).await.map_err(store_error)
    }

    /// Everything of a stretch, in ascending order.
    pub(crate) async fn all(&self, index: Option<Index>, mut stretch: Stretch) -> Stored<Vec<Item>> {
        let mut all = Vec::new();
        loop {
            let rows = self.rows(index, &stretch, Order::Ascending, PAGE).await?;
            stretch.from = next_from(index, &rows);
            all.extend(rows.items);
            if stretch.from.is_none() {
                return Ok(all);
            }
        }
    }
}

fn store_error(error: EngineError) -> StoreError {
    match error {
        EngineError::Unavailable(source) => StoreError::Unavailable(source),
        EngineError::Full(source) => StoreError::Full(source),
        EngineError::TooLarge => StoreError::Full(Box::new(EngineError::TooLarge)),
        EngineError::Unreadable(what) => StoreError::Unreadable(what),
    }
}
