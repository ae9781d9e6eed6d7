//! A range of days as whole months and the few days that differ.

use std::fmt;

use chrono::{Datelike, NaiveDate};

use crate::Malformed;

/// Twenty years: the longest range a report is made of (our own choice).
const MOST_DAYS: i64 = 7_305;

/// Days in a row, in the account's time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    from: NaiveDate,
    to: NaiveDate,
}

impl Days {
    /// From one day (included) to another (excluded).
    pub fn new(from: NaiveDate, to: NaiveDate) -> Result<Self, Malformed> {
        if to <= from {
            return Err(Malformed::new("must be after from: it is the first day that does not count"));
        }
        if (to - from).num_days() > MOST_DAYS {
            return Err(Malformed::new("must be at most 20 years after from"));
        }
        Ok(Self { from, to })
    }

    /// The first day.
    pub const fn from(&self) -> NaiveDate {
        self.from
    }

    /// The day after the last.
    pub const fn to(&self) -> NaiveDate {
        self.to
    }

    /// Whether it is one of them.
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.from <= day && day < self.to
    }

    /// One after the other.
    pub fn iter(&self) -> impl Iterator<Item = NaiveDate> + use<> {
        let to = self.to;
        self.from.iter_days().take_while(move |day| *day < to)
    }
}

/// A calendar month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(NaiveDate);

impl Month {
    /// The month of a day.
    pub fn of(day: NaiveDate) -> Self {
        Self(day.with_day(1).unwrap_or(day))
    }

    /// Reads `2026-11`.
    pub fn parse(raw: &str) -> Option<Self> {
        NaiveDate::parse_from_str(&format!("{raw}-01"), "%Y-%m-%d").ok().map(Self)
    }

    /// The one after it.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.checked_add_months(chrono::Months::new(1)).unwrap_or(NaiveDate::MAX))
    }

    /// Its days.
    pub fn days(self) -> Days {
        Days { from: self.0, to: self.next().0 }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m"))
    }
}

/// A range of days, put together from the figures of whole months and of single days: at most 30 of those, however long
/// the range is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cover {
    /// The first and the last of consecutive months that are taken whole.
    pub months: Option<(Month, Month)>,
    /// Days to add to them.
    pub plus: Vec<NaiveDate>,
    /// Days to take off them again.
    pub minus: Vec<NaiveDate>,
}

impl Cover {
    /// The months that any of the days is in, whole.
    pub fn of_months(days: &Days) -> Self {
        let last = days.to.pred_opt().unwrap_or(days.from);
        Self { months: Some((Month::of(days.from), Month::of(last))), plus: Vec::new(), minus: Vec::new() }
    }

    /// A month at an edge is either taken whole less some days, or not and some of its days are added: whichever is fewer.
    pub fn of(days: &Days) -> Self {
        let mut cover = Self { months: None, plus: Vec::new(), minus: Vec::new() };
        let (mut month, last) = (Month::of(days.from), Month::of(days.to.pred_opt().unwrap_or(days.from)));
        while month <= last {
            let (inside, outside): (Vec<_>, Vec<_>) = month.days().iter().partition(|day| days.contains(*day));
            if inside.len() > outside.len() {
                cover.months = Some((cover.months.map_or(month, |(first, _)| first), month));
                cover.minus.extend(outside);
            } else {
                cover.plus.extend(inside);
            }
            month = month.next();
        }
        cover
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn day(raw: &str) -> NaiveDate {
        raw.parse().unwrap()
    }

    fn covered(cover: &Cover) -> BTreeSet<NaiveDate> {
        let mut all = BTreeSet::new();
        if let Some((first, last)) = cover.months {
            let mut month = first;
            while month <= last {
                all.extend(month.days().iter());
                month = month.next();
            }
        }
        for day in &cover.minus {
            assert!(all.remove(day), "{day} is taken off though it was never there");
        }
        for day in &cover.plus {
            assert!(all.insert(*day), "{day} counts twice");
        }
        all
    }

    #[test]
    fn a_calendar_year_is_twelve_months_and_no_day() {
        let cover = Cover::of(&Days::new(day("2026-01-01"), day("2027-01-01")).unwrap());
        assert_eq!(cover.months, Some((Month::of(day("2026-01-15")), Month::of(day("2026-12-31")))));
        assert!(cover.plus.is_empty() && cover.minus.is_empty());
    }

    #[test]
    fn a_range_has_an_end_after_its_beginning_and_no_more_than_twenty_years() {
        assert!(Days::new(day("2026-01-01"), day("2026-01-01")).is_err());
        assert!(Days::new(day("2026-01-02"), day("2026-01-01")).is_err());
        assert!(Days::new(day("2006-01-01"), day("2026-01-01")).is_ok());
        assert!(Days::new(day("2006-01-01"), day("2026-01-02")).is_err());
    }

    #[test]
    fn a_month_comes_back_from_its_text() {
        let month = Month::of(day("2024-02-29"));
        assert_eq!((month.to_string(), Month::parse("2024-02")), ("2024-02".to_owned(), Some(month)));
        assert_eq!(Month::parse("2024-13"), None);
    }

    proptest! {
        #[test]
        fn a_cover_is_exactly_the_range_and_needs_few_days(start in 0_u64..8000, length in 1_u64..1500) {
            let from = day("2015-01-01") + chrono::Days::new(start);
            let days = Days::new(from, from + chrono::Days::new(length)).unwrap();
            let cover = Cover::of(&days);
            prop_assert_eq!(covered(&cover), days.iter().collect::<BTreeSet<_>>());
            prop_assert!(cover.plus.len() + cover.minus.len() <= 30);
        }
    }
}
