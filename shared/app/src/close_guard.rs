//! The close guard: what a live case means to its ticket's closing, by the account's policy; and no play slips in between.

use casebridge_domain::journal::AccountMatter;
use casebridge_domain::policy::CloseGuard;
use casebridge_domain::service_case::{NotAllowed, Note, State};
use casebridge_domain::ticket_hold::RESERVATION_SECONDS;
use casebridge_domain::{CaseId, Instant, ServiceCase, TicketHold, TicketId};
use chrono::TimeDelta;

use crate::Desk;
use crate::close_case::{CloseCaseError, close_with_ticket};
use crate::outside::Outside;
use crate::ports::store::{Commit, Versioned};
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
    /// A case is live, and stands in the way.
    Live(Box<LiveCase>),
    /// A case is live, and the account's policy lets the ticket be closed all the same.
    Despite(Box<LiveCase>, OnClosing),
}

/// What the ticket's closing does about its live case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnClosing {
    /// It is left open; the ticket is closed all the same, and stays so when the case ends.
    LeavesCase,
    /// It is closed with the ticket.
    ClosesCase,
    /// It is closed with the ticket, for a reason that has to be given.
    NeedsReason,
}

/// The case that is live.
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
    /// A case is live, and no reason was given to close it.
    #[error("the ticket has a live service case, which is closed with a reason only")]
    NeedsReason(Box<LiveCase>),
    /// The case that was to be closed with the ticket could not be.
    #[error("the ticket's service case could not be closed")]
    NotClosed(#[source] CloseCaseError),
    /// Something else failed.
    #[error(transparent)]
    Outside(#[from] Outside),
}

impl From<crate::ports::store::StoreError> for GuardError {
    fn from(error: crate::ports::store::StoreError) -> Self {
        Self::Outside(error.into())
    }
}

/// What came of a reservation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reservation {
    /// Play is refused until then.
    Until(Instant),
    /// The ticket was reported closed before.
    Closed,
    /// There is nothing to reserve: a case is live, and the policy lets the ticket be closed beside it. Play gives that case.
    Beside(Box<LiveCase>),
}

/// Asks. The answer may be out of date the moment it is given; reserve to be sure.
pub async fn closable(desk: &Desk, ticket: &TicketId) -> Result<Closable, Outside> {
    let now = desk.now();
    let guard = desk.account().close_guard;
    match desk.world.store.hold(desk.id(), ticket).await? {
        Some(TicketHold::Case { case, code, valid_until }) if now < valid_until && guard == CloseGuard::Block => {
            Ok(Closable::Live(Box::new(LiveCase { id: case, code, valid_until })))
        }
        Some(TicketHold::Case { case, .. }) => Ok(match desk.case(case).await? {
            Some(case) if case.value.is_live(now) => by_policy(&case.value, guard),
            Some(case) if case.value.ticket_closed_at().is_some() => Closable::Closed,
            _ => Closable::Free,
        }),
        Some(TicketHold::Closing { until }) if now < until => Ok(Closable::Reserved { until }),
        Some(TicketHold::Closed { .. }) => Ok(Closable::Closed),
        Some(TicketHold::Closing { .. }) | None => Ok(Closable::Free),
    }
}

/// What a live case means to the closing.
fn by_policy(case: &ServiceCase, guard: CloseGuard) -> Closable {
    let live = Box::new(LiveCase::of(case));
    match guard {
        CloseGuard::Warn if case.ticket_closed_at().is_some() => Closable::Closed,
        CloseGuard::Warn => Closable::Despite(live, OnClosing::LeavesCase),
        CloseGuard::CloseIdle if is_idle(case) => Closable::Despite(live, OnClosing::ClosesCase),
        CloseGuard::AllowWithReason => Closable::Despite(live, OnClosing::NeedsReason),
        CloseGuard::Block | CloseGuard::CloseIdle => Closable::Live(live),
    }
}

/// Whether nobody is helped in it now, and nobody is just opening or closing it. Who only asks for help is not helped yet.
fn is_idle(case: &ServiceCase) -> bool {
    matches!(case.state(), State::Asked | State::Open(_)) && !case.is_online()
}

/// Reserves the closing for a minute: play is refused until it is confirmed, let go, or lapses. Reserving again starts
/// the minute anew. What the policy closes with the ticket is closed now.
pub async fn reserve_closing(desk: &Desk, ticket: &TicketId, reason: Option<&Note>) -> Result<Reservation, GuardError> {
    let until = desk.now() + TimeDelta::seconds(RESERVATION_SECONDS);
    match desk.hold_for_closing(ticket, TicketHold::Closing { until }, reason).await? {
        Held::By(TicketHold::Closing { until }) => Ok(Reservation::Until(until)),
        Held::By(TicketHold::Closed { .. }) => Ok(Reservation::Closed),
        Held::By(TicketHold::Case { .. }) => Err(Outside::Contention.into()),
        Held::Beside(case) => Ok(Reservation::Beside(case)),
    }
}

/// The vendor has closed the ticket: play is refused until it is reopened. Gives the case that is left open, if the policy
/// leaves it.
pub async fn ticket_closed(
    desk: &Desk,
    ticket: &TicketId,
    reason: Option<&Note>,
) -> Result<Option<Box<LiveCase>>, GuardError> {
    match desk.hold_for_closing(ticket, TicketHold::Closed { since: desk.now() }, reason).await? {
        Held::By(_) => Ok(None),
        Held::Beside(case) => Ok(Some(case)),
    }
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
    let matter = || AccountMatter::TicketReopened { ticket: ticket.clone() };
    for _ in 0..TRIES {
        match desk.world.store.hold(desk.id(), ticket).await? {
            Some(hold @ TicketHold::Closed { .. }) => {
                desk.world.store.release_hold(desk.id(), ticket, &hold, Some(&desk.entry(matter()))).await?;
                return Ok(());
            }
            Some(TicketHold::Case { case, .. }) => {
                let Some(from) = desk.case(case).await? else { return Ok(()) };
                // The ticket may have been closed beside its case; one that ended meanwhile has left the ticket closed.
                match desk.beside(&from, matter(), ServiceCase::with_ticket_open).await? {
                    Marked::Done | Marked::Already => return Ok(()),
                    Marked::Ended => {}
                }
            }
            Some(TicketHold::Closing { .. }) | None => return Ok(()),
        }
    }
    Err(Outside::Contention)
}

/// What the ticket is held by for its closing.
enum Held {
    By(TicketHold),
    /// Its live case, which the policy leaves open.
    Beside(Box<LiveCase>),
}

/// What came of noting on a case how its ticket stands.
enum Marked {
    Done,
    /// It said so already.
    Already,
    /// It ended, or was moved on: look again.
    Ended,
}

impl Desk {
    /// Takes the ticket for its closing. A ticket that was closed stays closed; a reservation may be renewed or
    /// confirmed; a case that ended by the clock is settled first.
    async fn hold_for_closing(
        &self,
        ticket: &TicketId,
        hold: TicketHold,
        reason: Option<&Note>,
    ) -> Result<Held, GuardError> {
        let mut replacing: Option<TicketHold> = None;
        // A case that is opened after that is another one: nobody meant to close it.
        let mut closed_one = false;
        let matter = || AccountMatter::TicketClosed { ticket: ticket.clone() };
        let is_closed = matches!(hold, TicketHold::Closed { .. });
        let entry = is_closed.then(|| self.entry(matter()));
        for _ in 0..TRIES {
            let now = self.now();
            let store = &self.world.store;
            match store.take_hold(self.id(), ticket, &hold, replacing.as_ref(), now, entry.as_ref()).await? {
                Ok(()) => return Ok(Held::By(hold)),
                Err(closed @ TicketHold::Closed { .. }) => return Ok(Held::By(closed)),
                Err(reserved @ TicketHold::Closing { .. }) => replacing = Some(reserved),
                Err(TicketHold::Case { case, .. }) => {
                    replacing = None;
                    let Some(case) = self.case(case).await? else { continue };
                    if !case.value.is_live(now) {
                        self.settle_expiry(case).await?;
                    } else if self.account().close_guard == CloseGuard::Warn {
                        let live = Box::new(LiveCase::of(&case.value));
                        let closed = |case: ServiceCase| case.with_ticket_closed(now);
                        if !is_closed || !matches!(self.beside(&case, matter(), closed).await?, Marked::Ended) {
                            return Ok(Held::Beside(live));
                        }
                    } else {
                        self.close_for_ticket(&case.value, reason, closed_one).await?;
                        closed_one = true;
                    }
                }
            }
        }
        Err(Outside::Contention.into())
    }

    /// Closes the live case of a ticket that is to be closed, if the policy says so.
    async fn close_for_ticket(
        &self,
        case: &ServiceCase,
        reason: Option<&Note>,
        another: bool,
    ) -> Result<(), GuardError> {
        let live = Box::new(LiveCase::of(case));
        let only_idle = match (self.account().close_guard, reason) {
            (CloseGuard::CloseIdle, _) if !another && is_idle(case) => true,
            (CloseGuard::AllowWithReason, Some(_)) if !another => false,
            (CloseGuard::AllowWithReason, None) => return Err(GuardError::NeedsReason(live)),
            _ => return Err(GuardError::Live(live)),
        };
        let reason = reason.filter(|_| !only_idle).cloned();
        match close_with_ticket(self, case.id(), reason, only_idle).await {
            Ok(_) | Err(CloseCaseError::NotFound) => Ok(()),
            Err(CloseCaseError::CustomerOnline) => Err(GuardError::Live(live)),
            Err(CloseCaseError::Outside(error)) => Err(error.into()),
            Err(error) => Err(GuardError::NotClosed(error)),
        }
    }

    /// Notes on a case how its ticket stands, with what the journal says of the ticket.
    async fn beside(
        &self,
        from: &Versioned<ServiceCase>,
        matter: AccountMatter,
        noted: impl FnOnce(ServiceCase) -> Result<ServiceCase, NotAllowed>,
    ) -> Result<Marked, Outside> {
        let Ok(case) = noted(from.value.clone()) else { return Ok(Marked::Ended) };
        if case == from.value {
            return Ok(Marked::Already);
        }
        let mut change = self.step(&case, from);
        change.beside = Some(self.entry(matter));
        Ok(match self.world.store.commit(&change).await? {
            Commit::Done(_) => Marked::Done,
            Commit::Lost | Commit::Remembered(_) => Marked::Ended,
        })
    }
}
