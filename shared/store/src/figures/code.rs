//! How figures are written down: as counters and labels of an item.
//!
//! A counter is a cell and a measure: `*C` counts the closed sessions, `cD/Hardware` the seconds of those in the category
//! Hardware, `cJ` the joined ones without a category, `dE/05` the expired ones of the fifth. So those of one dimension
//! stand side by side, and a report by category passes over all others. A value stands in up to six of them, so a long
//! one is called by its hash there, and spelled out once: the label `c~XoGEEnP4Vss` is `Printer on the second floor`. So
//! figures stay small enough to be read in few pages, whatever vendors call things.
//!
//! Another label gives a technician's name: `t/tess` is `1795350000000 Tess Ter`, with the moment the session ended at
//! which he was called so.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use casebridge_domain::people::PersonName;
use casebridge_domain::report::{Cell, Dimension, Measure, Month, Period, Tally};
use casebridge_domain::{SessionRecord, TechnicianId};
use foldhash::fast::RandomState;
use sha2::{Digest, Sha256};

const ALL: char = '*';

/// Between a dimension and a value. Dimensions are one letter, so a value may hold it too.
const OF: char = '/';

/// What a value is called begins so if it is its hash.
const HASHED: char = '~';

/// The longest value that is called as it is, in bytes: as long as a hash.
const SHORT: usize = 12;

/// Bytes of a hash: enough for many thousand values of one month.
const HASH_BYTES: usize = 8;

const DIGITS_OF_DAY: usize = 2;

/// Counters, with the labels that it takes to read them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Coded {
    pub(super) counters: Vec<(String, i64)>,
    pub(super) labels: BTreeMap<String, String>,
}

impl Coded {
    /// What is nought is not written.
    pub(super) fn of<'a>(cells: impl IntoIterator<Item = (&'a Cell, &'a Tally)>, period: Period) -> Self {
        let month = month_of(period);
        let mut coded = Self::default();
        for (cell, tally) in cells.into_iter().filter(|(_, tally)| !tally.is_nothing()) {
            let Place { letter, value } = coded.place(cell, month);
            let figures = Measure::ALL.into_iter().map(|measure| (letter_of(measure), tally.get(measure)));
            let figures = figures.filter(|(_, figure)| *figure != 0);
            coded.counters.extend(figures.map(|(measure, figure)| (format!("{letter}{measure}{value}"), figure)));
        }
        coded
    }

    /// What the session's technician is called.
    pub(super) fn name_technician(&mut self, record: &SessionRecord) {
        let Some(technician) = &record.technician else { return };
        let name = format!(
            "{}{OF}{}",
            letter(Dimension::Technician),
            self.called(Dimension::Technician, technician.id.as_str())
        );
        let called = format!("{} {}", record.ended_at.timestamp_millis(), technician.name);
        self.labels.insert(name, called);
    }

    fn place(&mut self, cell: &Cell, month: Option<Month>) -> Place<'static> {
        let (letter, value) = match cell {
            Cell::All => (ALL, String::new()),
            Cell::Of(dimension, None) => (letter(*dimension), String::new()),
            Cell::Of(Dimension::Day, Some(day)) => (letter(Dimension::Day), format!("{OF}{}", day_within(day, month))),
            Cell::Of(dimension, Some(value)) => (letter(*dimension), format!("{OF}{}", self.called(*dimension, value))),
        };
        Place { letter, value: Cow::Owned(value) }
    }

    /// What a value is called; a long one is spelled out beside.
    fn called<'a>(&mut self, of: Dimension, value: &'a str) -> Cow<'a, str> {
        if value.len() <= SHORT && !value.starts_with(HASHED) {
            return Cow::Borrowed(value);
        }
        let hash = URL_SAFE_NO_PAD.encode(&Sha256::digest(value)[..HASH_BYTES]);
        let called = format!("{HASHED}{hash}");
        self.labels.insert(format!("{}{called}", letter(of)), value.to_owned());
        Cow::Owned(called)
    }
}

/// What a technician is called.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) technician: TechnicianId,
    /// When a session of his ended at which he was called so, in milliseconds since 1970.
    pub(super) at: i64,
    pub(super) name: PersonName,
}

/// A cell as counters name it.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Place<'a> {
    /// All, or a dimension.
    letter: char,
    /// `/` and what the value is called; nothing for sessions without one.
    value: Cow<'a, str>,
}

impl Place<'_> {
    /// Whether it means another cell in another month's items.
    pub(super) fn is_day(&self) -> bool {
        self.letter == letter(Dimension::Day)
    }
}

/// What a counter counts.
pub(super) fn counter<'a>(name: &Cow<'a, str>) -> Option<(Place<'a>, Measure)> {
    let mut letters = name.chars();
    let (letter, measure) = (letters.next()?, letters.next()?);
    let measure = Measure::ALL.into_iter().find(|known| letter_of(*known) == measure)?;
    let value = without_letter(name).and_then(|rest| without_letter(&rest))?;
    Some((Place { letter, value }, measure))
}

fn without_letter<'a>(name: &Cow<'a, str>) -> Option<Cow<'a, str>> {
    Some(match name {
        Cow::Borrowed(name) => Cow::Borrowed(name.get(1..)?),
        Cow::Owned(name) => Cow::Owned(name.get(1..)?.to_owned()),
    })
}

/// How the names of counters and labels begin: all together and by one dimension, in the order in which they lie.
pub(super) fn letters(by: Dimension) -> [char; 2] {
    [ALL, letter(by)]
}

/// What places and labels mean, once all labels that spell something out are known.
#[derive(Default)]
pub(super) struct Spelling<'a>(HashMap<Cow<'a, str>, Cow<'a, str>, RandomState>);

impl<'a> Spelling<'a> {
    /// Learns a label; gives back one that spells nothing out.
    pub(super) fn learn(&mut self, label: Cow<'a, str>, text: Cow<'a, str>) -> Option<(Cow<'a, str>, Cow<'a, str>)> {
        match without_letter(&label) {
            Some(called) if called.starts_with(HASHED) => {
                self.0.insert(called, text);
                None
            }
            _ => Some((label, text)),
        }
    }

    /// Which cell a place means, in the items of a month if it is one's.
    pub(super) fn cell(&self, place: &Place<'_>, month: Option<Month>) -> Option<Cell> {
        if (place.letter, place.value.as_ref()) == (ALL, "") {
            return Some(Cell::All);
        }
        let dimension = Dimension::ALL.into_iter().find(|dimension| letter(*dimension) == place.letter)?;
        let value = match place.value.as_ref() {
            "" => None,
            value => Some(self.value(dimension, value.strip_prefix(OF)?, month)?),
        };
        Some(Cell::Of(dimension, value))
    }

    /// What a technician is called, by a label that spells nothing out.
    pub(super) fn name(&self, label: &str, text: &str) -> Option<Named> {
        let id = label.strip_prefix(letter(Dimension::Technician))?.strip_prefix(OF)?;
        let technician = TechnicianId::parse(self.spelled_out(id)?).ok()?;
        let (at, name) = text.split_once(' ')?;
        Some(Named { technician, at: at.parse().ok()?, name: PersonName::parse(name).ok()? })
    }

    fn value(&self, dimension: Dimension, called: &str, month: Option<Month>) -> Option<String> {
        if dimension == Dimension::Day && called.len() == DIGITS_OF_DAY {
            return Some(format!("{}-{called}", month?));
        }
        self.spelled_out(called).map(str::to_owned)
    }

    fn spelled_out<'b>(&'b self, called: &'b str) -> Option<&'b str> {
        if called.starts_with(HASHED) { self.0.get(called).map(AsRef::as_ref) } else { Some(called) }
    }
}

/// Days are told apart only in a month's items.
pub(super) const fn month_of(period: Period) -> Option<Month> {
    match period {
        Period::Month(month) => Some(month),
        Period::Day(_) | Period::Year(_) => None,
    }
}

/// `05` of `2026-11-05`: the month stands in the item's key.
fn day_within(day: &str, month: Option<Month>) -> &str {
    let within = month.and_then(|month| day.strip_prefix(&month.to_string())).and_then(|day| day.strip_prefix('-'));
    within.filter(|day| day.len() == DIGITS_OF_DAY).unwrap_or(day)
}

const fn letter_of(measure: Measure) -> char {
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
        Dimension::Platform => 'o',
        Dimension::Mode => 'm',
    }
}

#[cfg(test)]
mod tests;
