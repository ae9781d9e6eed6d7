//! What the store stands on.

use async_trait::async_trait;
use casebridge_domain::Instant;
use casebridge_store::{Engine, EngineError, Item, Key, Query, Rows, Write, Written};
use casebridge_store_sqlite::{Options, SqliteEngine};
use tempfile::TempDir;

use super::lagging_engine::LaggingEngine;

/// Which engine a world gets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Ground {
    /// In memory; its indexes lag as they are told.
    #[default]
    Memory,
    /// A file of its own.
    Sqlite,
}

/// An engine of one of the kinds, empty at first.
pub(crate) enum Table {
    Memory(LaggingEngine),
    Sqlite { engine: SqliteEngine, _folder: TempDir },
}

impl Table {
    pub(crate) fn on(ground: Ground) -> Self {
        match ground {
            Ground::Memory => Self::Memory(LaggingEngine::default()),
            Ground::Sqlite => {
                let folder = tempfile::tempdir().unwrap();
                let engine = SqliteEngine::open(folder.path().join("store.db"), Options::default()).unwrap();
                Self::Sqlite { engine, _folder: folder }
            }
        }
    }

    /// From now on the indexes lack the newest so many writes, where they can lag at all.
    pub(crate) fn lag_by(&self, writes: usize) {
        if let Self::Memory(engine) = self {
            engine.lag_by(writes);
        }
    }

    /// Whether the indexes show everything that was written.
    pub(crate) fn shows_everything(&self) -> bool {
        match self {
            Self::Memory(engine) => engine.is_up_to_date(),
            Self::Sqlite { .. } => true,
        }
    }

    /// Forgets what has expired by now, where it is told to.
    pub(crate) fn forget_expired(&self, now: Instant) {
        if let Self::Memory(engine) = self {
            engine.forget_expired(now.timestamp());
        }
    }

    fn engine(&self) -> &dyn Engine {
        match self {
            Self::Memory(engine) => engine,
            Self::Sqlite { engine, .. } => engine,
        }
    }
}

#[async_trait]
impl Engine for Table {
    async fn read(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, EngineError> {
        self.engine().read(keys).await
    }

    async fn query(&self, query: &Query) -> Result<Rows, EngineError> {
        self.engine().query(query).await
    }

    async fn write(&self, writes: Vec<Write>) -> Result<Written, EngineError> {
        self.engine().write(writes).await
    }
}
