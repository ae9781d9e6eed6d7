//! The order in which entries get their numbers.

use std::collections::HashMap;

use casebridge_domain::journal::JournalEntry;
use casebridge_domain::{CaseId, Instant};
use chrono::DateTime;

use crate::ports::store::Pending;

/// By time, and each case's own by their sequence, whatever the clocks of those who wrote them say.
pub(super) fn in_order(mut pending: Vec<Pending>) -> Vec<Pending> {
    pending.sort_by_key(|pending| sequence(&pending.entry));
    let mut latest: HashMap<CaseId, Instant> = HashMap::new();
    let mut timed: Vec<(Instant, Pending)> = pending
        .into_iter()
        .map(|pending| {
            let at = pending.entry.at().unwrap_or(DateTime::UNIX_EPOCH);
            let at = match case(&pending.entry) {
                None => at,
                Some(case) => *latest.entry(case).and_modify(|before| *before = at.max(*before)).or_insert(at),
            };
            (at, pending)
        })
        .collect();
    // Stable: what happened at the same time keeps the order of its sequence.
    timed.sort_by_key(|(at, _)| *at);
    timed.into_iter().map(|(_, pending)| pending).collect()
}

fn case(entry: &JournalEntry) -> Option<CaseId> {
    match entry {
        JournalEntry::Case { case, .. } => Some(case.id()),
        JournalEntry::Account { .. } => None,
    }
}

fn sequence(entry: &JournalEntry) -> u32 {
    match entry {
        JournalEntry::Case { events, .. } => events.first().map_or(0, |event| event.sequence),
        JournalEntry::Account { .. } => 0,
    }
}
