//! A store in memory that counts its writes and can be switched off.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use casebridge_domain::Instant;
use casebridge_store::memory::MemoryEngine;
use casebridge_store::{Engine, EngineError, Item, Key, Query, Rows, Write, Written};

/// How the store is at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weather {
    Fine,
    Unavailable,
    Full,
    /// Figures have no room for another value of a ticket's facts.
    Crowded,
}

/// An engine that can be switched off. Clones share everything.
#[derive(Clone)]
pub(crate) struct SwitchedEngine(Arc<Switched>);

struct Switched {
    memory: MemoryEngine,
    weather: Mutex<Weather>,
    writes: AtomicUsize,
    asked: AtomicUsize,
}

impl Default for SwitchedEngine {
    fn default() -> Self {
        let memory = MemoryEngine::default();
        Self(Arc::new(Switched {
            memory,
            weather: Mutex::new(Weather::Fine),
            writes: AtomicUsize::default(),
            asked: AtomicUsize::default(),
        }))
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

    /// How often it was asked for something so far.
    pub(crate) fn reads(&self) -> usize {
        self.0.asked.load(Ordering::Relaxed)
    }

    /// Forgets what has expired by now, as an engine may do at any time.
    pub(crate) fn forget_expired(&self, now: Instant) {
        self.0.memory.forget_expired(now.timestamp());
    }

    fn has_room(&self, writes: &[Write]) -> Result<(), EngineError> {
        let crowded = *self.0.weather.lock().unwrap() == Weather::Crowded;
        // The one item of a period that is for sessions without facts is marked so.
        let with_facts = |write: &Write| matches!(write, Write::Add(addition) if !addition.key.sort.ends_with('+'));
        if crowded && writes.iter().any(with_facts) { Err(EngineError::TooLarge) } else { Ok(()) }
    }

    fn fine(&self) -> Result<(), EngineError> {
        match *self.0.weather.lock().unwrap() {
            Weather::Fine | Weather::Crowded => Ok(()),
            Weather::Unavailable => Err(EngineError::Unavailable("table SECRET throttles".into())),
            Weather::Full => Err(EngineError::Full("disk SECRET is full".into())),
        }
    }
}

#[async_trait]
impl Engine for SwitchedEngine {
    async fn read(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, EngineError> {
        self.fine()?;
        self.0.asked.fetch_add(1, Ordering::Relaxed);
        self.0.memory.read(keys).await
    }

    async fn query(&self, query: &Query) -> Result<Rows, EngineError> {
        self.fine()?;
        self.0.asked.fetch_add(1, Ordering::Relaxed);
        self.0.memory.query(query).await
    }

    async fn write(&self, writes: Vec<Write>) -> Result<Written, EngineError> {
        self.fine()?;
        self.has_room(&writes)?;
        let written = self.0.memory.write(writes).await?;
        if matches!(written, Written::Done) {
            self.0.writes.fetch_add(1, Ordering::Relaxed);
        }
        Ok(written)
    }
}
