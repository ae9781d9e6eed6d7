//! How often each step calls on the engine: the budget of a request is counted in these.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use casebridge_app::ports::store::{
    CaseChange, CaseFilter, Claim, ClaimOutcome, DeviceFilter, LetterChange, Made, RecordChange, Saved,
};
use casebridge_domain::device::{Device, DeviceFacts, Platform, Reported};
use casebridge_domain::report::{Cover, Days, Dimension, Scope};
use casebridge_domain::{CaseId, DeviceId, TicketHold, TimeZone};

use crate::conformance::fixtures::{
    account, acme, after_noon, claim, closed, code, connection, ending, entry, letter, letters_of, noon, opened,
    request, ticket, vendor, voice,
};
use crate::conformance::recount::day;
use crate::conformance::sequencer::Draft;
use crate::conformance::sessions::plan;
use crate::conformance::{Harness, Stage};
use crate::engine::{Engine, EngineError, Item, Key, Query, Rows, Write, Written};
use crate::memory::MemoryEngine;

/// Counts the calls.
#[derive(Default)]
struct Counted {
    engine: MemoryEngine,
    reads: AtomicUsize,
    queries: AtomicUsize,
    writes: AtomicUsize,
}

/// Calls made by a step.
#[derive(Debug, PartialEq, Eq)]
struct Calls {
    reads: usize,
    queries: usize,
    writes: usize,
}

const NONE: Calls = Calls { reads: 0, queries: 0, writes: 0 };
const ONE_READ: Calls = Calls { reads: 1, ..NONE };
const TWO_READS: Calls = Calls { reads: 2, ..NONE };
const ONE_QUERY: Calls = Calls { queries: 1, ..NONE };
const ONE_WRITE: Calls = Calls { writes: 1, ..NONE };

#[async_trait]
impl Engine for Counted {
    async fn read(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, EngineError> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        self.engine.read(keys).await
    }

    async fn query(&self, query: &Query) -> Result<Rows, EngineError> {
        self.queries.fetch_add(1, Ordering::Relaxed);
        self.engine.query(query).await
    }

    async fn write(&self, writes: Vec<Write>) -> Result<Written, EngineError> {
        self.writes.fetch_add(1, Ordering::Relaxed);
        self.engine.write(writes).await
    }
}

struct Counting(Arc<Counted>);

impl Harness for Counting {
    fn engine(&self) -> Arc<dyn Engine> {
        self.0.clone()
    }
}

impl Counted {
    /// The calls since this was asked last.
    fn calls(&self) -> Calls {
        let taken = |count: &AtomicUsize| count.swap(0, Ordering::Relaxed);
        Calls { reads: taken(&self.reads), queries: taken(&self.queries), writes: taken(&self.writes) }
    }
}

fn stage() -> (Stage, Arc<Counted>) {
    let counted = Arc::new(Counted::default());
    (Stage::of(Counting(counted.clone())), counted)
}

#[tokio::test]
async fn an_admission_is_one_read() {
    let (stage, counted) = stage();
    stage.store().admission(None, Some(&acme())).await.unwrap();
    assert_eq!(counted.calls(), ONE_READ);
    stage.store().admission(None, None).await.unwrap();
    assert_eq!(counted.calls(), NONE);
}

#[tokio::test]
async fn a_case_is_claimed_stepped_and_settled_in_one_write_each() {
    let (stage, counted) = stage();
    let store = stage.store();
    stage.connect(&acme()).await;
    counted.calls();
    let case = stage.play("T1", noon());
    let memory = request("k", case.id(), noon());
    assert!(matches!(
        store.claim(&Claim { idempotency: Some(&memory), ..claim(&case) }).await.unwrap(),
        ClaimOutcome::Ours(_)
    ));
    assert_eq!(counted.calls(), ONE_WRITE);
    let claimed = store.case(&acme(), case.id()).await.unwrap().unwrap();
    assert_eq!(counted.calls(), ONE_READ);
    let open = opened(&claimed.value, code(1));
    let open = stage.stepped(CaseChange { watch_at: Some(noon()), ..CaseChange::of(&open, &claimed) }).await;
    assert_eq!(counted.calls(), ONE_WRITE);
    let ended = closed(&open.value, after_noon(1));
    stage.stepped(ending(&ended, &open)).await;
    assert_eq!(counted.calls(), ONE_WRITE);
}

#[tokio::test]
async fn a_claim_that_settles_is_one_write() {
    let (stage, counted) = stage();
    stage.connect(&acme()).await;
    let open = stage.open("T1", 1, noon()).await;
    let ended = open.value.clone().expired(open.value.valid_until(), voice()).unwrap();
    let next = stage.play("T1", open.value.valid_until());
    counted.calls();
    let settling = Claim { settling: Some(ending(&ended, &open)), ..claim(&next) };
    assert!(matches!(stage.store().claim(&settling).await.unwrap(), ClaimOutcome::Ours(_)));
    assert_eq!(counted.calls(), ONE_WRITE);
}

#[tokio::test]
async fn a_case_is_found_in_one_or_two_calls() {
    let (stage, counted) = stage();
    let store = stage.store();
    stage.connect(&acme()).await;
    let ended = stage.ended("T1", 1, noon(), after_noon(1)).await.value;
    counted.calls();
    store.newest_case(&acme(), &ticket("T1")).await.unwrap().unwrap();
    assert_eq!(counted.calls(), TWO_READS);
    store.case_by_code(&acme(), &code(1)).await.unwrap().unwrap();
    assert_eq!(counted.calls(), ONE_QUERY);
    store.record(&acme(), ended.id()).await.unwrap().unwrap();
    assert_eq!(counted.calls(), TWO_READS);
    store.cases(&acme(), &CaseFilter::default(), None, 50).await.unwrap();
    assert_eq!(counted.calls(), ONE_QUERY);
    store.records(&acme(), noon(), after_noon(9), None, 50).await.unwrap();
    assert_eq!(counted.calls(), ONE_QUERY);
}

#[tokio::test]
async fn the_close_guard_is_one_call_each() {
    let (stage, counted) = stage();
    let store = stage.store();
    let (reserved, closed) = (TicketHold::Closing { until: after_noon(1) }, TicketHold::Closed { since: noon() });
    store.take_hold(&acme(), &ticket("T1"), &reserved, None, noon(), None).await.unwrap().unwrap();
    assert_eq!(counted.calls(), ONE_WRITE);
    store.hold(&acme(), &ticket("T1")).await.unwrap();
    assert_eq!(counted.calls(), ONE_READ);
    store.take_hold(&acme(), &ticket("T1"), &closed, Some(&reserved), noon(), None).await.unwrap().unwrap();
    assert_eq!(counted.calls(), ONE_WRITE);
    store.release_hold(&acme(), &ticket("T1"), &closed, None).await.unwrap();
    assert_eq!(counted.calls(), ONE_WRITE);
}

#[tokio::test]
async fn a_letter_is_leased_and_saved_in_one_write_each() {
    let (stage, counted) = stage();
    let store = stage.store();
    let letter = letter(stage.fresh_id(noon()), &acme(), CaseId::new(stage.fresh_id(noon())));
    assert_eq!(store.queue_letter(&letter, noon(), &entry(), None).await.unwrap(), Made::New);
    assert_eq!(counted.calls(), ONE_WRITE);
    let due = letters_of(&store.due(noon(), 10).await.unwrap()).remove(0);
    assert_eq!(counted.calls(), Calls { queries: 8, ..NONE }, "work and numbering, one for each shard, side by side");
    let Saved::Done(leased) = store.lease_letter(&due, after_noon(1)).await.unwrap() else {
        panic!("nobody was faster")
    };
    assert_eq!(counted.calls(), ONE_WRITE);
    let done = LetterChange { letter: due.value, due_at: None, read_at: Some(leased) };
    assert_ne!(store.save_letter(&done).await.unwrap(), Saved::Lost);
    assert_eq!(counted.calls(), ONE_WRITE);
}

#[tokio::test]
async fn settings_are_saved_in_one_write_each() {
    let (stage, counted) = stage();
    let store = stage.store();
    let made = stage.sign_up(&acme()).await;
    counted.calls();
    assert_ne!(store.save_account(&account(&acme()), made.revision, &entry()).await.unwrap(), Saved::Lost);
    assert_eq!(counted.calls(), ONE_WRITE);
    assert_ne!(store.save_connection(&connection(&acme()), None, None).await.unwrap(), Saved::Lost);
    assert_eq!(counted.calls(), ONE_WRITE);
    store.connection(&acme()).await.unwrap().unwrap();
    assert_eq!(counted.calls(), ONE_READ);
}

#[tokio::test]
async fn a_report_of_a_year_is_one_query_and_one_read_however_it_lies() {
    let (stage, counted) = stage();
    for n in 0..366 {
        let from = day("2100-01-01") + chrono::Days::new(n);
        let cover = Cover::of(&Days::new(from, from + chrono::Days::new(365)).unwrap());
        stage.store().figures(&acme(), &Scope::Everyone, &cover, None).await.unwrap();
        let reads = usize::from(!(cover.plus.is_empty() && cover.minus.is_empty()));
        assert_eq!(counted.calls(), Calls { reads, ..ONE_QUERY }, "{from}");
    }
    let cover = Cover::of_months(&Days::new(day("2100-01-01"), day("2120-01-01")).unwrap());
    stage.store().figures(&acme(), &Scope::Everyone, &cover, Some(Dimension::Day)).await.unwrap();
    assert_eq!(counted.calls(), ONE_QUERY, "twenty years by day");
    let cover = Cover::of(&Days::new(day("2100-02-05"), day("2119-12-05")).unwrap());
    stage.store().figures(&acme(), &Scope::Everyone, &cover, None).await.unwrap();
    assert_eq!(counted.calls(), Calls { reads: 1, queries: 3, ..NONE }, "years, and the months beside them");
}

#[tokio::test]
async fn a_record_and_its_figures_are_changed_in_one_write() {
    let (stage, counted) = stage();
    stage.connect(&acme()).await;
    let record = stage.held(&plan().by("tess")).await;
    let was = stage.kept(&record).await;
    let moved = record.in_zone(TimeZone::parse("Pacific/Auckland").unwrap());
    let change = RecordChange { was: &was, record: &moved, entry: Some(entry()) };
    counted.calls();
    assert_ne!(stage.store().change_record(&change).await.unwrap(), Saved::Lost);
    assert_eq!(counted.calls(), ONE_WRITE);
}

#[tokio::test]
async fn a_journal_is_read_and_numbered_in_one_call_each() {
    let (stage, counted) = stage();
    let store = stage.store();
    stage.sign_up(&acme()).await;
    stage.connect(&acme()).await;
    stage.ended("T1", 1, noon(), after_noon(1)).await;
    counted.calls();
    let draft = Draft::of(store, &acme(), 90).await.unwrap();
    assert_eq!(counted.calls(), Calls { reads: 1, ..ONE_QUERY }, "side by side");
    assert_ne!(draft.write(store).await, Saved::Lost);
    assert_eq!(counted.calls(), ONE_WRITE);
    store.events(&acme(), 0, 100).await.unwrap();
    assert_eq!(counted.calls(), ONE_QUERY);
    store.audit(&acme(), 0, 100).await.unwrap();
    assert_eq!(counted.calls(), ONE_QUERY);
    stage.number_vendor(&vendor(), 90).await;
    counted.calls();
    store.vendor_events(&vendor(), 0, 100).await.unwrap();
    assert_eq!(counted.calls(), Calls { reads: 1, ..ONE_QUERY });
    store.note(&acme(), &entry()).await.unwrap();
    assert_eq!(counted.calls(), ONE_WRITE);
}

#[tokio::test]
async fn a_devices_readiness_is_one_read_and_a_report_one_read_and_one_write() {
    let (stage, counted) = stage();
    let store = stage.store();
    let device = |n: usize| Device {
        id: DeviceId::parse(&format!("D-{n}")).unwrap(),
        facts: DeviceFacts::accept(Reported::nothing_but(Platform::Android)).unwrap(),
        reported_at: noon(),
    };
    store.save_devices(&acme(), &[device(1)]).await.unwrap();
    assert_eq!(counted.calls(), Calls { reads: 1, ..ONE_WRITE });
    store.inspection(&acme(), &device(1).id).await.unwrap();
    assert_eq!(counted.calls(), ONE_READ);
    store.fleet(&acme()).await.unwrap();
    assert_eq!(counted.calls(), ONE_READ);
    let many: Vec<Device> = (0..10_000).map(device).collect();
    store.save_devices(&acme(), &many).await.unwrap();
    let calls = counted.calls();
    assert_eq!(calls.reads, calls.writes);
    assert!((205..=212).contains(&calls.writes), "{calls:?}");
    store.devices(&acme(), &DeviceFilter::default(), None, 100).await.unwrap();
    assert_eq!(counted.calls(), ONE_QUERY);
}
