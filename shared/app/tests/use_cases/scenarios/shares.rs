//! Sharing the group.

use casebridge_app::connection::{ShareError, UserRef, register, share_with};
use casebridge_sandbox::teamviewer::Permission;

use crate::world::{ALEX, BEA, CHRIS, OUTSIDER, TestWorld, acme, address, user};

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
