//! What has to be true of feed, audit trail and figures after all the crashes.

use std::collections::{BTreeMap, BTreeSet};

use casebridge_app::ports::Store;
use casebridge_app::ports::store::CaseFilter;
use casebridge_domain::journal::{Event, What};
use casebridge_domain::{AccountId, CaseId, VendorId};

use crate::installation::Installation;

/// Everything that happened to every case is in both feeds exactly once and in order, the audit trail has as many entries
/// and holds, and the figures are what the records say.
pub(crate) async fn is_whole(installation: &Installation) {
    let (account, vendor) = (AccountId::parse("acme").unwrap(), VendorId::parse("boss").unwrap());
    let store = installation.opened();
    let happened = happened(&store, &account).await;
    let events = feed(&store, &account).await;
    let mut vendors = Vec::new();
    loop {
        let page = store.vendor_events(&vendor, vendors.len() as u64, 200).await.unwrap();
        if page.is_empty() {
            break;
        }
        vendors.extend(page);
    }
    store.engine().close().await.unwrap();

    let mut told: BTreeMap<CaseId, Vec<u32>> = BTreeMap::new();
    for event in &events {
        if let What::Case { case, event } = &event.what {
            told.entry(case.id()).or_default().push(event.sequence);
        }
    }
    assert_eq!(told, happened, "what is in the feed is not what happened to the cases");
    let of_account = events.iter().filter(|event| matches!(event.what, What::Account(_)));
    let kinds: BTreeSet<&str> = of_account.map(Event::kind).collect();
    assert!(kinds.contains("account.made") && kinds.contains("connection.registered"), "{kinds:?}");

    let numbers: Vec<u64> = vendors.iter().map(|event| event.number).collect();
    assert_eq!(numbers, (1..=events.len() as u64).collect::<Vec<_>>(), "the vendor's feed has a gap, or too much");
    let in_order: Vec<&Event> = vendors.iter().map(|event| &event.event).collect();
    assert_eq!(in_order, events.iter().collect::<Vec<_>>(), "the vendor's feed is not the account's");

    let said = installation.command(&["audit", "verify", "--account", "acme"]).await;
    assert!(said.contains(&format!("the trail holds; {} entries, 0 of them erased", events.len())), "{said}");
    installation.command(&["rollups", "verify", "--vendor", "boss"]).await;
}

/// What happened to each case, by the case itself.
async fn happened(store: &impl Store, account: &AccountId) -> BTreeMap<CaseId, Vec<u32>> {
    let (mut happened, mut after) = (BTreeMap::new(), None);
    loop {
        let page = store.cases(account, &CaseFilter::default(), after.as_deref(), 200).await.unwrap();
        for case in page.items {
            happened.insert(case.id(), case.events().iter().map(|event| event.sequence).collect());
        }
        after = page.next;
        if after.is_none() {
            return happened;
        }
    }
}

/// The account's feed, which has to have every number from 1.
async fn feed(store: &impl Store, account: &AccountId) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    loop {
        let page = store.events(account, events.len() as u64, 200).await.unwrap();
        if page.is_empty() {
            return events;
        }
        let numbers: Vec<u64> = page.iter().map(|event| event.number).collect();
        let expected: Vec<u64> = (events.len() as u64 + 1..).take(page.len()).collect();
        assert_eq!(numbers, expected, "the feed has a gap, or a number twice");
        events.extend(page);
    }
}
