//! What figures are kept of: days, months and years of the calendar.

use std::fmt;

use chrono::{Datelike, NaiveDate};

use super::Days;

/// A calendar year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Year(i32);

impl Year {
    /// The year of a day.
    pub fn of(day: NaiveDate) -> Self {
        Self(day.year())
    }

    /// Reads `2026`.
    pub fn parse(raw: &str) -> Option<Self> {
        raw.parse().ok().map(Self).filter(|year| year.to_string() == raw)
    }

    /// The one after it.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The one before it.
    #[must_use]
    pub const fn before(self) -> Self {
        Self(self.0.saturating_sub(1))
    }

    /// Its months.
    pub fn months(self) -> Vec<Month> {
        (1..=12).filter_map(|month| NaiveDate::from_ymd_opt(self.0, month, 1).map(Month)).collect()
    }
}

impl fmt::Display for Year {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.0)
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
        Days::between(self.0, self.next().0)
    }

    /// The year that it is in.
    pub fn year(self) -> Year {
        Year::of(self.0)
    }

    /// Whether it is a January.
    pub fn begins_a_year(self) -> bool {
        self.0.month() == 1
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m"))
    }
}

/// What a figure is kept of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// One day, in the account's time zone as it was.
    Day(NaiveDate),
    /// A calendar month.
    Month(Month),
    /// A calendar year.
    Year(Year),
}

impl Period {
    /// The periods that a day's sessions count in.
    pub fn all_of(day: NaiveDate) -> [Self; 3] {
        [Self::Day(day), Self::Month(Month::of(day)), Self::Year(Year::of(day))]
    }

    /// The next smaller periods that it consists of: a day of none.
    pub fn parts(self) -> Vec<Self> {
        match self {
            Self::Day(_) => Vec::new(),
            Self::Month(month) => month.days().iter().map(Self::Day).collect(),
            Self::Year(year) => year.months().into_iter().map(Self::Month).collect(),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => day.fmt(f),
            Self::Month(month) => month.fmt(f),
            Self::Year(year) => year.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(raw: &str) -> NaiveDate {
        raw.parse().unwrap()
    }

    #[test]
    fn months_and_years_come_back_from_their_texts() {
        let month = Month::of(day("2024-02-29"));
        assert_eq!((month.to_string(), Month::parse("2024-02")), ("2024-02".to_owned(), Some(month)));
        assert_eq!(Month::parse("2024-13"), None);
        let year = Year::of(day("2024-02-29"));
        assert_eq!((year.to_string(), Year::parse("2024")), ("2024".to_owned(), Some(year)));
        assert_eq!([Year::parse("24"), Year::parse("+2024"), Year::parse("2024-01")], [None; 3]);
    }

    #[test]
    fn a_period_consists_of_its_parts() {
        for of in Period::all_of(day("2024-02-29")) {
            let days = |period: Period| period.parts().into_iter().filter(|part| part.parts().is_empty()).count();
            let (parts, days) = (of.parts(), days(of) + of.parts().into_iter().map(days).sum::<usize>());
            match of {
                Period::Day(_) => assert_eq!((parts.len(), days), (0, 0)),
                Period::Month(_) => assert_eq!((parts.len(), days), (29, 29)),
                Period::Year(_) => assert_eq!((parts.len(), days), (12, 366)),
            }
        }
    }

    #[test]
    fn a_year_is_followed_by_the_next_and_its_months_by_the_next_month() {
        let year = Year::of(day("2024-02-29"));
        assert_eq!((year.next().before(), year.next().to_string()), (year, "2025".to_owned()));
        let months = year.months();
        assert!(months[0].begins_a_year() && !months[1].begins_a_year());
        assert_eq!(months.windows(2).filter(|pair| pair[0].next() == pair[1]).count(), 11);
        assert!(months.iter().all(|month| month.year() == year));
        assert_eq!(months[11].next(), year.next().months()[0]);
    }
}
