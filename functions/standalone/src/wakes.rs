//! Whose journals and feeds have something that waits for its numbers, as this process's own writes tell.
//!
//! It is what the table's stream is in the cloud: a wake-up, so that nobody has to look again and again. What is missed
//! (written by another process, or before a crash) is found by the store's index of what is due.

use std::collections::HashSet;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use casebridge_domain::key::Owner;
use casebridge_store::{Engine, EngineError, Item, Key, Query, Rows, Write, Written, woken_by};
use tokio::sync::Notify;

/// Those who are woken and not yet looked after, each once.
#[derive(Debug, Default)]
pub struct Wakes {
    woken: Mutex<HashSet<Owner>>,
    bell: Notify,
}

impl Wakes {
    /// Wakes a journal or a feed.
    pub fn wake(&self, owner: Owner) {
        self.lock().insert(owner);
        self.bell.notify_one();
    }

    /// Those who were woken since the last time.
    pub fn take(&self) -> HashSet<Owner> {
        mem::take(&mut *self.lock())
    }

    /// The same, once there is somebody.
    pub async fn woken(&self) -> HashSet<Owner> {
        loop {
            let woken = self.take();
            if !woken.is_empty() {
                return woken;
            }
            self.bell.notified().await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<Owner>> {
        self.woken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An engine whose writes wake those they concern.
pub struct WakingEngine<E> {
    engine: E,
    wakes: Arc<Wakes>,
}

impl<E: Engine> WakingEngine<E> {
    /// Wakes by the writes of `engine`.
    pub fn new(engine: E, wakes: Arc<Wakes>) -> Self {
        Self { engine, wakes }
    }

    /// The engine itself.
    pub fn engine(&self) -> &E {
        &self.engine
    }
}

#[async_trait]
impl<E: Engine> Engine for WakingEngine<E> {
    async fn read(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, EngineError> {
        self.engine.read(keys).await
    }

    async fn query(&self, query: &Query) -> Result<Rows, EngineError> {
        self.engine.query(query).await
    }

    async fn write(&self, writes: Vec<Write>) -> Result<Written, EngineError> {
        let is_put = |write: &&Write| matches!(write, Write::Put(..));
        let concerned: Vec<Owner> = writes.iter().filter(is_put).filter_map(|write| woken_by(write.key())).collect();
        let written = self.engine.write(writes).await?;
        if written == Written::Done {
            for owner in concerned {
                self.wakes.wake(owner);
            }
        }
        Ok(written)
    }
}

#[cfg(test)]
mod tests {
    use casebridge_domain::AccountId;
    use casebridge_store::Guard;
    use casebridge_store::memory::MemoryEngine;

    use super::*;

    fn put(partition: &str, sort: &str) -> Write {
        let item = Item {
            key: Key { partition: partition.to_owned(), sort: sort.to_owned() },
            kind: "entry".to_owned(),
            version: 1,
            revision: 1,
            holder: None,
            held_until: None,
            expires: None,
            indexed: Vec::new(),
            body: "{}".to_owned(),
        };
        Write::Put(Box::new(item), Guard::Absent)
    }

    #[tokio::test]
    async fn a_write_wakes_those_it_concerns_once_it_is_done_and_nobody_else() {
        let wakes = Arc::new(Wakes::default());
        let engine = WakingEngine::new(MemoryEngine::default(), Arc::clone(&wakes));
        let writes = || vec![put("A#acme#C", "1"), put("A#acme#J", "P#1"), put("A#acme#J", "P#2")];
        assert_eq!(engine.write(writes()).await.unwrap(), Written::Done);
        let acme = Owner::Account(AccountId::parse("acme").unwrap());
        assert_eq!(wakes.woken().await, HashSet::from([acme]));

        assert!(matches!(engine.write(writes()).await.unwrap(), Written::Refused(_)));
        assert_eq!(engine.write(vec![put("A#acme#J", "HEAD")]).await.unwrap(), Written::Done);
        let gone = Key { partition: "A#acme#J".to_owned(), sort: "P#1".to_owned() };
        assert_eq!(engine.write(vec![Write::Delete(gone, Guard::Revision(1))]).await.unwrap(), Written::Done);
        assert!(wakes.take().is_empty());
    }
}
