//! An engine during whose calls the process dies.

use std::collections::BTreeMap;
use std::future::pending;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use casebridge_domain::{Letter, LetterId};
use casebridge_store::engine::Addition;
use casebridge_store::{Engine, EngineError, Item, Key, Query, Rows, Write, Written};
use tokio::sync::Notify;

/// What happens at a store call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mishap {
    /// The process dies before the call has its effect.
    CrashBefore,
    /// The process dies after it.
    CrashAfter,
    /// The store does not answer and does nothing.
    SilenceBefore,
    /// The store does what it is told and does not answer.
    SilenceAfter,
}

/// Passes calls on until the fuse burns down; then the mishap happens once.
pub(crate) struct CrashingEngine<E> {
    engine: E,
    fuse: Mutex<Option<(u8, Mishap)>>,
    crash: Notify,
    letters: Mutex<BTreeMap<LetterId, Letter>>,
    additions: Mutex<Vec<Addition>>,
}

impl<E: Engine> CrashingEngine<E> {
    pub(crate) fn new(engine: E) -> Self {
        let crash = Notify::new();
        Self { engine, fuse: Mutex::default(), crash, letters: Mutex::default(), additions: Mutex::default() }
    }

    pub(crate) fn engine(&self) -> &E {
        &self.engine
    }

    /// The mishap happens after so many more calls; `None` calls it off.
    pub(crate) fn light(&self, fuse: Option<(u8, Mishap)>) {
        *self.fuse.lock().unwrap_or_else(PoisonError::into_inner) = fuse;
    }

    /// Waits for the crash. Whoever sees it drops everything that the process was doing.
    pub(crate) async fn crash(&self) {
        self.crash.notified().await;
    }

    /// Every letter that was ever owed, as it was last written.
    pub(crate) fn letters(&self) -> Vec<Letter> {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// Everything that was ever added to a counter.
    pub(crate) fn additions(&self) -> Vec<Addition> {
        self.additions.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn burn(&self) -> Option<Mishap> {
        let mut fuse = self.fuse.lock().unwrap_or_else(PoisonError::into_inner);
        match fuse.as_mut() {
            None => None,
            Some((0, mishap)) => {
                let mishap = *mishap;
                *fuse = None;
                Some(mishap)
            }
            Some((left, _)) => {
                *left -= 1;
                None
            }
        }
    }

    async fn suffer<T>(&self, call: impl Future<Output = Result<T, EngineError>>) -> Result<T, EngineError> {
        match self.burn() {
            None => call.await,
            Some(Mishap::CrashBefore) => self.die().await,
            Some(Mishap::CrashAfter) => {
                let _lost = call.await;
                self.die().await
            }
            Some(Mishap::SilenceBefore) => Err(EngineError::Unavailable("no answer".into())),
            Some(Mishap::SilenceAfter) => call.await.and(Err(EngineError::Unavailable("no answer".into()))),
        }
    }

    async fn die<T>(&self) -> T {
        self.crash.notify_one();
        pending().await
    }
}

#[async_trait]
impl<E: Engine> Engine for CrashingEngine<E> {
    async fn read(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, EngineError> {
        self.suffer(self.engine.read(keys)).await
    }

    async fn query(&self, query: &Query) -> Result<Rows, EngineError> {
        self.suffer(self.engine.query(query)).await
    }

    async fn write(&self, writes: Vec<Write>) -> Result<Written, EngineError> {
        let owed: Vec<Letter> = writes.iter().filter_map(letter_in).collect();
        let added: Vec<Addition> = writes.iter().filter_map(addition_in).collect();
        let call = async {
            let written = self.engine.write(writes).await?;
            if written == Written::Done {
                let mut letters = self.letters.lock().unwrap_or_else(PoisonError::into_inner);
                letters.extend(owed.into_iter().map(|letter| (letter.id, letter)));
                self.additions.lock().unwrap_or_else(PoisonError::into_inner).extend(added);
            }
            Ok(written)
        };
        self.suffer(call).await
    }
}

fn letter_in(write: &Write) -> Option<Letter> {
    match write {
        Write::Put(item, _) if item.kind == "letter" => serde_json::from_str(&item.body).ok(),
        Write::Put(..) | Write::Delete(..) | Write::Check(..) | Write::Add(_) => None,
    }
}

fn addition_in(write: &Write) -> Option<Addition> {
    match write {
        Write::Add(addition) => Some((**addition).clone()),
        Write::Put(..) | Write::Delete(..) | Write::Check(..) => None,
    }
}
