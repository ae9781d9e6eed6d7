//! An engine whose calls take now longer, now shorter: whoever works beside overtakes.

use async_trait::async_trait;
use casebridge_app::ports::Ids;
use casebridge_store::{Engine, EngineError, Item, Key, Query, Rows, Write, Written};

use super::ids::SeededIds;

/// By how many turns of everybody else a call may be late.
const LATE: [u8; 8] = [0, 0, 0, 0, 1, 1, 2, 6];

/// Passes calls on, each after a number of turns that looks random and is not.
pub(crate) struct DawdlingEngine<E> {
    engine: E,
    chance: SeededIds,
}

impl<E: Engine> DawdlingEngine<E> {
    pub(crate) fn new(engine: E, seed: u64) -> Self {
        Self { engine, chance: SeededIds::new(seed) }
    }

    pub(crate) fn engine(&self) -> &E {
        &self.engine
    }

    async fn dawdle(&self) {
        let drawn = usize::from(self.chance.secret()[0]) % LATE.len();
        for _ in 0..LATE[drawn] {
            tokio::task::yield_now().await;
        }
    }
}

#[async_trait]
impl<E: Engine> Engine for DawdlingEngine<E> {
    async fn read(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, EngineError> {
        self.dawdle().await;
        self.engine.read(keys).await
    }

    async fn query(&self, query: &Query) -> Result<Rows, EngineError> {
        self.dawdle().await;
        self.engine.query(query).await
    }

    async fn write(&self, writes: Vec<Write>) -> Result<Written, EngineError> {
        self.dawdle().await;
        self.engine.write(writes).await
    }
}
