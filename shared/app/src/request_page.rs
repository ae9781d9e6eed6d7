//! The page on which a requester asks for help, and the links to it.
//!
//! A link carries the ticket's facts and the requester, signed with a key of the account; it is kept nowhere. Whoever has it is taken for
//! the requester.

use casebridge_domain::journal::Principal;
use casebridge_domain::key::Owner;
use casebridge_domain::service_case::{FailureCause, State};
use casebridge_domain::session::Link;
use casebridge_domain::{Account, AccountId, Instant, KeyId, Requester, ServiceCase, SessionType, Ticket};
use chrono::TimeDelta;
use uuid::Uuid;

use crate::customer_page::{Standing, Visitor};
use crate::help_request::{AskForHelp, NotAsked, NotWithdrawn, ask_for_help, withdraw};
use crate::open_case::Request;
use crate::outside::Outside;
use crate::ports::store::{Idempotency, IdempotencyKey, Remembered, Subject, Versioned};
use crate::{Desk, World};

mod link;

pub use link::{NoLink, RequestLink, RequestLinkWish, make_request_link};

use link::Claims;

/// Requests that the page makes for one ticket in [`WITHIN`] (our own choice): each mails those who stand in for a technician.
const REQUESTS_OF_A_TICKET: usize = 5;

/// See [`REQUESTS_OF_A_TICKET`].
const WITHIN: TimeDelta = TimeDelta::hours(24);

/// Names the requests of this page among those that are remembered.
const ROUTE: &str = "request page";

/// A requester who has a link.
pub struct Asker {
    desk: Desk,
    claims: Claims,
    newest: Option<Versioned<ServiceCase>>,
}

/// What came of a link.
pub enum Came {
    /// It is good.
    In(Box<Asker>),
    /// Its time is over.
    Late(Box<Account>),
    /// It is none of ours.
    Unknown,
}

/// How it stands with the requester's ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiting<'a> {
    /// He may ask for help.
    Free {
        /// He did, and nobody took it in time.
        in_vain: bool,
    },
    /// He waits for a technician.
    Queued {
        /// Until when.
        until: Instant,
    },
    /// Somebody has taken it; TeamViewer has not answered yet.
    Preparing,
    /// Somebody helps: he can join.
    Ready(&'a casebridge_domain::Session),
}

/// Why nobody is asked.
#[derive(Debug, thiserror::Error)]
pub enum NotAskedHere {
    /// The ticket is closed, or about to be.
    #[error("the ticket is closed")]
    TicketClosed,
    /// The page has asked the ticket's most times already.
    #[error("help was asked for too often")]
    TooMany,
    /// Something else failed.
    #[error(transparent)]
    Outside(#[from] Outside),
}

/// Lets in whoever has a link that is good. Looking changes nothing.
pub async fn let_in_to_ask(world: &World, account: &AccountId, token: &str) -> Result<Came, Outside> {
    let Some(desk) = Desk::open(world, account, Principal::Customer).await? else { return Ok(Came::Unknown) };
    let Some(claims) = desk.claims_of_link(token).await? else { return Ok(Came::Unknown) };
    if claims.expires_at <= world.now() {
        return Ok(Came::Late(Box::new(desk.account().clone())));
    }
    let newest = world.store.newest_case(account, &claims.ticket.id).await?;
    Ok(Came::In(Box::new(Asker { desk, claims, newest })))
}

impl Asker {
    /// Whose page it is.
    pub fn account(&self) -> &Account {
        self.desk.account()
    }

    /// What it is about.
    pub fn ticket(&self) -> &Ticket {
        &self.claims.ticket
    }

    /// Who asks.
    pub fn requester(&self) -> &Requester {
        &self.claims.requester
    }

    /// The ticket's newest case, as it was last settled.
    pub fn case(&self) -> Option<&ServiceCase> {
        self.newest.as_ref().map(|case| &case.value)
    }

    /// Where it stands by the clock.
    pub fn standing(&self) -> Waiting<'_> {
        let now = self.desk.now();
        let Some(case) = self.case() else { return Waiting::Free { in_vain: false } };
        match case.state() {
            State::Asked if case.is_live(now) => Waiting::Queued { until: case.valid_until() },
            State::Asked => Waiting::Free { in_vain: true },
            State::Failed(failed) => Waiting::Free { in_vain: failed.cause == FailureCause::NotTaken },
            State::Opening(_) if case.is_live(now) => Waiting::Preparing,
            State::Open(open) if case.is_live(now) => {
                open.way.session().map_or(Waiting::Free { in_vain: false }, Waiting::Ready)
            }
            _ => Waiting::Free { in_vain: false },
        }
    }

    /// He asks for help. Asking again while he waits, or is helped, changes nothing.
    pub async fn ask(&self) -> Result<(), NotAskedHere> {
        if !matches!(self.standing(), Waiting::Free { .. }) {
            return Ok(());
        }
        if !self.takes_one_of_the_tickets().await? {
            return Err(NotAskedHere::TooMany);
        }
        let wish = AskForHelp {
            subject: self.claims.ticket.clone().into(),
            requester: self.claims.requester.clone(),
            session_type: SessionType::Default,
            note: None,
        };
        match ask_for_help(&self.desk, Request { wish, memory: None }).await {
            Ok(_) => Ok(()),
            Err(NotAsked::TicketClosed | NotAsked::TicketClosing { .. }) => Err(NotAskedHere::TicketClosed),
            Err(NotAsked::Outside(error)) => Err(error.into()),
            Err(NotAsked::Device(_) | NotAsked::KeyReused) => Err(Outside::Contention.into()),
        }
    }

    /// He does not need help any more. What somebody has taken meanwhile stays.
    pub async fn withdraw(&self) -> Result<(), Outside> {
        let Some(case) = self.case().filter(|case| case.is_asked()) else { return Ok(()) };
        match withdraw(&self.desk, case.id(), Request { wish: (), memory: None }).await {
            Err(NotWithdrawn::Outside(error)) => Err(error),
            _ => Ok(()),
        }
    }

    /// He presses the button: gives where TeamViewer takes him; `None` if nobody helps him just now.
    pub async fn join(&self) -> Option<Link> {
        let visitor = Visitor::of(self.desk.clone(), self.newest.clone()?);
        match visitor.standing() {
            Standing::Ready(_) => visitor.join().await,
            Standing::Preparing | Standing::Ended { .. } => None,
        }
    }

    /// Takes one of the ticket's places, each of which is taken for 24 hours. The store's guards count, so that any number of
    /// processes do.
    async fn takes_one_of_the_tickets(&self) -> Result<bool, Outside> {
        let now = self.desk.now();
        for place in 0..REQUESTS_OF_A_TICKET {
            let taken = Idempotency {
                key: IdempotencyKey {
                    owner: Owner::Account(self.desk.id().clone()),
                    // No key of anybody's: the nil UUID is never given out.
                    principal: KeyId::new(Uuid::nil()),
                    route: ROUTE.to_owned(),
                    key: format!("ticket {}, place {place}", self.claims.ticket.id),
                },
                remembered: Remembered {
                    fingerprint: String::new(),
                    status: 201,
                    subject: Subject::Account(self.desk.id().clone()),
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
}
