//! Whatever the order in which workers play, open, stop, settle, reserve, exclude and number, with whatever old knowledge:
//! a ticket is held by at most one unsettled case, every ended session is on record once and counts once, and everything
//! that happened to a case is in the journal once and in its order.

use std::collections::BTreeMap;

use casebridge_app::ports::store::{CaseChange, CaseFilter, Claim, ClaimOutcome, RecordChange, Versioned};
use casebridge_domain::journal::{JournalEntry, Principal, What};
use casebridge_domain::record::Exclusion;
use casebridge_domain::report::Scope;
use casebridge_domain::service_case::{Actor, NotAllowed};
use casebridge_domain::{CaseId, Instant, ServiceCase, SessionRecord, TicketHold, TimeZone};
use chrono::TimeDelta;
use futures::executor::block_on;
use proptest::prelude::*;

use crate::conformance::Stage;
use crate::conformance::fixtures::{acme, after_noon, claim, code, ending, noon, session, ticket, voice};
use crate::conformance::recount::{days, recount, reported};
use crate::conformance::sequencer::Draft;

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
    LookAtRecords,
    Exclude,
    LookAtJournal,
    Number,
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
        2 => Just(Deed::LookAtRecords),
        2 => Just(Deed::Exclude),
        2 => Just(Deed::LookAtJournal),
        2 => Just(Deed::Number),
    ];
    let minutes = prop_oneof![8 => 0..2_i64, 1 => Just(24 * 60)];
    prop::collection::vec((0..WORKERS, deed, minutes), 1..80)
}

/// The help desk of one ticket.
struct Desk {
    stage: Stage,
    /// What each worker saw last; it may be old.
    seen: [Option<Versioned<ServiceCase>>; WORKERS],
    /// The last record that each worker saw.
    records: [Option<Versioned<SessionRecord>>; WORKERS],
    /// What each worker is about to number.
    drafts: [Option<Draft>; WORKERS],
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
            Deed::LookAtRecords => self.records[worker] = self.records().await.pop(),
            Deed::Exclude => self.exclude(worker, now).await,
            Deed::LookAtJournal => self.drafts[worker] = Draft::of(self.stage.store(), &acme(), 3).await,
            Deed::Number => {
                if let Some(draft) = &self.drafts[worker] {
                    let _ = draft.write(self.stage.store()).await;
                }
            }
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

    /// Takes the session that the worker saw out of the count, or puts it back.
    async fn exclude(&self, worker: usize, now: Instant) {
        let Some(was) = &self.records[worker] else { return };
        let excluded = match was.value.excluded {
            None => Some(Exclusion { at: now, by: Principal::Operator, reason: None }),
            Some(_) => None,
        };
        let record = SessionRecord { excluded, ..was.value.clone() };
        let _ = self.stage.store().change_record(&RecordChange { was, record: &record, entry: None }).await.unwrap();
    }

    async fn records(&self) -> Vec<Versioned<SessionRecord>> {
        self.stage.store().records(&acme(), noon(), after_noon(1_000_000), None, 1000).await.unwrap().items
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
    }

    async fn check_in_the_end(&self) {
        let cases = self.stage.store().cases(&acme(), &CaseFilter::default(), None, 1000).await.unwrap().items;
        self.check_figures(&cases).await;
        self.check_journal(&cases).await;
    }

    async fn check_figures(&self, cases: &[ServiceCase]) {
        let mut on_record: Vec<_> = self.records().await.into_iter().map(|record| record.value).collect();
        let days = days("2100-01-01", "2101-01-01");
        for scope in [Scope::Everyone, Scope::Technician(None)] {
            let counted = reported(self.stage.store(), &acme(), &scope, days).await;
            assert_eq!(counted, recount(&on_record, &scope, days), "what is on record is what counts");
        }
        for record in &mut on_record {
            record.excluded = None;
        }
        let mut owed: Vec<_> = cases.iter().filter_map(|case| SessionRecord::of(case, TimeZone::UTC)).collect();
        on_record.sort_by_key(|record| record.case);
        owed.sort_by_key(|record| record.case);
        assert_eq!(on_record, owed, "every ended session is on record once");
    }

    async fn check_journal(&self, cases: &[ServiceCase]) {
        let events = self.stage.store().events(&acme(), 0, 1000).await.unwrap();
        assert!(events.iter().map(|event| event.number).eq((1..).take(events.len())), "there are no gaps");
        let numbered = events.iter().filter_map(|event| match &event.what {
            What::Case { case, event } => Some((case.id(), event.sequence)),
            What::Account(_) => None,
        });
        let waiting = self.stage.waiting(&acme()).await.into_iter().flat_map(|entry| match entry {
            JournalEntry::Case { case, events, .. } => {
                events.into_iter().map(|event| (case.id(), event.sequence)).collect()
            }
            JournalEntry::Account { .. } => Vec::new(),
        });
        let mut told: BTreeMap<CaseId, Vec<u32>> = BTreeMap::new();
        for (case, sequence) in numbered.chain(waiting) {
            told.entry(case).or_default().push(sequence);
        }
        for case in cases {
            let told = told.remove(&case.id()).unwrap_or_default();
            assert!(told.iter().copied().eq(1..=case.last_event()), "{told:?} of {}", case.last_event());
        }
        assert_eq!(told, BTreeMap::new(), "of no other case");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn at_most_one_unsettled_case_holds_a_ticket(moves in moves()) {
        block_on(async {
            let stage = Stage::in_memory();
            stage.connect(&acme()).await;
            stage.sign_up(&acme()).await;
            let (seen, records, drafts) = Default::default();
            let mut desk = Desk { stage, seen, records, drafts, claimed: 0 };
            let mut now = noon();
            for (worker, deed, minutes) in moves {
                now += TimeDelta::minutes(minutes);
                desk.carry_out(worker, deed, now).await;
                desk.check().await;
            }
            desk.check_in_the_end().await;
        });
    }
}
