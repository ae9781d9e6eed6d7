//! The days that a report is about, as they are asked for.

use casebridge_domain::Malformed;
use casebridge_domain::report::Days;
use chrono::{Datelike, NaiveDate};

use crate::extract::{Faults, Query};

/// Years that can be asked for: no session ended before, and dates later than that sort oddly as text (our own choice).
const YEARS: std::ops::RangeInclusive<i32> = 1900..=9000;

/// Takes `from` and `to`. Both are needed.
pub(crate) fn days(query: &mut Query, faults: &mut Faults) -> Option<Days> {
    between(query.take("from"), query.take("to"), faults)
}

/// Takes `from` and `to`, or neither.
pub(crate) fn days_if_any(query: &mut Query, faults: &mut Faults) -> Option<Days> {
    match (query.take("from"), query.take("to")) {
        (None, None) => None,
        (from, to) => between(from, to, faults),
    }
}

fn between(from: Option<String>, to: Option<String>, faults: &mut Faults) -> Option<Days> {
    let mut bound = |field: &str, raw: Option<String>| {
        faults.take(field, raw.ok_or_else(|| Malformed::new("is missing")).and_then(|raw| day(&raw)))
    };
    let (from, to) = (bound("from", from), bound("to", to));
    faults.take("to", Days::new(from?, to?))
}

/// Reads `2026-11-22`, and no other way to write it.
pub(crate) fn day(raw: &str) -> Result<NaiveDate, Malformed> {
    let day = raw.parse::<NaiveDate>().ok();
    day.filter(|day| YEARS.contains(&day.year()) && day.to_string() == raw)
        .ok_or_else(|| Malformed::new("must be a date such as 2026-11-22"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_in_one_way() {
        assert_eq!(day("2024-02-29").unwrap().to_string(), "2024-02-29");
        for bad in
            ["2026-2-3", "+2026-02-03", "02026-02-03", " 2026-02-03", "2026-02-30", "1899-12-31", "20260203", "x"]
        {
            assert!(day(bad).is_err(), "{bad}");
        }
    }
}
