//! Days in the account's time zone, at their edges and when clocks change.

use serde_json::{Value, json};

use crate::testing::TestApi;

/// Sessions that end at these moments, and the day each counts on.
async fn days(zone: &str, ends: &[(&str, &str)]) {
    let api = TestApi::living_in(zone, ends[0].0).await;
    for (place, (end, _)) in ends.iter().enumerate() {
        let case = api.play_with(&format!("T{place}"), &json!({})).await;
        api.clock.set(end);
        api.stop(&case).await;
    }
    let (first, last) = (ends[0].1, ends[ends.len() - 1].1);
    let after = (last.parse::<chrono::NaiveDate>().unwrap() + chrono::Days::new(1)).to_string();
    let query = format!("from={first}&to={after}");
    let listed = api.read(&format!("/v1/accounts/acme/reports/sessions/records?{query}")).await.is(200);
    let counted: Vec<_> = listed["items"].as_array().unwrap().iter().map(|record| record["day"].clone()).collect();
    assert_eq!(counted, ends.iter().map(|(_, day)| json!(day)).collect::<Vec<_>>(), "{zone}");

    let by_day = api.read(&format!("/v1/accounts/acme/reports/sessions?{query}&group_by=day")).await.is(200);
    assert_eq!(by_day["time_zone"], zone);
    for group in by_day["groups"].as_array().unwrap() {
        let of_the_day = ends.iter().filter(|(_, day)| group["value"] == *day).count();
        assert_eq!(group["sessions"], json!(of_the_day), "{zone}: {group}");
        one_day(&api, &group["value"], of_the_day).await;
    }
}

/// The same figures when that day alone is asked for.
async fn one_day(api: &TestApi, day: &Value, sessions: usize) {
    let from = day.as_str().unwrap();
    let to = (from.parse::<chrono::NaiveDate>().unwrap() + chrono::Days::new(1)).to_string();
    let report = api.read(&format!("/v1/accounts/acme/reports/sessions?from={from}&to={to}&group_by=priority")).await;
    assert_eq!(report.is(200)["total"]["sessions"], json!(sessions), "{from}");
}

#[tokio::test]
async fn a_day_is_an_hour_shorter_in_spring_and_longer_in_autumn() {
    let spring = [
        ("2026-03-28T22:59:59Z", "2026-03-28"),
        ("2026-03-28T23:00:00Z", "2026-03-29"),
        ("2026-03-29T01:00:00Z", "2026-03-29"),
        ("2026-03-29T21:59:59Z", "2026-03-29"),
        ("2026-03-29T22:00:00Z", "2026-03-30"),
    ];
    days("Europe/Berlin", &spring).await;
    let autumn = [
        ("2026-10-24T21:59:59Z", "2026-10-24"),
        ("2026-10-24T22:00:00Z", "2026-10-25"),
        ("2026-10-25T00:30:00Z", "2026-10-25"),
        ("2026-10-25T01:30:00Z", "2026-10-25"),
        ("2026-10-25T22:59:59Z", "2026-10-25"),
        ("2026-10-25T23:00:00Z", "2026-10-26"),
    ];
    days("Europe/Berlin", &autumn).await;
}

#[tokio::test]
async fn a_day_may_begin_at_one_in_the_morning() {
    let ends = [
        ("2018-11-04T02:59:59Z", "2018-11-03"),
        ("2018-11-04T03:00:00Z", "2018-11-04"),
        ("2018-11-05T01:59:59Z", "2018-11-04"),
        ("2018-11-05T02:00:00Z", "2018-11-05"),
    ];
    days("America/Sao_Paulo", &ends).await;
}

#[tokio::test]
async fn a_time_zone_may_be_off_by_quarters_of_an_hour() {
    let ends = [
        ("2026-06-30T18:14:59Z", "2026-06-30"),
        ("2026-06-30T18:15:00Z", "2026-07-01"),
        ("2026-07-01T18:14:59Z", "2026-07-01"),
        ("2026-07-01T18:15:00Z", "2026-07-02"),
    ];
    days("Asia/Kathmandu", &ends).await;
}

#[tokio::test]
async fn the_furthest_time_zones_find_their_sessions_too() {
    days("Pacific/Kiritimati", &[("2026-02-28T09:59:59Z", "2026-02-28"), ("2026-02-28T10:00:00Z", "2026-03-01")]).await;
    days("Pacific/Pago_Pago", &[("2026-03-01T10:59:59Z", "2026-02-28"), ("2026-03-01T11:00:00Z", "2026-03-01")]).await;
}

#[tokio::test]
async fn a_session_that_has_ended_stays_on_its_day_when_the_account_moves() {
    let api = TestApi::living_in("Asia/Kathmandu", "2026-06-30T18:00:00Z").await;
    api.session("T1", &json!({}), 1000).await;
    let body = json!({ "time_zone": "UTC" });
    api.call("PATCH", "/v1/accounts/acme").key(&api.keys.admin).json(&body).send().await.is(200);
    api.session("T2", &json!({}), 1000).await;
    let report =
        api.read("/v1/accounts/acme/reports/sessions?from=2026-06-30&to=2026-07-02&group_by=day").await.is(200);
    let days: Vec<_> = report["groups"].as_array().unwrap().iter().map(|group| group["value"].clone()).collect();
    assert_eq!((days, &report["time_zone"]), (vec![json!("2026-06-30"), json!("2026-07-01")], &json!("UTC")));
    let records = api.read("/v1/accounts/acme/reports/sessions/records?from=2026-07-01&to=2026-07-02").await.is(200);
    let record = &records["items"][0];
    assert_eq!((&record["day"], &record["time_zone"]), (&json!("2026-07-01"), &json!("Asia/Kathmandu")));
    assert_eq!(record["ended_local"], "2026-07-01T00:01:40+05:45");
}
