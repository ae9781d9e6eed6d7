//! A case changes hands.

use std::collections::BTreeSet;

use casebridge_app::hand_over::{HandOver, HandOverError, hand_over};
use casebridge_domain::service_case::EventKind;
use casebridge_domain::{ServiceCase, Technician};
use chrono::TimeDelta;
use tokio::join;

use crate::world::{TestWorld, acme, play_of, stop, technician, unkeyed};

fn to(technician: Option<Technician>) -> HandOver {
    HandOver { technician, if_unassigned: false, in_person: false }
}

fn take(name: &str) -> HandOver {
    HandOver { if_unassigned: true, ..to(Some(technician(name))) }
}

async fn handed(world: &TestWorld, case: &ServiceCase, wish: HandOver) -> Result<ServiceCase, HandOverError> {
    hand_over(&world.desk(&acme()).await, case.id(), unkeyed(wish)).await
}

/// Who was mailed that the customer is there, in order.
fn told(world: &TestWorld) -> Vec<String> {
    let posts = world.mailbox.posts().into_iter().map(|post| post.to.to_string());
    posts.filter(|to| to.ends_with("@acme.example")).collect()
}

async fn comes_online(world: &TestWorld, case: &ServiceCase) {
    let code = case.session().unwrap().code.to_string();
    world.teamviewer.customer_online(&code, true).unwrap();
    world.work_through(TimeDelta::minutes(1), TimeDelta::seconds(10)).await;
}

#[tokio::test(start_paused = true)]
async fn whoever_has_the_case_when_the_customer_comes_is_told() {
    let world = TestWorld::connected().await;
    let case = world.opened("T1").await;
    handed(&world, &case, to(Some(technician("kim")))).await.unwrap();
    comes_online(&world, &case).await;
    // Letters of one moment leave in any order.
    assert_eq!(
        BTreeSet::from_iter(told(&world)),
        BTreeSet::from(["kim@acme.example", "lead@acme.example"].map(str::to_owned))
    );
}

#[tokio::test(start_paused = true)]
async fn who_gets_a_case_whose_customer_is_there_is_told_at_once_and_nobody_else() {
    let world = TestWorld::connected().await;
    let case = world.opened("T1").await;
    comes_online(&world, &case).await;
    let before = told(&world);
    handed(&world, &case, to(Some(technician("kim")))).await.unwrap();
    handed(&world, &case, HandOver { in_person: true, ..to(Some(technician("lou"))) }).await.unwrap();
    world.work().await;
    assert_eq!(told(&world)[before.len()..], ["kim@acme.example"]);
}

#[tokio::test(start_paused = true)]
async fn of_two_who_take_it_from_the_queue_one_has_it_and_the_other_is_told_who() {
    let world = TestWorld::connected().await;
    let case = world.opened("T1").await;
    handed(&world, &case, to(None)).await.unwrap();
    let desk = world.desk(&acme()).await;
    let (kim, lou) =
        join!(hand_over(&desk, case.id(), unkeyed(take("kim"))), hand_over(&desk, case.id(), unkeyed(take("lou"))),);
    let (winner, loser) = if kim.is_ok() { (kim, lou) } else { (lou, kim) };
    let has_it = winner.unwrap().technician().unwrap().clone();
    let Err(HandOverError::Taken(named)) = loser else { panic!("{loser:?}") };
    assert_eq!(*named, has_it);
}

#[tokio::test(start_paused = true)]
async fn the_first_technician_picked_it_up_whoever_has_it_later() {
    let world = TestWorld::connected().await;
    let mut wish = play_of("T1");
    wish.technician = None;
    let case = world.played(wish).await;
    assert_eq!(case.picked_up_at(), None);
    world.advance(TimeDelta::minutes(3));
    let taken = handed(&world, &case, take("kim")).await.unwrap();
    let picked_up = world.now();
    assert_eq!(taken.picked_up_at(), Some(picked_up));
    world.advance(TimeDelta::minutes(3));
    let queued = handed(&world, &case, to(None)).await.unwrap();
    handed(&world, &case, to(None)).await.unwrap();
    let again = handed(&world, &case, take("lou")).await.unwrap();
    assert_eq!((queued.picked_up_at(), again.picked_up_at()), (Some(picked_up), Some(picked_up)));
    let changes =
        |case: &ServiceCase| case.events().iter().filter(|event| event.kind == EventKind::TechnicianChanged).count();
    assert_eq!(changes(&again), 3, "handing it to whoever has it is nothing that happened");
}

#[tokio::test(start_paused = true)]
async fn a_case_that_ended_is_handed_to_nobody() {
    let world = TestWorld::connected().await;
    let case = world.opened("T1").await;
    casebridge_app::close_case::close_case(&world.desk(&acme()).await, case.id(), unkeyed(stop())).await.unwrap();
    let refused = handed(&world, &case, to(None)).await;
    assert!(matches!(refused, Err(HandOverError::NotAllowed(_))), "{refused:?}");
    let expiring = world.opened("T2").await;
    world.advance(TimeDelta::hours(24));
    let refused = handed(&world, &expiring, to(None)).await;
    assert!(matches!(refused, Err(HandOverError::NotAllowed(_))), "{refused:?}");
}
