//! What a deleted account leaves behind.

use casebridge_app::ports::store::{DeviceCounts, DeviceFilter, Fleet, Made, Saved};
use casebridge_domain::device::{Extent, Mode};

use super::devices::{activation, hosting};
use crate::conformance::Stage;
use crate::conformance::fixtures::{account, acme, after_noon, entry, globex, noon};

/// Its devices are as many as they are: they go in its turns, a piece at a time. Another account's stay, and one that is there keeps
/// everything.
pub async fn a_deleted_accounts_devices_go_in_its_turns(stage: &Stage) {
    let store = stage.store();
    let made = stage.sign_up(&acme()).await;
    let devices: Vec<_> = (0..300).map(|n| hosting(&n.to_string())).collect();
    store.save_devices(&acme(), &devices).await.unwrap();
    store.save_devices(&globex(), &devices[..3]).await.unwrap();
    let _ = store.save_activation(&acme(), &activation(Extent::Attended), None, &entry()).await.unwrap();
    assert!(!store.sweep(&acme()).await.unwrap());
    assert_eq!(store.fleet(&acme()).await.unwrap().counts.devices, 300, "it is there");
    assert!(matches!(store.delete_account(&made, noon(), &entry()).await.unwrap(), Saved::Done(_)));
    let tick = store.due_tick(&acme(), noon()).await.unwrap().unwrap();
    while store.sweep(&acme()).await.unwrap() {}
    assert_eq!(store.fleet(&acme()).await.unwrap(), Fleet { counted_at: vec![None; 8], ..Fleet::default() });
    assert_eq!(store.recount_devices(&acme()).await.unwrap(), DeviceCounts::default());
    for mode in [None, Some(Mode::Unattended)] {
        let filter = DeviceFilter { platform: None, mode };
        assert!(store.devices(&acme(), &filter, None, 10).await.unwrap().items.is_empty());
    }
    assert_eq!(store.recount_devices(&globex()).await.unwrap().devices, 3);
    let Saved::Done(_) = store.end_sweep(&tick, Some(after_noon(1))).await.unwrap() else {
        panic!("nobody was faster")
    };
    assert_eq!(store.end_sweep(&tick, None).await.unwrap(), Saved::Lost);
    let last = store.due_tick(&acme(), after_noon(1)).await.unwrap().unwrap();
    assert!(matches!(store.end_sweep(&last, None).await.unwrap(), Saved::Done(_)));
    assert!(store.due_tick(&acme(), after_noon(100)).await.unwrap().is_none());
    assert_eq!(store.make_account(&account(&acme()), &entry(), None).await.unwrap(), Made::Exists);
}
