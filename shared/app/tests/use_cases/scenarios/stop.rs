//! Stop.

use casebridge_app::close_case::{CloseCaseError, close_case};
use casebridge_domain::service_case::{EndReason, Problem, State};
use casebridge_sandbox::teamviewer::{Fault, FaultKind};
use chrono::TimeDelta;
use tokio::join;

use crate::world::{ALEX, Mishap, TestWorld, acme, keyed, memory, stop, stop_here, time_out, unkeyed};

#[tokio::test(start_paused = true)]
async fn stop_closes_the_session_and_puts_one_record_with_its_duration() {
    let world = TestWorld::connected().await;
    let case = world.opened("T1").await;
    world.advance(TimeDelta::seconds(3725));
    let closed = close_case(&world.desk(&acme()).await, case.id(), unkeyed(stop())).await.unwrap();
    assert!(closed.ended().unwrap().comment.contains("Duration: 1:02:05\nNote: turned it off and on"));
    assert_eq!(world.open_sessions().len(), 0);
    let records = world.records(&acme()).await;
    assert_eq!((records.len(), records[0].duration_seconds()), (1, 3725));
}

#[tokio::test(start_paused = true)]
async fn a_refused_token_turns_stop_back_into_open_with_a_problem_and_here_only_ends_it() {
    let world = TestWorld::connected().await;
    let case = world.opened("T1").await;
    world.revoke_tokens_of(ALEX);
    let refused = close_case(&world.desk(&acme()).await, case.id(), unkeyed(stop())).await;
    assert!(matches!(refused, Err(CloseCaseError::TokenRefused)), "{refused:?}");
    let State::Open(open) = world.case(&acme(), case.id()).await.state().clone() else { panic!("not open") };
    assert_eq!(open.problem, Some(Problem::TokenRefused));
    assert!(world.records(&acme()).await.is_empty());

    let closed = close_case(&world.desk(&acme()).await, case.id(), unkeyed(stop_here())).await.unwrap();
    assert!(matches!(closed.state(), State::Closed(closed) if closed.reason == EndReason::HereOnly));
    assert_eq!(world.records(&acme()).await.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_stop_that_died_before_the_token_was_refused_is_open_again_with_a_problem() {
    let world = TestWorld::connected().await;
    let case = world.opened("T1").await;
    world.teamviewer.add_fault(Fault::once(FaultKind::TimeoutBefore).on("PUT", "/sessions/*"));
    let desk = world.desk(&acme()).await;
    assert!(world.until_it_hangs(close_case(&desk, case.id(), unkeyed(stop()))).await.is_none());
    world.revoke_tokens_of(ALEX);
    world.work_through(TimeDelta::minutes(2), TimeDelta::seconds(10)).await;
    let State::Open(open) = world.case(&acme(), case.id()).await.state().clone() else { panic!("not open") };
    assert_eq!(open.problem, Some(Problem::TokenRefused));
}

#[tokio::test(start_paused = true)]
async fn a_stop_that_teamviewer_did_not_answer_comes_through_with_the_end_it_fixed() {
    let world = TestWorld::connected().await;
    let case = world.opened("T1").await;
    world.teamviewer.add_fault(Fault::once(FaultKind::BadGateway).on("PUT", "/sessions/*"));
    let pressed_at = world.now();
    let not_told = close_case(&world.desk(&acme()).await, case.id(), unkeyed(stop())).await;
    assert!(matches!(not_told, Err(CloseCaseError::NotTold(_))), "{not_told:?}");
    world.work_through(TimeDelta::minutes(1), TimeDelta::seconds(5)).await;
    let closed = world.case(&acme(), case.id()).await;
    assert_eq!(closed.ended().unwrap().at, pressed_at);
    assert_eq!(world.open_sessions().len(), 0);
    assert_eq!(world.records(&acme()).await.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn of_two_stops_with_one_key_at_once_one_closes_and_the_other_waits_for_it() {
    let world = TestWorld::connected().await;
    let case = world.opened("T1").await;
    let desk = world.desk(&acme()).await;
    let request = memory(&acme(), &format!("close {}", case.id()), "a key");
    let (one, other) = join!(
        close_case(&desk, case.id(), keyed(stop(), &request)),
        close_case(&desk, case.id(), keyed(stop(), &request))
    );
    assert!(one.is_ok() || other.is_ok(), "{one:?} {other:?}");
    for told in [one, other] {
        let ended = matches!(&told, Ok(case) if case.is_settled());
        assert!(ended || matches!(told, Err(CloseCaseError::BeingClosed { .. })), "{told:?}");
    }
    assert_eq!(world.records(&acme()).await.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_stop_whose_answer_got_lost_is_through_all_the_same() {
    let world = TestWorld::connected().await;
    let case = world.opened("T1").await;
    world.teamviewer.add_fault(Fault::once(FaultKind::InternalError { after_effect: true }).on("PUT", "/sessions/*"));
    let closed = close_case(&world.desk(&acme()).await, case.id(), unkeyed(stop())).await.unwrap();
    assert!(matches!(closed.state(), State::Closed(_)));
    assert_eq!((world.open_sessions().len(), world.records(&acme()).await.len()), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn a_stop_that_teamviewer_refused_may_be_pressed_again_at_once() {
    let world = TestWorld::connected().await;
    let case = world.opened("T1").await;
    world.teamviewer.add_fault(Fault::once(FaultKind::InternalError { after_effect: false }).on("PUT", "/sessions/*"));
    let desk = world.desk(&acme()).await;
    assert!(matches!(close_case(&desk, case.id(), unkeyed(stop())).await, Err(CloseCaseError::NotTold(_))));
    let closed = close_case(&desk, case.id(), unkeyed(stop())).await.unwrap();
    assert!(matches!(closed.state(), State::Closed(_)));
}

#[tokio::test(start_paused = true)]
async fn a_stop_that_was_overtaken_tells_how_the_case_stands_when_it_is_closed() {
    let world = TestWorld::connected().await;
    let case = world.opened("T1").await;
    world.teamviewer.add_fault(Fault::always(FaultKind::TimeoutAfter).on("PUT", "/sessions/*").times(2));
    let desk = world.desk(&acme()).await;
    let mut slow = Box::pin(close_case(&desk, case.id(), unkeyed(stop())));
    assert!(world.until_it_hangs(&mut slow).await.is_none());
    world.advance(TimeDelta::seconds(31));
    let mut second = Box::pin(close_case(&desk, case.id(), unkeyed(stop())));
    assert!(world.until_it_hangs(&mut second).await.is_none());
    time_out().await;
    // Both answers got lost, and the session itself says that it is closed: who holds the lease puts it on record.
    assert!(matches!(slow.await, Err(CloseCaseError::BeingClosed { .. })));
    assert!(matches!(second.await.unwrap().state(), State::Closed(_)));
    assert_eq!(world.records(&acme()).await.len(), 1);
    assert_eq!(world.case(&acme(), case.id()).await.ended().unwrap().at, world.records(&acme()).await[0].ended_at);
}

#[tokio::test(start_paused = true)]
async fn a_stop_just_after_its_time_gives_no_case_back_that_one_in_time_is_still_closing() {
    let world = TestWorld::connected().await;
    let case = world.opened("T1").await;
    let desk = world.desk(&acme()).await;
    world.clock.set(case.valid_until() - TimeDelta::milliseconds(1));
    world.engine.light(Some((1, Mishap::Wait)));
    let mut in_time = Box::pin(close_case(&desk, case.id(), unkeyed(stop())));
    world.engine.until_it_waits(&mut in_time).await.unwrap();
    world.advance(TimeDelta::milliseconds(1));
    world.engine.light(Some((1, Mishap::Wait)));
    let mut late = Box::pin(close_case(&desk, case.id(), unkeyed(stop())));
    // The late one has read the case as it was; the one in time is faster.
    world.engine.until_it_waits(&mut late).await.unwrap();
    world.teamviewer.add_fault(Fault::once(FaultKind::TimeoutBefore).on("PUT", "/sessions/*"));
    world.engine.go_on();
    assert!(world.until_it_hangs(&mut in_time).await.is_none());
    world.engine.go_on();
    assert!(matches!(late.await, Err(CloseCaseError::BeingClosed { .. })));
}
