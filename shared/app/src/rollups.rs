//! Figures held against the records, and put right, while everything goes on.
//!
//! A step changes a record and its figures in one transaction, so what figures are off by does not change while others
//! write: it may be found out now and added later. It is found out between two looks at the figures that show no change.

use std::collections::{BTreeMap, BTreeSet};

use casebridge_domain::journal::AccountMatter;
use casebridge_domain::report::{Cell, Month, Tally};
use casebridge_domain::{Instant, SessionRecord};
use chrono::{DateTime, NaiveDate, TimeDelta};
use futures::future::try_join_all;

use crate::ports::store::{Correction, Period, RecordChange, Saved};
use crate::settle::TRIES;
use crate::{Desk, Outside};

mod recount;

use recount::{Counted, Recount};

/// Somebody who rebuilds has the right to for so long without a sign of life.
const LEASE: TimeDelta = TimeDelta::minutes(10);

/// Records read at once.
const STRETCH: usize = 500;

/// Why figures could not be held against the records.
#[derive(Debug, thiserror::Error)]
pub enum RollupError {
    /// Sessions of that period kept ending while it was counted.
    #[error("the figures of {0} kept changing while they were counted")]
    Busy(String),
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
    let kept = desk.world.store.periods(desk.id()).await?;
    let mut days: BTreeSet<NaiveDate> = BTreeSet::new();
    let mut months: BTreeSet<Month> = BTreeSet::new();
    for period in kept {
        match period {
            Period::Day(day) => drop(days.insert(day)),
            Period::Month(month) => drop(months.insert(month)),
        }
    }
    let mut verified = Verified::default();
    let mut recount = Recount::default();
    let mut after = None;
    loop {
        let page = desk
            .world
            .store
            .records(desk.id(), DateTime::UNIX_EPOCH, desk.far_future(), after.as_deref(), STRETCH)
            .await?;
        for record in &page.items {
            verified.records += 1;
            for (day, counted) in recount.take(&record.value) {
                days.insert(day);
                desk.compare_day(day, &counted, &mut verified).await?;
            }
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    for (day, counted) in recount.rest() {
        days.insert(day);
        desk.compare_day(day, &counted, &mut verified).await?;
    }
    for day in days.iter().filter(|day| !recount.has_seen(**day)) {
        desk.compare_day(*day, &Counted::default(), &mut verified).await?;
    }
    months.extend(days.iter().map(|day| Month::of(*day)));
    for month in &months {
        desk.compare_month(*month, &mut verified).await?;
    }
    verified.periods = days.len() + months.len();
    Ok(verified)
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

    async fn compare_day(&self, day: NaiveDate, counted: &Counted, verified: &mut Verified) -> Result<(), RollupError> {
        let period = Period::Day(day);
        let kept = Counted::of(self.world.store.sheet(self.id(), period).await?.scopes);
        if kept == *counted {
            return Ok(());
        }
        // Something is off, or something happened between the two looks.
        for _ in 0..TRIES {
            let before = self.world.store.sheet(self.id(), period).await?;
            let counted = self.recount(day).await?;
            let after = self.world.store.sheet(self.id(), period).await?;
            if before.mark == after.mark {
                verified.note(period, counted.less(&Counted::of(before.scopes)));
                return Ok(());
            }
        }
        Err(RollupError::Busy(day.to_string()))
    }

    /// A month is what its days are, with what those are off by.
    async fn compare_month(&self, month: Month, verified: &mut Verified) -> Result<(), RollupError> {
        let period = Period::Month(month);
        for _ in 0..TRIES {
            let before = self.world.store.sheet(self.id(), period).await?;
            let mut counted = Counted::default();
            // All at once: the shorter it takes, the less happens meanwhile.
            let sheets = month.days().iter().map(|day| self.world.store.sheet(self.id(), Period::Day(day)));
            for (day, sheet) in month.days().iter().zip(try_join_all(sheets).await?) {
                let mut of_day = Counted::of(sheet.scopes);
                of_day.add_all(verified.of(Period::Day(day)));
                counted.add_day(day, of_day);
            }
            let after = self.world.store.sheet(self.id(), period).await?;
            if before.mark == after.mark {
                verified.note(period, counted.less(&Counted::of(before.scopes)));
                return Ok(());
            }
        }
        Err(RollupError::Busy(month.to_string()))
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

impl Verified {
    fn note(&mut self, period: Period, differences: BTreeMap<String, BTreeMap<Cell, Tally>>) {
        self.differences.extend(differences.into_iter().map(|(scope, cells)| ((period, scope), cells)));
    }

    fn of(&self, period: Period) -> impl Iterator<Item = (&String, &BTreeMap<Cell, Tally>)> {
        let of_period = self.differences.iter().filter(move |((of, _), _)| *of == period);
        of_period.map(|((_, scope), cells)| (scope, cells))
    }
}
