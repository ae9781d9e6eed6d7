//! Requests for help, before anybody has taken them.

use async_trait::async_trait;
use casebridge_domain::journal::{JournalEntry, Principal};
use casebridge_domain::{Instant, ServiceCase};

use super::{CaseChange, ClaimOutcome, Idempotency, LetterChange, Stored};

/// A case that somebody asks for, and what it takes the ticket or device from.
#[derive(Debug, Clone)]
pub struct Asking<'a> {
    /// The case, asked for.
    pub case: &'a ServiceCase,
    /// On whose behalf.
    pub by: Principal,
    /// The server's clock: a lapsed reservation does not hold.
    pub now: Instant,
    /// To those who are told of it.
    pub letters: Vec<LetterChange>,
    /// The request's memory. One that exists refuses the request.
    pub idempotency: Option<&'a Idempotency>,
    /// A case that ended by the clock and was never settled: settled in the same transaction.
    pub settling: Option<CaseChange<'a>>,
}

impl Asking<'_> {
    /// What it leaves in the journal.
    pub fn entry(&self) -> JournalEntry {
        JournalEntry::Case { by: self.by, case: Box::new(self.case.clone()), events: self.case.events().to_vec() }
    }
}

/// Where requests for help are kept.
#[async_trait]
pub trait HelpRequests: Send + Sync {
    /// Keeps a request for help; it holds its ticket or device as any case does: one at a time, whatever races. No connection
    /// is needed for it.
    ///
    /// In one transaction: its hold, case, its newest case, letters, journal entry, idempotency and the account's watch tick (due
    /// at once, so that the request's time is noticed).
    async fn ask(&self, asking: &Asking<'_>) -> Stored<ClaimOutcome>;
}
