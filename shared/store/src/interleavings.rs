//! Whatever the order in which workers play, open, stop, settle and reserve, with whatever old knowledge: a ticket is
//! held by at most one unsettled case, and every ended session is on record once.

use std::sync::Arc;

use casebridge_app::ports::store::{CaseChange, CaseFilter, Claim, ClaimOutcome, Versioned};
use casebridge_domain::service_case::{Actor, NotAllowed};
use casebridge_domain::{Instant, ServiceCase, SessionRecord, TicketHold, TimeZone};
use chrono::TimeDelta;
use futures::executor::block_on;
use proptest::prelude::*;

use crate::conformance::fixtures::{acme, after_noon, claim, code, ending, noon, session, ticket, voice};
use crate::conformance::{Harness, Stage};
use crate::engine::Engine;
use crate::memory::MemoryEngine;

/// What a worker does next.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Look,
    Play,
    PlaySettling,
    Open,
    Fail,
    Stop,
    Close,
    Expire,
    Reserve,
    Confirm,
    Reopen,
}

/// A worker, his deed, and the minutes that pass before it.
type Move = (usize, Deed, i64);

const WORKERS: usize = 3;

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let deed = prop_oneof![
        3 => Just(Deed::Look),
        4 => Just(Deed::Play),
        2 => Just(Deed::PlaySettling),
        4 => Just(Deed::Open),
        1 => Just(Deed::Fail),
        2 => Just(Deed::Stop),
        3 => Just(Deed::Close),
        2 => Just(Deed::Expire),
        1 => Just(Deed::Reserve),
        1 => Just(Deed::Confirm),
        1 => Just(Deed::Reopen),
    ];
    let minutes = prop_oneof![8 => 0..2_i64, 1 => Just(24 * 60)];
    prop::collection::vec((0..WORKERS, deed, minutes), 1..80)
}

struct InMemory(Arc<MemoryEngine>);

impl Harness for InMemory {
    fn engine(&self) -> Arc<dyn Engine> {
        self.0.clone()
    }
}

/// The help desk of one ticket.
struct Desk {
    stage: Stage,
    /// What each worker saw last; it may be old.
    seen: [Option<Versioned<ServiceCase>>; WORKERS],
    claimed: usize,
}

impl Desk {
    async fn carry_out(&mut self, worker: usize, deed: Deed, now: Instant) {
        let reserved = TicketHold::Closing { until: now + TimeDelta::minutes(1) };
        match deed {
            Deed::Look => self.seen[worker] = self.newest().await,
            Deed::Play => self.play(now, None).await,
            Deed::PlaySettling => self.play(now, self.seen[worker].clone()).await,
            Deed::Open => self.step(worker, |case| case.opened(session(code(1)), 1, now)).await,
            Deed::Fail => {
                let cause = casebridge_domain::service_case::FailureCause::NoAnswer;
                self.step(worker, |case| case.failed(cause, 1, now)).await;
            }
            Deed::Stop => self.step(worker, |case| case.stop(now, Actor::Vendor, None, now)).await,
            Deed::Close => self.step(worker, |case| case.closed(1, now, voice())).await,
            Deed::Expire => self.step(worker, |case| case.expired(now, voice())).await,
            Deed::Reserve => self.take(&reserved, None, now).await,
            Deed::Confirm => self.take(&TicketHold::Closed { since: now }, Some(&reserved), now).await,
            Deed::Reopen => {
                let closed = TicketHold::Closed { since: now };
                self.stage.store().release_hold(&acme(), &ticket("T1"), &closed, None).await.unwrap();
            }
        }
    }

    async fn newest(&self) -> Option<Versioned<ServiceCase>> {
        self.stage.store().newest_case(&acme(), &ticket("T1")).await.unwrap()
    }

    async fn play(&mut self, now: Instant, settling: Option<Versioned<ServiceCase>>) {
        let case = self.stage.play("T1", now);
        let ended = settling.and_then(|old| Some((old.value.clone().expired(now, voice()).ok()?, old)));
        let settling = ended.as_ref().map(|(ended, old)| ending(ended, old));
        let outcome = self.stage.store().claim(&Claim { settling, ..claim(&case) }).await.unwrap();
        self.claimed += usize::from(matches!(outcome, ClaimOutcome::Ours(_)));
    }

    /// Knows only what the worker saw; whether the step was taken or lost is not looked at.
    async fn step(&mut self, worker: usize, onwards: impl FnOnce(ServiceCase) -> Result<ServiceCase, NotAllowed>) {
        let Some(seen) = self.seen[worker].clone() else { return };
        let Ok(case) = onwards(seen.value.clone()) else { return };
        let change = CaseChange { record: SessionRecord::of(&case, TimeZone::UTC), ..CaseChange::of(&case, &seen) };
        let _ = self.stage.store().commit(&change).await.unwrap();
    }

    async fn take(&self, hold: &TicketHold, replacing: Option<&TicketHold>, now: Instant) {
        let _ = self.stage.store().take_hold(&acme(), &ticket("T1"), hold, replacing, now, None).await.unwrap();
    }

    async fn check(&self) {
        let store = self.stage.store();
        let cases = store.cases(&acme(), &CaseFilter::default(), None, 1000).await.unwrap().items;
        assert_eq!(cases.len(), self.claimed, "every claim that was won is a case, and no other is");
        let unsettled: Vec<_> = cases.iter().filter(|case| !case.is_settled()).collect();
        assert!(unsettled.len() <= 1, "{unsettled:?}");
        let holder = match store.hold(&acme(), &ticket("T1")).await.unwrap() {
            Some(TicketHold::Case { case, code, .. }) => {
                let session = cases.iter().find(|it| it.id() == case).and_then(|it| it.session());
                assert_eq!(code.as_ref(), session.map(|session| &session.code), "the hold knows the code");
                Some(case)
            }
            _ => None,
        };
        assert_eq!(holder, unsettled.first().map(|case| case.id()), "what is unsettled holds its ticket");
        assert_eq!(self.newest().await.map(|newest| newest.value), cases.first().cloned());
        let certain = store.unsettled_cases_for_certain(&acme()).await.unwrap();
        assert_eq!(certain.iter().map(|case| &case.value).collect::<Vec<_>>(), unsettled);

        let records = store.records(&acme(), noon(), after_noon(1_000_000), None, 1000).await.unwrap().items;
        let mut on_record: Vec<_> = records.into_iter().map(|record| record.value).collect();
        let mut owed: Vec<_> = cases.iter().filter_map(|case| SessionRecord::of(case, TimeZone::UTC)).collect();
        on_record.sort_by_key(|record| record.case);
        owed.sort_by_key(|record| record.case);
        assert_eq!(on_record, owed, "every ended session is on record once");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn at_most_one_unsettled_case_holds_a_ticket(moves in moves()) {
        block_on(async {
            let stage = Stage::of(InMemory(Arc::default()));
            stage.connect(&acme()).await;
            let mut desk = Desk { stage, seen: [None, None, None], claimed: 0 };
            let mut now = noon();
            for (worker, deed, minutes) in moves {
                now += TimeDelta::minutes(minutes);
                desk.carry_out(worker, deed, now).await;
                desk.check().await;
            }
        });
    }
}
