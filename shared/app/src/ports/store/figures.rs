//! Session records and the figures that are kept of them.

use std::collections::BTreeMap;

use casebridge_domain::journal::JournalEntry;
use casebridge_domain::people::PersonName;
use casebridge_domain::report::{Cell, Period, Tally};
use casebridge_domain::{AccountId, SessionRecord, TechnicianId};

use super::{Revision, Versioned};

/// A record is changed, and the figures follow in the same transaction.
#[derive(Debug, Clone)]
pub struct RecordChange<'a> {
    /// As it was read.
    pub was: &'a Versioned<SessionRecord>,
    /// As it shall be: of the same case, ended at the same moment.
    pub record: &'a SessionRecord,
    /// What the journal says of it, if anything.
    pub entry: Option<JournalEntry>,
}

/// The figures of one scope, of one period or several.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    /// By cell; one that is not there says nothing.
    pub cells: BTreeMap<Cell, Tally>,
    /// Names that technicians had when a session of theirs ended last; none where only other dimensions were asked for.
    pub names: BTreeMap<TechnicianId, PersonName>,
}

impl Figures {
    /// Adds to a cell.
    pub fn add(&mut self, cell: Cell, tally: Tally) {
        *self.cells.entry(cell).or_default() += tally;
    }
}

/// The figures of one scope and one period, as they were read at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// What is kept.
    pub figures: Figures,
    /// Changes whenever they do: two equal ones say that nothing happened in between.
    pub mark: Vec<(String, Revision)>,
}

/// The figures of one day, by the scope's key ([`Scope::key`](casebridge_domain::report::Scope::key)).
pub type Sheet = BTreeMap<String, Kept>;

/// Figures are put right by what they are off.
#[derive(Debug, Clone)]
pub struct Correction<'a> {
    /// Whose.
    pub account: &'a AccountId,
    /// Of when.
    pub period: Period,
    /// The scope's key.
    pub scope: &'a str,
    /// What is to be added, cell by cell.
    pub cells: &'a BTreeMap<Cell, Tally>,
    /// Who rebuilds: another one who took over since refuses it.
    pub rebuilder: &'a str,
}
