//! Who looks at which ticket, so that a change wakes him and nobody else.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use casebridge_domain::{AccountId, TicketId};
use casebridge_http::changes::{Changes, Subscription};
use casebridge_store::Touched;
use tokio::sync::watch;

/// Tickets that nobody looks at any more are forgotten once there are that many.
const SWEPT_FROM: usize = 1024;

/// Who looks at which ticket of which account.
type Looked = HashMap<AccountId, HashMap<TicketId, watch::Sender<()>>>;

/// The tickets that are looked at.
#[derive(Debug)]
pub struct Looks(Mutex<State>);

#[derive(Debug)]
struct State {
    looked: Looked,
    tickets: usize,
    swept_from: usize,
    stopped: bool,
}

impl Default for Looks {
    fn default() -> Self {
        Self(Mutex::new(State { looked: Looked::new(), tickets: 0, swept_from: SWEPT_FROM, stopped: false }))
    }
}

impl Looks {
    /// Whether anybody looks at anything.
    pub fn any(&self) -> bool {
        self.lock().tickets > 0
    }

    /// Wakes those who look at it.
    pub fn tell(&self, touched: &Touched) {
        let state = self.lock();
        match touched {
            Touched::Account(account) => {
                for told in state.looked.get(account).into_iter().flat_map(HashMap::values) {
                    told.send_replace(());
                }
            }
            Touched::Ticket(account, ticket) => {
                if let Some(told) = state.looked.get(account).and_then(|tickets| tickets.get(ticket)) {
                    told.send_replace(());
                }
            }
        }
    }

    /// Ends every look, and all that come after: the process is about to stop.
    pub fn stop(&self) {
        let mut state = self.lock();
        state.stopped = true;
        state.looked.clear();
        state.tickets = 0;
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Forgets the tickets that nobody looks at; next time when there are twice as many as are left.
    fn sweep(&mut self) {
        self.looked.retain(|_, tickets| {
            tickets.retain(|_, told| told.receiver_count() > 0);
            !tickets.is_empty()
        });
        self.tickets = self.looked.values().map(HashMap::len).sum();
        self.swept_from = SWEPT_FROM.max(2 * self.tickets);
    }
}

impl Changes for Looks {
    fn subscribe(&self, account: &AccountId, ticket: &TicketId) -> Subscription {
        let mut state = self.lock();
        if state.stopped {
            return Subscription::of(watch::channel(()).1);
        }
        if state.tickets >= state.swept_from {
            state.sweep();
        }
        let tickets = state.looked.entry(account.clone()).or_default();
        let before = tickets.len();
        let told = tickets.entry(ticket.clone()).or_insert_with(|| watch::channel(()).0).subscribe();
        let more = tickets.len() - before;
        state.tickets += more;
        Subscription::of(told)
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    fn account(id: &str) -> AccountId {
        AccountId::parse(id).unwrap()
    }

    fn ticket(id: &str) -> TicketId {
        TicketId::parse(id).unwrap()
    }

    /// `None` says that nobody told anything.
    fn told(subscription: &mut Subscription) -> Option<bool> {
        subscription.changed().now_or_never()
    }

    #[test]
    fn who_looks_at_a_ticket_is_woken_by_what_touches_it_or_its_account_and_by_nothing_else() {
        let looks = Looks::default();
        assert!(!looks.any());
        let (mut one, mut same) =
            (looks.subscribe(&account("acme"), &ticket("T1")), looks.subscribe(&account("acme"), &ticket("T1")));
        let mut other = looks.subscribe(&account("acme"), &ticket("T2"));
        let mut elsewhere = looks.subscribe(&account("globex"), &ticket("T1"));
        assert!(looks.any());
        looks.tell(&Touched::Ticket(account("acme"), ticket("T1")));
        looks.tell(&Touched::Ticket(account("acme"), ticket("T1")));
        assert_eq!((told(&mut one), told(&mut same)), (Some(true), Some(true)));
        assert_eq!((told(&mut one), told(&mut other), told(&mut elsewhere)), (None, None, None));
        looks.tell(&Touched::Account(account("acme")));
        assert_eq!((told(&mut one), told(&mut other), told(&mut elsewhere)), (Some(true), Some(true), None));
    }

    #[test]
    fn when_the_process_stops_every_look_ends_those_that_come_late_too() {
        let looks = Looks::default();
        let mut before = looks.subscribe(&account("acme"), &ticket("T1"));
        looks.stop();
        let mut after = looks.subscribe(&account("acme"), &ticket("T1"));
        assert_eq!((told(&mut before), told(&mut after)), (Some(false), Some(false)));
    }

    #[test]
    fn tickets_that_nobody_looks_at_any_more_are_forgotten() {
        let looks = Looks::default();
        let mut kept = looks.subscribe(&account("acme"), &ticket("kept"));
        for n in 0..5 * SWEPT_FROM {
            drop(looks.subscribe(&account("acme"), &ticket(&format!("T{n}"))));
        }
        assert!(looks.lock().tickets <= SWEPT_FROM);
        looks.tell(&Touched::Ticket(account("acme"), ticket("kept")));
        assert_eq!(told(&mut kept), Some(true));
    }
}
