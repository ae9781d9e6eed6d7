//! Somebody asks for help.

use casebridge_domain::letter::LetterKind;
use casebridge_domain::service_case::{Ask, Note};
use casebridge_domain::{CaseId, CaseSubject, DeviceId, Instant, Requester, ServiceCase, SessionType, TicketHold};

use crate::open_case::{Opened, Request, language_for};
use crate::outside::Outside;
use crate::ports::store::{Asking, ClaimOutcome, Remembered, StoreError, Subject, Versioned};
use crate::settle::TRIES;
use crate::start_session::{Ready, StartSession, StartSessionError, readied};
use crate::{Desk, letters};

/// What is wished.
#[derive(Debug, Clone)]
pub struct AskForHelp {
    /// The vendor's ticket, or device.
    pub subject: CaseSubject,
    /// Who is to be helped.
    pub requester: Requester,
    /// Remote control or camera.
    pub session_type: SessionType,
    /// What is wrong, in his words.
    pub note: Option<Note>,
}

/// What is wished of a device by whoever is at it.
#[derive(Debug, Clone)]
pub struct AskForDevice {
    /// The vendor's device.
    pub device: DeviceId,
    /// Who is to be helped; else the device's user as he was reported, or whoever has the device.
    pub requester: Option<Requester>,
    /// What is wrong, in his words.
    pub note: Option<Note>,
}

/// Why nobody is asked.
#[derive(Debug, thiserror::Error)]
pub enum NotAsked {
    /// The ticket is closed.
    #[error("the ticket is closed")]
    TicketClosed,
    /// The ticket is about to be closed.
    #[error("the ticket is about to be closed")]
    TicketClosing {
        /// The reservation ends by itself.
        until: Instant,
    },
    /// The device can't be helped as it was reported, or is not known.
    #[error("the device can't be helped")]
    Device(#[source] StartSessionError),
    /// The same `Idempotency-Key` came with another body.
    #[error("the Idempotency-Key was used for another request")]
    KeyReused,
    /// Something else failed.
    #[error(transparent)]
    Outside(#[from] Outside),
}

impl From<StoreError> for NotAsked {
    fn from(error: StoreError) -> Self {
        Self::Outside(error.into())
    }
}

/// Asks for help with a device, with somebody at it. Its readiness is looked at as when a session is started: what keeps sessions
/// from it is told to whoever asks, rather than to a technician who takes it in vain.
pub async fn ask_for_device(desk: &Desk, request: Request<'_, AskForDevice>) -> Result<Opened, NotAsked> {
    let AskForDevice { device, requester, note } = request.wish;
    let session = StartSession::attended(device, requester);
    let session = Request { wish: session, memory: request.memory };
    let Ready { subject, requester, .. } = match readied(desk, &session).await {
        Ok(ready) => ready,
        Err(StartSessionError::NotReady(found)) => {
            // Who waits, or is being helped, is none the worse for what was reported since.
            let newest = desk.world.store.newest_device_case(desk.id(), &session.wish.device).await?;
            return match newest.map(|case| case.value).filter(|case| case.is_live(desk.now())) {
                Some(live) => Ok(Opened::Already(live)),
                None => Err(NotAsked::Device(StartSessionError::NotReady(found))),
            };
        }
        Err(error) => return Err(NotAsked::Device(error)),
    };
    let wish = AskForHelp { subject, requester, session_type: SessionType::Default, note };
    ask_for_help(desk, Request { wish, memory: request.memory }).await
}

/// Asks for help. The case that waits already, or is live, is given to whoever asks again.
pub async fn ask_for_help(desk: &Desk, request: Request<'_, AskForHelp>) -> Result<Opened, NotAsked> {
    let mut settling: Option<Versioned<ServiceCase>> = None;
    for _ in 0..TRIES {
        let case = desk.asking(&request.wish);
        let now = case.started_at();
        let memory = request.memory.map(|memory| memory.of(201, Subject::Case(case.id()), now));
        let ended = settling.take().and_then(|old| {
            let ended = old.value.clone().expired(now, desk.voice()).ok()?;
            Some((ended, old))
        });
        let told = desk.notices(LetterKind::HelpAsked, &case, now);
        let asking = Asking {
            case: &case,
            by: desk.by(),
            now,
            letters: told.into_iter().map(|letter| letters::owed(letter, now)).collect(),
            idempotency: memory.as_ref(),
            settling: ended.as_ref().map(|(ended, old)| desk.ending(ended, old)),
        };
        match desk.world.store.ask(&asking).await? {
            ClaimOutcome::Ours(_) => return Ok(Opened::New(case)),
            ClaimOutcome::Lost | ClaimOutcome::NotServed | ClaimOutcome::ActivationMoved => {}
            ClaimOutcome::Remembered(remembered) => return desk.asked_before(&request, &remembered).await,
            ClaimOutcome::Held(TicketHold::Closed { .. }) => return Err(NotAsked::TicketClosed),
            ClaimOutcome::Held(TicketHold::Closing { until }) => return Err(NotAsked::TicketClosing { until }),
            ClaimOutcome::Held(TicketHold::Case { case, .. }) => {
                let Some(holder) = desk.case(case).await? else { continue };
                if holder.value.is_live(desk.now()) {
                    return desk.waiting(&request, holder.value).await;
                } else if holder.value.ticket_closed_at().is_some() {
                    // Its end leaves the ticket closed.
                    desk.settle_expiry(holder).await?;
                } else {
                    settling = (!holder.value.is_settled()).then_some(holder);
                }
            }
        }
    }
    Err(Outside::Contention.into())
}

impl Desk {
    fn asking(&self, wish: &AskForHelp) -> ServiceCase {
        let (now, account) = (self.now(), self.account());
        ServiceCase::asked(Ask {
            account: account.id.clone(),
            id: CaseId::new(self.world.ids.time_ordered(now)),
            subject: wish.subject.clone(),
            requester: wish.requester.clone(),
            session_type: wish.session_type,
            language: language_for(&wish.requester, account.language),
            note: wish.note.clone(),
            at: now,
            until: now + account.request_lifetime.span(),
        })
    }

    async fn waiting(&self, request: &Request<'_, AskForHelp>, case: ServiceCase) -> Result<Opened, NotAsked> {
        if let Some(memory) = request.memory {
            let memory = memory.of(200, Subject::Case(case.id()), self.now());
            self.world.store.remember(&memory).await?;
        }
        Ok(Opened::Already(case))
    }

    /// Whoever repeats a request learns how it stands with what came of it, even if it ended.
    async fn asked_before(
        &self,
        request: &Request<'_, AskForHelp>,
        remembered: &Remembered,
    ) -> Result<Opened, NotAsked> {
        if request.memory.is_none_or(|memory| memory.fingerprint != remembered.fingerprint) {
            return Err(NotAsked::KeyReused);
        }
        let Subject::Case(id) = remembered.subject else { return Err(NotAsked::KeyReused) };
        let case = self.case(id).await?.ok_or(Outside::Contention)?.value;
        Ok(if remembered.status == 201 { Opened::New(case) } else { Opened::Already(case) })
    }
}
