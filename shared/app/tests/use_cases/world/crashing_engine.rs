//! An engine during whose calls the process dies.

use std::collections::{BTreeMap, BTreeSet};
use std::future::pending;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use casebridge_domain::{Letter, LetterId};
use casebridge_store::engine::Addition;
use casebridge_store::{Engine, EngineError, Item, Key, Query, Rows, Write, Written};
use tokio::sync::{Notify, RwLock};

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
    /// The call takes until it is told to go on.
    Wait,
}

/// Passes calls on until the fuse burns down; then the mishap happens once.
pub(crate) struct CrashingEngine<E> {
    engine: Arc<E>,
    fuse: Mutex<Option<(u8, Mishap)>>,
    crash: Notify,
    wait: Notify,
    go_on: Notify,
    kept: Arc<Mutex<Kept>>,
    calls: Mutex<Calls>,
    /// Every write that is under way reads it.
    under_way: Arc<RwLock<()>>,
}

/// Calls of the engine.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Calls {
    /// Reads and queries.
    pub(crate) looks: usize,
    pub(crate) writes: usize,
}

/// What was written so far.
#[derive(Default)]
struct Kept {
    letters: BTreeMap<LetterId, Letter>,
    additions: Vec<Addition>,
    keys: BTreeSet<Key>,
}

impl<E: Engine> CrashingEngine<E> {
    pub(crate) fn new(engine: E) -> Self {
        Self {
            engine: Arc::new(engine),
            fuse: Mutex::default(),
            crash: Notify::new(),
            wait: Notify::new(),
            go_on: Notify::new(),
            kept: Arc::default(),
            calls: Mutex::default(),
            under_way: Arc::default(),
        }
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

    /// Carries something out until a call waits; `None` if none does.
    pub(crate) async fn until_it_waits<F: Future + Unpin>(&self, work: &mut F) -> Option<()> {
        tokio::select! {
            biased;
            () = self.wait.notified() => Some(()),
            _ = work => None,
        }
    }

    /// The call that waits goes on.
    pub(crate) fn go_on(&self) {
        self.go_on.notify_one();
    }

    /// Waits until nothing is under way that a process has begun which died since.
    pub(crate) async fn outlive_the_dead(&self) {
        drop(self.under_way.write().await);
    }

    /// Every letter that was ever owed, as it was last written.
    pub(crate) fn letters(&self) -> Vec<Letter> {
        lock(&self.kept).letters.values().cloned().collect()
    }

    /// Everything that was ever added to a counter.
    pub(crate) fn additions(&self) -> Vec<Addition> {
        lock(&self.kept).additions.clone()
    }

    /// Wherever anything was ever written.
    pub(crate) fn keys(&self) -> Vec<Key> {
        lock(&self.kept).keys.iter().cloned().collect()
    }

    /// How often it was called since this was asked last.
    pub(crate) fn calls(&self) -> Calls {
        mem::take(&mut *self.count())
    }

    fn count(&self) -> MutexGuard<'_, Calls> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
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
            Some(Mishap::Wait) => {
                self.wait.notify_one();
                self.go_on.notified().await;
                call.await
            }
            Some(Mishap::SilenceBefore) => Err(EngineError::Unavailable("no answer".into())),
            Some(Mishap::SilenceAfter) => call.await.and(Err(EngineError::Unavailable("no answer".into()))),
        }
    }

    async fn die<T>(&self) -> T {
        self.crash.notify_one();
        pending().await
    }

    /// A write that is on its way arrives, whatever becomes of the process that made it.
    async fn write_for_certain(&self, writes: Vec<Write>) -> Result<Written, EngineError> {
        let under_way = self.under_way.clone().read_owned().await;
        let (engine, kept) = (self.engine.clone(), self.kept.clone());
        let call = tokio::spawn(async move {
            let of_it = Kept::of(&writes);
            let written = engine.write(writes).await;
            if matches!(written, Ok(Written::Done)) {
                lock(&kept).add(of_it);
            }
            drop(under_way);
            written
        });
        call.await.unwrap()
    }
}

#[async_trait]
impl<E: Engine> Engine for CrashingEngine<E> {
    async fn read(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, EngineError> {
        self.count().looks += 1;
        self.suffer(self.engine.read(keys)).await
    }

    async fn query(&self, query: &Query) -> Result<Rows, EngineError> {
        self.count().looks += 1;
        self.suffer(self.engine.query(query)).await
    }

    async fn write(&self, writes: Vec<Write>) -> Result<Written, EngineError> {
        self.count().writes += 1;
        self.suffer(self.write_for_certain(writes)).await
    }
}

impl Kept {
    fn of(writes: &[Write]) -> Self {
        let mut kept = Self { keys: writes.iter().map(|write| write.key().clone()).collect(), ..Self::default() };
        for write in writes {
            match write {
                Write::Put(item, _) if item.kind == "letter" => {
                    let letter: Letter = serde_json::from_str(&item.body).unwrap();
                    kept.letters.insert(letter.id, letter);
                }
                Write::Add(addition) => kept.additions.push((**addition).clone()),
                Write::Put(..) | Write::Delete(..) | Write::Check(..) => {}
            }
        }
        kept
    }

    fn add(&mut self, more: Self) {
        self.letters.extend(more.letters);
        self.additions.extend(more.additions);
        self.keys.extend(more.keys);
    }
}

fn lock(kept: &Mutex<Kept>) -> MutexGuard<'_, Kept> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}
