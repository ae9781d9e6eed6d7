//! Counts what the store asks of its engine.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use async_trait::async_trait;
use casebridge_store::{Engine, EngineError, Item, Key, Query, Rows, Write, Written};

/// What was asked so far.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    commits: AtomicU32,
    refused: AtomicU32,
    items: AtomicU32,
    reads: AtomicU32,
    queries: AtomicU32,
}

/// The counts at one moment, or between two.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Count {
    /// Writes that were carried out, each durable by itself (they may share a transaction of SQLite).
    pub(crate) commits: u32,
    /// Writes whose guards were not met.
    pub(crate) refused: u32,
    /// Items in the writes that were carried out.
    pub(crate) items: u32,
    /// Reads by keys.
    pub(crate) reads: u32,
    /// Stretches of a partition.
    pub(crate) queries: u32,
}

impl Counts {
    pub(crate) fn now(&self) -> Count {
        Count {
            commits: self.commits.load(Relaxed),
            refused: self.refused.load(Relaxed),
            items: self.items.load(Relaxed),
            reads: self.reads.load(Relaxed),
            queries: self.queries.load(Relaxed),
        }
    }
}

impl Count {
    pub(crate) fn since(self, before: Self) -> Self {
        Self {
            commits: self.commits - before.commits,
            refused: self.refused - before.refused,
            items: self.items - before.items,
            reads: self.reads - before.reads,
            queries: self.queries - before.queries,
        }
    }
}

/// An engine that counts.
pub(crate) struct CountedEngine<E> {
    engine: E,
    counts: Arc<Counts>,
}

impl<E> CountedEngine<E> {
    pub(crate) fn new(engine: E) -> Self {
        Self { engine, counts: Arc::default() }
    }

    pub(crate) fn counts(&self) -> Arc<Counts> {
        self.counts.clone()
    }
}

#[async_trait]
impl<E: Engine> Engine for CountedEngine<E> {
    async fn read(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, EngineError> {
        self.counts.reads.fetch_add(1, Relaxed);
        self.engine.read(keys).await
    }

    async fn query(&self, query: &Query) -> Result<Rows, EngineError> {
        self.counts.queries.fetch_add(1, Relaxed);
        self.engine.query(query).await
    }

    async fn write(&self, writes: Vec<Write>) -> Result<Written, EngineError> {
        let items = writes.iter().filter(|write| !matches!(write, Write::Check(..))).count();
        let written = self.engine.write(writes).await?;
        match &written {
            Written::Done => {
                self.counts.commits.fetch_add(1, Relaxed);
                self.counts.items.fetch_add(u32::try_from(items).unwrap_or(u32::MAX), Relaxed);
            }
            Written::Refused(_) => {
                self.counts.refused.fetch_add(1, Relaxed);
            }
        }
        Ok(written)
    }
}
