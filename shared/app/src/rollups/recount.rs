//! A plain count of records, day by day.

use std::collections::{BTreeMap, BTreeSet};

use casebridge_domain::report::{Cell, Dimension, Scope, Tally};
use casebridge_domain::{Instant, SessionRecord};
use chrono::{NaiveDate, NaiveTime, TimeDelta};

use crate::ports::store::Figures;

/// Local days begin at most so far from UTC's: no time zone is further from it.
const FURTHEST_ZONE: TimeDelta = TimeDelta::hours(26);

/// The moments between which a session that counts on this day can have ended, in whatever time zone.
pub(super) fn moments(day: NaiveDate) -> (Instant, Instant) {
    let midnight = day.and_time(NaiveTime::MIN).and_utc();
    (midnight - FURTHEST_ZONE, midnight + TimeDelta::days(1) + FURTHEST_ZONE)
}

/// Figures of one period by scope's key and cell, without those that say nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Counted(BTreeMap<String, BTreeMap<Cell, Tally>>);

impl Counted {
    pub(super) fn of(scopes: BTreeMap<String, Figures>) -> Self {
        Self(scopes.into_iter().map(|(scope, figures)| (scope, figures.cells)).collect()).tidy()
    }

    /// A record, in a day's figures.
    pub(super) fn add(&mut self, record: &SessionRecord) {
        let tally = Tally::of(record);
        for scope in Scope::all_of(record) {
            for cell in Cell::all_of(record, &scope, false) {
                self.add_to(&scope.key(), cell, tally);
            }
        }
    }

    pub(super) fn add_all<'a>(&mut self, more: impl Iterator<Item = (&'a String, &'a BTreeMap<Cell, Tally>)>) {
        for (scope, cells) in more {
            for (cell, tally) in cells {
                self.add_to(scope, cell.clone(), *tally);
            }
        }
    }

    /// A day's figures, in a month's: which day it was is told apart there.
    pub(super) fn add_day(&mut self, day: NaiveDate, figures: Self) {
        for (scope, cells) in figures.0 {
            for (cell, tally) in cells {
                if cell == Cell::All {
                    self.add_to(&scope, Cell::Of(Dimension::Day, Some(day.to_string())), tally);
                }
                self.add_to(&scope, cell, tally);
            }
        }
    }

    /// What these have more than those.
    pub(super) fn less(mut self, those: &Self) -> BTreeMap<String, BTreeMap<Cell, Tally>> {
        for (scope, cells) in &those.0 {
            for (cell, tally) in cells {
                *self.0.entry(scope.clone()).or_default().entry(cell.clone()).or_default() -= *tally;
            }
        }
        self.tidy().0
    }

    fn add_to(&mut self, scope: &str, cell: Cell, tally: Tally) {
        if !self.0.contains_key(scope) {
            self.0.insert(scope.to_owned(), BTreeMap::new());
        }
        if let Some(cells) = self.0.get_mut(scope) {
            *cells.entry(cell).or_default() += tally;
        }
    }

    fn tidy(mut self) -> Self {
        for cells in self.0.values_mut() {
            cells.retain(|_, tally| !tally.is_nothing());
        }
        self.0.retain(|_, cells| !cells.is_empty());
        self
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

    /// Whether any record was counted on that day.
    pub(super) fn has_seen(&self, day: NaiveDate) -> bool {
        self.seen.contains(&day)
    }
}
