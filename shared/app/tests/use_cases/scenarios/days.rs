//! On which day a session counts.

use casebridge_app::accounts::change_account;
use casebridge_app::rollups::rebuild;
use casebridge_domain::TimeZone;
use casebridge_domain::report::{Dimension, Measure};
use chrono::TimeDelta;

use super::{asked, asked_by, sessions};
use crate::world::{TestWorld, acme, play_of};

#[tokio::test(start_paused = true)]
async fn a_session_over_the_repeated_hour_has_its_true_duration() {
    let world = TestWorld::at("Europe/Berlin", "2026-10-25T00:30:00Z").await;
    let case = world.helped(play_of("T1"), 3600).await;
    let comment = case.ended().unwrap().comment.to_owned();
    assert!(comment.contains("02:30:00 CEST") && comment.contains("02:30:00 CET"), "{comment}");
    let told = world.reported(&asked("2026-10-25", "2026-10-26")).await;
    assert_eq!((told.total.sessions(), told.total.average_seconds()), (1, Some(3600)));
}

#[tokio::test(start_paused = true)]
async fn a_session_over_the_skipped_hour_has_its_true_duration() {
    let world = TestWorld::at("Europe/Berlin", "2026-03-29T00:59:00Z").await;
    let case = world.helped(play_of("T1"), 120).await;
    let comment = case.ended().unwrap().comment.to_owned();
    assert!(comment.contains("01:59:00 CET") && comment.contains("03:01:00 CEST"), "{comment}");
    let told = world.reported(&asked("2026-03-29", "2026-03-30")).await;
    assert_eq!(told.total.get(Measure::ClosedSeconds), 120);
}

#[tokio::test(start_paused = true)]
async fn a_day_has_all_its_sessions_whether_it_has_twenty_three_hours_or_twenty_five() {
    for (begins, day, next, hours) in [
        ("2026-10-24T22:00:00Z", "2026-10-25", "2026-10-26", 25),
        ("2026-03-28T23:00:00Z", "2026-03-29", "2026-03-30", 23),
    ] {
        let world = TestWorld::at("Europe/Berlin", begins).await;
        for _ in 0..26 {
            world.helped(play_of("T1"), 60).await;
            world.advance(TimeDelta::minutes(59));
        }
        assert_eq!(world.reported(&asked(day, next)).await.total.sessions(), hours);
        let by_day = world.reported(&asked_by(Dimension::Day, "2026-01-01", "2027-01-01")).await;
        assert_eq!(sessions(&by_day), [(Some(day), hours), (Some(next), 26 - hours)]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_counts_on_the_day_it_ended_to_the_millisecond() {
    let world = TestWorld::at("Asia/Kathmandu", "2026-12-31T18:14:59.999Z").await;
    let last_year = world.opened("T1").await;
    let new_year = world.opened("T2").await;
    world.stopped(last_year).await;
    world.advance(TimeDelta::milliseconds(1));
    world.stopped(new_year).await;
    for (from, to) in [("2026-12-31", "2027-01-01"), ("2027-01-01", "2027-01-02"), ("2026-01-01", "2027-01-01")] {
        assert_eq!(world.reported(&asked(from, to)).await.total.sessions(), 1, "{from} to {to}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_case_whose_time_is_up_at_midnight_counts_on_the_new_day() {
    let world = TestWorld::at("America/Havana", "2026-10-31T04:00:00Z").await;
    world.opened("T1").await;
    // Whenever that is settled.
    world.advance(TimeDelta::days(40));
    world.work().await;
    let by_day = world.reported(&asked_by(Dimension::Day, "2026-10-01", "2027-01-01")).await;
    assert_eq!(sessions(&by_day), [(Some("2026-11-01"), 1)]);
}

#[tokio::test(start_paused = true)]
async fn where_midnight_comes_twice_a_session_counts_on_the_day_that_the_calendar_shows() {
    let world = TestWorld::at("Asia/Beirut", "2026-10-24T20:30:00Z").await;
    // Half an hour before the clocks go back from midnight to eleven, and half an hour after it.
    world.helped(play_of("T1"), 60).await;
    world.advance(TimeDelta::minutes(59));
    world.helped(play_of("T1"), 60).await;
    world.advance(TimeDelta::minutes(59));
    world.helped(play_of("T1"), 60).await;
    let by_day = world.reported(&asked_by(Dimension::Day, "2026-10-24", "2026-10-26")).await;
    assert_eq!(sessions(&by_day), [(Some("2026-10-24"), 2), (Some("2026-10-25"), 1)]);
}

#[tokio::test(start_paused = true)]
async fn a_day_that_a_country_left_out_has_no_sessions() {
    let world = TestWorld::at("Pacific/Apia", "2011-12-30T09:59:00Z").await;
    world.helped(play_of("T1"), 59).await;
    world.helped(play_of("T1"), 61).await;
    let by_day = world.reported(&asked_by(Dimension::Day, "2011-12-01", "2012-01-01")).await;
    assert_eq!(sessions(&by_day), [(Some("2011-12-29"), 1), (Some("2011-12-31"), 1)]);
    assert!(world.reported(&asked("2011-12-30", "2011-12-31")).await.total.is_nothing());
}

#[tokio::test(start_paused = true)]
async fn a_change_of_the_time_zone_leaves_old_days_until_a_rebuild() {
    let world = TestWorld::at("Pacific/Apia", "2026-11-22T11:30:00Z").await;
    world.helped(play_of("T1"), 60).await;
    let (desk, berlin) = (world.desk(&acme()).await, TimeZone::parse("Europe/Berlin").unwrap());
    change_account(&desk, |account| account.time_zone = berlin).await.unwrap();
    world.helped(play_of("T1"), 60).await;
    let wish = asked_by(Dimension::Day, "2026-11-01", "2026-12-01");
    let told = world.reported(&wish).await;
    assert_eq!((sessions(&told), told.time_zone), (vec![(Some("2026-11-22"), 1), (Some("2026-11-23"), 1)], berlin));

    let rebuilt = rebuild(&world.desk(&acme()).await).await.unwrap();
    assert_eq!((rebuilt.moved, rebuilt.verified.differences.len()), (1, 0));
    assert_eq!(sessions(&world.reported(&wish).await), [(Some("2026-11-22"), 2)]);
}
