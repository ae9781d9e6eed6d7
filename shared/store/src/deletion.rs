//! What a deleted account leaves behind, removed a piece at a time.

use async_trait::async_trait;
use casebridge_app::ports::store::{Deletion, Saved, Stored, Tick, Versioned};
use casebridge_domain::technician_sign_in::TechnicianSignIn;
use casebridge_domain::{AccountId, Instant};
use futures::future::try_join_all;

use crate::codec::{self, Kind};
use crate::engine::{Engine, Guard, Order, Write};
use crate::item_store::ItemStore;
use crate::keys;
use crate::stretch::Stretch;
use crate::ticks::put_tick;

/// Writes of one step.
const AT_ONCE: usize = 100;

/// Steps that a turn makes in each partition, side by side: a hundred thousand devices are gone after a good dozen turns, and a
/// turn takes a second or two of the minute that it has.
const STEPS: usize = 10;

#[async_trait]
impl<E: Engine> Deletion for ItemStore<E> {
    async fn technician_sign_ins(&self, account: &AccountId) -> Stored<Vec<Versioned<TechnicianSignIn>>> {
        let items = self.all(None, keys::technician_sign_ins(account)).await?;
        items.iter().map(|item| codec::versioned(Kind::TechnicianSignIn, item)).collect()
    }

    async fn sweep(&self, account: &AccountId) -> Stored<bool> {
        if !self.is_deleted(account).await? {
            return Ok(false);
        }
        self.sweep_settings(account).await?;
        let left = keys::devices::all(account).into_iter().chain([keys::endpoints::all(account)]);
        let swept = left.map(|stretch| self.sweep_some(stretch));
        Ok(try_join_all(swept).await?.contains(&true))
    }

    async fn end_sweep(&self, tick: &Versioned<Tick>, next: Option<Instant>) -> Stored<Saved> {
        let (revision, at_turn) = (self.fresh_revision(), Guard::Revision(tick.revision.0));
        let ended = match next {
            Some(next) => put_tick(&tick.value, next, revision, at_turn)?,
            None => Write::Delete(keys::tick(&tick.value.account), at_turn),
        };
        self.save(vec![ended], revision).await
    }
}

impl<E: Engine> ItemStore<E> {
    /// Removes the next of a stretch, in order; whether there may be more.
    pub(crate) async fn sweep_some(&self, stretch: Stretch) -> Stored<bool> {
        for _ in 0..STEPS {
            let rows = self.rows(None, &stretch, Order::Ascending, AT_ONCE).await?;
            if !rows.items.is_empty() {
                let gone = rows.items.into_iter().map(|item| Write::Delete(item.key, Guard::Any));
                self.settle_all(gone.collect()).await?;
            }
            if !rows.more {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
