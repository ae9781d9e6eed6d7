//! Figures are put right: by one at a time, who says so in an item that every correction checks.

use casebridge_app::ports::store::{Correction, Revision, Saved, StoreError, Stored};
use casebridge_domain::journal::JournalEntry;
use casebridge_domain::report::Measure;
use casebridge_domain::{AccountId, Instant};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::adding::addition;
use super::code::Coded;
use crate::codec::{self, Kind};
use crate::engine::{Engine, Guard, Item, MOST_ADDED, Write, Written};
use crate::item_store::ItemStore;
use crate::keys;

/// Who rebuilds, for people who look into the table.
#[derive(Debug, Serialize, Deserialize)]
struct Rebuild {
    rebuilder: String,
}

/// The right to rebuild is kept for so long after it lapsed: whoever has it may go on until somebody else takes it.
const KEPT_AFTER: TimeDelta = TimeDelta::days(7);

/// A cell takes a counter for each measure, and a label.
const CELLS_AT_ONCE: usize = MOST_ADDED / (Measure::ALL.len() + 1);

impl<E: Engine> ItemStore<E> {
    pub(crate) async fn claim_rebuild(
        &self,
        account: &AccountId,
        rebuilder: &str,
        now: Instant,
        until: Instant,
    ) -> Stored<bool> {
        let item = rebuild(account, rebuilder, until, self.fresh_revision())?;
        let free = Guard::Free { now: now.timestamp_millis() };
        // A guard knows one condition: "nobody has it", then "I have it".
        for guard in [free, Guard::HeldBy(rebuilder.to_owned())] {
            if self.write(vec![Write::Put(Box::new(item.clone()), guard)]).await? == Written::Done {
                return Ok(true);
            }
        }
        Ok(false)
    }

    pub(crate) async fn end_rebuild(
        &self,
        account: &AccountId,
        rebuilder: &str,
        entry: Option<&JournalEntry>,
    ) -> Stored<()> {
        let mut writes = vec![Write::Delete(keys::rebuild(account), Guard::HeldBy(rebuilder.to_owned()))];
        writes.extend(self.leaving(account, entry, self.fresh_revision())?);
        self.settle_all(writes).await
    }

    /// A correction that is broken off leaves figures that are off by less: what is off is found out anew before anything
    /// else is added.
    pub(crate) async fn correct(&self, correction: &Correction<'_>) -> Stored<Saved> {
        let revision = self.fresh_revision();
        let cells: Vec<_> = correction.cells.iter().collect();
        for cells in cells.chunks(CELLS_AT_ONCE) {
            let coded = Coded::of(cells.iter().copied(), correction.period);
            if self.correct_some(correction, &coded, revision).await? == Saved::Lost {
                return Ok(Saved::Lost);
            }
        }
        Ok(Saved::Done(revision))
    }

    /// Figures are the sum of their items: what has no room in one of them is as good in another.
    async fn correct_some(&self, correction: &Correction<'_>, coded: &Coded, revision: Revision) -> Stored<Saved> {
        let Correction { account, period, scope, rebuilder, .. } = correction;
        for shard in keys::figures::SHARDS.into_iter().rev() {
            let key = keys::figures::figures(account, *period, scope, shard);
            let by_rebuilder = Guard::HeldBy((*rebuilder).to_owned());
            let writes =
                vec![Write::Check(keys::rebuild(account), by_rebuilder), addition(key, coded.clone(), revision)];
            match self.write_if_it_fits(writes).await? {
                Some(Written::Done) => return Ok(Saved::Done(revision)),
                Some(Written::Refused(_)) => return Ok(Saved::Lost),
                None => {}
            }
        }
        Err(StoreError::Full("figures have no room for what they are off by".into()))
    }
}

fn rebuild(account: &AccountId, rebuilder: &str, until: Instant, revision: Revision) -> Stored<Item> {
    let rebuild = Rebuild { rebuilder: rebuilder.to_owned() };
    Ok(Item {
        holder: Some(rebuilder.to_owned()),
        held_until: Some(until.timestamp_millis()),
        expires: Some((until + KEPT_AFTER).timestamp()),
        ..codec::item(Kind::Rebuild, keys::rebuild(account), revision, &rebuild)?
    })
}
