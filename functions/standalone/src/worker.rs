//! What is due in the one process: letters and turns of the watch, each account in its own lane. Journals and feeds
//! that are due are only handed on, to those who number.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use casebridge_app::ports::Mailer;
use casebridge_app::ports::store::{Due, Tick, Versioned};
use casebridge_app::{Outside, World, courier, watch};
use casebridge_domain::{AccountId, Letter, LetterId};
use tokio::sync::watch::Receiver;
use tokio::task::JoinSet;

use crate::wakes::Wakes;

/// How often the store is asked; a letter leaves this much after it was written, at the latest.
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
pub(crate) async fn work(world: World, wakes: Arc<Wakes>, mailer: Option<Arc<dyn Mailer>>, mut stop: Receiver<bool>) {
    let mut lanes = Lanes::default();
    let mut batch = BATCH;
    while !*stop.borrow() {
        let started = match world.store.due(world.now(), batch).await {
            Ok(due) => {
                let letters_held = mailer.is_none() || held(&world).await;
                let full = due.len() >= batch;
                let mut started = 0;
                for due in due {
                    match due {
                        Due::Letter(_) if letters_held => {}
                        Due::Letter(letter) => started += usize::from(lanes.send(&world, mailer.as_ref(), letter)),
                        Due::Tick(tick) => started += usize::from(lanes.look(&world, tick)),
                        Due::Journal(_) | Due::VendorFeed(_) => wakes.wake(due.owner()),
                    }
                }
                batch = if full && started == 0 { (batch * 4).min(LARGEST_BATCH) } else { BATCH };
                started
            }
            Err(error) => {
                tracing::error!(error = %error, "what is due can't be read");
                0
            }
        };
        tokio::select! {
            () = lanes.one_done(), if started > 0 && !lanes.is_empty() => {}
            () = tokio::time::sleep(PAUSE) => lanes.collect(),
            _ = stop.changed() => {}
        }
    }
    lanes.all_done().await;
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

    /// Sends a letter, if its account has a lane free.
    fn send(&mut self, world: &World, mailer: Option<&Arc<dyn Mailer>>, letter: Versioned<Letter>) -> bool {
        let Some(mailer) = mailer.cloned() else { return false };
        let (world, account, thing) = (world.clone(), letter.value.account.clone(), Thing::Letter(letter.value.id));
        self.start(account, thing, async move { courier::deliver(&world, &*mailer, &letter).await })
    }

    /// Takes an account's turn, if it has a lane free.
    fn look(&mut self, world: &World, tick: Versioned<Tick>) -> bool {
        let (world, account) = (world.clone(), tick.value.account.clone());
        self.start(account, Thing::Turn, async move { watch::take_turn(&world, &tick).await })
    }

    fn start(
        &mut self,
        account: AccountId,
        thing: Thing,
        work: impl Future<Output = Result<(), Outside>> + Send + 'static,
    ) -> bool {
        let busy = self.busy.entry(account.clone()).or_default();
        if busy.contains(&thing) || busy.len() >= LANES || self.tasks.len() >= ALL_LANES {
            return false;
        }
        busy.push(thing.clone());
        self.tasks.spawn(async move {
            if let Err(error) = work.await {
                tracing::warn!(%account, error = %error, "something due has to wait");
            }
            (account, thing)
        });
        true
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
