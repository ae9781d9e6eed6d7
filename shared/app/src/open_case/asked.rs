//! Play on a ticket or device whose help was asked for: whoever plays takes it.

use casebridge_domain::ServiceCase;
use casebridge_domain::journal::Principal;

use super::{OpenCase, OpenCaseError, Opened, Request, RequestMemory, serving, session};
use crate::Desk;
use crate::close_case::CloseCaseError;
use crate::device_sessions::stop_device_session;
use crate::ports::store::{Commit, Revision, Subject, Versioned};

/// Who takes a case, and what he would play.
pub(crate) struct Taking<'a> {
    pub(crate) wish: &'a OpenCase,
    pub(crate) memory: Option<&'a RequestMemory>,
    /// The version of the activation under which the device may be helped; `None` for tickets.
    pub(crate) activation: Option<Revision>,
}

impl Desk {
    /// Play finds that help was asked for. `None`: somebody was faster, or what the session was to be made with serves no more.
    pub(super) async fn play_asked(
        &self,
        request: &Request<'_, OpenCase>,
        asked: Versioned<ServiceCase>,
        activation: Option<Revision>,
    ) -> Result<Option<Opened>, OpenCaseError> {
        if self.by() == Principal::Customer {
            // He acts for no technician: he waits like whoever asked.
            return Ok(Some(Opened::Already(asked.value)));
        }
        let taking = Taking { wish: &request.wish, memory: request.memory, activation };
        Ok(Box::pin(self.take_asked(taking, asked)).await?.map(Opened::Already))
    }

    /// Takes a case that was asked for, and opens its session. `None`: somebody was faster, or what the session was to be made with
    /// serves no more: look again. Without a session the case waits for somebody again.
    pub(crate) async fn take_asked(
        &self,
        taking: Taking<'_>,
        asked: Versioned<ServiceCase>,
    ) -> Result<Option<ServiceCase>, OpenCaseError> {
        let mut desk = self.clone();
        if !serving(&desk).is_ok_and(|connection| connection.group_id().is_some()) {
            desk = desk.with_fresh_connection().await?;
        }
        let access = Box::pin(desk.access_of_player(taking.wish.technician.as_ref())).await?;
        let means = session::means_for(&desk, &access, &taking.wish.subject).await?;
        let links = desk.link_key().await?;
        let play = desk.play(taking.wish, &access, links.as_ref(), asked.value.id());
        let now = play.started_at;
        let Ok((taken, generation)) = asked.value.clone().taken(play) else { return Ok(None) };
        let memory = taking.memory.map(|memory| memory.of(200, Subject::Case(taken.id()), now));
        let mut change = desk.step(&taken, &asked);
        change.makes_session = true;
        change.activation = taking.activation;
        change.watch_at = Some(now);
        change.idempotency = memory.as_ref();
        let committed = match desk.world.store.commit(&change).await? {
            Commit::Remembered(remembered) => {
                if taking.memory.is_none_or(|memory| memory.fingerprint != remembered.fingerprint) {
                    return Err(OpenCaseError::KeyReused);
                }
                // The same request took it before, and it was given back: what is left to do needs no other memory.
                change.idempotency = None;
                desk.world.store.commit(&change).await?
            }
            committed => committed,
        };
        let Commit::Done(revision) = committed else { return Ok(None) };
        let claimed = Versioned { value: taken, revision };
        let case = Box::pin(desk.call_and_settle(access, means, claimed, generation)).await?;
        if taking.activation.is_some() && desk.world.store.fleet(desk.id()).await?.activation.is_none() {
            // As with play: no session goes on behind the removal of the activation.
            if let Err(CloseCaseError::Outside(error)) = stop_device_session(&desk, case.id()).await {
                return Err(error.into());
            }
            return Err(OpenCaseError::ActivationMoved);
        }
        Ok(Some(case))
    }
}
