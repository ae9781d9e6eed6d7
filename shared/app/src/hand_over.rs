//! Handing a case to another technician, or to the team's queue, and taking it from there.

use casebridge_domain::service_case::NotAllowed;
use casebridge_domain::{CaseId, ServiceCase, Technician};

use crate::open_case::Request;
use crate::outside::Outside;
use crate::ports::store::{Commit, Remembered, Subject};
use crate::settle::TRIES;
use crate::{Desk, letters};

/// Who shall help from now on.
#[derive(Debug, Clone)]
pub struct HandOver {
    /// The new technician; `None` puts the case into the team's queue.
    pub technician: Option<Technician>,
    /// Only if nobody has the case yet: of several who take it from the queue, the first one has it.
    pub if_unassigned: bool,
    /// The new technician asks for it himself, and sees that the customer is there: he is not mailed that.
    pub in_person: bool,
}

/// Why the case stays in the hands it is in.
#[derive(Debug, thiserror::Error)]
pub enum HandOverError {
    /// The account has no such case.
    #[error("there is no such case")]
    NotFound,
    /// Somebody else was faster.
    #[error("another technician has the case")]
    Taken(Box<Technician>),
    /// The case is in no state for that.
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    /// The same `Idempotency-Key` came with another body.
    #[error("the Idempotency-Key was used for another request")]
    KeyReused,
    /// Something else failed.
    #[error(transparent)]
    Outside(#[from] Outside),
}

impl From<crate::ports::store::StoreError> for HandOverError {
    fn from(error: crate::ports::store::StoreError) -> Self {
        Self::Outside(error.into())
    }
}

/// Hands a live case over. Whoever gets it is told at once if the customer is there already.
pub async fn hand_over(desk: &Desk, id: CaseId, request: Request<'_, HandOver>) -> Result<ServiceCase, HandOverError> {
    for _ in 0..TRIES {
        let from = desk.case(id).await?.ok_or(HandOverError::NotFound)?;
        let now = desk.now();
        let moved = match in_other_hands(&from.value, &request.wish) {
            Some(other) => Err(HandOverError::Taken(Box::new(other.clone()))),
            None => from.value.clone().handed_over(request.wish.technician.clone(), now).map_err(Into::into),
        };
        let case = match moved {
            Ok(case) if case != from.value => case,
            settled => {
                // Nothing to do, or it can't be done; a request that was carried out before is answered as it was then.
                return if desk.carried_out_before(&request).await? { Ok(from.value) } else { settled };
            }
        };
        let memory = request.memory.map(|memory| memory.of(200, Subject::Case(id), now));
        let mut change = desk.step(&case, &from);
        if case.is_online() && !request.wish.in_person {
            let told = desk.notices_to_new_hands(&case, now);
            change.letters = told.into_iter().map(|letter| letters::owed(letter, now)).collect();
        }
        change.idempotency = memory.as_ref();
        match desk.world.store.commit(&change).await? {
            Commit::Done(_) => return Ok(case),
            Commit::Lost => {}
            Commit::Remembered(remembered) => {
                return if is_the_same(&request, &remembered) { Ok(from.value) } else { Err(HandOverError::KeyReused) };
            }
        }
    }
    Err(Outside::Contention.into())
}

/// Who has the case, where it may only be taken from the queue.
fn in_other_hands<'a>(case: &'a ServiceCase, wish: &HandOver) -> Option<&'a Technician> {
    let wished = wish.technician.as_ref().map(|technician| &technician.id);
    case.technician().filter(|technician| wish.if_unassigned && Some(&technician.id) != wished)
}

fn is_the_same(request: &Request<'_, HandOver>, remembered: &Remembered) -> bool {
    request.memory.is_some_and(|memory| memory.fingerprint == remembered.fingerprint)
}

impl Desk {
    async fn carried_out_before(&self, request: &Request<'_, HandOver>) -> Result<bool, HandOverError> {
        let Some(memory) = request.memory else { return Ok(false) };
        match self.world.store.remembered(&memory.key, self.now()).await? {
            Some(remembered) if is_the_same(request, &remembered) => Ok(true),
            Some(_) => Err(HandOverError::KeyReused),
            None => Ok(false),
        }
    }
}
