//! The activation, and sessions that begin while it is removed.

use casebridge_app::activation::{ActivationWish, DeactivateError, activate, deactivate};
use casebridge_app::start_session::{StartSession, StartSessionError, start_session};
use casebridge_domain::DeviceId;
use casebridge_domain::device::{Agreed, Agreement, Device, DeviceFacts, Extent, Mode, Platform, Reported, TERMS};
use futures::FutureExt;

use crate::world::{Mishap, TestWorld, acme, technician, unkeyed};

fn till() -> DeviceId {
    DeviceId::parse("till 4").unwrap()
}

impl TestWorld {
    /// Acme's devices may be helped, and here is one.
    pub(super) async fn with_a_device(&self, extent: Extent, reported: Reported) {
        let tess = technician("tess");
        let agreement = Agreement::to(TERMS.version, Agreed { id: tess.id, name: tess.name }, self.now()).unwrap();
        activate(&self.desk(&acme()).await, ActivationWish { extent, agreement, customer_id: None }).await.unwrap();
        let facts = DeviceFacts::accept(reported).unwrap();
        let device = Device { id: till(), facts, reported_at: self.now() };
        self.store().save_devices(&acme(), &[device]).await.unwrap();
    }

    async fn deactivated(&self) {
        let desk = self.desk(&acme()).await;
        let Err(DeactivateError::Unconfirmed(would)) = deactivate(&desk, None).await else { panic!("not asked") };
        deactivate(&desk, Some(&would.confirmation)).await.unwrap();
    }
}

pub(super) fn start(mode: Mode) -> StartSession {
    StartSession { device: till(), mode, technician: None, requester: None, invite: false, client: None }
}

/// However far the start has come by then.
#[tokio::test(start_paused = true)]
async fn no_session_of_a_device_outlives_the_activation_that_is_removed_while_it_starts() {
    let (mut refused, mut unclaimed) = (0, 0);
    for calls in 0..30 {
        let world = TestWorld::connected().await;
        world.opened("first").await;
        world.with_a_device(Extent::Attended, Reported::nothing_but(Platform::Android)).await;
        let desk = world.desk(&acme()).await;
        world.engine.light(Some((calls, Mishap::Wait)));
        let mut starting = start_session(&desk, unkeyed(start(Mode::Attended))).boxed();
        if world.engine.until_it_waits(&mut starting).await.is_none() {
            assert!(calls > 3, "it has read, claimed and settled");
            assert!(refused > 3, "in time to be refused");
            assert!(unclaimed > 1, "before and after it was looked at");
            return;
        }
        world.deactivated().await;
        world.engine.go_on();
        let started = starting.await;
        refused += usize::from(matches!(started, Err(StartSessionError::NotReady(_))));
        let kept = world.store().newest_device_case(&acme(), &till()).await.unwrap();
        unclaimed += usize::from(kept.is_none());
        assert!(kept.is_none_or(|case| case.value.is_settled()), "at call {calls}: {started:?}");
        assert_eq!(world.open_sessions().len(), 1, "only the ticket's");
    }
    panic!("it never came to an end");
}
