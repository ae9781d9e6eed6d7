//! The turns of the watch.

use casebridge_app::ports::store::{Revision, Saved, Stored, Tick, Versioned, WatchNotes};
use casebridge_domain::{AccountId, Instant};
use chrono::TimeDelta;

use crate::codec::{self, Kind};
use crate::due::is_due;
use crate::engine::{Engine, Guard, Item, Write, Written};
use crate::item_store::ItemStore;
use crate::keys;

/// An account is looked at for so long after a step that asked for it.
const WATCHED_ON: TimeDelta = TimeDelta::minutes(15);

pub(crate) fn put_tick(tick: &Tick, due_at: Instant, revision: Revision, guard: Guard) -> Stored<Write> {
    let item = Item {
        indexed: vec![keys::due::tick(&tick.account, due_at)],
        ..codec::item(Kind::Tick, keys::tick(&tick.account), revision, tick)?
    };
    Ok(Write::Put(Box::new(item), guard))
}

/// Makes the account due, whoever is looking at it: his turn is lost.
pub(crate) fn watch_at(account: &AccountId, due_at: Instant, revision: Revision) -> Stored<Write> {
    let tick = Tick { account: account.clone(), keep_until: due_at + WATCHED_ON };
    put_tick(&tick, due_at, revision, Guard::Any)
}

impl<E: Engine> ItemStore<E> {
    pub(crate) async fn watch_notes(&self, account: &AccountId) -> Stored<WatchNotes> {
        let item = self.read_one(keys::watch_notes(account)).await?;
        Ok(item.map(|item| codec::value(Kind::WatchNotes, &item)).transpose()?.unwrap_or_default())
    }

    pub(crate) async fn due_tick(&self, account: &AccountId, now: Instant) -> Stored<Option<Versioned<Tick>>> {
        let item = self.read_one(keys::tick(account)).await?.filter(|item| is_due(item, now));
        item.map(|item| codec::versioned(Kind::Tick, &item)).transpose()
    }

    pub(crate) async fn lease_tick(&self, tick: &Versioned<Tick>, until: Instant) -> Stored<Saved> {
        let revision = self.fresh_revision();
        let read_at = Guard::Revision(tick.revision.0);
        self.save(vec![put_tick(&tick.value, until, revision, read_at)?], revision).await
    }

    /// The notes are kept even if the turn was lost: then in a second write.
    pub(crate) async fn end_tick(
        &self,
        tick: &Versioned<Tick>,
        notes: &WatchNotes,
        next: Option<Instant>,
    ) -> Stored<Saved> {
        let revision = self.fresh_revision();
        let account = &tick.value.account;
        let keep = codec::item(Kind::WatchNotes, keys::watch_notes(account), revision, notes)?;
        let keep = Write::Put(Box::new(keep), Guard::Any);
        let at_turn = Guard::Revision(tick.revision.0);
        let ended = match next {
            Some(next) => put_tick(&tick.value, next, revision, at_turn)?,
            None => Write::Delete(keys::tick(account), at_turn),
        };
        match self.write(vec![ended, keep.clone()]).await? {
            Written::Done => Ok(Saved::Done(revision)),
            Written::Refused(_) => {
                self.settle(keep).await?;
                Ok(Saved::Lost)
            }
        }
    }
}
