//! A range of days as whole years, whole months and the few days that differ.

use chrono::NaiveDate;

use super::{Month, Year};
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

    /// Of days of the calendar that are known to be in order.
    pub(super) const fn between(from: NaiveDate, to: NaiveDate) -> Self {
        Self { from, to }
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

/// A range of days, put together from the figures of whole years, whole months and single days: at most 22 of those months
/// and 30 of those days, however long the range is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cover {
    /// The first and the last of consecutive years that are taken whole.
    pub years: Option<(Year, Year)>,
    /// The first and the last of consecutive months that are taken whole: before the years, after them, or without any.
    pub months: Vec<(Month, Month)>,
    /// Days to add to them.
    pub plus: Vec<NaiveDate>,
    /// Days to take off them again.
    pub minus: Vec<NaiveDate>,
}

impl Cover {
    /// The months that any of the days is in, whole.
    pub fn of_months(days: &Days) -> Self {
        let last = days.to.pred_opt().unwrap_or(days.from);
        Self { months: vec![(Month::of(days.from), Month::of(last))], ..Self::default() }
    }

    /// A month at an edge is either taken whole less some days, or not and some of its days are added: whichever is fewer.
    pub fn of(days: &Days) -> Self {
        let mut cover = Self::default();
        let mut whole: Option<(Month, Month)> = None;
        let (mut month, last) = (Month::of(days.from), Month::of(days.to.pred_opt().unwrap_or(days.from)));
        while month <= last {
            let (inside, outside): (Vec<_>, Vec<_>) = month.days().iter().partition(|day| days.contains(*day));
            if inside.len() > outside.len() {
                whole = Some((whole.map_or(month, |(first, _)| first), month));
                cover.minus.extend(outside);
            } else {
                cover.plus.extend(inside);
            }
            month = month.next();
        }
        if let Some((first, last)) = whole {
            cover.take_whole(first, last);
        }
        cover
    }

    /// Consecutive months, by the year where they make one.
    fn take_whole(&mut self, first: Month, last: Month) {
        let first_year = if first.begins_a_year() { first.year() } else { first.year().next() };
        let last_year = if last.next().begins_a_year() { last.year() } else { last.year().before() };
        if first_year > last_year {
            self.months = vec![(first, last)];
            return;
        }
        self.years = Some((first_year, last_year));
        let [before, after] = [first_year.before().months(), last_year.next().months()];
        self.months.extend(before.last().filter(|until| first <= **until).map(|until| (first, *until)));
        self.months.extend(after.first().filter(|from| **from <= last).map(|from| (*from, last)));
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
        let years = cover.years.iter().flat_map(|(first, last)| {
            let years = std::iter::successors(Some(*first), |year| Some(year.next()));
            years.take_while(|year| year <= last).flat_map(Year::months)
        });
        let months = cover.months.iter().flat_map(|(first, last)| {
            let months = std::iter::successors(Some(*first), |month| Some(month.next()));
            months.take_while(|month| month <= last)
        });
        for day in years.chain(months).flat_map(|month| month.days().iter()) {
            assert!(all.insert(day), "{day} counts twice");
        }
        for day in &cover.minus {
            assert!(all.remove(day), "{day} is taken off though it was never there");
        }
        for day in &cover.plus {
            assert!(all.insert(*day), "{day} counts twice");
        }
        all
    }

    fn months_between(first: Month, last: Month) -> usize {
        std::iter::successors(Some(first), |month| Some(month.next())).take_while(|month| *month <= last).count()
    }

    #[test]
    fn a_calendar_year_is_taken_whole() {
        let cover = Cover::of(&Days::new(day("2026-01-01"), day("2027-01-01")).unwrap());
        let year = Year::of(day("2026-05-15"));
        assert_eq!(cover, Cover { years: Some((year, year)), ..Cover::default() });
    }

    #[test]
    fn months_before_and_after_whole_years_are_taken_whole() {
        let cover = Cover::of(&Days::new(day("2023-11-01"), day("2026-03-01")).unwrap());
        let [november, december, january, february] = ["2023-11", "2023-12", "2026-01", "2026-02"].map(Month::parse);
        assert_eq!(cover.years, Year::parse("2024").zip(Year::parse("2025")));
        assert_eq!(cover.months.len(), 2);
        assert_eq!(cover.months.first().copied(), november.zip(december));
        assert_eq!(cover.months.last().copied(), january.zip(february));
    }

    #[test]
    fn a_range_has_an_end_after_its_beginning_and_no_more_than_twenty_years() {
        assert!(Days::new(day("2026-01-01"), day("2026-01-01")).is_err());
        assert!(Days::new(day("2026-01-02"), day("2026-01-01")).is_err());
        assert!(Days::new(day("2006-01-01"), day("2026-01-01")).is_ok());
        assert!(Days::new(day("2006-01-01"), day("2026-01-02")).is_err());
    }

    proptest! {
        #[test]
        fn a_cover_is_exactly_the_range_and_needs_few_days(start in 0_u64..8000, length in 1_u64..3000) {
            let from = day("2015-01-01") + chrono::Days::new(start);
            let days = Days::new(from, from + chrono::Days::new(length)).unwrap();
            let cover = Cover::of(&days);
            prop_assert_eq!(covered(&cover), days.iter().collect::<BTreeSet<_>>());
            prop_assert!(cover.plus.len() + cover.minus.len() <= 30);
            let months: usize = cover.months.iter().map(|(first, last)| months_between(*first, *last)).sum();
            prop_assert!(months <= 22);
        }
    }
}
