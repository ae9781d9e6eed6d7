//! Steps of a case, as the store sees them.

use casebridge_domain::journal::{JournalEntry, Principal};
use casebridge_domain::service_case::CaseEvent;
use casebridge_domain::{Instant, Letter, ServiceCase, SessionRecord, TicketHold};

use super::{Idempotency, Remembered, Revision, Versioned};

/// A letter's next version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterChange {
    /// The letter as it shall be.
    pub letter: Letter,
    /// When it is due (again); `None` says that it is done.
    pub due_at: Option<Instant>,
    /// The version it was read at; `None` for a new one.
    pub read_at: Option<Revision>,
}

/// One step of a case and everything that belongs to it.
#[derive(Debug, Clone)]
pub struct CaseChange<'a> {
    /// The case as it shall be.
    pub case: &'a ServiceCase,
    /// The version it was read at.
    pub read_at: Revision,
    /// On whose behalf.
    pub by: Principal,
    /// The last thing that had happened to the version it was read at; what came after goes into the journal.
    pub events_after: u32,
    /// Letters that the step owes or finishes.
    pub letters: Vec<LetterChange>,
    /// The record, when the step ends the case.
    pub record: Option<SessionRecord>,
    /// The idempotency memory of the request that made the step.
    pub idempotency: Option<&'a Idempotency>,
    /// What else the step leaves in the journal, about the account itself.
    pub beside: Option<JournalEntry>,
    /// Makes the account due then, whatever was planned; `None` leaves the tick as it is.
    pub watch_at: Option<Instant>,
}

impl<'a> CaseChange<'a> {
    /// A step that changes only the case. A step to a settled state lets go of the ticket; one that opens the case writes
    /// its code into the hold.
    pub fn of(case: &'a ServiceCase, from: &Versioned<ServiceCase>) -> Self {
        Self {
            case,
            read_at: from.revision,
            by: Principal::Casebridge,
            events_after: from.value.last_event(),
            letters: Vec::new(),
            record: None,
            idempotency: None,
            beside: None,
            watch_at: None,
        }
    }

    /// What happened in the step.
    pub fn events(&self) -> impl Iterator<Item = &CaseEvent> {
        self.case.events().iter().filter(|event| event.sequence > self.events_after)
    }

    /// What the step leaves in the journal; `None` if nothing happened that anybody needs to hear of.
    pub fn entry(&self) -> Option<JournalEntry> {
        let events: Vec<_> = self.events().cloned().collect();
        (!events.is_empty()).then(|| JournalEntry::Case { by: self.by, case: Box::new(self.case.clone()), events })
    }
}

/// What came of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Commit {
    /// It is kept, at this version.
    Done(Revision),
    /// Somebody moved the case, or one of the letters: read again.
    Lost,
    /// The same request was made before; nothing was written.
    Remembered(Remembered),
}

/// A new case and what it takes the ticket from.
#[derive(Debug, Clone)]
pub struct Claim<'a> {
    /// The case, opening.
    pub case: &'a ServiceCase,
    /// The server's clock: a lapsed reservation does not hold.
    pub now: Instant,
    /// The request's memory. One that exists refuses the claim, unless it is `forgetting`.
    pub idempotency: Option<&'a Idempotency>,
    /// The request is remembered with an attempt that failed; the memory is overwritten.
    pub forgetting: bool,
    /// A case that ended by the clock and was never settled: settled in the same transaction. Its idempotency and tick
    /// are those of the claim.
    pub settling: Option<CaseChange<'a>>,
    /// The version of the activation under which the case's device was found ready: it has to stand. `None` for tickets.
    pub activation: Option<Revision>,
}

/// What came of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum ClaimOutcome {
    /// The ticket is ours; the case is kept at this version.
    Ours(Revision),
    /// Somebody holds the ticket.
    Held(TicketHold),
    /// The connection was revoked, replaced, or does not serve.
    NotServed,
    /// The activation was removed or changed since the device was found ready.
    ActivationMoved,
    /// The same request was made before.
    Remembered(Remembered),
    /// What was to be settled, or the ticket, moved meanwhile: look again.
    Lost,
}
