//! Moving a case on, against whoever moves it at the same time.

use casebridge_domain::service_case::{NotAllowed, TicketVoice};
use casebridge_domain::{CaseId, ServiceCase, SessionRecord};

use crate::ports::store::{CaseChange, Commit, Versioned};
use crate::{Desk, Outside};

/// Tries against concurrent changes of one case before giving up (our own choice).
pub(crate) const TRIES: usize = 8;

impl Desk {
    /// In which words and which local time an end is put on the ticket.
    pub(crate) fn voice(&self) -> TicketVoice {
        TicketVoice { language: self.account().language, zone: self.account().time_zone }
    }

    /// The step that ends a case: the record comes with it.
    pub(crate) fn ending<'a>(&self, case: &'a ServiceCase, from: &Versioned<ServiceCase>) -> CaseChange<'a> {
        let mut change = self.step(case, from);
        change.record = SessionRecord::of(case, self.account().time_zone);
        change
    }

    /// Reads a case, or says that it is gone.
    pub(crate) async fn case(&self, id: CaseId) -> Result<Option<Versioned<ServiceCase>>, Outside> {
        Ok(self.world.store.case(self.id(), id).await?)
    }

    /// Settles a case that ended by the clock. Gives the case as it then stands, whoever settled it.
    pub(crate) async fn settle_expiry(&self, from: Versioned<ServiceCase>) -> Result<Versioned<ServiceCase>, Outside> {
        let now = self.now();
        self.amend(from, |case| case.expired(now, self.voice())).await
    }

    /// Applies a transition and commits it, reading again whenever somebody was faster. A transition that is not
    /// allowed (any more) leaves the case as it is: the caller looks at the state.
    pub(crate) async fn amend(
        &self,
        mut from: Versioned<ServiceCase>,
        transition: impl Fn(ServiceCase) -> Result<ServiceCase, NotAllowed>,
    ) -> Result<Versioned<ServiceCase>, Outside> {
        for _ in 0..TRIES {
            let Ok(case) = transition(from.value.clone()) else { return Ok(from) };
            let change = if case.is_settled() { self.ending(&case, &from) } else { self.step(&case, &from) };
            match self.world.store.commit(&change).await? {
                Commit::Done(revision) => return Ok(Versioned { value: case, revision }),
                Commit::Lost | Commit::Remembered(_) => {}
            }
            from = self.case(from.value.id()).await?.ok_or(Outside::Contention)?;
        }
        Err(Outside::Contention)
    }
}
