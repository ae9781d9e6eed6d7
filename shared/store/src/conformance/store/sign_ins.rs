//! Links that sign somebody in.

use casebridge_app::ports::store::Saved;
use casebridge_domain::journal::{AccountMatter, JournalEntry, Principal};
use casebridge_domain::key::{ApiKey, KeyHash, Owner, Scope};
use casebridge_domain::sign_in::{SignIn, SignedIn};
use casebridge_domain::{KeyId, Text};
use chrono::TimeDelta;
use futures::future::join_all;
use uuid::Uuid;

use crate::conformance::Stage;
use crate::conformance::fixtures::{acme, globex, noon};

fn link() -> SignIn {
    SignIn {
        account: acme(),
        hash: KeyHash::new("a".repeat(64)),
        scope: Scope::Technician,
        name: Text::parse("Tess").unwrap(),
        technician: None,
        until: noon() + TimeDelta::minutes(10),
        by: Principal::Operator,
    }
}

fn key(n: u128) -> ApiKey {
    ApiKey {
        id: KeyId::new(Uuid::from_u128(n)),
        owner: Owner::Account(acme()),
        scope: Scope::Technician,
        label: None,
        created_at: noon(),
        hash: KeyHash::new(format!("{n:064x}")),
        signed_in: Some(SignedIn {
            name: Text::parse("Tess").unwrap(),
            technician: None,
            until: noon() + TimeDelta::hours(12),
        }),
    }
}

fn entry(n: u128) -> JournalEntry {
    let matter = AccountMatter::KeyMade { key: key(n).id, scope: Scope::Technician, label: None };
    JournalEntry::Account { by: Principal::Operator, at: noon(), matter }
}

/// Of many who use one link at the same time, one gets a key; nobody afterwards.
pub async fn a_link_signs_in_once(stage: &Stage) {
    let store = stage.store();
    store.make_sign_in(&link()).await.unwrap();
    assert_eq!(store.sign_in(&globex(), &link().hash).await.unwrap(), None);
    let kept = store.sign_in(&acme(), &link().hash).await.unwrap().unwrap();
    assert_eq!(kept.value, link());
    let uses = join_all((1..=8).map(async |n| store.use_sign_in(&kept, &key(n), &entry(n)).await.unwrap())).await;
    assert_eq!(uses.iter().filter(|saved| matches!(saved, Saved::Done(_))).count(), 1);
    assert_eq!(store.sign_in(&acme(), &link().hash).await.unwrap(), None);
    let keys = store.keys(&Owner::Account(acme())).await.unwrap();
    let winner = uses.iter().position(|saved| matches!(saved, Saved::Done(_))).unwrap();
    assert_eq!(keys, [key(u128::try_from(winner).unwrap() + 1)]);
}
