//! Whoever applies the events of a feed knows what there is.

use std::collections::HashMap;

use casebridge_domain::journal::{AccountMatter, Event, What};
use casebridge_domain::service_case::{CaseEvent, Note, State};
use casebridge_domain::{CaseId, ServiceCase, SessionRecord};
use serde_json::Value;

use super::{Broken, promise};

/// What somebody knows who heard only the feed.
#[derive(Default)]
struct Known<'a> {
    cases: HashMap<CaseId, (&'a ServiceCase, Vec<&'a CaseEvent>)>,
    records: HashMap<CaseId, (Option<Note>, bool)>,
}

impl<'a> Known<'a> {
    fn hear(&mut self, event: &'a Event) {
        match &event.what {
            What::Case { case, event } => {
                let (newest, events) = self.cases.entry(case.id()).or_insert((case, Vec::new()));
                *newest = case;
                events.push(event);
            }
            What::Account(AccountMatter::RecordChanged { case, note, excluded }) => {
                self.records.insert(*case, (note.clone(), *excluded));
            }
            What::Account(_) => {}
        }
    }
}

/// Holds what the feed told against the account's cases and records.
pub(crate) fn the_feed_tells_everything(
    events: &[Event],
    cases: &[ServiceCase],
    records: &[SessionRecord],
) -> Result<(), Broken> {
    let mut known = Known::default();
    for event in events {
        known.hear(event);
    }
    for case in cases {
        let heard = known.cases.remove(&case.id());
        match (&heard, case.state()) {
            (None, State::Opening(_)) => {}
            (None, _) => return Err(Broken::new(format!("nothing was heard of {case:?}"))),
            (Some((_, events)), State::Opening(_)) => {
                return Err(Broken::new(format!("{events:?} was heard of a case that is not open yet")));
            }
            (Some((newest, events)), _) => {
                let (told, there) = (visible(newest), visible(case));
                promise!(told == there, "the feed tells {told} of {there}");
                promise!(events.iter().copied().eq(case.events()), "{events:?} was heard of {:?}", case.events());
            }
        }
    }
    promise!(known.cases.is_empty(), "the feed tells of cases that are not there: {:?}", known.cases.keys());
    for record in records {
        let noted_at_stop = cases.iter().find(|case| case.id() == record.case).and_then(note_of);
        let told = known.records.remove(&record.case).unwrap_or((noted_at_stop, false));
        let there = (record.note.clone(), record.excluded.is_some());
        promise!(told == there, "the feed tells {told:?} of a record with {there:?}");
    }
    promise!(known.records.is_empty(), "the feed tells of records that are not there: {:?}", known.records.keys());
    Ok(())
}

/// Everything of a case but who works on it.
fn visible(case: &ServiceCase) -> Value {
    let mut visible = serde_json::to_value(case).unwrap();
    if let Some(state) = visible["state"].as_object_mut() {
        state.remove("lease");
    }
    visible
}

fn note_of(case: &ServiceCase) -> Option<Note> {
    match case.state() {
        State::Closed(closed) => closed.note.clone(),
        _ => None,
    }
}
