//! What has to be true after all the crashes.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use casebridge_app::ports::Store as _;
use casebridge_domain::{AccountId, SessionRecord};
use casebridge_tests::http_client::HttpClient;
use casebridge_tests::until::until;
use chrono::DateTime;
use http::Request;
use serde_json::Value;

use crate::installation::Installation;
use crate::vendor::{Told, Vendor};

/// The watch looks every minute when no case is live; leases are shorter.
const QUIET_WITHIN: Duration = Duration::from_mins(3);

/// Waits until no case is live and no session is open in the sandbox.
pub(crate) async fn is_quiet(installation: &Installation, vendor: &Vendor) {
    let quiet = until(QUIET_WITHIN, async || {
        let live = vendor.live_cases().await?;
        let open = open_sessions(installation).await.len();
        (live == 0 && open == 0).then_some(())
    });
    if quiet.await.is_none() {
        let open = open_sessions(installation).await;
        panic!("still {:?} live cases, and sessions that nobody owns: {open:#?}", vendor.live_cases().await);
    }
}

/// Every acknowledged story has one closed case with one record, and one invitation.
pub(crate) async fn is_whole(installation: &Installation, told: &[Told], copies_allowed: usize) {
    let records = records(installation).await;
    let mut by_case: BTreeMap<String, usize> = BTreeMap::new();
    for record in &records {
        *by_case.entry(record.case.to_string()).or_default() += 1;
    }
    let tickets: BTreeSet<&str> =
        records.iter().map(|record| record.ticket().map(|ticket| ticket.number.as_str()).unwrap_or_default()).collect();
    assert_eq!(tickets.len(), records.len(), "a ticket has two sessions on record");
    let mails = mails(installation).await;
    for story in told {
        assert_eq!(story.stopped["state"], "closed", "{story:?}");
        assert_eq!(by_case.get(&story.case), Some(&1), "records of {story:?}");
        let invitations: Vec<&str> = mails
            .iter()
            .filter(|mail| mail["to"][0].as_str() == Some(&format!("{}@customer.example", story.ticket.to_lowercase())))
            .filter_map(|mail| mail["message_id"].as_str())
            .collect();
        let letters: BTreeSet<&&str> = invitations.iter().collect();
        assert_eq!(letters.len(), 1, "invitations of {story:?}: {invitations:?}");
        assert!(invitations.len() <= copies_allowed, "copies of the invitation of {story:?}: {invitations:?}");
    }
    assert_eq!(records.len(), told.len(), "as many records as stories");
}

async fn records(installation: &Installation) -> Vec<SessionRecord> {
    let store = installation.opened();
    let account = AccountId::parse("acme").unwrap();
    let (mut records, mut after) = (Vec::new(), None);
    loop {
        let page = store
            .records(&account, DateTime::UNIX_EPOCH, DateTime::<chrono::Utc>::MAX_UTC, after.as_deref(), 200)
            .await
            .unwrap();
        records.extend(page.items.into_iter().map(|record| record.value));
        after = page.next;
        if after.is_none() {
            store.engine().close().await.unwrap();
            return records;
        }
    }
}

async fn open_sessions(installation: &Installation) -> Vec<Value> {
    let state = get(&format!("{}/sandbox/state", installation.kit_url("sandbox_url"))).await;
    let is_open = |session: &&Value| session["state"].as_str().is_some_and(|state| state.eq_ignore_ascii_case("open"));
    state["sessions"].as_array().unwrap().iter().filter(is_open).cloned().collect()
}

async fn mails(installation: &Installation) -> Vec<Value> {
    get(&format!("{}/api/messages", installation.kit_url("mail_url"))).await.as_array().unwrap().clone()
}

async fn get(url: &str) -> Value {
    let request = Request::get(url).body("").unwrap();
    serde_json::from_slice(HttpClient::new().send(request).await.unwrap().body()).unwrap()
}
