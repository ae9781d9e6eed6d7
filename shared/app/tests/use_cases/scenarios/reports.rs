//! What reports count.

use casebridge_app::customer_online::notice;
use casebridge_app::open_case::OpenCase;
use casebridge_app::ticket_facts::update_facts;
use casebridge_domain::report::{Dimension, Measure};
use chrono::TimeDelta;

use super::{asked, asked_by, asked_of, sessions};
use crate::world::{Facts, Helper, TestWorld, acme, play_of};

const FROM: &str = "2026-11-01";
const TO: &str = "2026-12-01";

fn network() -> Facts {
    Facts { category: Some(0), ..Facts::default() }
}

fn play_by(helper: Helper, ticket: &str) -> OpenCase {
    OpenCase { technician: Some(helper.as_technician()), ..play_of(ticket) }
}

#[tokio::test(start_paused = true)]
async fn a_session_counts_with_its_tickets_facts_as_at_the_end() {
    let world = TestWorld::connected().await;
    let case = world.played(OpenCase { subject: network().of("T1").into(), ..play_of("T1") }).await;
    let newer = Facts { category: Some(1), ..Facts::default() }.of("T1");
    update_facts(&world.desk(&acme()).await, newer, None).await.unwrap();
    world.stopped(case).await;
    let too_late = network().of("T1");
    update_facts(&world.desk(&acme()).await, too_late, None).await.unwrap();
    let told = world.reported(&asked_by(Dimension::Category, FROM, TO)).await;
    assert_eq!(sessions(&told), [(Some("network"), 1)]);
    let told = world.reported(&asked_by(Dimension::Source, FROM, TO)).await;
    assert_eq!(sessions(&told), [(None, 1)]);
}

#[tokio::test(start_paused = true)]
async fn a_session_that_changed_hands_counts_for_whoever_had_it_last() {
    let world = TestWorld::connected().await;
    let case = world.opened("T1").await;
    for helper in [Helper::Odd, Helper::Theo] {
        let hands = Some(helper.as_technician());
        update_facts(&world.desk(&acme()).await, case.ticket().unwrap().clone(), hands).await.unwrap();
    }
    world.stopped(case).await;
    let told = world.reported(&asked_by(Dimension::Technician, FROM, TO)).await;
    assert_eq!(sessions(&told), [(Some("theo"), 1)]);
    assert!(world.reported(&asked_of(Some(Helper::Tess), FROM, TO)).await.total.is_nothing());
    assert_eq!(world.reported(&asked_of(Some(Helper::Theo), FROM, TO)).await.total.sessions(), 1);
}

#[tokio::test(start_paused = true)]
async fn sessions_of_nobody_are_told_apart_from_those_of_everybody() {
    let world = TestWorld::connected().await;
    world.helped(OpenCase { technician: None, ..play_of("T1") }, 60).await;
    world.helped(play_of("T1"), 30).await;
    assert_eq!(world.reported(&asked_of(None, FROM, TO)).await.total.get(Measure::ClosedSeconds), 60);
    let told = world.reported(&asked_by(Dimension::Technician, FROM, TO)).await;
    assert_eq!(sessions(&told), [(None, 1), (Some("tess"), 1)]);
}

#[tokio::test(start_paused = true)]
async fn a_technician_is_called_as_he_was_last_also_where_a_month_is_followed_by_days() {
    let world = TestWorld::at("Europe/Berlin", "2026-11-22T12:00:00Z").await;
    world.helped(play_by(Helper::Tess, "T1"), 60).await;
    world.advance(TimeDelta::days(12));
    world.helped(play_by(Helper::TessMarried, "T1"), 60).await;
    for (from, to) in [("2026-11-01", "2026-12-06"), ("2026-11-20", "2026-12-31"), ("2026-01-01", "2027-01-01")] {
        let told = world.reported(&asked_by(Dimension::Technician, from, to)).await;
        let names: Vec<_> = told.groups.iter().filter_map(|group| group.name.as_ref()).collect();
        assert_eq!(names, [&Helper::TessMarried.as_technician().name], "{from} to {to}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_expired_session_counts_without_a_duration() {
    let world = TestWorld::connected().await;
    world.helped(play_of("T1"), 100).await;
    world.opened("T1").await;
    world.advance(TimeDelta::hours(24));
    world.work().await;
    let total = world.reported(&asked(FROM, TO)).await.total;
    assert_eq!((total.sessions(), total.get(Measure::Expired)), (2, 1));
    assert_eq!((total.get(Measure::ClosedSeconds), total.average_seconds()), (100, Some(100)));
}

#[tokio::test(start_paused = true)]
async fn waiting_is_from_play_to_the_customers_coming_and_who_never_came_waits_for_nobody() {
    let world = TestWorld::connected().await;
    let joined = world.opened("T1").await;
    let never = world.opened("T2").await;
    world.advance(TimeDelta::seconds(45));
    let code = &joined.session().unwrap().code;
    notice(&world.desk(&acme()).await, code, world.now()).await.unwrap();
    world.advance(TimeDelta::seconds(15));
    for case in [joined, never] {
        world.stopped(case).await;
    }
    let total = world.reported(&asked(FROM, TO)).await.total;
    assert_eq!((total.get(Measure::Joined), total.never_joined()), (1, 1));
    assert_eq!((total.average_waiting_seconds(), total.average_seconds()), (Some(45), Some(60)));
}

#[tokio::test(start_paused = true)]
async fn live_cases_are_counted_apart_and_only_while_they_are() {
    let world = TestWorld::connected().await;
    world.opened("T1").await;
    let told = world.reported(&asked(FROM, TO)).await;
    assert_eq!((told.live, told.total.sessions()), (1, 0));
    assert_eq!(world.reported(&asked_of(Some(Helper::Theo), FROM, TO)).await.live, 0);
    // Nobody has settled it yet.
    world.advance(TimeDelta::hours(24));
    let told = world.reported(&asked(FROM, TO)).await;
    assert_eq!((told.live, told.total.sessions()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_duration_is_the_difference_of_the_two_times_as_they_are_shown() {
    let world = TestWorld::at("Europe/Berlin", "2026-11-22T12:00:00.900Z").await;
    let case = world.opened("T1").await;
    world.advance(TimeDelta::milliseconds(200));
    let ended = world.stopped(case).await;
    assert!(ended.ended().unwrap().comment.contains("Duration: 0:00:01"));
    assert_eq!(world.reported(&asked(FROM, TO)).await.total.average_seconds(), Some(1));
}

#[tokio::test(start_paused = true)]
async fn averages_are_rounded_to_the_nearest_second() {
    let world = TestWorld::connected().await;
    for seconds in [1, 1, 2] {
        world.helped(play_of("T1"), seconds).await;
    }
    assert_eq!(world.reported(&asked(FROM, TO)).await.total.average_seconds(), Some(1));
    world.helped(play_of("T1"), 2).await;
    assert_eq!(world.reported(&asked(FROM, TO)).await.total.average_seconds(), Some(2));
}

#[tokio::test(start_paused = true)]
async fn groups_come_with_the_most_sessions_first_and_days_in_their_order() {
    let world = TestWorld::connected().await;
    for helper in [Helper::Tess, Helper::Theo, Helper::Theo] {
        world.helped(play_by(helper, "T1"), 60).await;
        world.advance(TimeDelta::days(1));
    }
    world.helped(play_by(Helper::Tess, "T1"), 60).await;
    world.helped(play_by(Helper::Theo, "T1"), 60).await;
    let told = world.reported(&asked_by(Dimension::Technician, FROM, TO)).await;
    assert_eq!(sessions(&told), [(Some("theo"), 3), (Some("tess"), 2)]);
    let told = world.reported(&asked_by(Dimension::Day, FROM, TO)).await;
    assert!(told.groups.is_sorted_by_key(|group| group.value.clone()) && told.groups.len() == 4);
}

#[tokio::test(start_paused = true)]
async fn several_years_are_what_their_sessions_come_to() {
    let world = TestWorld::connected().await;
    for ticket in ["T1", "T2", "T3", "T4", "T5"] {
        world.helped(play_of(ticket), 60).await;
        world.advance(TimeDelta::days(200));
        world.work_through(TimeDelta::hours(25), TimeDelta::hours(1)).await;
    }
    for (from, to) in [("2026-01-01", "2030-01-01"), ("2025-06-10", "2029-03-20"), ("2026-12-01", "2028-12-31")] {
        for by in Dimension::ALL {
            world.reported(&asked_by(by, from, to)).await;
        }
        assert!(world.reported(&asked(from, to)).await.total.sessions() > 1, "{from} {to}");
    }
}
