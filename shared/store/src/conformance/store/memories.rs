//! What is remembered of requests.

use casebridge_app::ports::store::{Idempotency, IdempotencyKey, Remembered};
use casebridge_domain::key::Owner;
use casebridge_domain::{CaseId, KeyId};
use chrono::TimeDelta;
use futures::future::join_all;
use uuid::Uuid;

use crate::conformance::Stage;
use crate::conformance::fixtures::{acme, globex, noon, request, vendor};

fn about(n: u128) -> CaseId {
    CaseId::new(Uuid::from_u128(n))
}

/// For seven days, to the millisecond; then it can be made anew.
pub async fn the_same_idempotency_key_is_remembered_and_a_lapsed_one_is_not(stage: &Stage) {
    let store = stage.store();
    let first = request("k", about(1), noon());
    let early = first.until - TimeDelta::milliseconds(1);
    assert_eq!(store.remembered(&first.key, noon()).await.unwrap(), None);
    assert_eq!(store.remember(&first).await.unwrap(), None);
    assert_eq!(store.remembered(&first.key, early).await.unwrap(), Some(first.remembered.clone()));
    assert_eq!(store.remembered(&first.key, first.until).await.unwrap(), None);
    let again = request("k", about(2), early);
    assert_eq!(store.remember(&again).await.unwrap(), Some(first.remembered.clone()), "the first one stays");
    let anew = request("k", about(3), first.until);
    assert_eq!(store.remember(&anew).await.unwrap(), None);
    assert_eq!(store.remembered(&anew.key, first.until).await.unwrap(), Some(anew.remembered));
}

/// Of many, one is remembered, and all others hear of it.
pub async fn the_first_memory_stays(stage: &Stage) {
    let memories: Vec<_> = (0..16).map(|n| request("k", about(n), noon())).collect();
    let found = join_all(memories.iter().map(|memory| stage.store().remember(memory))).await;
    let found: Vec<Option<Remembered>> = found.into_iter().map(Result::unwrap).collect();
    assert_eq!(found.iter().filter(|found| found.is_none()).count(), 1);
    let kept = stage.store().remembered(&memories[0].key, noon()).await.unwrap();
    assert_eq!(found.iter().filter(|found| **found == kept).count(), 15);
}

/// Another key of the caller's, another route, another owner, another text: however long.
pub async fn another_request_is_not_remembered(stage: &Stage) {
    let store = stage.store();
    let text = "\u{1F5A8}".repeat(255);
    let first = request(&text, about(1), noon());
    assert_eq!(store.remember(&first).await.unwrap(), None);
    let key = first.key.clone();
    let others = [
        IdempotencyKey { principal: KeyId::new(Uuid::from_u128(8)), ..key.clone() },
        IdempotencyKey { route: format!("POST /{}", "x".repeat(4000)), ..key.clone() },
        IdempotencyKey { owner: Owner::Account(globex()), ..key.clone() },
        IdempotencyKey { owner: Owner::Vendor(vendor()), ..key.clone() },
        IdempotencyKey {
            owner: Owner::Vendor(casebridge_domain::VendorId::parse(acme().as_str()).unwrap()),
            ..key.clone()
        },
        IdempotencyKey { key: text[4..].to_owned(), ..key },
    ];
    for other in others {
        let memory = Idempotency { key: other.clone(), ..request("", about(2), noon()) };
        assert_eq!(store.remembered(&other, noon()).await.unwrap(), None, "{other:?}");
        assert_eq!(store.remember(&memory).await.unwrap(), None, "{other:?}");
    }
    assert_eq!(store.remembered(&first.key, noon()).await.unwrap(), Some(first.remembered));
}
