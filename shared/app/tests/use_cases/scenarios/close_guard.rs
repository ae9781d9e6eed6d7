//! The close guard.

use casebridge_app::close_guard::{
    Closable, GuardError, Reservation, closable, let_go, reserve_closing, ticket_closed, ticket_reopened,
};
use casebridge_app::open_case::{OpenCaseError, open_case};
use chrono::TimeDelta;
use tokio::join;

use crate::world::{TestWorld, acme, play_of, ticket, unkeyed};

#[tokio::test(start_paused = true)]
async fn a_ticket_with_a_live_case_can_not_be_closed_and_the_refusal_names_it() {
    let world = TestWorld::connected().await;
    let case = world.opened("T1").await;
    let desk = world.desk(&acme()).await;
    let Err(GuardError::Live(live)) = reserve_closing(&desk, &ticket("T1").id, None).await else { panic!("reserved") };
    assert_eq!((live.id, live.code.as_ref()), (case.id(), case.session().map(|session| &session.code)));
    assert_eq!(closable(&desk, &ticket("T1").id).await.unwrap(), Closable::Live(live));
}

#[tokio::test(start_paused = true)]
async fn a_reservation_keeps_play_away_for_a_minute_and_lapses_by_itself() {
    let world = TestWorld::connected().await;
    let desk = world.desk(&acme()).await;
    let Reservation::Until(until) = reserve_closing(&desk, &ticket("T1").id, None).await.unwrap() else {
        panic!("not reserved")
    };
    let refused = open_case(&desk, unkeyed(play_of("T1"))).await;
    assert!(matches!(refused, Err(OpenCaseError::TicketClosing { until: told }) if told == until), "{refused:?}");
    assert_eq!(world.open_sessions().len(), 0);
    world.advance(TimeDelta::seconds(60));
    world.opened("T1").await;
}

#[tokio::test(start_paused = true)]
async fn a_closed_ticket_refuses_play_until_it_is_reopened() {
    let world = TestWorld::connected().await;
    let desk = world.desk(&acme()).await;
    reserve_closing(&desk, &ticket("T1").id, None).await.unwrap();
    ticket_closed(&desk, &ticket("T1").id, None).await.unwrap();
    world.advance(TimeDelta::days(3));
    let_go(&desk, &ticket("T1").id).await.unwrap();
    let refused = open_case(&desk, unkeyed(play_of("T1"))).await;
    assert!(matches!(refused, Err(OpenCaseError::TicketClosed)), "{refused:?}");
    ticket_reopened(&desk, &ticket("T1").id).await.unwrap();
    world.opened("T1").await;
}

#[tokio::test(start_paused = true)]
async fn of_play_and_closing_at_once_one_wins() {
    let world = TestWorld::connected().await;
    world.opened("T2").await;
    let desk = world.desk(&acme()).await;
    let id = ticket("T1").id;
    let (played, reserved) = join!(open_case(&desk, unkeyed(play_of("T1"))), reserve_closing(&desk, &id, None));
    assert!(played.is_ok() != reserved.is_ok(), "{played:?} {reserved:?}");
}

#[tokio::test(start_paused = true)]
async fn a_ticket_whose_case_ended_by_the_clock_can_be_closed_and_the_end_is_on_record() {
    let world = TestWorld::connected().await;
    let case = world.opened("T1").await;
    world.advance(TimeDelta::hours(24));
    ticket_closed(&world.desk(&acme()).await, &ticket("T1").id, None).await.unwrap();
    let records = world.records(&acme()).await;
    assert_eq!((records.len(), records[0].ended_at), (1, case.valid_until()));
}
