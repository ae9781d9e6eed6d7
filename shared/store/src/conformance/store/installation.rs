//! The installation.

use casebridge_domain::InstallationId;
use futures::future::join_all;
use uuid::Uuid;

use crate::conformance::Stage;
use crate::conformance::fixtures::{after_noon, noon};

/// Whoever starts first names it, and everybody else takes that name.
pub async fn an_installation_keeps_its_first_id(stage: &Stage) {
    let fresh = |n| InstallationId::new(Uuid::from_u128(n));
    let named = join_all((1..=16).map(|n| stage.store().installation(fresh(n)))).await;
    let named: Vec<InstallationId> = named.into_iter().map(Result::unwrap).collect();
    assert!(named.iter().all(|id| *id == named[0]), "{named:?}");
    assert_eq!(stage.store().installation(fresh(99)).await.unwrap(), named[0]);
}

/// After a restore nothing is delivered until somebody says so.
pub async fn deliveries_are_held_and_let_go(stage: &Stage) {
    let store = stage.store();
    assert_eq!(store.deliveries_held_since().await.unwrap(), None);
    store.hold_deliveries(None).await.unwrap();
    for since in [noon(), after_noon(1)] {
        store.hold_deliveries(Some(since)).await.unwrap();
        assert_eq!(store.deliveries_held_since().await.unwrap(), Some(since));
    }
    store.hold_deliveries(None).await.unwrap();
    assert_eq!(store.deliveries_held_since().await.unwrap(), None);
}
