//! How figures are written down: as counters and labels of an item.
//!
//! A counter is a measure and a cell: `C*` counts the closed sessions, `Dc/Hardware` the seconds of those in the category
//! Hardware, `Jc` the joined ones without a category, `Ed/05` the expired ones of the fifth. A value stands in up to six
//! of them, so a long one is called by its hash there, and spelled out once: the label `~XoGEEnP4Vss` is `Printer on the
//! second floor`. So figures stay small enough to be read in few pages, whatever vendors call things.
//!
//! Another label gives a technician's name: `t/tess` is `1795350000000 Tess Ter`, with the moment the session ended at
//! which he was called so.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use casebridge_domain::people::PersonName;
use casebridge_domain::report::{Cell, Dimension, Measure, Month, Tally};
use casebridge_domain::{SessionRecord, TechnicianId};
use sha2::{Digest, Sha256};

use crate::engine::Counts;

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
    pub(super) fn of<'a>(cells: impl IntoIterator<Item = (&'a Cell, &'a Tally)>, month: Month) -> Self {
        let mut coded = Self::default();
        for (cell, tally) in cells.into_iter().filter(|(_, tally)| !tally.is_nothing()) {
            let place = coded.place(cell, month);
            let figures = Measure::ALL.into_iter().map(|measure| (measure, tally.get(measure)));
            let figures = figures.filter(|(_, figure)| *figure != 0);
            coded.counters.extend(figures.map(|(measure, figure)| (format!("{}{place}", letter_of(measure)), figure)));
        }
        coded
    }

    /// What the session's technician is called.
    pub(super) fn name_technician(&mut self, record: &SessionRecord) {
        let Some(technician) = &record.technician else { return };
        let name = format!("{}{OF}{}", letter(Dimension::Technician), self.called(technician.id.as_str()));
        let called = format!("{} {}", record.ended_at.timestamp_millis(), technician.name);
        self.labels.insert(name, called);
    }

    fn place(&mut self, cell: &Cell, month: Month) -> String {
        match cell {
            Cell::All => ALL.to_string(),
            Cell::Of(dimension, None) => letter(*dimension).to_string(),
            Cell::Of(Dimension::Day, Some(day)) => format!("{}{OF}{}", letter(Dimension::Day), day_within(day, month)),
            Cell::Of(dimension, Some(value)) => format!("{}{OF}{}", letter(*dimension), self.called(value)),
        }
    }

    /// What a value is called; a long one is spelled out beside.
    fn called<'a>(&mut self, value: &'a str) -> Cow<'a, str> {
        if value.len() <= SHORT && !value.starts_with(HASHED) {
            return Cow::Borrowed(value);
        }
        let hash = URL_SAFE_NO_PAD.encode(&Sha256::digest(value)[..HASH_BYTES]);
        let called = format!("{HASHED}{hash}");
        self.labels.insert(called.clone(), value.to_owned());
        Cow::Owned(called)
    }
}

/// What a label is for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Label {
    /// For reading counters.
    SpellsOut,
    /// It says what a technician is called.
    Names {
        technician: TechnicianId,
        /// When a session of his ended at which he was called so, in milliseconds since 1970.
        at: i64,
        name: PersonName,
    },
}

/// What an item's counters and labels say.
pub(super) struct Reader<'a> {
    spelled: HashMap<&'a str, &'a str>,
    month: Month,
}

impl<'a> Reader<'a> {
    pub(super) fn of(counts: &'a Counts<'_>, month: Month) -> Self {
        Self { spelled: counts.labels().filter(|(label, _)| label.starts_with(HASHED)).collect(), month }
    }

    /// What a counter counts.
    pub(super) fn counter(&self, name: &str) -> Option<(Measure, Cell)> {
        let measure = Measure::ALL.into_iter().find(|measure| name.starts_with(letter_of(*measure)))?;
        let place = name.strip_prefix(letter_of(measure))?;
        if place.strip_prefix(ALL) == Some("") {
            return Some((measure, Cell::All));
        }
        let dimension = Dimension::ALL.into_iter().find(|dimension| place.starts_with(letter(*dimension)))?;
        let value = match place.strip_prefix(letter(dimension))? {
            "" => None,
            value => Some(self.value(dimension, value.strip_prefix(OF)?)?),
        };
        Some((measure, Cell::Of(dimension, value)))
    }

    /// What a label says.
    pub(super) fn label(&self, label: &str, text: &str) -> Option<Label> {
        if label.starts_with(HASHED) {
            return Some(Label::SpellsOut);
        }
        let id = label.strip_prefix(letter(Dimension::Technician))?.strip_prefix(OF)?;
        let technician = TechnicianId::parse(self.spelled_out(id)?).ok()?;
        let (at, name) = text.split_once(' ')?;
        Some(Label::Names { technician, at: at.parse().ok()?, name: PersonName::parse(name).ok()? })
    }

    fn value(&self, dimension: Dimension, called: &str) -> Option<String> {
        if dimension == Dimension::Day && called.len() == DIGITS_OF_DAY {
            return Some(format!("{}-{called}", self.month));
        }
        self.spelled_out(called).map(str::to_owned)
    }

    fn spelled_out<'b>(&'b self, called: &'b str) -> Option<&'b str> {
        if called.starts_with(HASHED) { self.spelled.get(called).copied() } else { Some(called) }
    }
}

/// `05` of `2026-11-05`: the month stands in the item's key.
fn day_within(day: &str, month: Month) -> &str {
    let within = day.strip_prefix(&month.to_string()).and_then(|day| day.strip_prefix('-'));
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
    }
}

#[cfg(test)]
mod tests;
