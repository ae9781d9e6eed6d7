//! Session records.

use casebridge_app::ports::store::{CaseChange, Commit};
use casebridge_domain::{Instant, SessionRecord, TimeZone};
use chrono::TimeDelta;

use crate::conformance::Stage;
use crate::conformance::fixtures::{acme, after_noon, closed, code, ending, globex, noon};
use crate::engine::{Guard, Write, Written};
use crate::keys;

async fn all_pages(stage: &Stage, from: Instant, to: Instant, limit: usize) -> Vec<SessionRecord> {
    let (mut records, mut after) = (Vec::new(), None);
    loop {
        let page = stage.store().records(&acme(), from, to, after.as_deref(), limit).await.unwrap();
        assert!(page.items.len() <= limit);
        records.extend(page.items.into_iter().map(|record| record.value));
        after = page.next;
        if after.is_none() {
            return records;
        }
    }
}

/// A case has one record, even if somebody came to another end of it later.
pub async fn a_record_is_written_exactly_once(stage: &Stage) {
    let store = stage.store();
    stage.connect(&acme()).await;
    let ended = stage.ended("T1", 1, noon(), after_noon(10)).await;
    let record = SessionRecord::of(&ended.value, TimeZone::UTC).unwrap();
    let another_end = SessionRecord { ended_at: after_noon(11), ..record.clone() };
    for second in [record.clone(), another_end] {
        let step = CaseChange { record: Some(second), ..CaseChange::of(&ended.value, &ended) };
        assert_eq!(store.commit(&step).await.unwrap(), Commit::Lost);
    }
    assert_eq!(all_pages(stage, noon(), after_noon(60), 10).await, std::slice::from_ref(&record));
    assert_eq!(stage.on_record(&ended.value).await, Some(record));
    assert_eq!(store.record(&globex(), ended.value.id()).await.unwrap(), None);
    assert_eq!(store.case(&acme(), ended.value.id()).await.unwrap(), Some(ended));
}

/// By the time they ended, which is not the order in which they began.
pub async fn records_come_by_their_end_in_pages(stage: &Stage) {
    stage.connect(&acme()).await;
    let mut expected = Vec::new();
    for n in 0..7 {
        let ended = stage.ended(&format!("T{n}"), 1, after_noon(n), after_noon(60 - n)).await;
        expected.insert(0, SessionRecord::of(&ended.value, TimeZone::UTC).unwrap());
    }
    for limit in [1, 3, 7, 100] {
        assert_eq!(all_pages(stage, noon(), after_noon(120), limit).await, expected, "{limit} a page");
    }
    let other = stage.store().records(&globex(), noon(), after_noon(120), None, 10).await.unwrap();
    assert!(other.items.is_empty() && other.next.is_none());
}

/// `from` counts, `to` does not, to the millisecond.
pub async fn a_span_of_records_begins_with_from_and_ends_before_to(stage: &Stage) {
    stage.connect(&acme()).await;
    let mut ends = Vec::new();
    for (n, milliseconds) in [-1, 0, 1, 59_999, 60_000].into_iter().enumerate() {
        let end = after_noon(10) + TimeDelta::milliseconds(milliseconds);
        stage.ended(&format!("T{n}"), 1, noon(), end).await;
        ends.push(end);
    }
    let within = all_pages(stage, after_noon(10), after_noon(11), 2).await;
    assert_eq!(within.iter().map(|record| record.ended_at).collect::<Vec<_>>(), ends[1..4]);
    assert!(all_pages(stage, after_noon(11), after_noon(10), 2).await.is_empty());
    assert!(all_pages(stage, after_noon(10), after_noon(10), 2).await.is_empty());
}

/// Long after its case is gone, in its own account only; a code given out twice means the newer session.
pub async fn a_record_is_found_by_its_code_when_its_case_is_gone(stage: &Stage) {
    let store = stage.store();
    stage.connect(&acme()).await;
    let open = stage.open("T0", 119_457_589, noon()).await;
    stage.settle_indexes().await;
    assert_eq!(store.record_by_code(&acme(), &code(119_457_589)).await.unwrap(), None, "it goes on");
    let first = stage.stepped(ending(&closed(&open.value, after_noon(1)), &open)).await.value;
    let second = stage.ended("T1", 119_457_589, after_noon(2), after_noon(3)).await.value;
    for gone in [&first, &second] {
        let key = keys::case(&acme(), gone.id());
        assert_eq!(stage.engine().write(vec![Write::Delete(key, Guard::Any)]).await.unwrap(), Written::Done);
    }
    stage.settle_indexes().await;
    assert_eq!(store.case_by_code(&acme(), &code(119_457_589)).await.unwrap(), None, "a record is no case");
    let found = store.record_by_code(&acme(), &code(119_457_589)).await.unwrap();
    assert_eq!(found, store.record(&acme(), second.id()).await.unwrap());
    assert_eq!(found.unwrap().value, SessionRecord::of(&second, TimeZone::UTC).unwrap());
    assert_eq!(store.record_by_code(&globex(), &code(119_457_589)).await.unwrap(), None);
    assert_eq!(store.record_by_code(&acme(), &code(119_457_588)).await.unwrap(), None);
}
