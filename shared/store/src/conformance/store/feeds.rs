//! Feeds, read.

use casebridge_app::ports::store::{AccountStretch, Made, Saved, VendorEvent, VendorNumbering};
use casebridge_domain::journal::{AccountMatter, Event};
use casebridge_domain::key::Owner;
use casebridge_domain::{Account, AccountId, VendorId};
use futures::future::join_all;

use crate::conformance::Stage;
use crate::conformance::fixtures::{account, acme, after_noon, entry, globex, noon, said, vendor};
use crate::engine::{Guard, Key, Write, Written};
use crate::keys;

/// So many notes in the account's journal, numbered `at_once` in a step.
async fn noted(stage: &Stage, account: &AccountId, notes: i64, at_once: usize) {
    for n in 0..notes {
        let fields = vec![format!("{account} {n}")];
        stage.store().note(account, &said(after_noon(n), AccountMatter::AccountChanged { fields })).await.unwrap();
    }
    stage.number(account, at_once).await;
}

async fn all_events(stage: &Stage, mut after: u64, limit: usize) -> Vec<Event> {
    let mut events = Vec::new();
    loop {
        let page = stage.store().events(&acme(), after, limit).await.unwrap();
        let Some(last) = page.last() else { return events };
        assert!(page.len() <= limit);
        after = last.number;
        events.extend(page);
    }
}

async fn all_of_vendor(stage: &Stage, mut after: u64, limit: usize) -> Vec<VendorEvent> {
    let mut events = Vec::new();
    loop {
        let page = stage.store().vendor_events(&vendor(), after, limit).await.unwrap();
        let Some(last) = page.last() else { return events };
        assert!(page.len() <= limit);
        after = last.number;
        events.extend(page);
    }
}

/// What expired there is gone.
async fn forgotten(stage: &Stage, key: Key) {
    assert_eq!(stage.engine().write(vec![Write::Delete(key, Guard::Any)]).await.unwrap(), Written::Done);
}

/// Page by page, from any number on, however many got their numbers in one step.
pub async fn a_feed_is_read_in_pages_from_any_number(stage: &Stage) {
    stage.sign_up(&acme()).await;
    stage.connect(&acme()).await;
    noted(stage, &acme(), 7, 3).await;
    stage.ended("T1", 1, noon(), after_noon(9)).await;
    noted(stage, &acme(), 20, 1).await;
    let all = all_events(stage, 0, 1000).await;
    let last = u64::try_from(all.len()).unwrap();
    assert_eq!(all.iter().map(|event| event.number).collect::<Vec<_>>(), (1..=last).collect::<Vec<_>>());
    for limit in [1, 2, 5, all.len()] {
        assert_eq!(all_events(stage, 0, limit).await, all, "{limit} a page");
    }
    for (after, from) in (0..=last).zip(0..) {
        assert_eq!(stage.store().events(&acme(), after, 3).await.unwrap(), all[from..all.len().min(from + 3)]);
    }
    assert_eq!(stage.store().events(&acme(), last + 7, 3).await.unwrap(), []);
    assert_eq!(stage.store().events(&acme(), u64::MAX, 3).await.unwrap(), []);
}

/// Nobody reads what is somebody else's.
pub async fn another_accounts_feed_is_another(stage: &Stage) {
    let store = stage.store();
    stage.sign_up(&acme()).await;
    stage.sign_up(&globex()).await;
    noted(stage, &acme(), 3, 10).await;
    assert_eq!(store.events(&globex(), 0, 10).await.unwrap(), [], "not numbered yet");
    noted(stage, &globex(), 1, 10).await;
    let events = store.events(&globex(), 0, 10).await.unwrap();
    assert_eq!(events.iter().map(|event| event.number).collect::<Vec<_>>(), [1, 2]);
    assert!(events.iter().all(|event| event.account == globex()));
    assert_eq!(store.events(&AccountId::parse("acm").unwrap(), 0, 10).await.unwrap(), []);
}

/// Numbers of its own over all accounts, each account's in their order; other vendors' accounts are not among them.
pub async fn a_vendors_feed_has_the_events_of_all_its_accounts(stage: &Stage) {
    let store = stage.store();
    let rival = VendorId::parse("bos").unwrap();
    let foreign = Account { vendor: rival.clone(), ..account(&AccountId::parse("foreign").unwrap()) };
    assert_eq!(store.make_account(&foreign, &entry(), None).await.unwrap(), Made::New);
    noted(stage, &foreign.id, 2, 10).await;
    assert_eq!(store.vendor_head(&vendor()).await.unwrap(), 0);
    stage.sign_up(&acme()).await;
    stage.sign_up(&globex()).await;
    for round in 0..3 {
        noted(stage, &acme(), 4, 2).await;
        noted(stage, &globex(), 3, 100).await;
        assert_eq!(
            store.vendor_events(&vendor(), 0, 1000).await.unwrap().len(),
            round * 7 + if round > 0 { 2 } else { 0 }
        );
        stage.number_vendor(&vendor(), 2).await;
    }
    let all = all_of_vendor(stage, 0, 1000).await;
    let last = 2 + 3 * 7;
    assert_eq!(all.iter().map(|event| event.number).collect::<Vec<_>>(), (1..=last).collect::<Vec<_>>());
    assert_eq!(store.vendor_head(&vendor()).await.unwrap(), last);
    for account in [acme(), globex()] {
        let of_account: Vec<Event> =
            all.iter().map(|event| event.event.clone()).filter(|event| event.account == account).collect();
        assert_eq!(of_account, store.events(&account, 0, 1000).await.unwrap());
    }
    for limit in [1, 2, 5] {
        assert_eq!(all_of_vendor(stage, 0, limit).await, all, "{limit} a page");
    }
    for (after, from) in (0..=last).zip(0..) {
        assert_eq!(store.vendor_events(&vendor(), after, 3).await.unwrap(), all[from..all.len().min(from + 3)]);
    }
    assert_eq!(store.vendor_events(&rival, 0, 10).await.unwrap(), [], "not numbered yet");
    stage.number_vendor(&rival, 10).await;
    assert_eq!(store.vendor_events(&rival, 0, 10).await.unwrap().len(), 3);
}

/// Of many who number the same, one does; no account's events come in another order.
pub async fn a_vendors_feed_is_numbered_by_one_of_many(stage: &Stage) {
    let store = stage.store();
    stage.sign_up(&acme()).await;
    noted(stage, &acme(), 6, 1).await;
    stage.sign_up(&globex()).await;
    noted(stage, &globex(), 2, 1).await;
    let backlog = store.vendor_backlog(&vendor(), 4).await.unwrap();
    assert!(backlog.more);
    let (places, stretches): (Vec<String>, Vec<AccountStretch>) =
        backlog.pending.into_iter().map(|pending| (pending.place, pending.stretch)).unzip();
    let firsts: Vec<u64> = stretches.iter().map(|stretch| stretch.first).collect();
    assert_eq!(firsts, [1, 2, 3, 4], "the earliest of the first account");
    let (vendor, stretches, places) = (&vendor(), &stretches[..], &places[..]);
    let numbering = VendorNumbering { vendor, last: 4, followed: false, read_at: None, stretches, places, now: noon() };
    let written = join_all((0..8).map(|_| store.number_for_vendor(&numbering))).await;
    let written: Vec<Saved> = written.into_iter().map(Result::unwrap).collect();
    assert_eq!(written.iter().filter(|saved| **saved == Saved::Lost).count(), 7, "{written:?}");
    let head = store.vendor_backlog(vendor, 1).await.unwrap().head.unwrap();
    let others = store.vendor_backlog(vendor, 1).await.unwrap().pending.remove(0);
    let (stretch, place) = ([others.stretch], [others.place]);
    let late = VendorNumbering { last: 1, stretches: &stretch, places: &place, ..numbering.clone() };
    assert_eq!(store.number_for_vendor(&late).await.unwrap(), Saved::Lost, "by one who numbers something else");
    let again = VendorNumbering { last: 8, read_at: Some(head.revision), ..numbering };
    assert_eq!(store.number_for_vendor(&again).await.unwrap(), Saved::Lost, "by one who knows the newest head");
    stage.number_vendor(vendor, 100).await;
    let all = all_of_vendor(stage, 0, 100).await;
    assert_eq!(all.iter().map(|event| event.number).collect::<Vec<_>>(), (1..=10).collect::<Vec<_>>());
    let of_acme = all.iter().filter(|event| event.event.account == acme());
    assert!(of_acme.map(|event| event.event.number).eq(1..=7));
}

/// What is kept no more is passed over at the beginning; later it ends the page, so that nothing is missing within one.
pub async fn events_that_are_gone_leave_no_gap_within_a_page(stage: &Stage) {
    let store = stage.store();
    stage.sign_up(&acme()).await;
    noted(stage, &acme(), 7, 2).await;
    stage.number_vendor(&vendor(), 100).await;
    let feed = |last| keys::journal::feed(&Owner::Account(acme()), last);
    let numbers = async |after, limit| {
        let events = store.vendor_events(&vendor(), after, limit).await.unwrap();
        events.into_iter().map(|event| event.number).collect::<Vec<_>>()
    };
    forgotten(stage, feed(6)).await;
    assert_eq!(numbers(0, 100).await, [1, 2, 3, 4]);
    assert_eq!(numbers(4, 100).await, [7, 8]);
    forgotten(stage, feed(2)).await;
    forgotten(stage, feed(4)).await;
    assert_eq!(numbers(0, 1).await, [7]);
    assert_eq!(numbers(0, 100).await, [7, 8]);
    let events = store.events(&acme(), 0, 100).await.unwrap();
    assert_eq!(events.into_iter().map(|event| event.number).collect::<Vec<_>>(), [7, 8]);
    forgotten(stage, feed(8)).await;
    assert_eq!(numbers(0, 100).await, Vec::<u64>::new());
    assert_eq!(store.vendor_head(&vendor()).await.unwrap(), 8);
}
