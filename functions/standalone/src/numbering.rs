//! Numbering in the one process: each journal and each feed by itself, as soon as its owner is woken.
//!
//! It has lanes of its own: neither a slow mail server nor a slow TeamViewer holds a feed up, and deliveries that are held
//! hold no numbers.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use casebridge_app::{World, journal};
use casebridge_domain::key::Owner;
use tokio::sync::Semaphore;
use tokio::sync::watch::Receiver;
use tokio::task::{JoinError, JoinSet};

use crate::wakes::Wakes;

/// Numbered at the same time.
const AT_ONCE: usize = 16;

/// What was numbered is left alone for so long: where much happens, it gets its numbers together.
const BREATH: Duration = Duration::from_millis(50);

/// What could not be numbered is left alone for so long.
const REST: Duration = Duration::from_secs(5);

/// Numbers for whoever is woken until told to stop; then what was woken by that time, and no more.
pub async fn number(world: World, wakes: Arc<Wakes>, mut stop: Receiver<bool>) {
    let mut lanes = Lanes::of(world, stop.clone());
    while !*stop.borrow() {
        tokio::select! {
            woken = wakes.woken() => lanes.take(woken),
            () = lanes.one_done(), if !lanes.tasks.is_empty() => {}
            _ = stop.changed() => {}
        }
    }
    loop {
        lanes.take(wakes.take());
        if lanes.tasks.is_empty() {
            break;
        }
        lanes.one_done().await;
    }
}

/// What is in hand.
struct Lanes {
    world: World,
    stop: Receiver<bool>,
    places: Arc<Semaphore>,
    tasks: JoinSet<Owner>,
    busy: HashSet<Owner>,
    /// Woken again while in hand: what woke them may have come too late to be seen.
    again: HashSet<Owner>,
}

impl Lanes {
    fn of(world: World, stop: Receiver<bool>) -> Self {
        let places = Arc::new(Semaphore::new(AT_ONCE));
        Self { world, stop, places, tasks: JoinSet::new(), busy: HashSet::new(), again: HashSet::new() }
    }

    /// Takes those in hand who are not, each one once at a time.
    fn take(&mut self, woken: HashSet<Owner>) {
        for owner in woken {
            if self.busy.insert(owner.clone()) {
                let (world, places, stop) = (self.world.clone(), Arc::clone(&self.places), self.stop.clone());
                self.tasks.spawn(number_one(world, owner, places, stop));
            } else {
                self.again.insert(owner);
            }
        }
    }

    async fn one_done(&mut self) {
        if let Some(done) = self.tasks.join_next().await {
            self.release(done);
        }
    }

    fn release(&mut self, done: Result<Owner, JoinError>) {
        match done {
            Ok(owner) => {
                self.busy.remove(&owner);
                if self.again.remove(&owner) {
                    self.take(HashSet::from([owner]));
                }
            }
            Err(error) => {
                // A panic: whose it was is lost with it. Two at the same journal do no harm: the second one loses.
                tracing::error!(error = %error, "numbering panicked");
                self.busy.clear();
            }
        }
    }
}

async fn number_one(world: World, owner: Owner, places: Arc<Semaphore>, mut stop: Receiver<bool>) -> Owner {
    let place = places.acquire().await;
    let numbered = match &owner {
        Owner::Account(account) => journal::number_account(&world, account).await,
        Owner::Vendor(vendor) => journal::number_vendor(&world, vendor).await,
    };
    drop(place);
    let pause = match numbered {
        Ok(()) => BREATH,
        Err(error) => {
            tracing::warn!(?owner, error = &error as &(dyn std::error::Error + 'static), "numbering has to wait");
            // It stays due; looking at it at once would only fail again.
            REST
        }
    };
    let _ = tokio::time::timeout(pause, stop.wait_for(|stop| *stop)).await;
    owner
}
