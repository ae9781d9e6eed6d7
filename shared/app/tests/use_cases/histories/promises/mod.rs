//! What is promised, after every step.

mod cases;
mod letters;
mod records;

use std::collections::{BTreeMap, HashMap, HashSet};

use casebridge_app::ports::store::CaseFilter;
use casebridge_domain::{AccountId, CaseId, Instant, ServiceCase, SessionRecord, TicketHold, TimeZone};

use super::deed::{Ticket, Who};
use super::life::Told;
use crate::oracle::{Broken, every_number_opens, every_wish, figures_are_right, promise, reports_are_exact};
use crate::world::TestWorld;

/// Reports that are read after a step; the others have their turn after other steps.
const REPORTS: usize = 4;

/// What must not happen in the coming step.
#[derive(Debug, Default)]
pub(crate) struct Before {
    at: Option<Instant>,
    /// Tickets on which no case may begin, unless they are let go of in the same step.
    barred: Vec<(Who, Ticket)>,
    cases: HashSet<CaseId>,
}

/// What was seen and told so far.
#[derive(Debug, Default)]
pub(crate) struct Promises {
    ended: HashMap<CaseId, cases::End>,
    first_online: HashMap<CaseId, Instant>,
    pressed: HashMap<CaseId, Vec<(Instant, Instant)>>,
    /// Cases whose stop was acknowledged.
    pub(crate) stopped: HashSet<(Who, CaseId)>,
    resends: BTreeMap<CaseId, letters::Resends>,
    records: HashMap<CaseId, SessionRecord>,
    zones: HashMap<Who, Vec<TimeZone>>,
    steps: usize,
}

/// An account as it stands after a step.
struct Seen {
    who: Who,
    cases: Vec<ServiceCase>,
    records: Vec<SessionRecord>,
}

impl Promises {
    pub(crate) async fn before(&self, world: &TestWorld) -> Before {
        let mut before = Before { at: Some(world.now()), ..Before::default() };
        for who in Who::ALL {
            before.cases.extend(all_cases(world, &who.id()).await.iter().map(ServiceCase::id));
            for ticket in Ticket::ALL {
                let hold = world.store().hold(&who.id(), &ticket.id()).await.unwrap();
                let barred = matches!(hold, Some(TicketHold::Closed { .. } | TicketHold::Closing { .. }));
                if barred && hold.is_some_and(|hold| hold.holds(world.now())) {
                    before.barred.push((who, ticket));
                }
            }
        }
        before
    }

    /// Holds the world against everything that is promised.
    pub(crate) async fn after(&mut self, world: &TestWorld, before: &Before, told: Vec<Told>) -> Result<(), Broken> {
        let begun = before.at.unwrap_or(world.now());
        for told in &told {
            self.listen(told, begun, world.now())?;
        }
        for who in Who::ALL {
            let (cases, records) = (all_cases(world, &who.id()).await, world.records(&who.id()).await);
            let seen = Seen { who, cases, records };
            cases::one_holds_each_ticket(world, &seen).await?;
            cases::live_cases_are_served(world, &seen).await?;
            for case in &seen.cases {
                self.goes_on(case, world.now())?;
            }
            self.records_are_right(world, &seen, &told).await?;
            self.letters_are_right(world, &seen.cases)?;
            self.books_are_right(world, &seen).await?;
        }
        self.steps += 1;
        self.nothing_began_on_a_barred_ticket(world, before).await?;
        told.into_iter().find_map(|told| told.broken).map_or(Ok(()), Err)
    }

    fn listen(&mut self, told: &Told, begun: Instant, now: Instant) -> Result<(), Broken> {
        if let Some(case) = &told.stop_pressed {
            self.pressed.entry(case.id()).or_default().push((begun, now));
            if told.stop_acknowledged {
                let who = Who::ALL.into_iter().find(|who| who.id() == *case.account());
                self.stopped.extend(who.map(|who| (who, case.id())));
            }
        }
        if let Some(case) = &told.stopped {
            promise!(case.is_settled(), "stop gave back a case that has not ended: {:?}", case.state());
        }
        if let Some((case, key)) = &told.resend_pressed {
            self.resends.entry(case.id()).or_default().hear(*key, told.resend_acknowledged);
        }
        Ok(())
    }

    /// A few reports, of which one is opened; all figures.
    async fn books_are_right(&self, world: &TestWorld, seen: &Seen) -> Result<(), Broken> {
        let id = seen.who.id();
        if seen.records.is_empty() {
            return Ok(());
        }
        let wishes = every_wish(&seen.records, world.now());
        let some = |place: usize| wishes[(self.steps * 37 + place * 101) % wishes.len()].clone();
        reports_are_exact(world, &id, &seen.cases, &seen.records, (0..REPORTS).map(some)).await?;
        if world.table().shows_everything() {
            every_number_opens(world, &id, &seen.records, [some(0)]).await?;
        }
        figures_are_right(world, &id, &seen.records).await
    }

    async fn nothing_began_on_a_barred_ticket(&self, world: &TestWorld, before: &Before) -> Result<(), Broken> {
        for (who, ticket) in &before.barred {
            let begun = all_cases(world, &who.id())
                .await
                .into_iter()
                .find(|case| case.ticket().unwrap().id == ticket.id() && !before.cases.contains(&case.id()));
            let hold = world.store().hold(&who.id(), &ticket.id()).await.unwrap();
            let still = hold.is_some_and(|hold| !matches!(hold, TicketHold::Case { .. }) && hold.holds(world.now()));
            promise!(!(still && begun.is_some()), "a case began on a ticket that is about to be closed: {begun:?}");
        }
        Ok(())
    }
}

pub(crate) async fn all_cases(world: &TestWorld, account: &AccountId) -> Vec<ServiceCase> {
    world.store().cases(account, &CaseFilter::default(), None, 1000).await.unwrap().items
}
