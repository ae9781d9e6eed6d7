//! Play.

use casebridge_app::open_case::{OpenCaseError, Opened, open_case};
use casebridge_domain::record::Outcome;
use casebridge_domain::service_case::{FailureCause, State};
use casebridge_sandbox::teamviewer::{Fault, FaultKind, LateAnswer};
use chrono::TimeDelta;
use tokio::join;

use crate::world::{Mishap, TestWorld, acme, keyed, memory, play_of, time_out, unkeyed};

fn effect_after(seconds: i64, answer: LateAnswer) -> Fault {
    let kind = FaultKind::LateEffect { clock_seconds: Some(seconds), real_milliseconds: None, answer };
    Fault::once(kind).on("POST", "/sessions")
}

#[tokio::test(start_paused = true)]
async fn play_opens_one_session_and_mails_one_invitation_without_a_supporter_link() {
    let world = TestWorld::connected().await;
    let case = world.opened("T1").await;
    assert!(matches!(case.state(), State::Open(_)));
    world.work_through(TimeDelta::minutes(1), TimeDelta::seconds(5)).await;
    assert_eq!(world.open_sessions().len(), 1);
    let posts = world.mailbox.posts();
    assert_eq!(posts.len(), 1);
    let link = case.session().unwrap().supporter_link.clone().unwrap();
    assert!(!posts[0].words.text.contains(link.as_str()) && !posts[0].words.html.contains(link.as_str()));
}

#[tokio::test(start_paused = true)]
async fn of_two_plays_at_once_one_opens_the_case_and_the_other_is_given_it() {
    let world = TestWorld::connected().await;
    world.opened("T2").await;
    let desk = world.desk(&acme()).await;
    let (one, other) = join!(open_case(&desk, unkeyed(play_of("T1"))), open_case(&desk, unkeyed(play_of("T1"))));
    let ((Opened::New(new), Opened::Already(held)) | (Opened::Already(held), Opened::New(new))) =
        (one.unwrap(), other.unwrap())
    else {
        panic!("not one of each")
    };
    assert_eq!(new.id(), held.id());
    assert_eq!(world.open_sessions().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn play_over_a_case_that_nobody_settled_puts_its_end_on_record() {
    let world = TestWorld::connected().await;
    let first = world.opened("T1").await;
    world.advance(TimeDelta::hours(30));
    let second = world.opened("T1").await;
    assert_ne!(first.id(), second.id());
    let records = world.records(&acme()).await;
    assert_eq!(records.len(), 1);
    assert_eq!((records[0].case, records[0].outcome), (first.id(), Outcome::Expired));
    assert_eq!(records[0].ended_at, first.valid_until());
    world.work_through(TimeDelta::seconds(30), TimeDelta::seconds(5)).await;
    let open: Vec<String> = world.open_sessions().iter().map(|session| session.code.to_string()).collect();
    assert_eq!(open, [second.session().unwrap().code.to_string()]);
}

#[tokio::test(start_paused = true)]
async fn a_session_that_appears_after_play_was_given_up_is_closed_within_ten_minutes() {
    let world = TestWorld::connected().await;
    world.teamviewer.add_fault(effect_after(300, LateAnswer::Timeout));
    let desk = world.desk(&acme()).await;
    let failed = world.patiently(open_case(&desk, unkeyed(play_of("T1")))).await;
    assert!(matches!(failed, Err(OpenCaseError::NoSession(FailureCause::NoAnswer, _))), "{failed:?}");
    world.advance(TimeDelta::seconds(300));
    assert_eq!(world.open_sessions().len(), 1);
    world.work_through(TimeDelta::minutes(5), TimeDelta::seconds(20)).await;
    assert_eq!(world.open_sessions().len(), 0);
    assert!(world.mailbox.posts().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_was_overtaken_closes_the_session_it_made() {
    let world = TestWorld::connected().await;
    world.opened("T2").await;
    world.teamviewer.add_fault(effect_after(40, LateAnswer::Timeout));
    let desk = world.desk(&acme()).await;
    let mut slow = Box::pin(open_case(&desk, unkeyed(play_of("T1"))));
    assert!(world.until_it_hangs(&mut slow).await.is_none());
    world.advance(TimeDelta::seconds(31));
    let taken_over = world.opened("T1").await;
    world.advance(TimeDelta::seconds(10));
    assert_eq!(world.open_sessions().len(), 3);

    time_out().await;
    let overtaken = slow.await.unwrap();
    assert!(matches!(overtaken, Opened::New(case) if case == taken_over));
    assert_eq!(world.open_sessions().len(), 2);
    assert_eq!(world.newest(&acme(), &taken_over.ticket().unwrap().id).await.unwrap(), taken_over);
}

#[tokio::test(start_paused = true)]
async fn a_play_that_died_after_its_call_is_taken_over_with_its_session() {
    let world = TestWorld::connected().await;
    world.opened("T2").await;
    world.teamviewer.add_fault(Fault::once(FaultKind::TimeoutAfter).on("POST", "/sessions"));
    let desk = world.desk(&acme()).await;
    let request = memory(&acme(), "play T1", "a key");
    assert!(world.until_it_hangs(open_case(&desk, keyed(play_of("T1"), &request))).await.is_none());
    let again = open_case(&desk, keyed(play_of("T1"), &request)).await;
    assert!(matches!(again, Err(OpenCaseError::Pending { .. })), "{again:?}");
    world.advance(TimeDelta::seconds(31));
    let again = open_case(&desk, keyed(play_of("T1"), &request)).await.unwrap();
    assert!(matches!(again, Opened::New(case) if matches!(case.state(), State::Open(_))));
    assert_eq!(world.open_sessions().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_licence_limit_is_told_and_leaves_no_claim() {
    let world = TestWorld::connected().await;
    world.teamviewer.add_fault(Fault::once(FaultKind::LicenseLimitation { as_json: false }).on("POST", "/sessions"));
    let desk = world.desk(&acme()).await;
    let refused = open_case(&desk, unkeyed(play_of("T1"))).await;
    assert!(matches!(refused, Err(OpenCaseError::NoSession(FailureCause::LicenceLimit, _))), "{refused:?}");
    world.opened("T1").await;
}

#[tokio::test(start_paused = true)]
async fn a_key_that_came_with_another_body_is_refused_and_opens_nothing() {
    let world = TestWorld::connected().await;
    let desk = world.desk(&acme()).await;
    let mut request = memory(&acme(), "play T1", "a key");
    open_case(&desk, keyed(play_of("T1"), &request)).await.unwrap();
    request.fingerprint = "11".repeat(32);
    let refused = open_case(&desk, keyed(play_of("T1"), &request)).await;
    assert!(matches!(refused, Err(OpenCaseError::KeyReused)), "{refused:?}");
    assert_eq!(world.open_sessions().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_process_that_dies_at_any_store_call_of_play_leaves_one_case_and_one_session() {
    for (call, mishap) in (0..8).flat_map(|call| [(call, Mishap::CrashBefore), (call, Mishap::CrashAfter)]) {
        let world = TestWorld::connected().await;
        let desk = world.desk(&acme()).await;
        world.engine.light(Some((call, mishap)));
        tokio::select! {
            biased;
            () = world.engine.crash() => {}
            _ = open_case(&desk, unkeyed(play_of("T1"))) => {}
        }
        world.engine.light(None);
        world.work_through(TimeDelta::minutes(2), TimeDelta::seconds(10)).await;
        let desk = world.desk(&acme()).await;
        open_case(&desk, unkeyed(play_of("T1"))).await.unwrap();
        world.work_through(TimeDelta::seconds(20), TimeDelta::seconds(10)).await;
        assert_eq!(world.open_sessions().len(), 1, "{mishap:?} at {call}");
        assert_eq!(world.teamviewer.state().groups.len(), 1, "{mishap:?} at {call}");
        let posts = world.mailbox.posts();
        assert!(posts.iter().all(|post| post.id == posts[0].id) && !posts.is_empty(), "{mishap:?} at {call}");
    }
}
