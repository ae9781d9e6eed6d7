//! The account's journal: everything that happened in it, each thing once.
//!
//! A step writes its entry in the same transaction as the change itself. Later the entries are numbered, from 1 and
//! without gaps; from then on they are the event feed, for 30 days, and the audit trail.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::service_case::{CaseEvent, EventKind, Note};
use crate::{AccountId, EndpointId, Instant, KeyId, ServiceCase, SubjectId};

mod matter;

pub use matter::AccountMatter;

/// Days that an event stays in the feed (published in the API's description).
pub const FEED_DAYS: i64 = 30;

/// On whose behalf something was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Principal {
    /// Whoever holds this key.
    Key {
        /// Which.
        id: KeyId,
    },
    /// An operator, on the command line.
    Operator,
    /// The customer, on his page.
    Customer,
    /// Casebridge by itself: the clock, the watch, the courier.
    Casebridge,
}

/// What one step leaves in the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "about")]
pub enum JournalEntry {
    /// Things that happened to a case in one step.
    Case {
        /// On whose behalf.
        by: Principal,
        /// The case after the step.
        case: Box<ServiceCase>,
        /// At least one, in order.
        events: Vec<CaseEvent>,
    },
    /// Something that happened to the account.
    Account {
        /// On whose behalf.
        by: Principal,
        /// By the server's clock.
        at: Instant,
        /// What.
        matter: AccountMatter,
    },
}

impl JournalEntry {
    /// How many numbers it takes.
    pub fn len(&self) -> usize {
        match self {
            Self::Case { events, .. } => events.len(),
            Self::Account { .. } => 1,
        }
    }

    /// Whether it takes none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// When its first thing happened.
    pub fn at(&self) -> Option<Instant> {
        match self {
            Self::Case { events, .. } => events.first().map(|event| event.at),
            Self::Account { at, .. } => Some(*at),
        }
    }

    /// One event for each number, in order.
    pub fn events(&self, account: &AccountId, first: u64) -> Vec<Event> {
        let number = (first..).take(self.len());
        match self {
            Self::Case { by, case, events } => number
                .zip(events)
                .map(|(number, event)| Event {
                    account: account.clone(),
                    number,
                    at: event.at,
                    by: *by,
                    what: What::Case { case: case.clone(), event: event.clone() },
                })
                .collect(),
            Self::Account { by, at, matter } => number
                .map(|number| Event {
                    account: account.clone(),
                    number,
                    at: *at,
                    by: *by,
                    what: What::Account(matter.clone()),
                })
                .collect(),
        }
    }
}

/// An entry with its numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Numbered {
    /// The number of its first event; the others follow.
    pub first: u64,
    /// What it says.
    pub entry: JournalEntry,
}

/// One thing that happened, with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// In which account.
    pub account: AccountId,
    /// Its number in the account, from 1 without gaps.
    pub number: u64,
    /// By the server's clock.
    pub at: Instant,
    /// On whose behalf.
    pub by: Principal,
    /// What.
    pub what: What,
}

/// What an event is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A case.
    Case {
        /// The case after the step in which it happened.
        case: Box<ServiceCase>,
        /// What happened, numbered within the case.
        event: CaseEvent,
    },
    /// The account itself.
    Account(AccountMatter),
}

impl Event {
    /// What kind of event it is, as it is called in the API.
    pub fn kind(&self) -> &'static str {
        match &self.what {
            What::Case { event, .. } => event.kind.name(),
            What::Account(matter) => matter.name(),
        }
    }

    /// The endpoint that it says takes nothing, if it says so of one.
    pub const fn failing_endpoint(&self) -> Option<EndpointId> {
        match &self.what {
            What::Account(
                AccountMatter::EndpointFailing { endpoint, .. } | AccountMatter::EndpointDisabled { endpoint, .. },
            ) => Some(*endpoint),
            What::Case { .. } | What::Account(_) => None,
        }
    }

    /// Why a case was closed with its ticket, in the words of whoever closed it.
    pub fn reason(&self) -> Option<&Note> {
        match &self.what {
            What::Case { event, .. } => match &event.kind {
                EventKind::Closing { reason } => reason.as_ref(),
                _ => None,
            },
            What::Account(_) => None,
        }
    }

    /// What the audit trail keeps of it: who, and on what. No content of sessions: neither links nor codes nor what
    /// people wrote, but for the reason that the close guard asked for.
    pub fn details(&self) -> Value {
        let mut details = match &self.what {
            What::Case { case, event } => {
                let mut details = Map::from_iter([
                    ("case".to_owned(), json!(case.id())),
                    ("sequence".to_owned(), json!(event.sequence)),
                    subject_of(case),
                    ("technician".to_owned(), json!(case.technician().map(|technician| &technician.id))),
                ]);
                details.extend(self.reason().map(|reason| ("reason".to_owned(), json!(reason))));
                details
            }
            What::Account(matter) => matter.details(),
        };
        details.insert("by".to_owned(), json!(self.by));
        Value::Object(details)
    }
}

/// What the case is for, by its kind.
fn subject_of(case: &ServiceCase) -> (String, Value) {
    match case.subject().id() {
        SubjectId::Ticket(ticket) => ("ticket".to_owned(), json!(ticket)),
        SubjectId::Device(device) => ("device".to_owned(), json!(device)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CaseId;

    fn changed(matter: AccountMatter) -> Event {
        let account = AccountId::parse("acme").unwrap();
        let at = chrono::DateTime::UNIX_EPOCH;
        let entry = JournalEntry::Account { by: Principal::Operator, at, matter };
        entry.events(&account, 7).remove(0)
    }

    #[test]
    fn what_people_wrote_is_not_in_the_details() {
        let note = Note::parse("Jane's printer").unwrap();
        let case = CaseId::new(uuid::Uuid::nil());
        let event = changed(AccountMatter::RecordChanged { case, note: Some(note), excluded: true });
        assert_eq!((event.number, event.kind()), (7, "record.changed"));
        assert_eq!(event.details(), json!({"by": {"is": "operator"}, "case": case, "excluded": true, "note": true}));
    }

    #[test]
    fn a_matter_without_fields_has_only_its_principal() {
        assert_eq!(changed(AccountMatter::AccountMade).details(), json!({"by": {"is": "operator"}}));
    }
}
