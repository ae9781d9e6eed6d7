//! What is due in the one process: letters and turns of the watch, each account in its own lane. Journals and feeds
//! that are due are only handed on, to those who number.
//!
//! A letter that this process writes is told by its write, and leaves at once; the store is asked for all else.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use casebridge_app::ports::Mailer;
use casebridge_app::ports::store::Due;
use casebridge_app::{Outside, World, courier, watch};
use casebridge_domain::{AccountId, Instant, LetterId};
use tokio::sync::watch::Receiver;
use tokio::task::JoinSet;

use crate::wakes::Wakes;

/// How often the store is asked; what no write of this process told of is done this much after it is due.
const PAUSE: Duration = Duration::from_millis(200);

/// How many due things are looked at in one go. Where all of them belong to accounts whose lanes are full, more are
/// looked at, so that one account's backlog hides no other's letter.
const BATCH: usize = 256;

/// The most that are looked at in one go.
const LARGEST_BATCH: usize = 16_384;

/// Things in the hands of one account at a time, so that a slow one delays no other.
const LANES: usize = 4;

/// Things in hand altogether.
const ALL_LANES: usize = 64;

/// Works until told to stop; then finishes what is in hand.
pub async fn work(world: World, wakes: Arc<Wakes>, mailer: Option<Arc<dyn Mailer>>, mut stop: Receiver<bool>) {
    let mut lanes = Lanes::default();
    let mut batch = BATCH;
    while !*stop.borrow() {
        let asked_again = tokio::time::sleep(PAUSE);
        tokio::pin!(asked_again);
        let (mut waiting, more) = what_is_due(&world, &wakes, batch).await;
        let delivers = mailer.is_some() && !held(&world).await;
        if !delivers {
            waiting.retain(|due| !matches!(due, Due::Letter(_)));
        }
        let found = waiting.len();
        let mut told: Vec<Due> = Vec::new();
        // What is found is worked off before the store is asked again: only a lane that comes free can take more of it.
        // What somebody else did meanwhile loses its lease.
        loop {
            waiting.retain(|due| !lanes.take(&world, mailer.as_ref(), due));
            told.retain(|due| !lanes.take(&world, mailer.as_ref(), due));
            tokio::select! {
                () = lanes.one_done(), if !lanes.is_empty() => if waiting.is_empty() && more { break },
                // While deliveries are held, they stay with the store.
                letters = wakes.letters(), if told.len() < BATCH => {
                    told.extend(letters.into_iter().map(Due::Letter).filter(|_| delivers));
                }
                () = &mut asked_again => break,
                _ = stop.changed() => break,
            }
        }
        lanes.collect();
        batch = if found >= batch && waiting.len() == found { (batch * 4).min(LARGEST_BATCH) } else { BATCH };
    }
    lanes.all_done().await;
}

/// Letters and turns that are due, and whether there may be more. Whose journals and feeds are is handed on.
async fn what_is_due(world: &World, wakes: &Wakes, most: usize) -> (Vec<Due>, bool) {
    let due = world.store.due(world.now(), most).await.unwrap_or_else(|error| {
        tracing::error!(error = %error, "what is due can't be read");
        Vec::new()
    });
    let more = due.len() >= most;
    let (unnumbered, work): (Vec<Due>, Vec<Due>) =
        due.into_iter().partition(|due| matches!(due, Due::Journal(_) | Due::VendorFeed(_)));
    for due in unnumbered {
        wakes.wake(due.owner());
    }
    (work, more)
}

async fn held(world: &World) -> bool {
    match world.store.deliveries_held_since().await {
        Ok(since) => since.is_some(),
        Err(error) => {
            tracing::error!(error = %error, "whether deliveries are held can't be read; they wait");
            true
        }
    }
}

/// What is in hand.
#[derive(Default)]
struct Lanes {
    tasks: JoinSet<(AccountId, Thing)>,
    busy: HashMap<AccountId, Vec<Thing>>,
}

/// One due thing, so that it is not taken twice while it is in hand.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Thing {
    Letter(LetterId),
    Turn,
}

impl Lanes {
    fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    /// Takes a letter or a turn in hand, if its account has a lane free.
    fn take(&mut self, world: &World, mailer: Option<&Arc<dyn Mailer>>, due: &Due) -> bool {
        match due {
            Due::Letter(letter) => {
                let (account, thing) = (&letter.value.account, Thing::Letter(letter.value.id));
                let Some(mailer) = mailer.filter(|_| self.has_room(account, &thing)).cloned() else { return false };
                let (world, letter) = (world.clone(), letter.clone());
                self.start(account.clone(), thing, async move { courier::deliver(&world, &*mailer, &letter).await });
            }
            Due::Tick(tick) if self.has_room(&tick.value.account, &Thing::Turn) => {
                let (world, tick) = (world.clone(), tick.clone());
                let account = tick.value.account.clone();
                self.start(account, Thing::Turn, async move { watch::take_turn(&world, &tick).await });
            }
            Due::Tick(_) | Due::Journal(_) | Due::VendorFeed(_) => return false,
        }
        true
    }

    fn has_room(&self, account: &AccountId, thing: &Thing) -> bool {
        let is_free = |busy: &Vec<Thing>| busy.len() < LANES && !busy.contains(thing);
        self.tasks.len() < ALL_LANES && self.busy.get(account).is_none_or(is_free)
    }

    fn start(
        &mut self,
        account: AccountId,
        thing: Thing,
        work: impl Future<Output = Result<Option<Instant>, Outside>> + Send + 'static,
    ) {
        self.busy.entry(account.clone()).or_default().push(thing.clone());
        self.tasks.spawn(async move {
            if let Err(error) = work.await {
                tracing::warn!(%account, error = %error, "something due has to wait");
            }
            (account, thing)
        });
    }

    async fn one_done(&mut self) {
        if let Some(done) = self.tasks.join_next().await {
            self.release(done);
        }
    }

    fn collect(&mut self) {
        while let Some(done) = self.tasks.try_join_next() {
            self.release(done);
        }
    }

    async fn all_done(&mut self) {
        while let Some(done) = self.tasks.join_next().await {
            self.release(done);
        }
    }

    fn release(&mut self, done: Result<(AccountId, Thing), tokio::task::JoinError>) {
        match done {
            Ok((account, thing)) => {
                if let Some(busy) = self.busy.get_mut(&account) {
                    busy.retain(|other| *other != thing);
                    if busy.is_empty() {
                        self.busy.remove(&account);
                    }
                }
            }
            Err(error) => {
                // A panic: which account it was is lost with it; the leases in the store still hold, so starting with
                // empty lanes takes nothing twice.
                tracing::error!(error = %error, "a due thing panicked");
                self.busy.clear();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;
    use casebridge_app::ports::mail::{MailError, Post};
    use casebridge_app::ports::store::{LetterChange, Saved};
    use casebridge_app::ports::{Clock as _, Ids as _};
    use casebridge_domain::letter::{LetterKind, LetterState};
    use casebridge_domain::{EmailAddress, InstallationId, Language, Letter};
    use casebridge_host::{SystemClock, SystemIds};
    use casebridge_mail::Words;
    use casebridge_store::memory::MemoryEngine;
    use casebridge_store::{Engine, EngineError, Item, ItemStore, Key, Query, Rows, Write, Written};
    use casebridge_teamviewer::WebApi;
    use casebridge_vault::{KeyFileVault, KeyRing, MasterKey};
    use tokio::sync::watch;

    use super::*;
    use crate::wakes::WakingEngine;

    /// Finds nothing by any index: what is done was told.
    #[derive(Default)]
    struct Blind(MemoryEngine);

    #[async_trait]
    impl Engine for Blind {
        async fn read(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, EngineError> {
            self.0.read(keys).await
        }

        async fn query(&self, _: &Query) -> Result<Rows, EngineError> {
            Ok(Rows { items: Vec::new(), more: false })
        }

        async fn write(&self, writes: Vec<Write>) -> Result<Written, EngineError> {
            self.0.write(writes).await
        }
    }

    struct NoMail;

    #[async_trait]
    impl Mailer for NoMail {
        async fn send(&self, _: &Post) -> Result<(), MailError> {
            Ok(())
        }
    }

    fn world(wakes: &Arc<Wakes>) -> World {
        let ids = Arc::new(SystemIds);
        World {
            store: Arc::new(ItemStore::new(WakingEngine::new(Blind::default(), wakes.clone()), ids.clone())),
            teamviewer: Arc::new(WebApi::new(&casebridge_teamviewer::Options::default(), ids.clone()).unwrap()),
            vault: Arc::new(KeyFileVault::new(KeyRing::new(MasterKey::new([7; 32])), ids.clone())),
            renderer: Arc::new(Words),
            clock: Arc::new(SystemClock),
            installation: InstallationId::new(ids.time_ordered(SystemClock.now())),
            public_url: None,
            ids,
        }
    }

    #[tokio::test]
    async fn a_letter_is_taken_by_what_its_write_told_without_the_store_being_asked() {
        let wakes = Arc::new(Wakes::default());
        let world = world(&wakes);
        let now = world.now();
        // Of no account there is: it is taken, and given up.
        let letter = Letter {
            id: LetterId::new(world.ids.time_ordered(now)),
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
        let (stop, stopped) = watch::channel(false);
        let working = tokio::spawn(work(world.clone(), wakes, Some(Arc::new(NoMail)), stopped));
        let owed = LetterChange { letter: letter.clone(), due_at: Some(now), read_at: None };
        assert!(matches!(world.store.save_letter(&owed).await.unwrap(), Saved::Done(_)));
        let taken = async {
            loop {
                let there = world.store.letter(&letter.account, letter.id).await.unwrap().unwrap();
                if matches!(there.value.state, LetterState::Undelivered { .. }) {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), taken).await.unwrap();
        stop.send_replace(true);
        working.await.unwrap();
    }
}
