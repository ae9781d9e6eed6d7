//! A store in memory that counts its writes and can be switched off.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use casebridge_store::memory::MemoryEngine;
use casebridge_store::{Engine, EngineError, Item, Key, Query, Rows, Write, Written};

/// How the store is at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weather {
    Fine,
    Unavailable,
    Full,
}

/// An engine that can be switched off. Clones share everything.
#[derive(Clone)]
pub(crate) struct SwitchedEngine(Arc<Switched>);

struct Switched {
    memory: MemoryEngine,
    weather: Mutex<Weather>,
    writes: AtomicUsize,
}

impl Default for SwitchedEngine {
    fn default() -> Self {
        let memory = MemoryEngine::default();
        Self(Arc::new(Switched { memory, weather: Mutex::new(Weather::Fine), writes: AtomicUsize::default() }))
    }
}

impl SwitchedEngine {
    pub(crate) fn becomes(&self, weather: Weather) {
        *self.0.weather.lock().unwrap() = weather;
    }

    /// Writes that changed something so far.
    pub(crate) fn writes(&self) -> usize {
        self.0.writes.load(Ordering::Relaxed)
    }

    fn fine(&self) -> Result<(), EngineError> {
        match *self.0.weather.lock().unwrap() {
            Weather::Fine => Ok(()),
            Weather::Unavailable => Err(EngineError::Unavailable("table SECRET throttles".into())),
            Weather::Full => Err(EngineError::Full("disk SECRET is full".into())),
        }
    }
}

#[async_trait]
impl Engine for SwitchedEngine {
    async fn read(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, EngineError> {
        self.fine()?;
        self.0.memory.read(keys).await
    }

    async fn query(&self, query: &Query) -> Result<Rows, EngineError> {
        self.fine()?;
        self.0.memory.query(query).await
    }

    async fn write(&self, writes: Vec<Write>) -> Result<Written, EngineError> {
        self.fine()?;
        let written = self.0.memory.write(writes).await?;
        if matches!(written, Written::Done) {
            self.0.writes.fetch_add(1, Ordering::Relaxed);
        }
        Ok(written)
    }
}
