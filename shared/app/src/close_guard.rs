//! The close guard: a ticket can't be closed while its case is live, and no play slips in between.

use casebridge_domain::journal::AccountMatter;
use casebridge_domain::ticket_hold::RESERVATION_SECONDS;
use casebridge_domain::{CaseId, Instant, ServiceCase, TicketHold, TicketId};
use chrono::TimeDelta;

use crate::Desk;
use crate::outside::Outside;
use crate::settle::TRIES;

/// Whether a ticket may be closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Closable {
    /// Nothing stands in the way; advice only.
    Free,
    /// Somebody reserved the closing.
    Reserved {
        /// Until when.
        until: Instant,
    },
    /// The ticket was reported closed.
    Closed,
    /// A case is live.
    Live(Box<LiveCase>),
}

/// The case that stands in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveCase {
    /// Which.
    pub id: CaseId,
    /// Its session, once TeamViewer gave one.
    pub code: Option<casebridge_domain::SessionCode>,
    /// When it ends by itself at the latest.
    pub valid_until: Instant,
}

impl LiveCase {
    fn of(case: &ServiceCase) -> Self {
        Self {
            id: case.id(),
            code: case.session().map(|session| session.code.clone()),
            valid_until: case.valid_until(),
        }
    }
}

/// Why the guard refuses.
#[derive(Debug, thiserror::Error)]
pub enum GuardError {
    /// A case is live.
    #[error("the ticket has a live service case")]
    Live(Box<LiveCase>),
    /// Something else failed.
    #[error(transparent)]
    Outside(#[from] Outside),
}

impl From<crate::ports::store::StoreError> for GuardError {
    fn from(error: crate::ports::store::StoreError) -> Self {
        Self::Outside(error.into())
    }
}

/// Asks. The answer may be out of date the moment it is given; reserve to be sure.
pub async fn closable(desk: &Desk, ticket: &TicketId) -> Result<Closable, Outside> {
    let now = desk.now();
    match desk.world.store.hold(desk.id(), ticket).await? {
        Some(TicketHold::Case { case, code, valid_until }) if now < valid_until => {
            Ok(Closable::Live(Box::new(LiveCase { id: case, code, valid_until })))
        }
        Some(TicketHold::Case { case, .. }) => match desk.case(case).await? {
            Some(case) if case.value.is_live(now) => Ok(Closable::Live(Box::new(LiveCase::of(&case.value)))),
            _ => Ok(Closable::Free),
        },
        Some(TicketHold::Closing { until }) if now < until => Ok(Closable::Reserved { until }),
        Some(TicketHold::Closed { .. }) => Ok(Closable::Closed),
        Some(TicketHold::Closing { .. }) | None => Ok(Closable::Free),
    }
}

/// Reserves the closing for a minute: play is refused until it is confirmed, let go, or lapses. Reserving again starts
/// the minute anew.
pub async fn reserve_closing(desk: &Desk, ticket: &TicketId) -> Result<Instant, GuardError> {
    let until = desk.now() + TimeDelta::seconds(RESERVATION_SECONDS);
    match desk.hold_for_closing(ticket, TicketHold::Closing { until }).await? {
        TicketHold::Closing { until } => Ok(until),
        TicketHold::Closed { since } => Ok(since),
        TicketHold::Case { .. } => Err(Outside::Contention.into()),
    }
}

/// The vendor has closed the ticket: play is refused until it is reopened.
pub async fn ticket_closed(desk: &Desk, ticket: &TicketId) -> Result<(), GuardError> {
    desk.hold_for_closing(ticket, TicketHold::Closed { since: desk.now() }).await?;
    Ok(())
}

/// The vendor does not close the ticket after all.
pub async fn let_go(desk: &Desk, ticket: &TicketId) -> Result<(), Outside> {
    if let Some(hold @ TicketHold::Closing { .. }) = desk.world.store.hold(desk.id(), ticket).await? {
        desk.world.store.release_hold(desk.id(), ticket, &hold, None).await?;
    }
    Ok(())
}

/// The vendor has reopened the ticket.
pub async fn ticket_reopened(desk: &Desk, ticket: &TicketId) -> Result<(), Outside> {
    if let Some(hold @ TicketHold::Closed { .. }) = desk.world.store.hold(desk.id(), ticket).await? {
        let entry = desk.entry(AccountMatter::TicketReopened { ticket: ticket.clone() });
        desk.world.store.release_hold(desk.id(), ticket, &hold, Some(&entry)).await?;
    }
    Ok(())
}

impl Desk {
    /// Takes the ticket for its closing. A ticket that was closed stays closed; a reservation may be renewed or
    /// confirmed; a case that ended by the clock is settled first.
    async fn hold_for_closing(&self, ticket: &TicketId, hold: TicketHold) -> Result<TicketHold, GuardError> {
        let mut replacing: Option<TicketHold> = None;
        let is_closed = matches!(hold, TicketHold::Closed { .. });
        let entry = is_closed.then(|| self.entry(AccountMatter::TicketClosed { ticket: ticket.clone() }));
        for _ in 0..TRIES {
            let now = self.now();
            let store = &self.world.store;
            match store.take_hold(self.id(), ticket, &hold, replacing.as_ref(), now, entry.as_ref()).await? {
                Ok(()) => return Ok(hold),
                Err(closed @ TicketHold::Closed { .. }) => return Ok(closed),
                Err(reserved @ TicketHold::Closing { .. }) => replacing = Some(reserved),
                Err(TicketHold::Case { case, .. }) => {
                    if let Some(case) = self.case(case).await? {
                        if case.value.is_live(now) {
                            return Err(GuardError::Live(Box::new(LiveCase::of(&case.value))));
                        }
                        self.settle_expiry(case).await?;
                    }
                    replacing = None;
                }
            }
        }
        Err(Outside::Contention.into())
    }
}
