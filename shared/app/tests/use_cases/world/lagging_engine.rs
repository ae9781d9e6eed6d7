//! An engine whose indexes lag behind its writes.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use casebridge_store::memory::MemoryEngine;
use casebridge_store::{Engine, EngineError, Guard, Item, Key, Query, Rows, Write, Written};
use futures::executor::block_on;

/// The table, and an older copy of it that answers for the indexes.
#[derive(Debug, Default)]
pub(crate) struct LaggingEngine {
    table: MemoryEngine,
    indexes: MemoryEngine,
    behind: Mutex<Behind>,
}

#[derive(Debug, Default)]
struct Behind {
    writes: VecDeque<Vec<Write>>,
    allowed: usize,
}

impl LaggingEngine {
    /// From now on the indexes lack the newest so many writes.
    pub(crate) fn lag_by(&self, writes: usize) {
        self.behind.lock().unwrap_or_else(PoisonError::into_inner).allowed = writes;
        self.catch_up();
    }

    /// Whether the indexes lack nothing.
    pub(crate) fn is_up_to_date(&self) -> bool {
        self.behind.lock().unwrap_or_else(PoisonError::into_inner).writes.is_empty()
    }

    /// Forgets what has expired by now (seconds since 1970).
    pub(crate) fn forget_expired(&self, now: i64) {
        self.table.forget_expired(now);
        self.indexes.forget_expired(now);
    }

    /// In one go: a process that dies loses nothing of what an index still owes.
    fn catch_up(&self) {
        while let Some(writes) = self.overdue() {
            assert_eq!(block_on(self.indexes.write(writes)).unwrap(), Written::Done);
        }
    }

    fn overdue(&self) -> Option<Vec<Write>> {
        let mut behind = self.behind.lock().unwrap_or_else(PoisonError::into_inner);
        if behind.writes.len() > behind.allowed { behind.writes.pop_front() } else { None }
    }
}

#[async_trait]
impl Engine for LaggingEngine {
    async fn read(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, EngineError> {
        self.table.read(keys).await
    }

    async fn query(&self, query: &Query) -> Result<Rows, EngineError> {
        if query.index.is_some() { self.indexes.query(query).await } else { self.table.query(query).await }
    }

    async fn write(&self, writes: Vec<Write>) -> Result<Written, EngineError> {
        let effects = writes.iter().filter_map(effect).collect();
        let written = self.table.write(writes).await?;
        if written == Written::Done {
            self.behind.lock().unwrap_or_else(PoisonError::into_inner).writes.push_back(effects);
            self.catch_up();
        }
        Ok(written)
    }
}

/// What a write that was let through does, whatever is there. What counts is in no index.
fn effect(write: &Write) -> Option<Write> {
    match write {
        Write::Put(item, _) => Some(Write::Put(item.clone(), Guard::Any)),
        Write::Delete(key, _) => Some(Write::Delete(key.clone(), Guard::Any)),
        Write::Check(..) | Write::Add(_) => None,
    }
}
