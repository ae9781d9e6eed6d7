//! A plain count of records, day by day.

use std::collections::{BTreeMap, BTreeSet};

use casebridge_domain::report::{Cell, Dimension, Period, Scope, Tally};
use casebridge_domain::{Instant, SessionRecord};
use chrono::{NaiveDate, NaiveTime, TimeDelta};

use crate::ports::store::{Figures, Sheet};

/// Local days begin at most so far from UTC's: no time zone is further from it.
const FURTHEST_ZONE: TimeDelta = TimeDelta::hours(26);

/// The moments between which a session that counts on this day can have ended, in whatever time zone.
pub(super) fn moments(day: NaiveDate) -> (Instant, Instant) {
    let midnight = day.and_time(NaiveTime::MIN).and_utc();
    (midnight - FURTHEST_ZONE, midnight + TimeDelta::days(1) + FURTHEST_ZONE)
}

/// The figures of one scope by cell, without those that say nothing once they are tidy.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Cells(BTreeMap<Cell, Tally>);

impl Cells {
    pub(super) fn of(figures: Figures) -> Self {
        Self(figures.cells).tidy()
    }

    pub(super) fn add<'a>(&mut self, more: impl IntoIterator<Item = (&'a Cell, &'a Tally)>) {
        for (cell, tally) in more {
            *self.0.entry(cell.clone()).or_default() += *tally;
        }
    }

    /// The figures of a part, among those of the period that it is a part of. A month tells its days apart; a year
    /// does not.
    pub(super) fn add_part(&mut self, part: Period, cells: Self) {
        for (cell, tally) in cells.0 {
            match (&cell, part) {
                (Cell::All, Period::Day(day)) => {
                    *self.0.entry(Cell::Of(Dimension::Day, Some(day.to_string()))).or_default() += tally;
                }
                (Cell::Of(Dimension::Day, _), _) => continue,
                _ => {}
            }
            *self.0.entry(cell).or_default() += tally;
        }
    }

    /// What these have more than those.
    pub(super) fn less(mut self, those: &Self) -> BTreeMap<Cell, Tally> {
        for (cell, tally) in &those.0 {
            *self.0.entry(cell.clone()).or_default() -= *tally;
        }
        self.tidy().0
    }

    fn tidy(mut self) -> Self {
        self.0.retain(|_, tally| !tally.is_nothing());
        self
    }
}

/// The figures of one day by scope's key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Counted(BTreeMap<String, Cells>);

impl Counted {
    pub(super) fn of(sheet: Sheet) -> Self {
        let scopes = sheet.into_iter().map(|(scope, kept)| (scope, Cells::of(kept.figures)));
        Self(scopes.filter(|(_, cells)| !cells.0.is_empty()).collect())
    }

    pub(super) fn add(&mut self, record: &SessionRecord) {
        let tally = Tally::of(record);
        for scope in Scope::all_of(record) {
            let cells = self.0.entry(scope.key()).or_default();
            for cell in Cell::all_of(record, &scope, false) {
                *cells.0.entry(cell).or_default() += tally;
            }
        }
    }

    pub(super) fn scopes(&self) -> impl Iterator<Item = &String> {
        self.0.keys()
    }

    /// What these have more than those.
    pub(super) fn less(mut self, those: &Self) -> impl Iterator<Item = (String, BTreeMap<Cell, Tally>)> {
        for scope in those.0.keys() {
            self.0.entry(scope.clone()).or_default();
        }
        let nothing = Cells::default();
        let less = self.0.into_iter().map(|(scope, cells)| {
            let less = cells.less(those.0.get(&scope).unwrap_or(&nothing));
            (scope, less)
        });
        less.filter(|(_, cells)| !cells.is_empty()).collect::<Vec<_>>().into_iter()
    }
}

/// Counts records that come in the order in which they ended, and gives each day once no more of it can come.
#[derive(Debug, Default)]
pub(super) struct Recount {
    open: BTreeMap<NaiveDate, Counted>,
    seen: BTreeSet<NaiveDate>,
}

impl Recount {
    /// Counts a record. Gives the days that are over.
    pub(super) fn take(&mut self, record: &SessionRecord) -> Vec<(NaiveDate, Counted)> {
        self.open.entry(record.day).or_default().add(record);
        self.seen.insert(record.day);
        let over: Vec<NaiveDate> = self.open.keys().copied().filter(|day| moments(*day).1 <= record.ended_at).collect();
        over.into_iter().filter_map(|day| self.open.remove_entry(&day)).collect()
    }

    /// Gives the days that are left.
    pub(super) fn rest(&mut self) -> Vec<(NaiveDate, Counted)> {
        std::mem::take(&mut self.open).into_iter().collect()
    }

    /// The days on which any record was counted.
    pub(super) fn seen(self) -> BTreeSet<NaiveDate> {
        self.seen
    }

    /// Whether any record was counted on that day.
    pub(super) fn has_seen(&self, day: NaiveDate) -> bool {
        self.seen.contains(&day)
    }
}
