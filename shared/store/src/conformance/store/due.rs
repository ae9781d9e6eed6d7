//! What is due, whatever it is.

use casebridge_app::ports::store::{Due, Made};
use casebridge_domain::journal::AccountMatter;
use casebridge_domain::{AccountId, CaseId, Instant};
use chrono::TimeDelta;
use uuid::Uuid;

use crate::conformance::Stage;
use crate::conformance::fixtures::{acme, after_noon, entry, globex, letter, noon, said, vendor};

async fn due(stage: &Stage, now: Instant, limit: usize) -> Vec<Due> {
    stage.settle_indexes().await;
    let due = stage.store().due(now, limit).await.unwrap();
    assert!(due.len() <= limit);
    due
}

async fn noted(stage: &Stage, account: &AccountId, at: Instant) {
    stage.store().note(account, &said(at, AccountMatter::FiguresRebuilt)).await.unwrap();
}

/// Once, however much of it waits, from the moment it was written until it has its numbers; then the vendor's feed is.
pub async fn a_journal_is_due_until_it_is_numbered(stage: &Stage) {
    stage.sign_up(&acme()).await;
    for n in 0..5 {
        noted(stage, &acme(), after_noon(n)).await;
    }
    noted(stage, &globex(), after_noon(2)).await;
    assert_eq!(due(stage, noon() - TimeDelta::milliseconds(1), 10).await, []);
    assert_eq!(due(stage, noon(), 10).await, [Due::Journal(acme())]);
    assert_eq!(due(stage, after_noon(9), 10).await, [Due::Journal(acme()), Due::Journal(globex())]);
    stage.number(&acme(), 2).await;
    assert_eq!(due(stage, after_noon(9), 10).await, [Due::VendorFeed(vendor()), Due::Journal(globex())]);
    stage.number_vendor(&vendor(), 2).await;
    assert_eq!(due(stage, after_noon(9), 10).await, [Due::Journal(globex())]);
}

/// However much waits, and however long it has: neither a letter nor another journal has to wait for it.
pub async fn what_waits_for_its_numbers_hides_nothing(stage: &Stage) {
    for n in 0..120 {
        noted(stage, &acme(), after_noon(-1) + TimeDelta::milliseconds(n)).await;
    }
    for n in 0..6 {
        noted(stage, &AccountId::parse(&format!("desk-{n}")).unwrap(), after_noon(-1)).await;
    }
    let letter = letter(Uuid::from_u128(1), &acme(), CaseId::new(Uuid::from_u128(1)));
    assert_eq!(stage.store().queue_letter(&letter, noon(), &entry(), None).await.unwrap(), Made::New);
    noted(stage, &globex(), noon()).await;
    for limit in [2, 4, 8] {
        let due = due(stage, noon(), limit).await;
        assert_eq!(due.len(), limit, "{due:?}");
        assert!(matches!(due.last(), Some(Due::Letter(_))), "{due:?}");
    }
    let due = due(stage, noon(), 100).await;
    assert_eq!(due.len(), 9, "{due:?}");
    assert!(due.contains(&Due::Journal(globex())));
}

/// Nor is it hidden.
pub async fn letters_do_not_hide_what_waits_for_its_numbers(stage: &Stage) {
    for n in 0..20 {
        let letter = letter(Uuid::from_u128(n), &acme(), CaseId::new(Uuid::from_u128(1)));
        let queued = stage.store().queue_letter(&letter, after_noon(-1), &entry(), None).await.unwrap();
        assert_eq!(queued, Made::New);
    }
    noted(stage, &globex(), noon()).await;
    for limit in [2, 10, 21, 100] {
        let due = due(stage, noon(), limit).await;
        assert_eq!(due.len(), limit.min(21));
        assert_eq!(due.last(), Some(&Due::Journal(globex())));
    }
}
