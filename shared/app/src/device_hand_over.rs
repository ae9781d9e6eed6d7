//! How a session gets to its device once more: the vendor reports that it was lost, and has it sent again.

use casebridge_domain::device::LossCause;
use casebridge_domain::service_case::NotAllowed;
use casebridge_domain::{CaseId, ServiceCase};

use crate::Desk;
use crate::open_case::Request;
use crate::outside::Outside;
use crate::ports::store::{Commit, Subject};
use crate::settle::TRIES;

/// Why the session is not handed over, or its loss not noted.
#[derive(Debug, thiserror::Error)]
pub enum DeviceHandOverError {
    /// The account has no such case.
    #[error("there is no such case")]
    NotFound,
    /// The case is in no state for that, or is for no device that a session is handed to.
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    /// The same `Idempotency-Key` came with another body.
    #[error("the Idempotency-Key was used for another request")]
    KeyReused,
    /// Something else failed.
    #[error(transparent)]
    Outside(#[from] Outside),
}

impl From<crate::ports::store::StoreError> for DeviceHandOverError {
    fn from(error: crate::ports::store::StoreError) -> Self {
        Self::Outside(error.into())
    }
}

/// Notes that the device does not know its session any more. What is known already is not noted again.
pub async fn start_lost(
    desk: &Desk,
    id: CaseId,
    request: Request<'_, LossCause>,
) -> Result<ServiceCase, DeviceHandOverError> {
    let cause = request.wish;
    desk.moved_on(id, &request, |case| case.start_lost(cause, desk.now())).await
}

/// Hands the vendor once more what starts the session on its device, under the names that the account's setting has now.
pub async fn hand_over_again(
    desk: &Desk,
    id: CaseId,
    request: Request<'_, ()>,
) -> Result<ServiceCase, DeviceHandOverError> {
    let configuration = desk.account().device_configuration.clone().unwrap_or_default();
    desk.moved_on(id, &request, |case| case.handed_over_again(configuration.clone(), desk.now())).await
}

impl Desk {
    async fn moved_on<T>(
        &self,
        id: CaseId,
        request: &Request<'_, T>,
        transition: impl Fn(ServiceCase) -> Result<ServiceCase, NotAllowed>,
    ) -> Result<ServiceCase, DeviceHandOverError> {
        for _ in 0..TRIES {
            let from = self.case(id).await?.ok_or(DeviceHandOverError::NotFound)?;
            let now = self.now();
            let case = match transition(from.value.clone()) {
                Ok(case) if case != from.value => case,
                settled => {
                    // Nothing to do, or it can't be done; a request that was carried out before is answered as it was then.
                    return if self.did_before(request).await? { Ok(from.value) } else { settled.map_err(Into::into) };
                }
            };
            let memory = request.memory.map(|memory| memory.of(200, Subject::Case(id), now));
            let mut change = self.step(&case, &from);
            change.idempotency = memory.as_ref();
            // Somebody may come any moment.
            change.watch_at = Some(now);
            match self.world.store.commit(&change).await? {
                Commit::Done(_) => return Ok(case),
                Commit::Lost => {}
                Commit::Remembered(remembered) => {
                    let is_the_same = request.memory.is_some_and(|memory| memory.fingerprint == remembered.fingerprint);
                    return if is_the_same { Ok(from.value) } else { Err(DeviceHandOverError::KeyReused) };
                }
            }
        }
        Err(Outside::Contention.into())
    }

    async fn did_before<T>(&self, request: &Request<'_, T>) -> Result<bool, DeviceHandOverError> {
        let Some(memory) = request.memory else { return Ok(false) };
        match self.world.store.remembered(&memory.key, self.now()).await? {
            Some(remembered) if remembered.fingerprint == memory.fingerprint => Ok(true),
            Some(_) => Err(DeviceHandOverError::KeyReused),
            None => Ok(false),
        }
    }
}
