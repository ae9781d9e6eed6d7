//! Sending the invitation again.

use casebridge_domain::service_case::NotAllowed;
use casebridge_domain::{CaseId, ServiceCase};

use crate::open_case::Request;
use crate::outside::Outside;
use crate::ports::store::{Commit, Subject};
use crate::settle::TRIES;
use crate::{Desk, letters};

/// Why no invitation is sent.
#[derive(Debug, thiserror::Error)]
pub enum InviteError {
    /// The account has no such case.
    #[error("there is no such case")]
    NotFound,
    /// The requester has no address: the code has to be read out.
    #[error("the requester has no mail address")]
    NoAddress,
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

impl From<crate::ports::store::StoreError> for InviteError {
    fn from(error: crate::ports::store::StoreError) -> Self {
        Self::Outside(error.into())
    }
}

/// Sends the invitation once more.
pub async fn invite_again(desk: &Desk, id: CaseId, request: Request<'_, ()>) -> Result<ServiceCase, InviteError> {
    for _ in 0..TRIES {
        let from = desk.case(id).await?.ok_or(InviteError::NotFound)?;
        let now = desk.now();
        let letter = desk.invitation_letter(&from.value, now).await?.ok_or(InviteError::NoAddress)?;
        let case = match from.value.clone().invited(letter.id, now) {
            Ok(case) => case,
            Err(refused) => return desk.invited_before(&request, from.value, refused).await,
        };
        let memory = request.memory.map(|memory| memory.of(202, Subject::Case(id), now));
        let mut change = desk.step(&case, &from);
        change.letters = vec![letters::owed(letter, now)];
        change.idempotency = memory.as_ref();
        change.watch_at = Some(now);
        match desk.world.store.commit(&change).await? {
            Commit::Done(_) => return Ok(case),
            Commit::Lost => {}
            Commit::Remembered(remembered) => {
                return if request.memory.is_some_and(|memory| memory.fingerprint == remembered.fingerprint) {
                    Ok(from.value)
                } else {
                    Err(InviteError::KeyReused)
                };
            }
        }
    }
    Err(Outside::Contention.into())
}

impl Desk {
    /// The case has moved on since; a request that was carried out before is answered as it was then.
    async fn invited_before(
        &self,
        request: &Request<'_, ()>,
        case: ServiceCase,
        refused: NotAllowed,
    ) -> Result<ServiceCase, InviteError> {
        let Some(memory) = request.memory else { return Err(refused.into()) };
        match self.world.store.remembered(&memory.key, self.now()).await? {
            Some(remembered) if remembered.fingerprint == memory.fingerprint => Ok(case),
            Some(_) => Err(InviteError::KeyReused),
            None => Err(refused.into()),
        }
    }
}
