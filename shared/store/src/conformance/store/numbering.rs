//! How entries get their numbers.

use std::collections::BTreeMap;

use casebridge_app::ports::store::{CaseChange, Saved};
use casebridge_domain::journal::{AccountMatter, Event, JournalEntry, Numbered, What};
use casebridge_domain::{CaseId, ServiceCase};
use futures::future::join_all;

use crate::conformance::Stage;
use crate::conformance::fixtures::{acme, after_noon, globex, noon, said, vendor};
use crate::conformance::sequencer::Draft;

/// A customer who comes and goes: so many steps after the one that opened the case.
async fn restless(stage: &Stage, ticket: &str, steps: i64) -> ServiceCase {
    let mut case = stage.open(ticket, 1, noon()).await;
    for n in 1..=steps {
        let at = after_noon(n);
        let next =
            if n % 2 == 1 { case.value.clone().customer_online(at, at) } else { case.value.clone().customer_left(at) };
        case = stage.stepped(CaseChange::of(&next.unwrap(), &case)).await;
    }
    case.value
}

fn sequences(events: &[Event]) -> BTreeMap<CaseId, Vec<u32>> {
    let mut sequences: BTreeMap<CaseId, Vec<u32>> = BTreeMap::new();
    for event in events {
        if let What::Case { case, event } = &event.what {
            sequences.entry(case.id()).or_default().push(event.sequence);
        }
    }
    sequences
}

/// Without gaps, each once, a case's own in their order; nothing waits then.
pub async fn what_waits_gets_its_numbers(stage: &Stage) {
    let store = stage.store();
    stage.sign_up(&acme()).await;
    stage.connect(&acme()).await;
    let cases = [restless(stage, "T1", 6).await, restless(stage, "T2", 3).await];
    for limit in [3, 100] {
        stage.number(&acme(), limit).await;
        assert_eq!(stage.waiting(&acme()).await, []);
        store.note(&acme(), &said(after_noon(60), AccountMatter::FiguresRebuilt)).await.unwrap();
    }
    stage.number(&acme(), 1).await;
    let events = store.events(&acme(), 0, 1000).await.unwrap();
    let all = 1 + 7 + 4 + 2;
    assert_eq!(events.iter().map(|event| event.number).collect::<Vec<_>>(), (1..=all).collect::<Vec<_>>());
    assert!(events.iter().all(|event| event.account == acme()));
    let expected = cases.map(|case| (case.id(), case.events().iter().map(|event| event.sequence).collect()));
    assert_eq!(sequences(&events), BTreeMap::from(expected));
    let head = store.journal_head(&acme()).await.unwrap().unwrap();
    assert_eq!((head.vendor, head.last), (vendor(), all));
    assert_eq!(store.journal_head(&globex()).await.unwrap(), None);
    assert_eq!(store.backlog(&globex(), 10).await.unwrap().vendor, None);
}

/// Of many who number the same, one does; nothing is there twice.
pub async fn what_waits_is_numbered_by_one_of_many(stage: &Stage) {
    let store = stage.store();
    stage.sign_up(&acme()).await;
    stage.connect(&acme()).await;
    for round in 0..3 {
        restless(stage, &format!("T{round}"), 2).await;
        let draft = Draft::of(store, &acme(), 100).await.unwrap();
        let written = join_all((0..8).map(|_| draft.write(store))).await;
        assert_eq!(written.iter().filter(|saved| **saved == Saved::Lost).count(), 7, "{written:?}");
    }
    let events = store.events(&acme(), 0, 1000).await.unwrap();
    assert_eq!(events.len(), 1 + 3 * 3);
    assert_eq!(store.audit(&acme(), 0, 1000).await.unwrap().len(), events.len());
}

/// Though he knows the newest head: what he read before waits no longer.
pub async fn what_has_its_numbers_gets_no_others(stage: &Stage) {
    let store = stage.store();
    stage.sign_up(&acme()).await;
    stage.connect(&acme()).await;
    restless(stage, "T1", 3).await;
    let mut late = Draft::of(store, &acme(), 100).await.unwrap();
    stage.number(&acme(), 100).await;
    let head = store.backlog(&acme(), 1).await.unwrap().head.unwrap();
    for (numbered, first) in late.numbered.iter_mut().zip(head.value.last + 1..) {
        *numbered = Numbered { first, entry: numbered.entry.clone() };
    }
    (late.head.last, late.read_at) = (late.head.last + head.value.last, Some(head.revision));
    assert_eq!(late.write(store).await, Saved::Lost);
    assert_eq!(store.journal_head(&acme()).await.unwrap(), Some(head.value.clone()));
    assert_eq!(store.events(&acme(), head.value.last, 10).await.unwrap(), []);
    assert_eq!(store.audit(&acme(), head.value.last, 10).await.unwrap(), []);
}

/// Though he numbers something else: whoever read the same head comes too late.
pub async fn no_number_is_given_twice(stage: &Stage) {
    let store = stage.store();
    stage.sign_up(&acme()).await;
    store.note(&acme(), &said(after_noon(1), AccountMatter::FiguresRebuilt)).await.unwrap();
    let first = Draft::of(store, &acme(), 1).await.unwrap();
    let mut other = Draft::of(store, &acme(), 2).await.unwrap();
    other.places.retain(|place| !first.places.contains(place));
    other.numbered.truncate(1);
    other.audit.truncate(1);
    assert!(matches!(first.write(store).await, Saved::Done(_)));
    assert_eq!(other.write(store).await, Saved::Lost);
    assert_eq!(store.events(&acme(), 0, 10).await.unwrap().len(), 1);
    assert_eq!(stage.waiting(&acme()).await.len(), 1);
}

/// Whatever the limit: before an entry come all earlier ones about its case.
pub async fn a_backlog_leaves_out_nothing_that_came_before(stage: &Stage) {
    let store = stage.store();
    stage.sign_up(&acme()).await;
    stage.connect(&acme()).await;
    let all = [("T1", 5), ("T2", 1), ("T3", 9)];
    for (ticket, steps) in all {
        restless(stage, ticket, steps).await;
    }
    for limit in 1..20 {
        let backlog = store.backlog(&acme(), limit).await.unwrap();
        assert!(!backlog.pending.is_empty() && backlog.pending.len() <= limit, "{limit}");
        assert_eq!(backlog.more, backlog.pending.len() < 19, "{limit}");
        let mut found: BTreeMap<CaseId, Vec<u32>> = BTreeMap::new();
        for pending in &backlog.pending {
            assert!(pending.bytes > 100);
            if let JournalEntry::Case { case, events, .. } = &pending.entry {
                found.entry(case.id()).or_default().extend(events.iter().map(|event| event.sequence));
            }
        }
        for sequences in found.values_mut() {
            sequences.sort_unstable();
            assert!(sequences.iter().copied().eq(1..=u32::try_from(sequences.len()).unwrap()), "{limit} {sequences:?}");
        }
    }
    stage.number(&acme(), 2).await;
    let events = store.events(&acme(), 0, 1000).await.unwrap();
    assert!(sequences(&events).values().all(|sequences| sequences.is_sorted()));
    assert_eq!(events.len(), 19);
}

/// The journal outlives the account, and knows whose it was.
pub async fn a_removed_accounts_journal_is_numbered_all_the_same(stage: &Stage) {
    let store = stage.store();
    let made = stage.sign_up(&acme()).await;
    stage.number(&acme(), 10).await;
    let told = said(after_noon(1), AccountMatter::AccountDeleted);
    assert!(matches!(store.delete_account(&made, noon(), &told).await.unwrap(), Saved::Done(_)));
    assert_eq!(stage.waiting(&acme()).await, [told]);
    stage.number(&acme(), 10).await;
    let events = store.events(&acme(), 0, 10).await.unwrap();
    assert_eq!(events.iter().map(Event::kind).collect::<Vec<_>>(), ["account.made", "account.deleted"]);
    stage.number_vendor(&vendor(), 10).await;
    assert_eq!(store.vendor_head(&vendor()).await.unwrap(), 2);
}

/// What is written of a journal is written whole: a step whose place is taken writes nothing else.
pub async fn a_step_of_numbering_is_whole_or_nothing(stage: &Stage) {
    let store = stage.store();
    stage.sign_up(&acme()).await;
    store.note(&acme(), &said(after_noon(1), AccountMatter::FiguresRebuilt)).await.unwrap();
    let mut draft = Draft::of(store, &acme(), 10).await.unwrap();
    draft.places[1] = draft.places[1].replace("P#", "Q#");
    assert_eq!(draft.write(store).await, Saved::Lost);
    assert_eq!(stage.waiting(&acme()).await.len(), 2);
    assert_eq!(store.journal_head(&acme()).await.unwrap(), None);
    assert_eq!(store.events(&acme(), 0, 10).await.unwrap(), []);
    assert_eq!(store.audit(&acme(), 0, 10).await.unwrap(), []);
    assert_eq!(store.vendor_backlog(&vendor(), 10).await.unwrap().pending, []);
    draft.places[1].truncate(7);
    assert!(store.number(&draft.numbering()).await.is_err());
}
