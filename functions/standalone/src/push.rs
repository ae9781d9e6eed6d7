//! Pushing in the one process: each lane by itself, as soon as it is due.
//!
//! What this process writes tells of what there is to do ([`Wakes`]); what another process wrote, and what is due by the clock,
//! the store is asked for.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use casebridge_app::Outside;
use casebridge_app::ports::store::PushDue;
use casebridge_app::push::{Pushing, fan_out, take_turn};
use chrono::TimeDelta;
use tokio::sync::watch::Receiver;
use tokio::task::{JoinError, JoinSet};

use crate::wakes::Wakes;

/// How often the store is asked.
const PAUSE: Duration = Duration::from_millis(200);

/// What is looked at in one go.
const BATCH: usize = 1_024;

/// Things in hand altogether: lanes wait for the network and not for each other.
const AT_ONCE: usize = 1_024;

/// Whose endpoints were told is left alone for so long: where much happens, they are told together. Lanes in hand need not wait for
/// that, and others not longer than this.
const BREATH: Duration = Duration::from_millis(100);

/// What could not be done is left alone for so long.
const REST: Duration = Duration::from_secs(5);

/// A lane in hand is let go after so long at the latest: whether deliveries are held is asked before it is taken again.
const LONGEST_TURN: TimeDelta = TimeDelta::seconds(80);

/// Lanes in hand get this long to end when the process is to stop: an attempt takes fifteen seconds at most. What is cut off is
/// pushed once more.
const GRACE: Duration = Duration::from_secs(20);

/// Pushes until told to stop.
pub async fn push(pushing: Pushing, wakes: Arc<Wakes>, mut stop: Receiver<bool>) {
    let mut lanes =
        Lanes { pushing, stop: stop.clone(), tasks: JoinSet::new(), busy: HashSet::new(), again: HashSet::new() };
    let mut clock = tokio::time::interval(PAUSE);
    clock.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    while !*stop.borrow() {
        tokio::select! {
            woken = wakes.pushes() => lanes.take(woken),
            () = lanes.one_done(), if !lanes.tasks.is_empty() => {}
            _ = clock.tick() => lanes.look().await,
            _ = stop.changed() => {}
        }
    }
    let _cut_off = tokio::time::timeout(GRACE, lanes.all_done()).await;
}

/// What is in hand.
struct Lanes {
    pushing: Pushing,
    stop: Receiver<bool>,
    tasks: JoinSet<PushDue>,
    busy: HashSet<PushDue>,
    /// Woken again while in hand: what woke it may have come too late to be seen.
    again: HashSet<PushDue>,
}

impl Lanes {
    /// Takes what is due by the store.
    async fn look(&mut self) {
        let world = &self.pushing.world;
        match world.store.push_due(world.now(), BATCH).await {
            // What is in hand is seen to.
            Ok(due) => {
                let due: Vec<PushDue> = due.into_iter().filter(|due| !self.busy.contains(due)).collect();
                self.take(due);
            }
            Err(error) => tracing::error!(error = %error, "what is due to be pushed can't be read"),
        }
    }

    /// Takes in hand what is not. What finds no room is found by the store's index later.
    fn take(&mut self, due: impl IntoIterator<Item = PushDue>) {
        for due in due {
            if self.busy.contains(&due) {
                self.again.insert(due);
            } else if self.tasks.len() < AT_ONCE {
                self.busy.insert(due.clone());
                self.tasks.spawn(work(self.pushing.clone(), due, self.stop.clone()));
            }
        }
    }

    async fn one_done(&mut self) {
        if let Some(done) = self.tasks.join_next().await {
            self.release(done);
        }
    }

    async fn all_done(&mut self) {
        while self.tasks.join_next().await.is_some() {}
    }

    fn release(&mut self, done: Result<PushDue, JoinError>) {
        match done {
            Ok(due) => {
                self.busy.remove(&due);
                if self.again.remove(&due) {
                    self.take([due]);
                }
            }
            Err(error) => {
                // A panic: what it was is lost with it. The leases in the store still hold.
                tracing::error!(error = %error, "pushing panicked");
                self.busy.clear();
            }
        }
    }
}

async fn work(pushing: Pushing, due: PushDue, mut stop: Receiver<bool>) -> PushDue {
    let pause = match (carry_out(&pushing, &due).await, &due) {
        (Ok(()), PushDue::Outbox(_)) => Some(BREATH),
        (Ok(()), PushDue::Lane(..)) => None,
        (Err(error), _) => {
            tracing::warn!(?due, error = &error as &(dyn std::error::Error + 'static), "pushing has to wait");
            Some(REST)
        }
    };
    if let Some(pause) = pause {
        let _ = tokio::time::timeout(pause, stop.wait_for(|stop| *stop)).await;
    }
    due
}

async fn carry_out(pushing: &Pushing, due: &PushDue) -> Result<(), Outside> {
    match due {
        PushDue::Outbox(owner) => fan_out(&pushing.world, &pushing.feeds, owner).await.map(drop),
        PushDue::Lane(owner, id) => {
            let deadline = pushing.world.now() + LONGEST_TURN;
            take_turn(pushing, owner, *id, Some(deadline)).await.map(drop)
        }
    }
}
