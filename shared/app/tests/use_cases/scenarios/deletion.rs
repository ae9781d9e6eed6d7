//! An account that is deleted, with all that it has.

use casebridge_app::accounts::{AccountError, delete_account};
use casebridge_app::open_case::OpenCase;
use casebridge_app::ports::store::{DeviceCounts, Due};
use casebridge_domain::DeviceId;
use casebridge_domain::device::{Device, DeviceFacts, Extent, Platform, Reported};
use casebridge_sandbox::teamviewer::{Fault, FaultKind};
use casebridge_store::Engine as _;
use chrono::TimeDelta;

use crate::world::{BEA, CHRIS, TestWorld, acme, play_of, technician};

impl TestWorld {
    async fn with_devices(&self, how_many: u32) {
        self.with_a_device(Extent::AttendedAndUnattended, Reported::nothing_but(Platform::Ios)).await;
        let device = |n: u32| {
            let mut reported = Reported::nothing_but(Platform::Android);
            reported.host.app.distributed = Some(true);
            let (id, facts) = (DeviceId::parse(&n.to_string()).unwrap(), DeviceFacts::accept(reported).unwrap());
            Device { id, facts, reported_at: self.now() }
        };
        let devices: Vec<Device> = (0..how_many).map(device).collect();
        self.store().save_devices(&acme(), &devices).await.unwrap();
    }

    /// Whether anything is kept where the account's settings or devices are, but that it is gone.
    async fn has_left_something(&self) -> bool {
        let keys = self.engine.keys();
        let of_it = keys.iter().filter(|key| key.partition == "A#acme" || key.partition.starts_with("A#acme#D"));
        let of_it: Vec<_> = of_it.filter(|key| key.sort != "ACCOUNT").cloned().collect();
        let mut left = 0;
        for keys in of_it.chunks(100) {
            left += self.table().read(keys).await.unwrap().iter().flatten().count();
        }
        left > 0
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_left_of_a_deleted_accounts_devices_and_technicians() {
    let world = TestWorld::with_app().await;
    world.with_devices(1_200).await;
    world.signed_in("tess", CHRIS).await;
    world.signed_in("tom", BEA).await;
    world.sent(&acme(), "nora").await;
    let before = world.teamviewer.calls().count("POST /oauth2/revoke");
    delete_account(&world.desk(&acme()).await).await.unwrap();
    assert!(world.has_left_something().await, "more than one step takes");
    world.work_through(TimeDelta::minutes(1), TimeDelta::seconds(5)).await;
    assert_eq!(world.teamviewer.calls().count("POST /oauth2/revoke"), before + 2);
    assert!(world.sign_in_of("tess").await.is_none());
    assert_eq!(world.store().recount_devices(&acme()).await.unwrap(), DeviceCounts::default());
    // Whoever was let in before the deletion reports once more.
    world.store().save_devices(&acme(), &[till(&world)]).await.unwrap();
    world.work_through(TimeDelta::minutes(20), TimeDelta::seconds(30)).await;
    assert!(!world.has_left_something().await);
    let due = world.store().due(world.now() + TimeDelta::days(1), 10).await.unwrap();
    assert!(!due.iter().any(|due| matches!(due, Due::Tick(_))), "{due:?}");
}

fn till(world: &TestWorld) -> Device {
    let facts = DeviceFacts::accept(Reported::nothing_but(Platform::Ios)).unwrap();
    Device { id: DeviceId::parse("late").unwrap(), facts, reported_at: world.now() }
}

#[tokio::test(start_paused = true)]
async fn a_deletion_does_not_wait_for_teamviewer() {
    let world = TestWorld::with_app().await;
    world.signed_in("tess", CHRIS).await;
    world.teamviewer.add_fault(Fault::always(FaultKind::TimeoutBefore));
    delete_account(&world.desk(&acme()).await).await.unwrap();
    world.patiently(world.work()).await;
    assert_eq!(world.teamviewer.calls().count("POST /oauth2/revoke"), 1, "it is asked once");
    assert!(world.sign_in_of("tess").await.is_none());
}

#[tokio::test(start_paused = true)]
async fn an_account_whose_case_is_live_stays_with_its_technicians() {
    let world = TestWorld::with_app().await;
    world.signed_in("tess", CHRIS).await;
    world.played(OpenCase { technician: Some(technician("tess")), ..play_of("T1") }).await;
    let refused = delete_account(&world.desk(&acme()).await).await;
    assert!(matches!(refused, Err(AccountError::LiveCases(live)) if live.len() == 1));
    assert!(world.sign_in_of("tess").await.unwrap().serves(), "and may play on");
    assert_eq!(world.teamviewer.calls().count("POST /oauth2/revoke"), 0);
}
