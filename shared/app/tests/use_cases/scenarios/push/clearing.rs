//! What is removed leaves nothing behind that would be pushed.

use casebridge_app::accounts::delete_account;
use casebridge_app::connection::revoke;
use casebridge_domain::{AccountId, EndpointId};
use casebridge_store::Engine as _;
use chrono::TimeDelta;

use super::{ONE, Scene};
use crate::world::{Manner, acme};

impl Scene {
    /// An account's endpoint that could not take three events: they are to be tried again.
    async fn with_three_retries() -> (Self, EndpointId) {
        let scene = Self::set().await;
        let id = scene.made_for_acme(ONE).await;
        scene.receivers.be(ONE, Manner::Answers(500));
        scene.tickets_close(3).await;
        scene.push().await;
        assert_eq!(scene.of_acme().deliveries(id).await.unwrap().retries.len(), 3);
        (scene, id)
    }

    /// Whether anything is kept where an account's lanes are, and what waits in them.
    async fn has_left_something(&self, account: &AccountId) -> bool {
        let partition = format!("A#{account}#E");
        let keys: Vec<_> = self.world.engine.keys().into_iter().filter(|key| key.partition == partition).collect();
        let mut left = 0;
        for keys in keys.chunks(100) {
            left += self.world.table().read(keys).await.unwrap().iter().flatten().count();
        }
        left > 0
    }

    /// Lets time go by in which everything would be taken that is pushed: nothing is, and nothing is left.
    async fn gets_nothing_more(&self) {
        self.receivers.be(ONE, Manner::Takes);
        let before = self.receivers.attempts(ONE).len();
        self.push_through(TimeDelta::hours(1), TimeDelta::minutes(1)).await;
        assert_eq!(self.receivers.attempts(ONE).len(), before);
        assert!(!self.has_left_something(&acme()).await);
    }
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_an_endpoint_that_is_removed_goes_with_it_and_is_not_pushed() {
    let (scene, id) = Scene::with_three_retries().await;
    scene.of_acme().test(id).await.unwrap();
    scene.of_acme().delete(id).await.unwrap();
    scene.tickets_close(1).await;
    scene.gets_nothing_more().await;
}

#[tokio::test(start_paused = true)]
async fn a_deleted_accounts_endpoints_get_nothing_more_and_leave_nothing_behind() {
    let (scene, _) = Scene::with_three_retries().await;
    revoke(&scene.world.desk(&acme()).await).await.unwrap();
    delete_account(&scene.world.desk(&acme()).await).await.unwrap();
    scene.gets_nothing_more().await;
}
