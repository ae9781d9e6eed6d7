//! What is promised, after every step.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;

use casebridge_app::ports::store::CaseFilter;
use casebridge_domain::letter::LetterKind;
use casebridge_domain::record::Outcome;
use casebridge_domain::service_case::{Actor, EndReason, EventKind, State};
use casebridge_domain::{AccountId, CaseId, Instant, Letter, ServiceCase, SessionRecord, Technician, TicketHold};

use super::deed::{Ticket, Who};
use super::life::Told;
use crate::world::TestWorld;

/// A promise that was not kept.
#[derive(Debug)]
pub(crate) struct Broken(String);

impl Broken {
    pub(crate) fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }

    pub(crate) fn at(self, step: usize) -> Self {
        Self(format!("after step {step}: {}", self.0))
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A promise.
macro_rules! promise {
    ($holds:expr, $($why:tt)+) => {
        if !$holds {
            return Err(Broken::new(format!($($why)+)));
        }
    };
}
pub(crate) use promise;

/// An end that is on record.
#[derive(Debug, Clone, PartialEq)]
struct End {
    state: State,
    ticket: casebridge_domain::Ticket,
    technician: Option<Technician>,
    first_online_at: Option<Instant>,
}

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
    ended: HashMap<CaseId, End>,
    first_online: HashMap<CaseId, Instant>,
    pressed: HashMap<CaseId, Vec<(Instant, Instant)>>,
    /// Cases whose stop was acknowledged.
    pub(crate) stopped: HashSet<(Who, CaseId)>,
    resends: BTreeMap<CaseId, Resends>,
}

#[derive(Debug, Default)]
struct Resends {
    pressed: usize,
    acknowledged: usize,
    keys: HashSet<u8>,
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
    pub(crate) async fn after(&mut self, world: &TestWorld, before: &Before, told: &[Told]) -> Result<(), Broken> {
        let begun = before.at.unwrap_or(world.now());
        for told in told {
            self.listen(told, begun, world.now())?;
        }
        for who in Who::ALL {
            let cases = all_cases(world, &who.id()).await;
            one_holds_each_ticket(world, who, &cases).await?;
            live_cases_are_served(world, who, &cases).await?;
            for case in &cases {
                self.goes_on(case, world.now())?;
            }
            self.records_are_right(world, who, &cases).await?;
            self.letters_are_right(world, &cases)?;
        }
        self.nothing_began_on_a_barred_ticket(world, before).await
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
            let resends = self.resends.entry(case.id()).or_default();
            resends.pressed += 1;
            let anew = key.is_none_or(|key| !resends.keys.contains(&key));
            if told.resend_acknowledged && anew {
                resends.acknowledged += 1;
                resends.keys.extend(*key);
            }
        }
        Ok(())
    }

    /// What ended stays as it ended; the first time online stays the first.
    fn goes_on(&mut self, case: &ServiceCase, now: Instant) -> Result<(), Broken> {
        let id = case.id();
        let end = End {
            state: case.state().clone(),
            ticket: case.ticket().clone(),
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

    async fn records_are_right(&self, world: &TestWorld, who: Who, cases: &[ServiceCase]) -> Result<(), Broken> {
        let records = world.records(&who.id()).await;
        for case in cases {
            let of_it: Vec<_> = records.iter().filter(|record| record.case == case.id()).collect();
            match (case.ended(), of_it.as_slice()) {
                (Some(_), [record]) => record_is_right(case, record)?,
                (None, []) => {}
                (ended, records) => {
                    return Err(Broken::new(format!("{} records of a case that ended {ended:?}", records.len())));
                }
            }
        }
        promise!(
            records.len() == cases.iter().filter(|case| case.ended().is_some()).count(),
            "a record without a case"
        );
        Ok(())
    }

    fn letters_are_right(&self, world: &TestWorld, cases: &[ServiceCase]) -> Result<(), Broken> {
        let letters = world.engine.letters();
        for case in cases {
            let of_it: Vec<&Letter> = letters.iter().filter(|letter| letter.case == Some(case.id())).collect();
            let invitations = of_it.iter().filter(|letter| letter.kind == LetterKind::Invitation).count();
            let happened = |kind: &EventKind| case.events().iter().filter(|event| event.kind == *kind).count();
            let opened = happened(&EventKind::Opened);
            promise!(opened <= 1, "opened {opened} times");
            let due = usize::from(opened == 1 && case.requester().email.is_some());
            let none = Resends::default();
            let resends = self.resends.get(&case.id()).unwrap_or(&none);
            promise!(
                (due + resends.acknowledged..=due + resends.pressed).contains(&invitations),
                "{invitations} invitations: {due} for play, {resends:?}"
            );
            promise!(happened(&EventKind::InvitationQueued) == invitations, "{invitations} invitations, other events");
            let mut told: Vec<_> =
                of_it.iter().filter(|l| l.kind == LetterKind::CustomerOnline).map(|l| l.to.as_str()).collect();
            promise!(
                told.is_empty() != case.first_online_at().is_some(),
                "told {told:?} of {:?}",
                case.first_online_at()
            );
            promise!(happened(&EventKind::CustomerOnline) == usize::from(!told.is_empty()), "told without an event");
            told.sort_unstable();
            promise!(told.windows(2).all(|two| two[0] != two[1]), "somebody is told twice: {told:?}");
        }
        for post in world.mailbox.posts() {
            let letter = letters.iter().find(|letter| letter.id == post.id && letter.to == post.to);
            promise!(letter.is_some(), "a letter that nobody owed: {post:?}");
            let secret = |text: &str| text.contains("login.teamviewer.com") || text.contains("IndexByol");
            let invitation = letter.is_some_and(|letter| letter.kind == LetterKind::Invitation);
            promise!(
                !invitation || !(secret(&post.words.text) || secret(&post.words.html)),
                "a supporter link in an invitation: {post:?}"
            );
        }
        Ok(())
    }

    async fn nothing_began_on_a_barred_ticket(&self, world: &TestWorld, before: &Before) -> Result<(), Broken> {
        for (who, ticket) in &before.barred {
            let begun = all_cases(world, &who.id())
                .await
                .into_iter()
                .find(|case| case.ticket().id == ticket.id() && !before.cases.contains(&case.id()));
            let hold = world.store().hold(&who.id(), &ticket.id()).await.unwrap();
            let still = hold.is_some_and(|hold| !matches!(hold, TicketHold::Case { .. }) && hold.holds(world.now()));
            promise!(!(still && begun.is_some()), "a case began on a ticket that is about to be closed: {begun:?}");
        }
        Ok(())
    }
}

/// At most one case that is not settled per ticket; it holds the ticket, and no other does.
async fn one_holds_each_ticket(world: &TestWorld, who: Who, cases: &[ServiceCase]) -> Result<(), Broken> {
    for ticket in Ticket::ALL {
        let of_it = cases.iter().filter(|case| case.ticket().id == ticket.id() && !case.is_settled());
        let unsettled: Vec<CaseId> = of_it.map(ServiceCase::id).collect();
        promise!(unsettled.len() <= 1, "{} cases of one ticket have not ended", unsettled.len());
        let hold = world.store().hold(&who.id(), &ticket.id()).await.unwrap();
        let holder = match &hold {
            Some(TicketHold::Case { case, .. }) => Some(*case),
            _ => None,
        };
        promise!(holder == unsettled.first().copied(), "{hold:?} holds the ticket of {unsettled:?}");
    }
    Ok(())
}

/// No live case without the connection that opened it: nobody could close it.
async fn live_cases_are_served(world: &TestWorld, who: Who, cases: &[ServiceCase]) -> Result<(), Broken> {
    let serving = world.connection(&who.id()).await.map(|connection| connection.registration);
    for case in cases.iter().filter(|case| case.is_live(world.now())) {
        let by = case.registration();
        promise!(serving == Some(by), "live under {by}, while {serving:?} is there: {:?}", case.state());
    }
    Ok(())
}

fn record_is_right(case: &ServiceCase, record: &SessionRecord) -> Result<(), Broken> {
    let Some(end) = case.ended() else { return Ok(()) };
    promise!(record.started_at == case.started_at(), "the record began at {}", record.started_at);
    promise!(record.ended_at == end.at, "the record ended at {}, the case at {}", record.ended_at, end.at);
    promise!(record.online_at == case.first_online_at(), "the record's time online is {:?}", record.online_at);
    promise!(record.duration_seconds() == (end.at - case.started_at()).num_seconds(), "the duration is wrong");
    promise!(record.technician.as_ref() == case.technician(), "the record's technician is another");
    let expired = matches!(case.state(), State::Expired(_));
    promise!(!expired || end.at == case.valid_until(), "expired at {}", end.at);
    promise!(expired == (record.outcome == Outcome::Expired), "the outcome is {:?}", record.outcome);
    let day = end.at.with_timezone(&record.time_zone.rules()).date_naive();
    promise!(record.day == day, "counts on {}", record.day);
    Ok(())
}

pub(crate) async fn all_cases(world: &TestWorld, account: &AccountId) -> Vec<ServiceCase> {
    world.store().cases(account, &CaseFilter::default(), None, 1000).await.unwrap().items
}
