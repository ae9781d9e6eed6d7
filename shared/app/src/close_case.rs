//! Stop: closes a case, on both sides or on ours only.

use casebridge_domain::policy::NotePolicy;
use casebridge_domain::service_case::{Actor, NotAllowed, Note, State};
use casebridge_domain::{CaseId, Instant, ServiceCase, SessionCode};
use chrono::TimeDelta;

use crate::Desk;
use crate::access::Access;
use crate::open_case::{LEASE_SECONDS, Request};
use crate::outside::Outside;
use crate::ports::store::{Commit, Subject, Versioned};
use crate::ports::teamviewer::{SessionState, TeamViewerError};
use crate::settle::TRIES;
use crate::step::step;
use crate::technician_sign_in::SignInNeeded;

/// What the technician wishes when he presses stop.
#[derive(Debug, Clone)]
pub struct CloseCase {
    /// His words, for the comment and the record.
    pub note: Option<Note>,
    /// End the case on our side only; for when TeamViewer can't be told.
    pub here_only: bool,
}

/// Why the case is not closed.
#[derive(Debug, thiserror::Error)]
pub enum CloseCaseError {
    /// The account has no such case.
    #[error("there is no such case")]
    NotFound,
    /// TeamViewer has not answered play yet.
    #[error("the case is still being opened")]
    StillOpening {
        /// When that will be through, or may be taken over.
        until: Instant,
    },
    /// Another stop is under way.
    #[error("the case is being closed already")]
    BeingClosed {
        /// When that will be through, or may be taken over.
        until: Instant,
    },
    /// The account asks for a note.
    #[error("a note is missing")]
    NoteMissing,
    /// The customer is there, and the case was to be closed only if not.
    #[error("the customer is online")]
    CustomerOnline,
    /// TeamViewer refuses the token: the case can be ended on our side only.
    #[error("TeamViewer refuses the token")]
    TokenRefused,
    /// The technician whose sign-in made the session has to sign in again, or the case be ended on our side only.
    #[error("the technician has to sign in to TeamViewer again")]
    SignInNeeded(SignInNeeded),
    /// The end is on record; TeamViewer will be told as soon as it answers.
    #[error("TeamViewer could not be told yet")]
    NotTold(#[source] TeamViewerError),
    /// The same `Idempotency-Key` came with another body.
    #[error("the Idempotency-Key was used for another request")]
    KeyReused,
    /// Something else failed.
    #[error(transparent)]
    Outside(#[from] Outside),
}

impl From<crate::ports::store::StoreError> for CloseCaseError {
    fn from(error: crate::ports::store::StoreError) -> Self {
        Self::Outside(error.into())
    }
}

/// On what occasion a case is closed.
#[derive(Debug, Clone, Copy)]
enum Occasion {
    /// Somebody pressed stop.
    Stop,
    /// Its ticket is closed.
    Ticket {
        /// Only if the customer is not there.
        only_idle: bool,
    },
}

/// Closes a case. A case that has ended is returned as it is.
pub async fn close_case(
    desk: &Desk,
    id: CaseId,
    request: Request<'_, CloseCase>,
) -> Result<ServiceCase, CloseCaseError> {
    close(desk, id, request, Occasion::Stop).await
}

/// Closes a case with its ticket, with the reason for a note. Nobody is asked for a note then.
pub(crate) async fn close_with_ticket(
    desk: &Desk,
    id: CaseId,
    reason: Option<Note>,
    only_idle: bool,
) -> Result<ServiceCase, CloseCaseError> {
    let wish = CloseCase { note: reason, here_only: false };
    close(desk, id, Request { wish, memory: None }, Occasion::Ticket { only_idle }).await
}

async fn close(
    desk: &Desk,
    id: CaseId,
    request: Request<'_, CloseCase>,
    occasion: Occasion,
) -> Result<ServiceCase, CloseCaseError> {
    step!("stop.begun");
    for _ in 0..TRIES {
        let from = desk.case(id).await?.ok_or(CloseCaseError::NotFound)?;
        let now = desk.now();
        let lease_until = now + TimeDelta::seconds(LEASE_SECONDS);
        let (intended, generation) = match from.value.state() {
            State::Closed(_) | State::Expired(_) | State::Failed(_) => {
                desk.refuse_reused_key(&request).await?;
                return Ok(from.value);
            }
            State::Opening(opening) if from.value.is_live(now) => {
                return Err(CloseCaseError::StillOpening { until: opening.lease.until });
            }
            State::Asked if from.value.is_live(now) => {
                // There is nothing to close but the request: it is withdrawn.
                desk.amend(from, |case| case.withdrawn(now)).await?;
                continue;
            }
            State::Asked | State::Opening(_) | State::Open(_) if !from.value.is_live(now) => {
                let settled = desk.settle_expiry(from).await?.value;
                if settled.is_settled() {
                    return Ok(settled);
                }
                // Somebody pressed stop in time.
                continue;
            }
            State::Open(_) | State::Closing(_) if request.wish.here_only => {
                desk.amend(from, |case| case.closed_here(now, Actor::Vendor, request.wish.note.clone(), desk.voice()))
                    .await?;
                continue;
            }
            State::Asked | State::Opening(_) | State::Open(_) => {
                let stopped = desk.stopped(&from.value, &request.wish, occasion, lease_until)?;
                (stopped.map_err(|_| Outside::Contention)?, 1)
            }
            State::Closing(closing) if !closing.lease.lapsed(now) => {
                return Err(CloseCaseError::BeingClosed { until: closing.lease.until });
            }
            State::Closing(_) => from.value.clone().taken_over(now, lease_until).map_err(|_| Outside::Contention)?,
        };
        let memory = request.memory.map(|memory| memory.of(200, Subject::Case(id), now));
        let mut change = desk.step(&intended, &from);
        change.idempotency = memory.as_ref();
        match desk.world.store.commit(&change).await? {
            Commit::Done(revision) => {
                step!("stop.intended");
                return desk.tell_and_settle(Versioned { value: intended, revision }, generation).await;
            }
            Commit::Lost => {}
            Commit::Remembered(remembered) => {
                if request.memory.is_none_or(|memory| memory.fingerprint != remembered.fingerprint) {
                    return Err(CloseCaseError::KeyReused);
                }
                // The memory proves an earlier intent of the same request; what is left to do does not need it again.
                if let Commit::Done(revision) = desk.world.store.commit(&desk.step(&intended, &from)).await? {
                    return desk.tell_and_settle(Versioned { value: intended, revision }, generation).await;
                }
            }
        }
    }
    Err(Outside::Contention.into())
}

impl Desk {
    /// The case with its end fixed, if policies let it end.
    fn stopped(
        &self,
        case: &ServiceCase,
        wish: &CloseCase,
        occasion: Occasion,
        lease_until: Instant,
    ) -> Result<Result<ServiceCase, NotAllowed>, CloseCaseError> {
        let (case, now, note) = (case.clone(), self.now(), wish.note.clone());
        match occasion {
            Occasion::Stop if note.is_none() && self.account().note == NotePolicy::Required => {
                Err(CloseCaseError::NoteMissing)
            }
            Occasion::Stop => Ok(case.stop(now, Actor::Vendor, note, lease_until)),
            Occasion::Ticket { only_idle: true } if case.is_online() => Err(CloseCaseError::CustomerOnline),
            Occasion::Ticket { .. } => Ok(case.stop_with_ticket(now, Actor::Vendor, note, lease_until)),
        }
    }

    /// A case that has ended needs no write, but a key that came with another body is still a mistake to be told.
    async fn refuse_reused_key(&self, request: &Request<'_, CloseCase>) -> Result<(), CloseCaseError> {
        let Some(memory) = request.memory else { return Ok(()) };
        match self.world.store.remembered(&memory.key, self.now()).await? {
            Some(remembered) if remembered.fingerprint != memory.fingerprint => Err(CloseCaseError::KeyReused),
            _ => Ok(()),
        }
    }

    /// Tells TeamViewer and puts the end on record. Whoever calls it holds the case's lease.
    pub(crate) async fn tell_and_settle(
        &self,
        closing: Versioned<ServiceCase>,
        generation: u32,
    ) -> Result<ServiceCase, CloseCaseError> {
        match self.tell_closed(&closing.value).await {
            Ok(()) => {}
            Err(Outside::TeamViewer(TeamViewerError::TokenRefused)) => {
                let now = self.now();
                let case = self.amend(closing, |case| case.token_refused(generation, now)).await?.value;
                return Err(case.made_by().map_or(CloseCaseError::TokenRefused, |technician| {
                    let (account, technician) = (case.account().clone(), technician.clone());
                    CloseCaseError::SignInNeeded(SignInNeeded { account, technician })
                }));
            }
            Err(Outside::TeamViewer(error)) => {
                let now = self.now();
                self.amend(closing, |case| case.left_untold(generation, now)).await?;
                return Err(CloseCaseError::NotTold(error));
            }
            Err(other) => return Err(other.into()),
        }
        step!("stop.told");
        let now = self.now();
        let settled = self.amend(closing, |case| case.closed(generation, now, self.voice())).await?;
        step!("stop.settled");
        match settled.value.lease() {
            // Overtaken: whoever holds the lease puts the end on record.
            Some(lease) => Err(CloseCaseError::BeingClosed { until: lease.until }),
            None => Ok(settled.value),
        }
    }

    /// Tells TeamViewer with what the case's session was made, or with what has taken its place.
    async fn tell_closed(&self, case: &ServiceCase) -> Result<(), Outside> {
        let Some(session) = case.session() else { return Ok(()) };
        let (mut desk, mut access) = (self.clone(), self.access_to(case).await?);
        loop {
            match desk.close_session(&access, &session.code).await {
                Err(refused @ TeamViewerError::TokenRefused) => {
                    (desk, access) = desk.after_refusal(&access).await?.ok_or(refused)?;
                }
                told => return Ok(told?),
            }
        }
    }

    async fn close_session(&self, access: &Access, code: &SessionCode) -> Result<(), TeamViewerError> {
        let (teamviewer, token) = (&self.world.teamviewer, &access.token);
        match teamviewer.close_session(token, code).await {
            // An answer that got lost: the session itself tells whether it is closed.
            Err(unknown @ TeamViewerError::OutcomeUnknown) => match teamviewer.session(token, code).await {
                Ok(Some(listed)) if listed.state == SessionState::Open => Err(unknown),
                Ok(_) => Ok(()),
                Err(_) => Err(unknown),
            },
            told => told,
        }
    }
}
