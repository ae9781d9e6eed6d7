//! Figures held against the records, and put right, while everything goes on.
//!
//! A step changes a record and its figures in one transaction, so what figures are off by does not change while others
//! write: it may be found out now and added later. It is found out between two looks at the figures that show no change.

use std::collections::{BTreeMap, BTreeSet};

use casebridge_domain::journal::AccountMatter;
use casebridge_domain::report::{Cell, Period, Tally};
use casebridge_domain::{Instant, SessionRecord};
use chrono::{DateTime, NaiveDate, TimeDelta};
use futures::{StreamExt as _, TryStreamExt as _, stream};

use crate::ports::store::{Correction, RecordChange, Saved};
use crate::settle::TRIES;
use crate::{Desk, Outside};

mod recount;

use recount::{Cells, Counted, Recount};

/// Somebody who rebuilds has the right to for so long without a sign of life.
const LEASE: TimeDelta = TimeDelta::minutes(10);

/// Records read at once.
const STRETCH: usize = 500;

/// Months, or years, compared at once.
const AT_ONCE: usize = 8;

/// Why figures could not be held against the records.
#[derive(Debug, thiserror::Error)]
pub enum RollupError {
    /// Sessions of that period kept ending while it was counted.
    #[error("the figures of {0} kept changing while they were counted")]
    Busy(Period),
    /// Somebody else is rebuilding.
    #[error("somebody else is rebuilding the figures")]
    BeingRebuilt,
    /// Something else failed.
    #[error(transparent)]
    Outside(#[from] Outside),
}

impl From<crate::ports::store::StoreError> for RollupError {
    fn from(error: crate::ports::store::StoreError) -> Self {
        Self::Outside(error.into())
    }
}

/// By period and scope's key, what the records have more than the figures.
pub type Differences = BTreeMap<(Period, String), BTreeMap<Cell, Tally>>;

/// One of them, or nothing.
type Compared = ((Period, String), BTreeMap<Cell, Tally>);

/// Months and years, and the keys of scopes, that are to be compared.
type Wholes = BTreeSet<(Period, String)>;

/// What was held against what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verified {
    /// Records that were counted.
    pub records: u64,
    /// Periods that were looked at.
    pub periods: usize,
    /// Nothing, if all is well.
    pub differences: Differences,
}

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// Records that count on another day or in another time zone now.
    pub moved: u64,
    /// What was found, and put right.
    pub verified: Verified,
}

/// Counts all records of the account and compares.
pub async fn verify(desk: &Desk) -> Result<Verified, RollupError> {
    let mut verified = Verified::default();
    let mut wholes: BTreeSet<_> = desk.world.store.counted_wholes(desk.id()).await?.into_iter().collect();
    let days = desk.compare_days(&mut wholes, &mut verified).await?;
    // Months before years, which are held against them.
    let is_year = |(period, _): &(Period, String)| matches!(period, Period::Year(_));
    let (years, months): (Vec<_>, Vec<_>) = wholes.into_iter().partition(is_year);
    verified.periods = days + distinct(&months) + distinct(&years);
    for wholes in [months, years] {
        let compared = wholes.into_iter().map(|whole| desk.compare_whole(whole, &verified));
        let compared: Vec<_> = stream::iter(compared).buffer_unordered(AT_ONCE).try_collect().await?;
        verified.differences.extend(compared.into_iter().filter(|(_, cells)| !cells.is_empty()));
    }
    Ok(verified)
}

fn distinct(wholes: &[(Period, String)]) -> usize {
    wholes.chunk_by(|(one, _), (other, _)| one == other).count()
}

/// Counts every session on its day in the account's time zone as it is set now, and puts right whatever is off.
pub async fn rebuild(desk: &Desk) -> Result<Rebuilt, RollupError> {
    let rebuilder = desk.world.ids.time_ordered(desk.now()).to_string();
    let store = &desk.world.store;
    let now = desk.now();
    if !store.claim_rebuild(desk.id(), &rebuilder, now, now + LEASE).await? {
        return Err(RollupError::BeingRebuilt);
    }
    let rebuilt = desk.rebuild(&rebuilder).await;
    let changed = rebuilt.as_ref().is_ok_and(|done| done.moved > 0 || !done.verified.differences.is_empty());
    let entry = changed.then(|| desk.entry(AccountMatter::FiguresRebuilt));
    store.end_rebuild(desk.id(), &rebuilder, entry.as_ref()).await?;
    rebuilt
}

impl Desk {
    async fn rebuild(&self, rebuilder: &str) -> Result<Rebuilt, RollupError> {
        let moved = self.move_to_their_days().await?;
        let verified = verify(self).await?;
        let store = &self.world.store;
        // The right is not taken again: whoever took it since may have put right what is about to be added. One that has
        // lapsed still holds until somebody does.
        for ((period, scope), cells) in &verified.differences {
            let correction = Correction { account: self.id(), period: *period, scope, cells, rebuilder };
            if store.correct(&correction).await? == Saved::Lost {
                return Err(RollupError::BeingRebuilt);
            }
        }
        Ok(Rebuilt { moved, verified })
    }

    /// Records that were counted in another time zone.
    async fn move_to_their_days(&self) -> Result<u64, RollupError> {
        let (store, zone) = (&self.world.store, self.account().time_zone);
        let (mut moved, mut after) = (0, None);
        loop {
            let page =
                store.records(self.id(), DateTime::UNIX_EPOCH, self.far_future(), after.as_deref(), STRETCH).await?;
            for mut was in page.items {
                for _ in 0..TRIES {
                    if was.value.time_zone == zone {
                        break;
                    }
                    let record = was.value.clone().in_zone(zone);
                    match store.change_record(&RecordChange { was: &was, record: &record, entry: None }).await? {
                        Saved::Done(_) => {
                            moved += 1;
                            break;
                        }
                        Saved::Lost => match store.record(self.id(), record.case).await? {
                            Some(now) => was = now,
                            None => break,
                        },
                    }
                }
            }
            after = page.next;
            if after.is_none() {
                return Ok(moved);
            }
        }
    }

    /// Nothing has ended later than a case that begins now can.
    fn far_future(&self) -> Instant {
        self.now() + TimeDelta::days(2)
    }

    /// Every day that has figures or records, of which it gives the number. The months and years of whatever was found are
    /// to be compared too.
    async fn compare_days(&self, wholes: &mut Wholes, verified: &mut Verified) -> Result<usize, RollupError> {
        let store = &self.world.store;
        let mut days: BTreeSet<NaiveDate> = store.counted_days(self.id()).await?.into_iter().collect();
        let mut recount = Recount::default();
        let mut after = None;
        loop {
            let (from, to) = (DateTime::UNIX_EPOCH, self.far_future());
            let page = store.records(self.id(), from, to, after.as_deref(), STRETCH).await?;
            for record in &page.items {
                verified.records += 1;
                for (day, counted) in recount.take(&record.value) {
                    self.compare_day(day, counted, wholes, verified).await?;
                }
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        for (day, counted) in recount.rest() {
            self.compare_day(day, counted, wholes, verified).await?;
        }
        for day in days.iter().filter(|day| !recount.has_seen(**day)) {
            self.compare_day(*day, Counted::default(), wholes, verified).await?;
        }
        days.extend(recount.seen());
        Ok(days.len())
    }

    async fn compare_day(
        &self,
        day: NaiveDate,
        counted: Counted,
        wholes: &mut Wholes,
        verified: &mut Verified,
    ) -> Result<(), RollupError> {
        let (kept, counted) = self.both(day, counted).await?;
        let [period, month, year] = Period::all_of(day);
        for scope in counted.scopes().chain(kept.scopes()) {
            wholes.extend([month, year].map(|whole| (whole, scope.clone())));
        }
        verified.differences.extend(counted.less(&kept).map(|(scope, cells)| ((period, scope), cells)));
        Ok(())
    }

    /// A day as its figures and as its records say, of one moment.
    async fn both(&self, day: NaiveDate, counted: Counted) -> Result<(Counted, Counted), RollupError> {
        let store = &self.world.store;
        let kept = Counted::of(store.sheet(self.id(), day).await?);
        if kept == counted {
            return Ok((kept, counted));
        }
        // Something is off, or something happened between the two looks.
        for _ in 0..TRIES {
            let before = store.sheet(self.id(), day).await?;
            let counted = self.recount(day).await?;
            if before == store.sheet(self.id(), day).await? {
                return Ok((Counted::of(before), counted));
            }
        }
        Err(RollupError::Busy(Period::Day(day)))
    }

    /// A month is what its days are, with what those are off by, and a year what its months are.
    async fn compare_whole(&self, whole: (Period, String), verified: &Verified) -> Result<Compared, RollupError> {
        let (period, scope) = &whole;
        let parts = period.parts();
        for _ in 0..TRIES {
            let before = self.world.store.kept(self.id(), scope, &[*period]).await?;
            let of_parts = self.world.store.kept(self.id(), scope, &parts).await?;
            if before != self.world.store.kept(self.id(), scope, &[*period]).await? {
                continue;
            }
            let mut counted = Cells::default();
            for (part, kept) in parts.iter().zip(of_parts) {
                let mut cells = Cells::of(kept.figures);
                cells.add(verified.differences.get(&(*part, scope.clone())).into_iter().flatten());
                counted.add_part(*part, cells);
            }
            let kept = before.into_iter().next().unwrap_or_default();
            let less = counted.less(&Cells::of(kept.figures));
            return Ok((whole, less));
        }
        Err(RollupError::Busy(*period))
    }

    async fn recount(&self, day: NaiveDate) -> Result<Counted, RollupError> {
        let (from, to) = recount::moments(day);
        let mut counted = Counted::default();
        let mut after = None;
        loop {
            let page = self.world.store.records(self.id(), from, to, after.as_deref(), STRETCH).await?;
            page.items
                .iter()
                .map(|record| &record.value)
                .filter(|record: &&SessionRecord| record.day == day)
                .for_each(|record| counted.add(record));
            after = page.next;
            if after.is_none() {
                return Ok(counted);
            }
        }
    }
}
