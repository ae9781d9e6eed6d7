//! Whose journals and feeds have something that waits for its numbers, and which letters are owed anew, as this process's
//! own writes tell. Those who look at a ticket's widget are told as well.
//!
//! It is what the table's stream is in the cloud: a wake-up, so that nobody has to look again and again. What is missed
//! (written by another process, or before a crash) is found by the store's index of what is due.

use std::collections::HashSet;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use casebridge_app::ports::Clock as _;
use casebridge_app::ports::store::{PushDue, Versioned};
use casebridge_domain::Letter;
use casebridge_domain::key::Owner;
use casebridge_host::SystemClock;
use casebridge_store::{
    Engine, EngineError, Item, Key, Query, Rows, Touched, Write, Written, lane_due_at_once, new_letter, tells, touched,
    woken_by,
};
use tokio::sync::Notify;

use crate::growth::Feeds;
use crate::looks::Looks;

/// Letters kept for whoever delivers; when he is slower than that, he finds the others by the index.
const LETTERS: usize = 256;

/// Those who are woken and not yet looked after, each once, and the letters that are owed anew.
#[derive(Debug, Default)]
pub struct Wakes {
    woken: Mutex<HashSet<Owner>>,
    bell: Notify,
    letters: Mutex<Vec<Versioned<Letter>>>,
    letter_bell: Notify,
    looks: Arc<Looks>,
    pushes: Mutex<HashSet<PushDue>>,
    push_bell: Notify,
    feeds: Arc<Feeds>,
}

impl Wakes {
    /// Wakes a journal or a feed.
    pub fn wake(&self, owner: Owner) {
        lock(&self.woken).insert(owner);
        self.bell.notify_one();
    }

    /// Those who were woken since the last time.
    pub fn take(&self) -> HashSet<Owner> {
        mem::take(&mut *lock(&self.woken))
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

    /// The letters that were written since the last time, as they were written, once there is one.
    pub async fn letters(&self) -> Vec<Versioned<Letter>> {
        loop {
            let letters = mem::take(&mut *lock(&self.letters));
            if !letters.is_empty() {
                return letters;
            }
            self.letter_bell.notified().await;
        }
    }

    /// Who looks at what, in a widget.
    pub fn looks(&self) -> &Arc<Looks> {
        &self.looks
    }

    /// What there is to do for endpoints since the last time, once there is something.
    pub async fn pushes(&self) -> HashSet<PushDue> {
        loop {
            let pushes = mem::take(&mut *lock(&self.pushes));
            if !pushes.is_empty() {
                return pushes;
            }
            self.push_bell.notified().await;
        }
    }

    /// Whose feeds have grown.
    pub fn feeds(&self) -> &Arc<Feeds> {
        &self.feeds
    }

    fn push(&self, due: PushDue) {
        if let PushDue::Outbox(owner) = &due {
            self.feeds.tell(owner);
        }
        lock(&self.pushes).insert(due);
        self.push_bell.notify_one();
    }

    fn owe(&self, letter: Versioned<Letter>) {
        let mut letters = lock(&self.letters);
        if letters.len() < LETTERS {
            letters.push(letter);
            self.letter_bell.notify_one();
        }
    }
}

fn lock<T>(kept: &Mutex<T>) -> MutexGuard<'_, T> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
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
        let letters: Vec<Versioned<Letter>> = writes.iter().filter_map(new_letter).collect();
        let looked_at: Vec<Touched> =
            if self.wakes.looks.any() { writes.iter().filter_map(touched).collect() } else { Vec::new() };
        let pushes: Vec<PushDue> = writes.iter().filter_map(push_due).collect();
        let written = self.engine.write(writes).await?;
        if written == Written::Done {
            for due in pushes {
                self.wakes.push(due);
            }
            for touched in looked_at {
                self.wakes.looks.tell(&touched);
            }
            for owner in concerned {
                self.wakes.wake(owner);
            }
            for letter in letters {
                self.wakes.owe(letter);
            }
        }
        Ok(written)
    }
}

/// What a write leaves to do for endpoints, now.
fn push_due(write: &Write) -> Option<PushDue> {
    let Write::Put(item, _) = write else { return None };
    let outbox = tells(&item.key).map(PushDue::Outbox);
    outbox.or_else(|| lane_due_at_once(write, SystemClock.now()).map(|(owner, id)| PushDue::Lane(owner, id)))
}

#[cfg(test)]
mod tests {
    use casebridge_app::ports::store::{LetterChange, Saved, Store as _};
    use casebridge_app::ports::{Clock as _, Ids as _};
    use casebridge_domain::letter::{LetterKind, LetterState};
    use casebridge_domain::{AccountId, EmailAddress, Language, LetterId};
    use casebridge_host::{SystemClock, SystemIds};
    use casebridge_store::memory::MemoryEngine;
    use casebridge_store::{Guard, ItemStore};

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

    #[tokio::test]
    async fn a_write_is_told_to_those_who_look_once_it_is_done() {
        use casebridge_http::changes::Changes as _;
        use futures::FutureExt as _;

        let wakes = Arc::new(Wakes::default());
        let engine = WakingEngine::new(MemoryEngine::default(), Arc::clone(&wakes));
        let (acme, ticket) = (AccountId::parse("acme").unwrap(), casebridge_domain::TicketId::parse("T1").unwrap());
        let mut look = wakes.looks().subscribe(&acme, &ticket);
        assert_eq!(engine.write(vec![put("A#acme#T#T2", "HOLD"), put("A#acme", "TICK")]).await.unwrap(), Written::Done);
        assert_eq!(look.changed().now_or_never(), None);
        assert_eq!(engine.write(vec![put("A#acme#T#T1", "HOLD")]).await.unwrap(), Written::Done);
        assert_eq!(look.changed().now_or_never(), Some(true));
        assert!(matches!(engine.write(vec![put("A#acme#T#T1", "HOLD")]).await.unwrap(), Written::Refused(_)));
        assert_eq!(look.changed().now_or_never(), None);
        assert_eq!(engine.write(vec![put("A#acme", "CONNECTION")]).await.unwrap(), Written::Done);
        assert_eq!(look.changed().now_or_never(), Some(true));
    }

    #[tokio::test]
    async fn a_letter_is_told_of_once_it_is_written_as_it_was_written_and_only_the_first_time() {
        let wakes = Arc::new(Wakes::default());
        let engine = WakingEngine::new(MemoryEngine::default(), Arc::clone(&wakes));
        let store = ItemStore::new(engine, Arc::new(SystemIds));
        let now = SystemClock.now();
        let letter = Letter {
            id: LetterId::new(SystemIds.time_ordered(now)),
            account: AccountId::parse("acme").unwrap(),
            case: None,
            kind: LetterKind::TemplateTest,
            to: EmailAddress::parse("jane@example.com").unwrap(),
            to_name: None,
            language: Language::English,
            queued_at: now,
            link: None,
            state: LetterState::Queued { attempts: 0 },
        };
        let owed = LetterChange { letter: letter.clone(), due_at: Some(now), read_at: None };
        assert!(matches!(store.save_letter(&owed).await.unwrap(), Saved::Done(_)));
        assert_eq!(store.save_letter(&owed).await.unwrap(), Saved::Lost);
        let told = wakes.letters().await;
        assert_eq!(told.iter().map(|told| &told.value).collect::<Vec<_>>(), [&letter]);
        assert!(matches!(store.lease_letter(&told[0], now).await.unwrap(), Saved::Done(_)));
        assert!(lock(&wakes.letters).is_empty());
    }
}
