//! The group in Computers & Contacts.

use casebridge_app::connection::recheck;
use casebridge_app::open_case::{OpenCaseError, open_case};
use casebridge_sandbox::teamviewer::{Fault, FaultKind};
use chrono::TimeDelta;
use futures::future::join_all;

use crate::world::{ALEX, TestWorld, acme, play_of, unkeyed};

#[tokio::test(start_paused = true)]
async fn sixteen_first_plays_at_once_make_one_group() {
    let world = TestWorld::connected().await;
    let desk = world.desk(&acme()).await;
    let tickets: Vec<String> = (0..16).map(|number| format!("T{number}")).collect();
    let plays = tickets.iter().map(|ticket| open_case(&desk, unkeyed(play_of(ticket))));
    for played in join_all(plays).await {
        assert!(matches!(played, Ok(_) | Err(OpenCaseError::GroupPending { .. })), "{played:?}");
    }
    let desk = world.desk(&acme()).await;
    for ticket in &tickets {
        open_case(&desk, unkeyed(play_of(ticket))).await.unwrap();
    }
    assert_eq!(world.groups_of(ALEX).len(), 1);
    assert_eq!(world.open_sessions().len(), 16);
}

#[tokio::test(start_paused = true)]
async fn a_renamed_group_is_used_on_and_its_name_is_followed() {
    let world = TestWorld::connected().await;
    world.opened("T1").await;
    let [group] = world.groups_of(ALEX).try_into().unwrap();
    world.in_the_console(ALEX, "PUT", &format!("/groups/{group}"), r#"{"name": "Support"}"#).await;
    world.opened("T2").await;
    assert!(world.open_sessions().iter().all(|session| session.groupid == group));
    let checked = recheck(&world.desk(&acme()).await).await.unwrap();
    assert_eq!(checked.group_name.as_str(), "Support");
    assert_eq!(world.groups_of(ALEX), [group]);
}

#[tokio::test(start_paused = true)]
async fn a_deleted_group_is_made_again_by_the_next_case() {
    let world = TestWorld::connected().await;
    world.opened("T1").await;
    let before = world.groups_of(ALEX);
    world.delete_groups_of(ALEX).await;
    world.opened("T2").await;
    let after = world.groups_of(ALEX);
    assert_eq!(after.len(), 1);
    assert_ne!(before, after);
    world.opened("T3").await;
    assert_eq!(world.groups_of(ALEX), after);
}

#[tokio::test(start_paused = true)]
async fn a_group_whose_making_was_not_answered_is_found_again() {
    let world = TestWorld::connected().await;
    world.teamviewer.add_fault(Fault::once(FaultKind::TimeoutAfter).on("POST", "/groups"));
    let desk = world.desk(&acme()).await;
    let refused = world.patiently(open_case(&desk, unkeyed(play_of("T1")))).await;
    assert!(matches!(refused, Err(OpenCaseError::NoSession(..))), "{refused:?}");
    world.opened("T1").await;
    assert_eq!(world.groups_of(ALEX).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn whoever_dies_while_making_the_group_is_waited_for_and_then_replaced() {
    let world = TestWorld::connected().await;
    world.teamviewer.add_fault(Fault::once(FaultKind::TimeoutBefore).on("POST", "/groups"));
    let desk = world.desk(&acme()).await;
    assert!(world.until_it_hangs(open_case(&desk, unkeyed(play_of("T1")))).await.is_none());
    let waits = open_case(&desk, unkeyed(play_of("T1"))).await;
    assert!(matches!(waits, Err(OpenCaseError::GroupPending { .. })), "{waits:?}");
    world.advance(TimeDelta::seconds(25));
    world.opened("T1").await;
    assert_eq!(world.groups_of(ALEX).len(), 1);
}
