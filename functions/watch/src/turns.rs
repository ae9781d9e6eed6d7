//! Turns that are due, and when the next ones are.

use std::collections::HashSet;

use casebridge_app::ports::store::{Due, StoreError, Tick, Versioned};
use casebridge_app::{Outside, World, watch};
use casebridge_domain::{AccountId, Instant};
use casebridge_host::function::{Answer, Queue, Record, Told, chain};
use casebridge_store::Chore;
use chrono::TimeDelta;
use futures::{StreamExt as _, stream};

/// Turns taken at the same time: a slow account holds up no other.
const AT_ONCE: usize = 8;

/// Looked at in one go when the schedule asks.
const LOOKED_AT: usize = 256;

/// So often at most; the schedule comes again.
const LOOKS: usize = 20;

/// Until a turn that failed is looked at again, if it is still due then: the table may be back by that time.
const AGAIN_AFTER: TimeDelta = TimeDelta::seconds(5);

/// No turn is begun so shortly before the end: TeamViewer may take its time.
const ENOUGH: TimeDelta = TimeDelta::seconds(30);

/// What it works with.
pub(crate) struct Watch {
    pub(crate) world: World,
    pub(crate) turns: Queue,
}

impl Watch {
    /// Takes the turns that the records tell of, where they are due. Names what is no turn, for it belongs where somebody
    /// looks at it.
    ///
    /// No turn is told again: one that fails here stays due in the table, and is asked for by another message. Where that one
    /// gets lost as well, the schedule finds it.
    pub(crate) async fn told(&self, records: &[Record]) -> Answer {
        let mut accounts = HashSet::new();
        let mut strange = Vec::new();
        for record in records {
            match record.told() {
                Told::Chore(Chore::Turn(account)) => drop(accounts.insert(account)),
                Told::Unreadable(_) => strange.push(record),
                other => {
                    tracing::error!(told = ?other, "a record tells of no turn");
                    strange.push(record);
                }
            }
        }
        stream::iter(accounts).for_each_concurrent(AT_ONCE, |account| self.take_told(account)).await;
        Answer::again(strange)
    }

    /// Takes every turn that is due, until shortly before `deadline`.
    pub(crate) async fn look(&self, deadline: Instant) -> Result<(), Outside> {
        let has_time = || self.world.now() + ENOUGH < deadline;
        for _ in 0..LOOKS {
            let due = self.world.store.due(self.world.now(), LOOKED_AT).await?;
            let is_last = due.len() < LOOKED_AT;
            let ticks: Vec<_> = due.into_iter().filter_map(tick).collect();
            if ticks.is_empty() {
                break;
            }
            tracing::info!(name: "found_late", found = ticks.len(), "the schedule found turns that no message brought");
            let take = async |tick| {
                if has_time() {
                    self.take(&tick).await;
                }
            };
            stream::iter(ticks).for_each_concurrent(AT_ONCE, take).await;
            if is_last || !has_time() {
                break;
            }
        }
        Ok(())
    }

    async fn take_told(&self, account: &AccountId) {
        match self.world.store.due_tick(account, self.world.now()).await {
            Ok(Some(tick)) => self.take(&tick).await,
            Ok(None) => {}
            Err(error @ StoreError::Unavailable(_)) => {
                tracing::warn!(%account, error = chain(&error), "a turn has to wait");
                self.again(account, self.world.now() + AGAIN_AFTER).await;
            }
            Err(error) => tracing::error!(%account, error = chain(&error), "a turn can't be read"),
        }
    }

    /// Takes the turn, and leaves the message for the next one, if there is one.
    async fn take(&self, tick: &Versioned<Tick>) {
        let account = &tick.value.account;
        match watch::take_turn(&self.world, tick).await {
            Ok(Some(next)) => self.again(account, next).await,
            Ok(None) => {}
            Err(error) => {
                tracing::warn!(%account, error = chain(&error), "a turn has to wait");
                self.again(account, self.world.now() + AGAIN_AFTER).await;
            }
        }
    }

    async fn again(&self, account: &AccountId, at: Instant) {
        self.turns.send_later(Chore::Turn(account.clone()), at, self.world.now()).await;
    }
}

fn tick(due: Due) -> Option<Versioned<Tick>> {
    match due {
        Due::Tick(tick) => Some(tick),
        Due::Letter(_) | Due::Journal(_) | Due::VendorFeed(_) => None,
    }
}
