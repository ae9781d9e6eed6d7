//! Where figures are.
//!
//! Days lie by day, so that all of a day is one stretch; months and years lie by scope, so that one scope's months, or
//! years, are one.

use casebridge_domain::report::{Month, Period, Scope, Year};
use casebridge_domain::{AccountId, SessionRecord};
use chrono::NaiveDate;

use crate::engine::Key;
use crate::stretch::{Stretch, after_all};

const DAYS: &str = "D#";
const MONTHS: &str = "M#";
const YEARS: &str = "Y#";

/// The items that the figures of one period and one scope are spread over.
///
/// By two, stops of one moment meet half as often: 64 at once all get through DynamoDB's conflicts within a second or so
/// (`Patience` of its engine). The third takes the sessions for whose values the others have no room. With three, the 30
/// single days that a report may need are 90 items: one read.
pub(crate) const SHARDS: [char; 3] = [OVERFLOW, '0', '1'];

const OVERFLOW: char = '+';

/// Where the session counts. It stays the same while the record does not turn coarse, so that what is taken off again is
/// taken off where it was added.
pub(crate) fn shard(record: &SessionRecord) -> char {
    match record.case.uuid().as_u128() % 2 {
        _ if record.coarse => OVERFLOW,
        0 => '0',
        _ => '1',
    }
}

pub(crate) fn figures(account: &AccountId, period: Period, scope: &str, shard: char) -> Key {
    let sort = match period {
        Period::Day(day) => format!("{DAYS}{day}#{scope}#{shard}"),
        Period::Month(month) => format!("{MONTHS}{scope}#{month}#{shard}"),
        Period::Year(year) => format!("{YEARS}{scope}#{year}#{shard}"),
    };
    Key { partition: partition(account), sort }
}

/// All items of one period and one scope.
pub(crate) fn all_of(account: &AccountId, period: Period, scope: &str) -> [Key; SHARDS.len()] {
    SHARDS.map(|shard| figures(account, period, scope, shard))
}

/// A scope's months, the last included.
pub(crate) fn months(account: &AccountId, scope: &Scope, first: Month, last: Month) -> Stretch {
    let prefix = format!("{MONTHS}{}#", scope.key());
    between(account, &format!("{prefix}{first}#"), &format!("{prefix}{last}#"))
}

/// A scope's years, the last included.
pub(crate) fn years(account: &AccountId, scope: &Scope, first: Year, last: Year) -> Stretch {
    let prefix = format!("{YEARS}{}#", scope.key());
    between(account, &format!("{prefix}{first}#"), &format!("{prefix}{last}#"))
}

fn between(account: &AccountId, first: &str, last: &str) -> Stretch {
    Stretch { partition: partition(account), from: Some(first.to_owned()), to: Some(after_all(last)) }
}

/// A day's figures, of all scopes.
pub(crate) fn day(account: &AccountId, day: NaiveDate) -> Stretch {
    Stretch::prefixed(partition(account), &format!("{DAYS}{day}#"))
}

/// Every day's figures.
pub(crate) fn every_day(account: &AccountId) -> Stretch {
    Stretch::prefixed(partition(account), DAYS)
}

/// Every month's figures.
pub(crate) fn every_month(account: &AccountId) -> Stretch {
    Stretch::prefixed(partition(account), MONTHS)
}

/// Every year's figures.
pub(crate) fn every_year(account: &AccountId) -> Stretch {
    Stretch::prefixed(partition(account), YEARS)
}

/// Of which period and scope (by its key) the figures at a place are.
pub(crate) fn place(sort: &str) -> Option<(Period, &str)> {
    let parts: Vec<&str> = sort.split('#').collect();
    match parts[..] {
        ["D", day, scope, _] => Some((Period::Day(day.parse().ok()?), scope)),
        ["M", scope, month, _] => Some((Period::Month(Month::parse(month)?), scope)),
        ["Y", scope, year, _] => Some((Period::Year(Year::parse(year)?), scope)),
        _ => None,
    }
}

fn partition(account: &AccountId) -> String {
    format!("A#{account}#F")
}

#[cfg(test)]
mod tests {
    use casebridge_domain::TechnicianId;

    use super::*;

    fn acme() -> AccountId {
        AccountId::parse("acme").unwrap()
    }

    fn date(raw: &str) -> NaiveDate {
        raw.parse().unwrap()
    }

    #[test]
    fn a_place_says_of_what_it_is() {
        let tess = Scope::Technician(Some(TechnicianId::parse("#~!").unwrap())).key();
        for period in Period::all_of(date("2026-11-22")) {
            for scope in ["all", "none", &tess] {
                for key in all_of(&acme(), period, scope) {
                    assert_eq!(place(&key.sort), Some((period, scope)));
                }
            }
        }
        assert_eq!(place("HEAD"), None);
    }

    #[test]
    fn a_scopes_months_are_one_stretch_without_anybody_elses() {
        let all = Scope::Everyone;
        let (first, last) = (Month::of(date("2025-12-01")), Month::of(date("2026-02-01")));
        let Stretch { from, to, .. } = months(&acme(), &all, first, last);
        let is_within = |month: Month, scope: &str| {
            all_of(&acme(), Period::Month(month), scope)
                .map(|key| from.as_ref() <= Some(&key.sort) && Some(&key.sort) < to.as_ref())
        };
        for month in [first, first.next(), last] {
            assert_eq!(is_within(month, "all"), [true; 3]);
            assert_eq!(is_within(month, "none"), [false; 3]);
        }
        assert_eq!(is_within(last.next(), "all"), [false; 3]);
        assert_eq!(is_within(Month::of(date("2025-11-30")), "all"), [false; 3]);
    }
}
