//! Sessions of managed devices: who comes, what is lost on the way, what ends by itself.

use casebridge_app::connection::register;
use casebridge_app::device_hand_over::hand_over_again;
use casebridge_app::open_case::{OpenCase, Opened, open_case};
use casebridge_domain::device::{DeviceSubject, LossCause, Platform, TeamViewerId};
use casebridge_domain::record::Outcome;
use casebridge_domain::report::Dimension;
use casebridge_domain::service_case::{EndReason, EventKind, State};
use casebridge_domain::{DeviceId, Instant, ServiceCase, TicketId};
use casebridge_sandbox::teamviewer::{NewConnection, Permission};
use chrono::TimeDelta;

use super::{asked_by, sessions};
use crate::world::{ALEX, CHRIS, TestWorld, acme, play_of, unkeyed};

pub(super) fn attended(id: &str, platform: Platform) -> OpenCase {
    let device = DeviceSubject::attended(DeviceId::parse(id).unwrap(), None, platform, false);
    OpenCase { subject: device.into(), invite: false, ..play_of(id) }
}

fn unattended(id: &str) -> OpenCase {
    let host = TeamViewerId::parse("1234567890").unwrap();
    let device = DeviceSubject::unattended(DeviceId::parse(id).unwrap(), None, host, false);
    OpenCase { subject: device.into(), invite: false, ..play_of(id) }
}

fn losses(case: &ServiceCase) -> Vec<LossCause> {
    let kinds = case.events().iter().map(|event| &event.kind);
    kinds
        .filter_map(|kind| match kind {
            EventKind::DeviceStartLost { cause } => Some(*cause),
            _ => None,
        })
        .collect()
}

impl TestWorld {
    async fn as_it_is(&self, case: &ServiceCase) -> ServiceCase {
        self.case(&acme(), case.id()).await
    }

    fn calls_for_sessions(&self) -> usize {
        let calls = self.teamviewer.calls();
        calls.calls.iter().filter(|call| call.path.contains("/sessions")).count()
    }
}

#[tokio::test(start_paused = true)]
async fn a_device_whose_user_does_not_come_is_told_of_once_and_again_after_it_was_sent_again() {
    let world = TestWorld::connected().await;
    let case = world.played(attended("D1", Platform::Android)).await;
    world.work_through(TimeDelta::minutes(4), TimeDelta::seconds(20)).await;
    assert_eq!(losses(&world.as_it_is(&case).await), []);
    world.work_through(TimeDelta::minutes(10), TimeDelta::seconds(20)).await;
    assert_eq!(losses(&world.as_it_is(&case).await), [LossCause::Unanswered]);
    hand_over_again(&world.desk(&acme()).await, case.id(), unkeyed(())).await.unwrap();
    world.work_through(TimeDelta::minutes(10), TimeDelta::seconds(20)).await;
    assert_eq!(losses(&world.as_it_is(&case).await).len(), 2);
    world.teamviewer.customer_online(&case.session().unwrap().code.to_string(), true).unwrap();
    world.work_through(TimeDelta::minutes(2), TimeDelta::seconds(20)).await;
    let joined = world.as_it_is(&case).await;
    assert!(joined.is_taken_up() && joined.hand_over().unwrap().lost.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_code_for_ios_that_nobody_used_is_closed_in_teamviewer_after_half_an_hour() {
    let world = TestWorld::connected().await;
    let case = world.played(attended("D1", Platform::Ios)).await;
    world.work_through(TimeDelta::minutes(29), TimeDelta::seconds(60)).await;
    assert_eq!(world.open_sessions().len(), 1);
    world.work_through(TimeDelta::minutes(5), TimeDelta::seconds(20)).await;
    let ended = world.as_it_is(&case).await;
    assert!(
        matches!(ended.state(), State::Expired(expired) if expired.at == case.started_at() + TimeDelta::minutes(30))
    );
    assert_eq!(world.open_sessions().len(), 0);
    let next = world.played(attended("D1", Platform::Ios)).await;
    assert_ne!(next.session().unwrap().code, case.session().unwrap().code);
}

#[tokio::test(start_paused = true)]
async fn a_session_on_ios_that_was_joined_goes_on_after_its_codes_half_hour() {
    let world = TestWorld::connected().await;
    let case = world.played(attended("D1", Platform::Ios)).await;
    world.teamviewer.customer_online(&case.session().unwrap().code.to_string(), true).unwrap();
    world.work_through(TimeDelta::hours(2), TimeDelta::minutes(1)).await;
    assert!(matches!(world.as_it_is(&case).await.state(), State::Open(_)));
    assert_eq!(world.open_sessions().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn teamviewer_is_asked_for_nothing_where_nobody_is_at_the_device() {
    let world = TestWorld::connected().await;
    let before = world.calls_for_sessions();
    let case = world.played(unattended("D1")).await;
    assert_eq!(world.calls_for_sessions(), before, "there is no session to open");
    // What play may have left behind is looked for in any case.
    world.work_through(TimeDelta::minutes(20), TimeDelta::seconds(20)).await;
    let looked = world.calls_for_sessions();
    world.work_through(TimeDelta::hours(7), TimeDelta::minutes(1)).await;
    assert_eq!(world.calls_for_sessions(), looked);
    assert!(matches!(world.as_it_is(&case).await.state(), State::Open(_)));
    world.work_through(TimeDelta::hours(1), TimeDelta::minutes(1)).await;
    let ended = world.as_it_is(&case).await;
    assert!(matches!(ended.state(), State::Expired(expired) if expired.at == case.started_at() + TimeDelta::hours(8)));
    let records = world.records(&acme()).await;
    assert_eq!((records.len(), records[0].code.as_ref(), records[0].outcome), (1, None, Outcome::Expired));
}

#[tokio::test(start_paused = true)]
async fn stop_ends_an_unattended_session_though_teamviewer_knows_nothing_of_it() {
    let world = TestWorld::connected().await;
    let before = world.calls_for_sessions();
    let case = world.helped(unattended("D1"), 600).await;
    assert_eq!(world.calls_for_sessions(), before);
    let State::Closed(closed) = case.state() else { panic!("{:?}", case.state()) };
    assert!(
        closed.comment.starts_with("TeamViewer session\n") && closed.comment.contains("0:10:00"),
        "{}",
        closed.comment
    );
}

#[tokio::test(start_paused = true)]
async fn a_device_and_a_ticket_of_one_name_are_helped_side_by_side() {
    let world = TestWorld::connected().await;
    let device = world.played(attended("X1", Platform::Android)).await;
    let ticket = world.opened("X1").await;
    assert_ne!(device.id(), ticket.id());
    let again = open_case(&world.desk(&acme()).await, unkeyed(unattended("X1"))).await.unwrap();
    assert_eq!(
        again,
        Opened::Already(world.as_it_is(&device).await),
        "one session of a device at a time, in whichever mode"
    );
    let newest = world.newest(&acme(), &TicketId::parse("X1").unwrap()).await.unwrap();
    assert_eq!(newest.id(), ticket.id());
}

#[tokio::test(start_paused = true)]
async fn sessions_are_counted_by_platform_and_mode() {
    let world = TestWorld::connected().await;
    world.helped(attended("D1", Platform::Android), 60).await;
    world.helped(attended("D2", Platform::Ios), 60).await;
    world.helped(unattended("D3"), 60).await;
    world.helped(play_of("T1"), 60).await;
    let (from, to) = ("2026-01-01", "2028-01-01");
    let by_platform = world.reported(&asked_by(Dimension::Platform, from, to)).await;
    assert_eq!(sessions(&by_platform), [(Some("android"), 2), (None, 1), (Some("ios"), 1)]);
    let by_mode = world.reported(&asked_by(Dimension::Mode, from, to)).await;
    assert_eq!(sessions(&by_mode), [(Some("attended"), 2), (None, 1), (Some("unattended"), 1)]);
}

/// A technician of TeamViewer's connected to a Host, from then to now.
fn connected_to(world: &TestWorld, host: &str, from: Instant) {
    let row = NewConnection {
        userid: CHRIS.to_owned(),
        teamviewer_id: Some(host.to_owned()),
        start_date: Some(from),
        end_date: Some(world.now()),
        ..NewConnection::default()
    };
    world.teamviewer.add_connection(row).unwrap();
}

fn calls_for_reports(world: &TestWorld) -> u64 {
    world.teamviewer.calls().count("GET /reports/connections")
}

#[tokio::test(start_paused = true)]
async fn an_unattended_session_ends_when_its_connection_is_reported_to_have_ended() {
    let world = TestWorld::connected().await;
    let before = world.now();
    world.advance(TimeDelta::minutes(1));
    let case = world.played(unattended("D1")).await;
    connected_to(&world, "1234567890", before);
    connected_to(&world, "987654321", world.now());
    world.work_through(TimeDelta::minutes(5), TimeDelta::seconds(20)).await;
    assert!(matches!(world.as_it_is(&case).await.state(), State::Open(_)), "one from before, one to another device");
    let from = world.now();
    world.advance(TimeDelta::minutes(25));
    let to = world.now();
    connected_to(&world, "1234567890", from);
    world.work_through(TimeDelta::minutes(3), TimeDelta::seconds(20)).await;
    let ended = world.as_it_is(&case).await;
    let State::Closed(closed) = ended.state() else { panic!("{:?}", ended.state()) };
    assert_eq!(closed.reason, EndReason::EndedInTeamViewer);
    assert!((to - closed.ended_at).num_seconds().abs() <= 1, "when TeamViewer says: {} and {to}", closed.ended_at);
    assert!(world.played(unattended("D1")).await.is_live(world.now()), "the device is free");
}

#[tokio::test(start_paused = true)]
async fn reports_are_asked_for_once_a_minute_and_only_while_nobody_is_at_the_device() {
    let world = TestWorld::connected().await;
    world.played(attended("D2", Platform::Android)).await;
    let before = calls_for_reports(&world);
    world.work_through(TimeDelta::minutes(5), TimeDelta::seconds(5)).await;
    assert_eq!(calls_for_reports(&world), before);
    let case = world.played(unattended("D1")).await;
    world.work_through(TimeDelta::minutes(30), TimeDelta::seconds(5)).await;
    let asked = calls_for_reports(&world) - before;
    assert!((25..=31).contains(&asked), "{asked}");
    world.stopped(case).await;
    let stopped = calls_for_reports(&world);
    world.work_through(TimeDelta::minutes(30), TimeDelta::seconds(20)).await;
    assert_eq!(calls_for_reports(&world), stopped);
}

#[tokio::test(start_paused = true)]
async fn without_the_permission_to_view_reports_an_unattended_session_goes_on_to_its_time() {
    let world = TestWorld::connected().await;
    let fewer = Permission::GUIDE.into_iter().filter(|permission| *permission != Permission::ConnectionsView);
    let wish = world.token_of(ALEX, &fewer.collect::<Vec<_>>());
    register(&world.desk(&acme()).await, wish).await.unwrap();
    let case = world.played(unattended("D1")).await;
    let (asked, from) = (calls_for_reports(&world), world.now());
    world.advance(TimeDelta::minutes(10));
    connected_to(&world, "1234567890", from);
    world.work_through(TimeDelta::hours(3), TimeDelta::minutes(1)).await;
    assert!(matches!(world.as_it_is(&case).await.state(), State::Open(_)));
    assert_eq!(calls_for_reports(&world), asked, "it is known that there is no use in asking");
    world.work_through(TimeDelta::hours(6), TimeDelta::minutes(5)).await;
    assert!(matches!(world.as_it_is(&case).await.state(), State::Expired(_)));
}
