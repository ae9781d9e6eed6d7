//! Who came online, what ended, what was left behind.

use casebridge_app::close_case::close_case;
use casebridge_app::customer_online::{Noticed, notice};
use casebridge_domain::record::Outcome;
use casebridge_domain::service_case::{EndReason, State};
use casebridge_sandbox::teamviewer::{EndSession, Fault, FaultKind};
use chrono::TimeDelta;

use crate::world::{ALEX, Mood, TestWorld, acme, globex, stop_here, unkeyed};

#[tokio::test(start_paused = true)]
async fn a_customer_who_comes_is_told_of_once_whoever_notices_it() {
    let world = TestWorld::connected().await;
    let case = world.opened("T1").await;
    let code = case.session().unwrap().code.clone();
    world.teamviewer.customer_online(&code.to_string(), true).unwrap();
    world.work_through(TimeDelta::seconds(15), TimeDelta::seconds(5)).await;
    let desk = world.desk(&acme()).await;
    for _ in 0..2 {
        notice(&desk, &code, world.now() - TimeDelta::hours(1)).await.unwrap();
    }
    world.teamviewer.customer_online(&code.to_string(), false).unwrap();
    world.work_through(TimeDelta::minutes(1), TimeDelta::seconds(15)).await;
    world.teamviewer.customer_online(&code.to_string(), true).unwrap();
    world.work_through(TimeDelta::minutes(1), TimeDelta::seconds(15)).await;
    let mut told: Vec<_> = world.mailbox.posts().iter().map(|post| post.to.to_string()).collect();
    told.sort_unstable();
    assert_eq!(told, ["jane@customer.example", "lead@acme.example", "tess@acme.example"]);
    let first = world.case(&acme(), case.id()).await.first_online_at().unwrap();
    assert!(first - case.started_at() <= TimeDelta::seconds(15));
}

#[tokio::test(start_paused = true)]
async fn another_accounts_notice_changes_nothing() {
    let world = TestWorld::connected().await;
    world.sign_up(&globex()).await;
    let case = world.opened("T1").await;
    let noticed = notice(&world.desk(&globex()).await, &case.session().unwrap().code, world.now()).await.unwrap();
    assert_eq!(noticed, Noticed::UnknownCode);
    assert_eq!(world.case(&acme(), case.id()).await, case);
}

#[tokio::test(start_paused = true)]
async fn a_session_that_a_technician_ends_in_teamviewer_ends_here_too() {
    let world = TestWorld::connected().await;
    let case = world.opened("T1").await;
    world.advance(TimeDelta::minutes(3));
    world.teamviewer.end_session(&case.session().unwrap().code.to_string(), &EndSession::default()).unwrap();
    world.work_through(TimeDelta::minutes(1), TimeDelta::seconds(5)).await;
    let ended = world.case(&acme(), case.id()).await;
    assert!(matches!(ended.state(), State::Closed(closed) if closed.reason == EndReason::EndedInTeamViewer));
    assert_eq!(world.records(&acme()).await.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_case_that_nobody_looked_at_for_three_days_ended_at_its_time() {
    let world = TestWorld::connected().await;
    let case = world.opened("T1").await;
    world.advance(TimeDelta::days(3));
    world.work_through(TimeDelta::minutes(1), TimeDelta::seconds(20)).await;
    let records = world.records(&acme()).await;
    assert_eq!(records.len(), 1);
    assert_eq!((records[0].ended_at, records[0].outcome), (case.valid_until(), Outcome::Expired));
    assert_eq!(world.open_sessions().len(), 0);
    assert!(world.mailbox.posts().is_empty(), "an invitation that is worthless by now was sent");
    world.opened("T1").await;
}

#[tokio::test(start_paused = true)]
async fn a_session_past_its_time_is_closed_although_teamviewer_was_away_at_that_moment() {
    let world = TestWorld::connected().await;
    world.opened("T1").await;
    world.work_through(TimeDelta::minutes(1), TimeDelta::seconds(20)).await;
    world.advance(TimeDelta::hours(24));
    world.teamviewer.add_fault(Fault::always(FaultKind::BadGateway).on("GET", "/sessions"));
    world.work_through(TimeDelta::seconds(20), TimeDelta::seconds(20)).await;
    world.teamviewer.clear_faults();
    world.work_through(TimeDelta::minutes(10), TimeDelta::seconds(20)).await;
    assert_eq!(world.open_sessions().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn what_a_refused_token_left_behind_is_closed_by_the_next_one() {
    let world = TestWorld::connected().await;
    let case = world.opened("T1").await;
    world.revoke_tokens_of(ALEX);
    close_case(&world.desk(&acme()).await, case.id(), unkeyed(stop_here())).await.unwrap();
    world.work_through(TimeDelta::minutes(20), TimeDelta::seconds(30)).await;
    assert_eq!(world.open_sessions().len(), 1);
    world.connect(&acme(), ALEX).await;
    world.work_through(TimeDelta::minutes(10), TimeDelta::seconds(30)).await;
    assert_eq!(world.open_sessions().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn letters_wait_for_the_mail_server_and_a_lost_answer_makes_a_copy_of_the_same() {
    let world = TestWorld::connected().await;
    world.mailbox.be(Mood::Away);
    world.opened("T1").await;
    world.work_through(TimeDelta::minutes(5), TimeDelta::seconds(20)).await;
    assert!(world.mailbox.posts().is_empty());
    world.mailbox.be(Mood::TakesInSilence);
    world.work_through(TimeDelta::minutes(10), TimeDelta::seconds(20)).await;
    world.mailbox.be(Mood::Takes);
    world.work_through(TimeDelta::minutes(20), TimeDelta::seconds(20)).await;
    let posts = world.mailbox.posts();
    assert!(posts.len() > 1 && posts.iter().all(|post| post.id == posts[0].id && post.words == posts[0].words));
}
