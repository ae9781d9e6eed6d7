//! The engine under test, with a store over it.

use std::sync::Arc;

use async_trait::async_trait;
use casebridge_app::ports::{Ids, Store};
use casebridge_domain::Instant;
use uuid::Uuid;

use super::counted_ids::CountedIds;
use crate::ItemStore;
use crate::engine::Engine;

/// One run of one sentence against an engine.
#[async_trait]
pub trait Harness: Send + Sync + 'static {
    /// The engine, empty when the harness was made.
    fn engine(&self) -> Arc<dyn Engine>;

    /// Waits until the indexes show everything that was written. Engines whose indexes never lag have nothing to do.
    async fn settle_indexes(&self) {}
}

/// Where a sentence is played.
pub struct Stage {
    harness: Box<dyn Harness>,
    engine: Arc<dyn Engine>,
    store: ItemStore<Arc<dyn Engine>>,
    ids: Arc<CountedIds>,
}

#[cfg(test)]
struct InMemory(Arc<crate::memory::MemoryEngine>);

#[cfg(test)]
impl Harness for InMemory {
    fn engine(&self) -> Arc<dyn Engine> {
        self.0.clone()
    }
}

impl Stage {
    /// A stage over an engine in memory.
    #[cfg(test)]
    pub(crate) fn in_memory() -> Self {
        Self::of(InMemory(Arc::default()))
    }

    /// A stage over the harness's engine.
    pub fn of(harness: impl Harness) -> Self {
        let engine = harness.engine();
        let ids = Arc::new(CountedIds::default());
        Self { harness: Box::new(harness), store: ItemStore::new(engine.clone(), ids.clone()), engine, ids }
    }

    /// The engine itself.
    pub fn engine(&self) -> &dyn Engine {
        &*self.engine
    }

    /// The store over it.
    pub fn store(&self) -> &dyn Store {
        &self.store
    }

    /// Waits until the indexes show everything that was written.
    pub async fn settle_indexes(&self) {
        self.harness.settle_indexes().await;
    }

    pub(crate) fn fresh_id(&self, at: Instant) -> Uuid {
        self.ids.time_ordered(at)
    }
}
