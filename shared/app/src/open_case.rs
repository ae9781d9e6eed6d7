//! Play: opens the service case of a ticket or a device, or returns the one that is live.

use casebridge_domain::connection::ConnectionState;
use casebridge_domain::device::Mode;
use casebridge_domain::journal::Principal;
use casebridge_domain::service_case::{FailureCause, Play, State};
use casebridge_domain::{
    CaseId, CaseSubject, Connection, Instant, Language, Lease, Requester, ServiceCase, SessionType, Technician,
    TicketHold, Way,
};
use chrono::TimeDelta;

use crate::access::Access;
use crate::customer_link::LinkKey;
use crate::outside::Outside;
use crate::ports::store::{Claim, ClaimOutcome, Commit, Idempotency, Remembered, Revision, Subject, Versioned};
use crate::ports::teamviewer::TeamViewerError;
use crate::settle::TRIES;
use crate::step::step;
use crate::technician_sign_in::SignInNeeded;
use crate::{Desk, letters};

mod chosen;
mod session;

use session::Means;
pub(crate) use session::{ensure_group, host_of};

/// Seconds that a worker may take from claim to settle. Ordered: TeamViewer call (8 s) < function (25 s) < lease.
pub(crate) const LEASE_SECONDS: i64 = 30;

/// What the technician wishes when he presses play.
#[derive(Debug, Clone)]
pub struct OpenCase {
    /// The vendor's ticket, or device.
    pub subject: CaseSubject,
    /// Who is helped.
    pub requester: Requester,
    /// Who helps, if that is known.
    pub technician: Option<Technician>,
    /// Remote control or camera.
    pub session_type: SessionType,
    /// Whether the requester is mailed the link, if he has an address.
    pub invite: bool,
}

/// A wish together with the memory of the request that carries it.
#[derive(Debug, Clone)]
pub struct Request<'a, T> {
    /// What is wished.
    pub wish: T,
    /// Makes the memory once the case is known; `None` without an `Idempotency-Key`.
    pub memory: Option<&'a RequestMemory>,
}

/// An `Idempotency-Key` with the body it came with.
#[derive(Debug, Clone)]
pub struct RequestMemory {
    /// Which request.
    pub key: crate::ports::store::IdempotencyKey,
    /// SHA-256 of the body, in hex.
    pub fingerprint: String,
}

impl RequestMemory {
    /// What to keep once the request's subject is known.
    pub fn of(&self, status: u16, subject: Subject, now: Instant) -> Idempotency {
        Idempotency {
            key: self.key.clone(),
            remembered: Remembered { fingerprint: self.fingerprint.clone(), status, subject },
            now,
            until: now + TimeDelta::days(crate::ports::store::REMEMBERED_DAYS),
        }
    }
}

/// What came of play.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// A new case.
    New(ServiceCase),
    /// The ticket has a live case already.
    Already(ServiceCase),
}

/// Why there is no case.
#[derive(Debug, thiserror::Error)]
pub enum OpenCaseError {
    /// No token is registered.
    #[error("the account has no TeamViewer connection")]
    NotConnected,
    /// Access is being revoked.
    #[error("the account's TeamViewer connection is being revoked")]
    Draining,
    /// TeamViewer refuses the token.
    #[error("TeamViewer refuses the registered token")]
    TokenRefused,
    /// Neither is there a connection that serves, nor is the technician signed in to TeamViewer.
    #[error("the technician has to sign in to TeamViewer")]
    SignInNeeded(SignInNeeded),
    /// TeamViewer does not accept the app that technicians sign in through.
    #[error("TeamViewer does not accept the account's app")]
    AppRefused,
    /// Somebody else is just renewing the technician's sign-in.
    #[error("the technician's sign-in is being renewed")]
    SignInPending {
        /// When it is worth asking again.
        until: Instant,
    },
    /// The activation was removed or changed since the device was found ready: it has to be looked at again.
    #[error("the activation was changed at the same time")]
    ActivationMoved,
    /// The ticket is closed.
    #[error("the ticket is closed")]
    TicketClosed,
    /// The ticket is about to be closed.
    #[error("the ticket is about to be closed")]
    TicketClosing {
        /// The reservation ends by itself.
        until: Instant,
    },
    /// The same `Idempotency-Key` came with another body.
    #[error("the Idempotency-Key was used for another request")]
    KeyReused,
    /// The same request is still being worked on.
    #[error("the same request is still being worked on")]
    Pending {
        /// When it will be through, or may be taken over.
        until: Instant,
    },
    /// Another case, the account's first, is just making the connection's group.
    #[error("the connection's group is being made")]
    GroupPending {
        /// When it is worth asking again.
        until: Instant,
    },
    /// TeamViewer gave no session; the claim is given back.
    #[error("TeamViewer gave no session")]
    NoSession(FailureCause, #[source] TeamViewerError),
    /// Something else failed.
    #[error(transparent)]
    Outside(#[from] Outside),
}

impl From<crate::ports::store::StoreError> for OpenCaseError {
    fn from(error: crate::ports::store::StoreError) -> Self {
        Self::Outside(error.into())
    }
}

/// Opens the ticket's service case, or returns the one that is live.
pub async fn open_case(desk: &Desk, request: Request<'_, OpenCase>) -> Result<Opened, OpenCaseError> {
    open_under(desk, request, None).await
}

/// The same, and only while the activation is as it was when the device was found ready.
pub(crate) async fn open_under(
    desk: &Desk,
    request: Request<'_, OpenCase>,
    activation: Option<Revision>,
) -> Result<Opened, OpenCaseError> {
    let mut desk = desk.clone();
    // What was let in may be a minute old: nobody is refused, and no group made, on the strength of that.
    if !serving(&desk).is_ok_and(|connection| connection.group_id().is_some()) {
        desk = desk.with_fresh_connection().await?;
    }
    let mut forgetting = false;
    let mut settling: Option<Versioned<ServiceCase>> = None;
    let mut links: Option<Option<LinkKey>> = None;
    step!("play.begun");
    for _ in 0..TRIES {
        let access = Box::pin(desk.access_of_player(request.wish.technician.as_ref())).await?;
        let means = session::means_for(&desk, &access, &request.wish.subject).await?;
        if links.is_none() {
            links = Some(desk.link_key().await?);
        }
        let case = desk.opening(&request.wish, &access, links.as_ref().and_then(Option::as_ref));
        let memory = request.memory.map(|memory| memory.of(201, Subject::Case(case.id()), case.started_at()));
        let ended = settling.take().and_then(|old| desk.expired_of(&old).map(|case| (case, old)));
        let claim = Claim {
            case: &case,
            now: case.started_at(),
            idempotency: memory.as_ref(),
            forgetting,
            settling: ended.as_ref().map(|(ended, old)| desk.ending(ended, old)),
            activation,
        };
        match desk.world.store.claim(&claim).await? {
            ClaimOutcome::Ours(revision) => {
                step!("play.claimed");
                let claimed = Versioned { value: case, revision };
                return Box::pin(desk.call_and_settle(access, means, claimed, 1)).await.map(Opened::New);
            }
            ClaimOutcome::NotServed => desk = desk.with_fresh_connection().await?,
            ClaimOutcome::ActivationMoved => return Err(OpenCaseError::ActivationMoved),
            ClaimOutcome::Lost => {}
            ClaimOutcome::Remembered(remembered) => match desk.recall(&request, &remembered).await? {
                Recalled::Answer(opened) => return Ok(opened),
                Recalled::TakeOver(case) => return Box::pin(desk.finish_opening(case)).await,
                Recalled::Anew => forgetting = true,
            },
            ClaimOutcome::Held(TicketHold::Closed { .. }) => return Err(OpenCaseError::TicketClosed),
            ClaimOutcome::Held(TicketHold::Closing { until }) => return Err(OpenCaseError::TicketClosing { until }),
            ClaimOutcome::Held(TicketHold::Case { case, .. }) => {
                let Some(holder) = desk.case(case).await? else { continue };
                if !holder.value.is_live(desk.now()) && holder.value.ticket_closed_at().is_some() {
                    // Its end leaves the ticket closed.
                    desk.settle_expiry(holder).await?;
                } else if !holder.value.is_live(desk.now()) {
                    settling = (!holder.value.is_settled()).then_some(holder);
                } else if abandoned(&holder.value, desk.now()) {
                    return Box::pin(desk.finish_opening(holder)).await;
                } else {
                    return desk.already(&request, holder.value).await;
                }
            }
        }
    }
    Err(Outside::Contention.into())
}

/// What a remembered request calls for.
enum Recalled {
    Answer(Opened),
    TakeOver(Versioned<ServiceCase>),
    Anew,
}

fn serving(desk: &Desk) -> Result<&Connection, OpenCaseError> {
    let connection = &desk.connection().ok_or(OpenCaseError::NotConnected)?.value;
    match connection.state {
        ConnectionState::Active => Ok(connection),
        ConnectionState::Draining { .. } => Err(OpenCaseError::Draining),
        ConnectionState::TokenRefused { .. } => Err(OpenCaseError::TokenRefused),
    }
}

/// Whether the worker that was opening the case is presumed gone.
fn abandoned(case: &ServiceCase, now: Instant) -> bool {
    matches!(case.state(), State::Opening(opening) if opening.lease.lapsed(now))
}

impl Desk {
    fn opening(&self, wish: &OpenCase, access: &Access, links: Option<&LinkKey>) -> ServiceCase {
        let now = self.now();
        let account = self.account();
        let longest = account.case_lifetime.span();
        let device = wish.subject.device();
        let lives = device.map_or(longest, |device| device.lives(longest));
        let code_lives = device.map_or(lives, |device| device.code_lives(lives));
        let is_handed_over = device.is_some_and(|device| device.mode() == Mode::Attended);
        let id = CaseId::new(self.world.ids.time_ordered(now));
        ServiceCase::claim(Play {
            account: account.id.clone(),
            id,
            registration: access.registration,
            made_by: access.technician().cloned(),
            subject: wish.subject.clone(),
            requester: wish.requester.clone(),
            technician: wish.technician.clone(),
            session_type: wish.session_type,
            language: language_for(&wish.requester, account.language),
            invited: wish.invite,
            // The page speaks of tickets: who is invited to a device's session is led straight to TeamViewer.
            link: links.filter(|_| device.is_none()).and_then(|key| key.hash(id)),
            started_at: now,
            valid_until: now + code_lives,
            joined_until: (code_lives < lives).then(|| now + lives),
            configuration: is_handed_over.then(|| account.device_configuration.clone().unwrap_or_default()),
            lease: Lease::first(now + TimeDelta::seconds(LEASE_SECONDS)),
        })
    }

    fn expired_of(&self, old: &Versioned<ServiceCase>) -> Option<ServiceCase> {
        old.value.clone().expired(self.now(), self.voice()).ok()
    }

    async fn already(&self, request: &Request<'_, OpenCase>, case: ServiceCase) -> Result<Opened, OpenCaseError> {
        if let Some(memory) = request.memory {
            let memory = memory.of(200, Subject::Case(case.id()), self.now());
            self.world.store.remember(&memory).await?;
        }
        Ok(Opened::Already(case))
    }

    async fn recall(
        &self,
        request: &Request<'_, OpenCase>,
        remembered: &Remembered,
    ) -> Result<Recalled, OpenCaseError> {
        if request.memory.is_none_or(|memory| memory.fingerprint != remembered.fingerprint) {
            return Err(OpenCaseError::KeyReused);
        }
        let Subject::Case(id) = remembered.subject else { return Err(OpenCaseError::KeyReused) };
        let Some(case) = self.case(id).await? else { return Ok(Recalled::Anew) };
        match case.value.state() {
            State::Failed(_) => Ok(Recalled::Anew),
            State::Opening(_) if !case.value.is_live(self.now()) => Ok(Recalled::Anew),
            State::Opening(opening) if opening.lease.lapsed(self.now()) => Ok(Recalled::TakeOver(case)),
            State::Opening(opening) => Err(OpenCaseError::Pending { until: opening.lease.until }),
            _ if remembered.status == 201 => Ok(Recalled::Answer(Opened::New(case.value))),
            _ => Ok(Recalled::Answer(Opened::Already(case.value))),
        }
    }

    /// Takes over a case whose worker is gone: adopts its session if there is one, else asks for one. Whoever presses play now,
    /// it is asked for with what the case began with.
    async fn finish_opening(&self, case: Versioned<ServiceCase>) -> Result<Opened, OpenCaseError> {
        let now = self.now();
        let until = now + TimeDelta::seconds(LEASE_SECONDS);
        let Ok((resumed, generation)) = case.value.clone().taken_over(now, until) else {
            return Ok(Opened::Already(case.value));
        };
        if self.by() == Principal::Customer && case.value.made_by().is_some() {
            // He acts for no technician: the watch finishes it.
            return Ok(Opened::Already(case.value));
        }
        let access = self.access_to(&case.value).await.map_err(|error| Self::unopened(&case.value, error))?;
        let means = session::means_for(self, &access, case.value.subject()).await?;
        match self.world.store.commit(&self.step(&resumed, &case)).await? {
            Commit::Done(revision) => {
                let claimed = Versioned { value: resumed, revision };
                match session::find(self, &access.token, &claimed.value).await {
                    Ok(Some(way)) => self.settle_opened(&access, claimed, way, generation).await.map(Opened::New),
                    Ok(None) => self.call_and_settle(access, means, claimed, generation).await.map(Opened::New),
                    Err(error) => Err(OpenCaseError::NoSession(FailureCause::NoAnswer, error)),
                }
            }
            Commit::Lost | Commit::Remembered(_) => {
                let case = self.case(resumed.id()).await?.ok_or(Outside::Contention)?;
                Ok(Opened::Already(case.value))
            }
        }
    }

    async fn call_and_settle(
        &self,
        access: Access,
        means: Means,
        claimed: Versioned<ServiceCase>,
        generation: u32,
    ) -> Result<ServiceCase, OpenCaseError> {
        let mut error = match session::open(self, &access, means, &claimed.value).await {
            Ok(way) => {
                step!("play.called");
                return self.settle_opened(&access, claimed, way, generation).await;
            }
            Err(error) => error,
        };
        if error == TeamViewerError::TokenRefused {
            match self.after_refusal(&access).await {
                Ok(Some((desk, access))) => {
                    let means = session::means_for(&desk, &access, claimed.value.subject()).await?;
                    return Box::pin(desk.call_and_settle(access, means, claimed, generation)).await;
                }
                Ok(None) => {}
                Err(Outside::TeamViewer(other)) => error = other,
                Err(other) => return Err(other.into()),
            }
        }
        let (cause, now) = (cause_of(&error), self.now());
        let failed = self.amend(claimed, |case| case.failed(cause, generation, now)).await?;
        Err(match error {
            TeamViewerError::TokenRefused => Self::unopened(&failed.value, error.into()),
            error => OpenCaseError::NoSession(cause, error),
        })
    }

    /// Why a case has no session: a token that is refused is the technician's own affair where it is his.
    fn unopened(case: &ServiceCase, error: Outside) -> OpenCaseError {
        match (error, case.made_by()) {
            (Outside::TeamViewer(TeamViewerError::TokenRefused), Some(technician)) => {
                let (account, technician) = (case.account().clone(), technician.clone());
                OpenCaseError::SignInNeeded(SignInNeeded { account, technician })
            }
            (Outside::TeamViewer(error), _) => OpenCaseError::NoSession(cause_of(&error), error),
            (error, _) => error.into(),
        }
    }

    /// Writes the session into the case, with the invitation it owes. A worker that was overtaken closes its session.
    pub(crate) async fn settle_opened(
        &self,
        access: &Access,
        claimed: Versioned<ServiceCase>,
        way: Way,
        generation: u32,
    ) -> Result<ServiceCase, OpenCaseError> {
        let mut from = claimed;
        let now = self.now();
        for _ in 0..TRIES {
            let Ok(mut case) = from.value.clone().opened(way.clone(), generation, now) else {
                return self.give_way(access, from.value, &way).await;
            };
            let letter = if case.is_invited() { self.invitation_letter(&case, now).await? } else { None };
            if let Some(letter) = &letter {
                case = case.invited(letter.id, now).map_err(|_| Outside::Contention)?;
            }
            let mut change = self.step(&case, &from);
            change.letters = letter.into_iter().map(|letter| letters::owed(letter, now)).collect();
            match self.world.store.commit(&change).await? {
                Commit::Done(_) => {
                    step!("play.settled");
                    if let Some(session) = way.session() {
                        self.set_module(access, &session.code).await;
                    }
                    return Ok(case);
                }
                Commit::Lost | Commit::Remembered(_) => {}
            }
            from = self.case(from.value.id()).await?.ok_or(Outside::Contention)?;
        }
        Err(Outside::Contention.into())
    }

    async fn give_way(&self, access: &Access, case: ServiceCase, way: &Way) -> Result<ServiceCase, OpenCaseError> {
        let kept = case.session().map(|kept| &kept.code);
        if let Some(session) = way.session().filter(|session| kept != Some(&session.code)) {
            // Best effort: the watch closes what this call can't.
            if let Err(error) = self.world.teamviewer.close_session(&access.token, &session.code).await {
                tracing::warn!(account = %self.id(), case = %case.id(), %error, "an overtaken session stays open for now");
            }
        }
        match case.state() {
            State::Failed(failed) => Err(OpenCaseError::NoSession(failed.cause, TeamViewerError::OutcomeUnknown)),
            _ => Ok(case),
        }
    }
}

/// The requester's language, else the account's.
fn language_for(requester: &Requester, fallback: Language) -> Language {
    requester.language.unwrap_or(fallback)
}

fn cause_of(error: &TeamViewerError) -> FailureCause {
    match error {
        TeamViewerError::TokenRefused => FailureCause::TokenRefused,
        TeamViewerError::PermissionMissing => FailureCause::PermissionMissing,
        TeamViewerError::RateLimited { .. } => FailureCause::RateLimited,
        TeamViewerError::LicenceLimit => FailureCause::LicenceLimit,
        TeamViewerError::Refused { .. } => FailureCause::Refused,
        TeamViewerError::Unreachable | TeamViewerError::OutcomeUnknown => FailureCause::NoAnswer,
    }
}
