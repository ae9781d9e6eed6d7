//! A technician takes a case from the queue.

use casebridge_domain::service_case::{NotAllowed, State};
use casebridge_domain::{CaseId, ServiceCase, Technician};

use crate::Desk;
use crate::hand_over::{HandOver, HandOverError, hand_over};
use crate::open_case::{OpenCase, OpenCaseError, Request, Taking, abandoned};
use crate::outside::Outside;
use crate::ports::store::{StoreError, Versioned};
use crate::settle::TRIES;

/// Why the technician does not have it.
#[derive(Debug, thiserror::Error)]
pub enum NotTaken {
    /// Somebody else was faster, or it is not to be taken any more.
    #[error(transparent)]
    HandOver(#[from] HandOverError),
    /// There is no session to be had; the case waits for somebody again.
    #[error(transparent)]
    Play(#[from] OpenCaseError),
}

impl From<Outside> for NotTaken {
    fn from(error: Outside) -> Self {
        Self::HandOver(error.into())
    }
}

impl From<StoreError> for NotTaken {
    fn from(error: StoreError) -> Self {
        Self::HandOver(error.into())
    }
}

impl From<NotAllowed> for NotTaken {
    fn from(error: NotAllowed) -> Self {
        Self::HandOver(error.into())
    }
}

/// Takes a case that nobody has. One that somebody asked for gets its session; of several technicians the first has it, and the others are
/// told who.
pub async fn take_case(desk: &Desk, id: CaseId, request: Request<'_, Technician>) -> Result<ServiceCase, NotTaken> {
    let mut desk = desk.clone();
    for _ in 0..TRIES {
        let from = desk.case(id).await?.ok_or(HandOverError::NotFound)?;
        if !from.value.is_asked() && desk.took_before(&request).await? {
            return Ok(from.value);
        }
        let is_live = from.value.is_live(desk.now());
        match from.value.state() {
            State::Asked if is_live => match Box::pin(desk.take_for(&request, from)).await? {
                Some(case) => return his(case, &request.wish),
                None => desk = desk.with_fresh_connection().await?,
            },
            State::Asked => {
                desk.settle_expiry(from).await?;
                return Err(NotAllowed::Ended.into());
            }
            State::Opening(_) if is_live && abandoned(&from.value, desk.now()) => {
                Box::pin(desk.finish_opening(from)).await?;
            }
            State::Opening(_) | State::Open(_) if is_live && from.value.technician().is_none() => {
                let wish = HandOver { technician: Some(request.wish), if_unassigned: true, in_person: true };
                return Ok(hand_over(&desk, id, Request { wish, memory: request.memory }).await?);
            }
            State::Opening(_) | State::Open(_) if is_live => return his(from.value, &request.wish),
            State::Closing(_) => return Err(NotAllowed::BeingClosed.into()),
            _ => return Err(NotAllowed::Ended.into()),
        }
    }
    Err(Outside::Contention.into())
}

/// The case, if it is the technician's.
fn his(case: ServiceCase, technician: &Technician) -> Result<ServiceCase, NotTaken> {
    match case.technician() {
        Some(other) if other.id != technician.id => Err(HandOverError::Taken(Box::new(other.clone())).into()),
        _ => Ok(case),
    }
}

impl Desk {
    async fn take_for(
        &self,
        request: &Request<'_, Technician>,
        asked: Versioned<ServiceCase>,
    ) -> Result<Option<ServiceCase>, OpenCaseError> {
        let case = &asked.value;
        let wish = OpenCase {
            subject: case.subject().clone(),
            requester: case.requester().clone(),
            technician: Some(request.wish.clone()),
            session_type: case.session_type(),
            // A device's user sees on the device that he is helped.
            invite: case.ticket().is_some(),
        };
        let mut activation = None;
        if case.subject().device().is_some() {
            let fleet = self.world.store.fleet(self.id()).await?;
            // Without it no device is helped; whoever removed it withdraws what waits.
            activation = Some(fleet.activation.ok_or(OpenCaseError::ActivationMoved)?.revision);
        }
        self.take_asked(Taking { wish: &wish, memory: request.memory, activation }, asked).await
    }

    async fn took_before(&self, request: &Request<'_, Technician>) -> Result<bool, HandOverError> {
        let Some(memory) = request.memory else { return Ok(false) };
        match self.world.store.remembered(&memory.key, self.now()).await? {
            Some(remembered) if remembered.fingerprint == memory.fingerprint => Ok(true),
            Some(_) => Err(HandOverError::KeyReused),
            None => Ok(false),
        }
    }
}
