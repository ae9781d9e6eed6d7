//! What the store stands on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use casebridge_domain::Instant;
use casebridge_store::{Engine, EngineError, Item, Key, Query, Rows, Write, Written};
use casebridge_store_sqlite::{Options, SqliteEngine};
use tempfile::TempDir;

use super::lagging_engine::LaggingEngine;
use super::stand_in::{RemoteEngine, StandIn};

/// Which engine a world gets.
#[derive(Clone, Default)]
pub(crate) enum Ground {
    /// In memory; its indexes lag as they are told.
    #[default]
    Memory,
    /// A file of its own.
    Sqlite,
    /// A table of its own on `DynamoDB`'s stand-in, on bad days.
    DynamoDb(Arc<StandIn>),
}

impl Ground {
    pub(crate) fn dynamodb() -> Self {
        Self::DynamoDb(StandIn::start())
    }
}

/// An engine of one of the kinds, empty at first.
pub(crate) enum Table {
    Memory(LaggingEngine),
    Sqlite { engine: SqliteEngine, _folder: TempDir },
    DynamoDb { engine: RemoteEngine, lags: AtomicBool, seed: u64 },
}

impl Table {
    pub(crate) async fn on(ground: &Ground, seed: u64) -> Self {
        match ground {
            Ground::Memory => Self::Memory(LaggingEngine::default()),
            Ground::Sqlite => {
                let folder = tempfile::tempdir().unwrap();
                let engine = SqliteEngine::open(folder.path().join("store.db"), Options::default()).unwrap();
                Self::Sqlite { engine, _folder: folder }
            }
            Ground::DynamoDb(stand_in) => {
                let engine = RemoteEngine::fresh(stand_in, seed).await;
                Self::DynamoDb { engine, lags: AtomicBool::default(), seed }
            }
        }
    }

    /// From now on the indexes lack the newest so many writes, where they can lag at all.
    pub(crate) fn lag_by(&self, writes: usize) {
        match self {
            Self::Memory(engine) => engine.lag_by(writes),
            Self::Sqlite { .. } => {}
            Self::DynamoDb { engine, lags, seed } => {
                engine.lag(*seed, writes > 0);
                lags.store(writes > 0, Ordering::Relaxed);
            }
        }
    }

    /// Whether the indexes show everything that was written.
    pub(crate) fn shows_everything(&self) -> bool {
        match self {
            Self::Memory(engine) => engine.is_up_to_date(),
            Self::Sqlite { .. } => true,
            Self::DynamoDb { lags, .. } => !lags.load(Ordering::Relaxed),
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
            Self::DynamoDb { engine, .. } => engine,
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
