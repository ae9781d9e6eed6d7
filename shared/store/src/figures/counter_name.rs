//! What counters and labels are called.
//!
//! A counter is a measure and a cell: `C*` counts the closed sessions, `Dc/Hardware` the seconds of those in the category
//! Hardware, `Jc` the joined ones without a category, `Ed/05` the expired ones of the fifth. Names stand in an item a
//! thousand times, so they are short. A label gives a technician's name: `t/tess` is `1795350000000 Tess Ter`, with the
//! moment the session ended at which he was called so.

use casebridge_domain::people::PersonName;
use casebridge_domain::report::{Cell, Dimension, Measure, Month};
use casebridge_domain::{SessionRecord, TechnicianId};

/// Between a dimension and a value. Dimensions are one letter, so a value may hold it too.
const OF: char = '/';

const ALL: char = '*';

pub(super) fn counter(measure: Measure, cell: &Cell, month: Month) -> String {
    let measure = letter_of_measure(measure);
    match cell {
        Cell::All => format!("{measure}{ALL}"),
        Cell::Of(dimension, None) => format!("{measure}{}", letter(*dimension)),
        Cell::Of(dimension, Some(value)) => {
            let value = if *dimension == Dimension::Day { day_within(value, month) } else { value };
            format!("{measure}{}{OF}{value}", letter(*dimension))
        }
    }
}

pub(super) fn read_counter(name: &str, month: Month) -> Option<(Measure, Cell)> {
    let mut letters = name.chars();
    let measure = Measure::ALL.into_iter().find(|measure| letters.as_str().starts_with(letter_of_measure(*measure)))?;
    letters.next();
    let kind = letters.next()?;
    let value = letters.as_str();
    if kind == ALL {
        return value.is_empty().then_some((measure, Cell::All));
    }
    let dimension = Dimension::ALL.into_iter().find(|dimension| letter(*dimension) == kind)?;
    let value = match value.strip_prefix(OF) {
        None if value.is_empty() => None,
        None => return None,
        Some(day) if dimension == Dimension::Day && day.len() == DIGITS_OF_DAY => Some(format!("{month}-{day}")),
        Some(value) => Some(value.to_owned()),
    };
    Some((measure, Cell::Of(dimension, value)))
}

/// The label that keeps what the technician is called; `None` if there was none.
pub(super) fn label(record: &SessionRecord) -> Option<(String, String)> {
    let technician = record.technician.as_ref()?;
    let called = format!("{} {}", record.ended_at.timestamp_millis(), technician.name);
    Some((format!("{}{OF}{}", letter(Dimension::Technician), technician.id), called))
}

/// Who is called what, and since when that is known in milliseconds since 1970.
pub(super) fn read_label(name: &str, called: &str) -> Option<(TechnicianId, (i64, PersonName))> {
    let id = name.strip_prefix(letter(Dimension::Technician))?.strip_prefix(OF)?;
    let (at, called) = called.split_once(' ')?;
    Some((TechnicianId::parse(id).ok()?, (at.parse().ok()?, PersonName::parse(called).ok()?)))
}

const DIGITS_OF_DAY: usize = 2;

/// `05` of `2026-11-05`: the month stands in the item's key.
fn day_within(day: &str, month: Month) -> &str {
    let within = day.strip_prefix(&month.to_string()).and_then(|day| day.strip_prefix('-'));
    within.filter(|day| day.len() == DIGITS_OF_DAY).unwrap_or(day)
}

const fn letter_of_measure(measure: Measure) -> char {
    match measure {
        Measure::Closed => 'C',
        Measure::ClosedSeconds => 'D',
        Measure::Expired => 'E',
        Measure::Joined => 'J',
        Measure::WaitingSeconds => 'W',
        Measure::Excluded => 'X',
    }
}

const fn letter(dimension: Dimension) -> char {
    match dimension {
        Dimension::Category => 'c',
        Dimension::Type => 'y',
        Dimension::Priority => 'p',
        Dimension::Source => 's',
        Dimension::Technician => 't',
        Dimension::Day => 'd',
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use proptest::prelude::*;

    use super::*;

    fn month() -> Month {
        Month::of("2026-11-22".parse().unwrap())
    }

    fn cells() -> impl Strategy<Value = Cell> {
        let value = prop::option::of("\\PC{1,80}");
        let by_value = (0..Dimension::ALL.len() - 1, value);
        let day = (0..60_u64).prop_map(|days| NaiveDate::from_ymd_opt(2026, 10, 15).unwrap() + chrono::Days::new(days));
        prop_oneof![
            Just(Cell::All),
            by_value.prop_map(|(dimension, value)| Cell::Of(Dimension::ALL[dimension], value)),
            day.prop_map(|day| Cell::Of(Dimension::Day, Some(day.to_string()))),
        ]
    }

    proptest! {
        #[test]
        fn a_counter_is_what_it_was_called(cell in cells(), measure in 0..Measure::ALL.len()) {
            let measure = Measure::ALL[measure];
            let name = counter(measure, &cell, month());
            prop_assert_eq!(read_counter(&name, month()), Some((measure, cell)));
        }
    }

    #[test]
    fn names_are_short() {
        let called = |cell| counter(Measure::Closed, &cell, month());
        let of = |dimension, value: &str| Cell::Of(dimension, Some(value.to_owned()));
        assert_eq!(called(Cell::All), "C*");
        assert_eq!(called(of(Dimension::Category, "c/Hardware")), "Cc/c/Hardware");
        assert_eq!(called(Cell::Of(Dimension::Type, None)), "Cy");
        assert_eq!(called(of(Dimension::Day, "2026-11-05")), "Cd/05");
        assert_eq!(called(of(Dimension::Day, "2026-10-05")), "Cd/2026-10-05");
    }

    #[test]
    fn what_nobody_calls_a_counter_is_none() {
        for name in ["", "C", "*", "C*x", "Cz", "CcHardware", "c/Hardware", "Ü*"] {
            assert_eq!(read_counter(name, month()), None, "{name}");
        }
    }

    #[test]
    fn a_label_says_who_is_called_what_since_when() {
        let id = TechnicianId::parse("u/1 2").unwrap();
        let name = PersonName::parse("Tess Ter").unwrap();
        assert_eq!(read_label("t/u/1 2", "1795350000000 Tess Ter"), Some((id, (1_795_350_000_000, name))));
        for (label, called) in [("u/1", "1 Tess"), ("t/", "1 Tess"), ("t/1", "Tess Ter"), ("t/1", "1")] {
            assert_eq!(read_label(label, called), None, "{label} {called}");
        }
    }
}
