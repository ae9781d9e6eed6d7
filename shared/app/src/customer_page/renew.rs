//! "Send me a new link": a new case of the same ticket, on the requester's behalf.

use casebridge_domain::key::Owner;
use casebridge_domain::service_case::{NotAllowed, State};
use casebridge_domain::{Instant, KeyId, ServiceCase};
use chrono::TimeDelta;
use uuid::Uuid;

use super::{Standing, Visitor};
use crate::invitation::{InviteError, invite_again};
use crate::open_case::{OpenCase, OpenCaseError, Opened, Request, RequestMemory, open_case};
use crate::outside::Outside;
use crate::ports::store::{Idempotency, IdempotencyKey, Remembered, Subject};

/// Links that customers may ask for of one ticket in [`WITHIN`] (our own choice).
const LINKS_OF_A_TICKET: usize = 3;

/// See [`LINKS_OF_A_TICKET`].
const WITHIN: TimeDelta = TimeDelta::hours(24);

/// Names the requests of this page among those that are remembered.
const ROUTE: &str = "customer page, new link";

/// What came of asking. The link itself goes to the address on file, and nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Renewed {
    /// A letter is queued.
    Sent,
    /// One was, when this link asked before.
    Before,
}

/// Why no link is sent.
#[derive(Debug, thiserror::Error)]
pub enum NotRenewed {
    /// The case is not one that expired not long ago, or there is no address on file.
    #[error("the link asks for no new one")]
    NotRenewable,
    /// The ticket is closed, or about to be.
    #[error("the ticket is closed")]
    TicketClosed,
    /// Customers asked for the ticket's most links already.
    #[error("too many links were asked for")]
    TooMany,
    /// TeamViewer gave no session; whoever runs the help desk finds why.
    #[error("there is no session to be had")]
    NotNow(#[source] OpenCaseError),
    /// Something else failed.
    #[error(transparent)]
    Outside(#[from] Outside),
}

impl From<crate::ports::store::StoreError> for NotRenewed {
    fn from(error: crate::ports::store::StoreError) -> Self {
        Self::Outside(error.into())
    }
}

impl Visitor {
    /// Opens a new case with the same facts, whose invitation goes to the address on file. Where the ticket has a live case, that
    /// one's invitation is sent again. One for each expired case, three for each ticket in 24 hours.
    pub async fn renew(&self) -> Result<Renewed, NotRenewed> {
        let Standing::Ended { renewable: true } = self.standing() else { return Err(NotRenewed::NotRenewable) };
        let now = self.desk.now();
        let memory = self.memory("case");
        if self.asked_before(&memory, now).await? {
            return Ok(Renewed::Before);
        }
        if !self.takes_one_of_the_tickets(now).await? {
            return Err(NotRenewed::TooMany);
        }
        match Box::pin(open_case(&self.desk, Request { wish: self.same(), memory: Some(&memory) })).await {
            Ok(Opened::New(_)) => Ok(Renewed::Sent),
            Ok(Opened::Already(live)) => self.invite_to(&live).await,
            Err(OpenCaseError::TicketClosed | OpenCaseError::TicketClosing { .. }) => Err(NotRenewed::TicketClosed),
            Err(OpenCaseError::Pending { .. }) => Ok(Renewed::Before),
            Err(OpenCaseError::Outside(error)) => Err(error.into()),
            Err(error) => Err(NotRenewed::NotNow(error)),
        }
    }

    /// What play said then.
    fn same(&self) -> OpenCase {
        let case = self.case();
        OpenCase {
            subject: case.subject().clone(),
            requester: case.requester().clone(),
            technician: case.technician().cloned(),
            session_type: case.session_type(),
            invite: true,
        }
    }

    async fn invite_to(&self, live: &ServiceCase) -> Result<Renewed, NotRenewed> {
        let memory = self.memory("invitation");
        match invite_again(&self.desk, live.id(), Request { wish: (), memory: Some(&memory) }).await {
            // Its first invitation goes as soon as there is a session.
            Ok(_) | Err(InviteError::NotAllowed(NotAllowed::StillOpening | NotAllowed::NotTaken)) => Ok(Renewed::Sent),
            Err(InviteError::KeyReused) => Ok(Renewed::Before),
            Err(InviteError::Outside(error)) => Err(error.into()),
            Err(InviteError::NotFound | InviteError::NoAddress | InviteError::NotAllowed(_)) => {
                Err(NotRenewed::NotRenewable)
            }
        }
    }

    /// Whether this link asked before, and got something.
    async fn asked_before(&self, memory: &RequestMemory, now: Instant) -> Result<bool, NotRenewed> {
        let Some(remembered) = self.desk.world.store.remembered(&memory.key, now).await? else { return Ok(false) };
        let Subject::Case(id) = remembered.subject else { return Ok(true) };
        let case = self.desk.case(id).await?;
        Ok(case.is_some_and(|case| !matches!(case.value.state(), State::Failed(_))))
    }

    /// Takes one of the ticket's places, each of which is taken for 24 hours. The store's guards count, so that any number of
    /// processes do.
    async fn takes_one_of_the_tickets(&self, now: Instant) -> Result<bool, NotRenewed> {
        let Some(ticket) = self.case().ticket().map(|ticket| &ticket.id) else { return Ok(false) };
        for place in 0..LINKS_OF_A_TICKET {
            let taken = Idempotency {
                key: self.key(format!("ticket {ticket}, place {place}")),
                remembered: Remembered {
                    fingerprint: String::new(),
                    status: 202,
                    subject: Subject::Case(self.case().id()),
                },
                now,
                until: now + WITHIN,
            };
            if self.desk.world.store.remember(&taken).await?.is_none() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// This link's one request, for a case or for the invitation to one.
    fn memory(&self, of: &str) -> RequestMemory {
        let key = self.key(format!("{of} of {}", self.case().id()));
        RequestMemory { key, fingerprint: ROUTE.to_owned() }
    }

    fn key(&self, key: String) -> IdempotencyKey {
        let owner = Owner::Account(self.desk.id().clone());
        // No key of anybody's: the nil UUID is never given out.
        IdempotencyKey { owner, principal: KeyId::new(Uuid::nil()), route: ROUTE.to_owned(), key }
    }
}
