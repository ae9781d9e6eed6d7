//! API keys.

use casebridge_app::ports::store::Made;
use casebridge_domain::key::{ApiKey, KeyHash, Owner, Scope};
use casebridge_domain::{CaseId, KeyId};
use futures::future::join_all;
use uuid::Uuid;

use crate::conformance::Stage;
use crate::conformance::fixtures::{acme, globex, noon, request, vendor};

fn key(owner: Owner, n: u128) -> ApiKey {
    ApiKey {
        id: KeyId::new(Uuid::from_u128(n)),
        owner,
        scope: Scope::Technician,
        label: None,
        created_at: noon(),
        hash: KeyHash::new(format!("{n:064x}")),
        signed_in: None,
    }
}

/// A key says whose it is; under another owner it is not found.
pub async fn a_key_is_known_to_its_owner_only(stage: &Stage) {
    let store = stage.store();
    let (acmes, vendors) = (Owner::Account(acme()), Owner::Vendor(vendor()));
    let keys = [key(acmes.clone(), 1), key(vendors.clone(), 2)];
    for key in &keys {
        assert_eq!(store.make_key(key, None, None).await.unwrap(), Made::New);
    }
    for (owner, of_owner) in [(&acmes, Some(&keys[0])), (&vendors, None), (&Owner::Account(globex()), None)] {
        let admission = store.admission(Some((owner, &keys[0].hash)), None).await.unwrap();
        assert_eq!(admission.key.as_ref(), of_owner, "{owner:?}");
    }
    assert_eq!(store.keys(&acmes).await.unwrap(), keys[..1]);
    assert_eq!(store.keys(&vendors).await.unwrap(), keys[1..]);
    assert!(store.keys(&Owner::Account(globex())).await.unwrap().is_empty());
}

/// A deleted key lets nobody in; of many who delete it, one did.
pub async fn a_key_is_deleted_once(stage: &Stage) {
    let store = stage.store();
    let owner = Owner::Account(acme());
    for n in 1..=2 {
        assert_eq!(store.make_key(&key(owner.clone(), n), None, None).await.unwrap(), Made::New);
    }
    let id = key(owner.clone(), 1).id;
    assert!(!store.delete_key(&Owner::Account(globex()), id, None).await.unwrap());
    let deleted = join_all((0..8).map(|_| store.delete_key(&owner, id, None))).await;
    assert_eq!(deleted.iter().filter(|deleted| *deleted.as_ref().unwrap()).count(), 1);
    assert!(!store.delete_key(&owner, id, None).await.unwrap());
    assert_eq!(store.keys(&owner).await.unwrap(), [key(owner.clone(), 2)]);
    let admission = store.admission(Some((&owner, &key(owner.clone(), 1).hash)), None).await.unwrap();
    assert_eq!(admission.key, None);
}

/// The text of a key is shown once: the repetition finds the memory and makes no second key.
pub async fn the_same_request_makes_a_key_once(stage: &Stage) {
    let store = stage.store();
    let owner = Owner::Account(acme());
    let request = request("k", CaseId::new(Uuid::from_u128(1)), noon());
    assert_eq!(store.make_key(&key(owner.clone(), 1), None, Some(&request)).await.unwrap(), Made::New);
    let again = store.make_key(&key(owner.clone(), 2), None, Some(&request)).await.unwrap();
    assert_eq!(again, Made::Remembered(request.remembered));
    assert_eq!(store.keys(&owner).await.unwrap(), [key(owner.clone(), 1)]);
}
