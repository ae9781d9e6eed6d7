//! Help is not wanted any more.

use casebridge_domain::service_case::{FailureCause, NotAllowed, State};
use casebridge_domain::{CaseId, ServiceCase, Technician};

use crate::Desk;
use crate::open_case::Request;
use crate::outside::Outside;
use crate::ports::store::{Commit, StoreError, Subject};
use crate::settle::TRIES;

/// Why it is not withdrawn.
#[derive(Debug, thiserror::Error)]
pub enum NotWithdrawn {
    /// The account has no such case.
    #[error("there is no such case")]
    NotFound,
    /// Somebody helps already: stop ends it.
    #[error("somebody has taken the case")]
    Taken(Option<Box<Technician>>),
    /// The case is in no state for that.
    #[error(transparent)]
    NotAllowed(NotAllowed),
    /// The same `Idempotency-Key` came with another body.
    #[error("the Idempotency-Key was used for another request")]
    KeyReused,
    /// Something else failed.
    #[error(transparent)]
    Outside(#[from] Outside),
}

impl From<StoreError> for NotWithdrawn {
    fn from(error: StoreError) -> Self {
        Self::Outside(error.into())
    }
}

/// Withdraws a request that nobody has taken. One that was withdrawn is given as it is.
pub async fn withdraw(desk: &Desk, id: CaseId, request: Request<'_, ()>) -> Result<ServiceCase, NotWithdrawn> {
    for _ in 0..TRIES {
        let from = desk.case(id).await?.ok_or(NotWithdrawn::NotFound)?;
        let now = desk.now();
        let case = match from.value.clone().withdrawn(now) {
            Ok(case) => case,
            Err(_) if was_withdrawn(&from.value) => return Ok(from.value),
            Err(NotAllowed::Taken) => {
                return Err(NotWithdrawn::Taken(from.value.technician().cloned().map(Box::new)));
            }
            Err(refused) => return Err(NotWithdrawn::NotAllowed(refused)),
        };
        let memory = request.memory.map(|memory| memory.of(200, Subject::Case(id), now));
        let mut change = desk.ending(&case, &from);
        change.idempotency = memory.as_ref();
        match desk.world.store.commit(&change).await? {
            Commit::Done(_) => return Ok(case),
            Commit::Lost => {}
            Commit::Remembered(_) => return Err(NotWithdrawn::KeyReused),
        }
    }
    Err(Outside::Contention.into())
}

fn was_withdrawn(case: &ServiceCase) -> bool {
    matches!(case.state(), State::Failed(failed) if failed.cause == FailureCause::Withdrawn)
}
