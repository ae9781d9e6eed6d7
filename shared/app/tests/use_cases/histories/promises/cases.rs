//! What is promised of cases.

use casebridge_domain::service_case::{Actor, EndReason, State};
use casebridge_domain::{CaseId, Instant, ServiceCase, Technician, TicketHold};

use super::{Promises, Seen};
use crate::histories::deed::Ticket;
use crate::oracle::{Broken, promise};
use crate::world::TestWorld;

/// An end that is on record.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct End {
    state: State,
    subject: casebridge_domain::CaseSubject,
    technician: Option<Technician>,
    first_online_at: Option<Instant>,
}

impl Promises {
    /// What ended stays as it ended; the first time online stays the first.
    pub(super) fn goes_on(&mut self, case: &ServiceCase, now: Instant) -> Result<(), Broken> {
        let id = case.id();
        let end = End {
            state: case.state().clone(),
            subject: case.subject().clone(),
            technician: case.technician().cloned(),
            first_online_at: case.first_online_at(),
        };
        match self.ended.get(&id) {
            Some(ended) => promise!(*ended == end, "an end has changed: {ended:?} became {end:?}"),
            None if case.is_settled() => drop(self.ended.insert(id, end)),
            None => {}
        }
        if let Some(at) = case.first_online_at() {
            let first = *self.first_online.entry(id).or_insert(at);
            promise!(first == at, "the first time online has changed from {first} to {at}");
            promise!(at >= case.started_at(), "online before play");
            promise!(at <= now, "online in the future");
        } else {
            promise!(!self.first_online.contains_key(&id), "the first time online is gone");
        }
        let numbers = case.events().iter().map(|event| event.sequence);
        promise!(numbers.eq(1..=u32::try_from(case.events().len()).unwrap()), "events are not counted through");
        if let State::Closed(closed) = case.state() {
            promise!(closed.ended_at < case.valid_until(), "closed after its time");
            promise!(closed.ended_at >= case.started_at(), "closed before it began");
            let presses = self.pressed.get(&id).map(Vec::as_slice).unwrap_or_default();
            let by_stop = matches!(closed.reason, EndReason::Stopped | EndReason::HereOnly);
            let at_a_press = presses.iter().any(|(from, to)| (*from..=*to).contains(&closed.ended_at));
            promise!(!by_stop || at_a_press, "ended at {}, when nobody pressed stop", closed.ended_at);
            promise!(by_stop == (closed.by == Actor::Vendor), "ended by {:?}: {:?}", closed.by, closed.reason);
        }
        Ok(())
    }
}

/// At most one case that is not settled per ticket; it holds the ticket, and no other does.
pub(super) async fn one_holds_each_ticket(world: &TestWorld, seen: &Seen) -> Result<(), Broken> {
    for ticket in Ticket::ALL {
        let of_it = seen.cases.iter().filter(|case| case.ticket().unwrap().id == ticket.id() && !case.is_settled());
        let unsettled: Vec<CaseId> = of_it.map(ServiceCase::id).collect();
        promise!(unsettled.len() <= 1, "{} cases of one ticket have not ended", unsettled.len());
        let hold = world.store().hold(&seen.who.id(), &ticket.id()).await.unwrap();
        let holder = match &hold {
            Some(TicketHold::Case { case, .. }) => Some(*case),
            _ => None,
        };
        promise!(holder == unsettled.first().copied(), "{hold:?} holds the ticket of {unsettled:?}");
    }
    Ok(())
}

/// No live case without the connection that opened it: nobody could close it.
pub(super) async fn live_cases_are_served(world: &TestWorld, seen: &Seen) -> Result<(), Broken> {
    let serving = world.connection(&seen.who.id()).await.map(|connection| connection.registration);
    for case in seen.cases.iter().filter(|case| case.is_live(world.now())) {
        let Some(by) = case.registration() else { continue };
        promise!(serving == Some(by), "live under {by}, while {serving:?} is there: {:?}", case.state());
    }
    Ok(())
}
