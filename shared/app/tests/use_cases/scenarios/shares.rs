//! Sharing the group.

use casebridge_app::connection::{ShareError, UserRef, recheck, register, share_with};
use casebridge_sandbox::teamviewer::Permission;
use futures::FutureExt;

use crate::world::{ALEX, BEA, CHRIS, Mishap, OUTSIDER, TestWorld, acme, address, user};

/// The guide's permissions, and seeing the company's users.
async fn who_sees_users(world: &TestWorld) {
    let mut permissions = Permission::GUIDE.to_vec();
    permissions.push(Permission::UsersView);
    register(&world.desk(&acme()).await, world.token_of(ALEX, &permissions)).await.unwrap();
}

fn shared_with(world: &TestWorld) -> Vec<String> {
    world.teamviewer.state().groups.iter().flat_map(|group| group.shares.keys().cloned()).collect()
}

#[tokio::test(start_paused = true)]
async fn the_group_is_shared_with_exactly_those_who_are_named() {
    let world = TestWorld::connected().await;
    who_sees_users(&world).await;
    let desk = world.desk(&acme()).await;
    let by_address = UserRef::Email(address("Chris@Northwind.example"));
    share_with(&desk, &[user(BEA), by_address]).await.unwrap();
    assert_eq!(shared_with(&world), [BEA, CHRIS]);
    let connection = share_with(&desk, &[user(CHRIS)]).await.unwrap();
    assert_eq!(shared_with(&world), [CHRIS]);
    assert_eq!(connection.shares.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn users_of_another_company_are_refused_and_nobody_is_shared_with() {
    let world = TestWorld::connected().await;
    who_sees_users(&world).await;
    let desk = world.desk(&acme()).await;
    let refused = share_with(&desk, &[user(BEA), user(OUTSIDER)]).await;
    assert!(matches!(&refused, Err(ShareError::Outsiders(places)) if places == &[1]), "{refused:?}");
    assert!(shared_with(&world).is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_token_that_can_not_list_users_needs_their_ids() {
    let world = TestWorld::connected().await;
    let desk = world.desk(&acme()).await;
    let by_address = UserRef::Email(address("chris@northwind.example"));
    let refused = share_with(&desk, &[user(BEA), by_address]).await;
    assert!(matches!(&refused, Err(ShareError::IdsNeeded(places)) if places == &[1]), "{refused:?}");
    assert!(shared_with(&world).is_empty());
    share_with(&desk, &[user(BEA), user(CHRIS)]).await.unwrap();
    assert_eq!(shared_with(&world), [BEA, CHRIS]);
}

#[tokio::test(start_paused = true)]
async fn an_outsider_named_by_id_is_found_out_by_teamviewers_answer() {
    let world = TestWorld::connected().await;
    let refused = share_with(&world.desk(&acme()).await, &[user(OUTSIDER)]).await;
    assert!(matches!(&refused, Err(ShareError::Outsiders(places)) if places == &[0]), "{refused:?}");
}

/// The console looks again at how everything is as soon as something was changed.
#[tokio::test(start_paused = true)]
async fn the_group_is_shared_though_something_else_of_the_connection_is_noted_meanwhile() {
    let mut waited = 0;
    for calls in 0..12 {
        let world = TestWorld::connected().await;
        world.opened("T0").await;
        let desk = world.desk(&acme()).await;
        world.engine.light(Some((calls, Mishap::Wait)));
        let users = [user(BEA)];
        let mut sharing = share_with(&desk, &users).boxed();
        if world.engine.until_it_waits(&mut sharing).await.is_none() {
            break;
        }
        waited += 1;
        world.advance(chrono::TimeDelta::seconds(1));
        recheck(&world.desk(&acme()).await).await.unwrap();
        world.engine.go_on();
        let shared = sharing.await.unwrap();
        let kept = world.store().connection(&acme()).await.unwrap().unwrap().value;
        assert_eq!(kept, shared, "at call {calls}");
        assert_eq!((shared_with(&world), kept.shares.len()), (vec![BEA.to_owned()], 1));
    }
    assert!(waited > 1, "it reads and saves");
}
