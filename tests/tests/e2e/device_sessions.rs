//! Sessions for managed devices: I4, I6, I7, I11.

use std::time::Duration;

use casebridge_tests::{api::Answer, feed::Feed, help_desk::HelpDesk, host::Host};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::run::{Outcome, on_every_host, soon, within};

on_every_host![
    i4_a_session_for_an_android_device_is_controlled_and_one_for_ios_viewed,
    i4_an_unattended_session_is_a_link_to_the_host_and_is_counted,
    i4_an_unattended_session_that_ended_in_teamviewer_ends_here_too,
    i4_what_is_not_ready_is_refused_with_its_mend,
    i6_the_session_id_is_handed_over_under_the_accounts_own_names,
    i7_a_code_for_ios_ends_and_one_call_gives_a_new_one,
    i11_a_lost_start_is_reported_and_sent_again,
];

crate::run::stack![i4_an_unattended_session_is_a_link_to_the_host_and_is_counted];

/// A technician of the demo's TeamViewer company.
const TECHNICIAN: &str = "u11293277";

/// A desk that is activated for both modes, with an iPad, and a till without a user.
async fn fleet(host: &Host, settings: &Value) -> anyhow::Result<HelpDesk> {
    let desk = host.help_desk_with("acme", settings).await?;
    let path = desk.path("/activation");
    let terms = desk.reader.get(&path).await?.expect(200)?["terms"]["version"].clone();
    let agreement = json!({ "terms_version": terms, "agreed_by": { "id": "u-1", "name": "Ada" } });
    let wish = json!({ "mode": "attended_and_unattended", "agreement": agreement });
    let activated = desk.admin.put(&path, &wish).await?;
    anyhow::ensure!(activated.status < 300, "{}", activated.body);
    report(&desk, "ipad", &ipad()).await?;
    report(&desk, "till", &till()).await?;
    Ok(desk)
}

async fn report(desk: &HelpDesk, device: &str, facts: &Value) -> anyhow::Result<()> {
    let told = desk.technician.put(&desk.path(&format!("/devices/{device}")), facts).await?;
    anyhow::ensure!(told.status < 300, "{}", told.body);
    Ok(())
}

fn ipad() -> Value {
    json!({
        "platform": "ios", "name": "Rita's iPad", "os_version": "17.2", "management": "enrolled", "eula_accepted": true,
        "quicksupport": { "installed": true, "distributed": true, "allow_listed": true, "managed": true },
        "requester": { "name": "Rita" },
    })
}

fn till() -> Value {
    json!({
        "platform": "android", "name": "Till 4", "os_version": "14", "maker": "Samsung", "model": "SM-X200",
        "management": "device_owner", "kiosk": "none", "eula_accepted": true,
        "quicksupport": { "installed": true, "distributed": true, "allow_listed": true, "managed": true },
        "host": { "installed": true, "distributed": true, "allow_listed": true, "permission_granted": true,
            "teamviewer_id": "1 234 567 890" },
        "add_on": { "installed": true, "allow_listed": true },
    })
}

async fn start(desk: &HelpDesk, device: &str, wish: &Value) -> anyhow::Result<Answer> {
    desk.technician.post(&desk.path(&format!("/devices/{device}/case")), wish).await
}

async fn newest(desk: &HelpDesk, device: &str) -> anyhow::Result<Value> {
    desk.technician.get(&desk.path(&format!("/devices/{device}/case"))).await?.expect(200)
}

async fn i4_a_session_for_an_android_device_is_controlled_and_one_for_ios_viewed(host: &Host) -> Outcome {
    let desk = fleet(host, &json!({})).await?;
    let tills = start(&desk, "till", &json!({})).await?.expect(201)?;
    assert_eq!(tills["device"]["view_only"], false);
    let again = start(&desk, "till", &json!({ "mode": "unattended" })).await?.expect(200)?;
    assert_eq!(again["id"], tills["id"], "one session of a device at a time");
    let ipads = start(&desk, "ipad", &json!({})).await?.expect(201)?;
    assert_eq!((&ipads["device"]["view_only"], &ipads["requester"]["name"]), (&json!(true), &json!("Rita")));
    let at = |name: &str| -> anyhow::Result<DateTime<Utc>> { Ok(ipads[name].as_str().unwrap().parse()?) };
    assert_eq!((at("valid_until")? - at("started_at")?).num_minutes(), 30);
    assert_eq!(host.kit().sandbox.open_sessions().await?.len(), 2);

    host.kit().sandbox.customer_online(ipads["session_code"].as_str().unwrap(), true).await?;
    soon("the user is seen", async || Ok(newest(&desk, "ipad").await?["hand_over"]["state"] == "taken")).await?;
    host.kit().sandbox.technician_ends(tills["session_code"].as_str().unwrap()).await?;
    soon("the session ends here too", async || Ok(newest(&desk, "till").await?["state"] == "closed")).await?;
    desk.stop(&ipads).await?.expect(200)?;
    assert!(host.kit().sandbox.open_sessions().await?.is_empty());
    Ok(())
}

async fn i4_an_unattended_session_is_a_link_to_the_host_and_is_counted(host: &Host) -> Outcome {
    let desk = fleet(host, &json!({})).await?;
    let case = start(&desk, "till", &json!({ "mode": "unattended" })).await?.expect(201)?;
    assert!(case.get("session_code").is_none() && case.get("hand_over").is_none(), "{case}");
    assert_eq!(case["host"]["teamviewer_id"], "1234567890");
    assert!(case["host"]["link"].as_str().unwrap().contains("1234567890"), "{case}");
    assert!(host.kit().sandbox.open_sessions().await?.is_empty());
    let closed = desk.stop(&case).await?.expect(200)?;
    assert_eq!(closed["state"], "closed");

    let day = |at: &Value| at.as_str().unwrap()[..10].to_owned();
    let from = chrono::NaiveDate::parse_from_str(&day(&case["started_at"]), "%Y-%m-%d")?;
    let (from, to) = (from - chrono::Days::new(1), from + chrono::Days::new(3));
    let path = desk.path(&format!("/reports/sessions?from={from}&to={to}&group_by=mode"));
    let report = desk.reader.get(&path).await?.expect(200)?;
    assert_eq!((&report["groups"][0]["value"], &report["groups"][0]["sessions"]), (&json!("unattended"), &json!(1)));
    let path = desk.path(&format!("/reports/sessions/records?from={from}&to={to}&platform=android"));
    let records = desk.reader.get(&path).await?.expect(200)?;
    assert_eq!(records["items"][0]["device"]["id"], "till");
    Ok(())
}

/// In real time: connection reports are looked into once a minute.
async fn i4_an_unattended_session_that_ended_in_teamviewer_ends_here_too(host: &Host) -> Outcome {
    let desk = fleet(host, &json!({})).await?;
    let case = start(&desk, "till", &json!({ "mode": "unattended" })).await?.expect(201)?;
    let sandbox = &host.kit().sandbox;
    sandbox.was_connected_to(TECHNICIAN, "987654321").await?;
    sandbox.was_connected_to(TECHNICIAN, "1234567890").await?;
    let ended = async || Ok(newest(&desk, "till").await?["state"] == "closed");
    within(Duration::from_secs(90), "the session ends here too", ended).await?;
    let day = case["started_at"].as_str().unwrap()[..10].parse::<chrono::NaiveDate>()?;
    let (from, to) = (day - chrono::Days::new(1), day + chrono::Days::new(3));
    let path = desk.path(&format!("/reports/sessions/records?from={from}&to={to}"));
    let records = desk.reader.get(&path).await?.expect(200)?;
    assert_eq!(
        (&records["items"][0]["case"], records["items"].as_array().map(Vec::len)),
        (&case["id"], Some(1)),
        "{records}"
    );
    assert_eq!(records["items"][0]["reason"], "ended_in_teamviewer", "{records}");
    start(&desk, "till", &json!({ "mode": "unattended" })).await?.expect(201)?;
    Ok(())
}

async fn i4_what_is_not_ready_is_refused_with_its_mend(host: &Host) -> Outcome {
    let desk = fleet(host, &json!({})).await?;
    let refused = start(&desk, "ipad", &json!({ "mode": "unattended" })).await?;
    let refused = refused.expect_problem(409, "device-not-ready")?;
    assert_eq!(refused["findings"][0]["code"], "unattended-android-only");
    assert!(refused["findings"][0]["fix"].is_string());
    start(&desk, "nowhere", &json!({})).await?.expect_problem(404, "not-found")?;
    assert!(host.kit().sandbox.open_sessions().await?.is_empty());
    Ok(())
}

async fn i6_the_session_id_is_handed_over_under_the_accounts_own_names(host: &Host) -> Outcome {
    let desk = fleet(host, &json!({})).await?;
    let names = json!({ "session_code_key": "com.example.session", "auto_start_key": "com.example.start" });
    desk.set(&json!({ "device_configuration": names })).await?;
    let tills = start(&desk, "till", &json!({})).await?.expect(201)?;
    let configuration = json!({ "com.example.session": tills["session_code"], "com.example.start": true });
    assert_eq!(tills["hand_over"]["android"]["managed_configuration"], configuration);
    let ipads = start(&desk, "ipad", &json!({})).await?.expect(201)?;
    let list = ipads["hand_over"]["ios"]["property_list"].as_str().unwrap();
    assert!(list.contains("<key>com.example.session</key>") && list.contains(ipads["session_code"].as_str().unwrap()));

    let told = Feed::of(&desk).shows_of_case(&tills, "case.opened").await?;
    assert_eq!(told["case"]["hand_over"]["android"]["managed_configuration"], configuration);
    assert!(host.kit().mail.to("rita@northwind.example").await?.is_empty(), "nobody asked for a mail");
    Ok(())
}

/// In real time, with the shortest life an account can give its cases.
async fn i7_a_code_for_ios_ends_and_one_call_gives_a_new_one(host: &Host) -> Outcome {
    let desk = fleet(host, &json!({ "case_lifetime_minutes": 1 })).await?;
    let first = start(&desk, "ipad", &json!({})).await?.expect(201)?;
    let ended = async || Ok(newest(&desk, "ipad").await?["state"] == "expired");
    within(Duration::from_secs(75), "the code ends", ended).await?;
    let next = start(&desk, "ipad", &json!({})).await?.expect(201)?;
    assert_ne!(next["session_code"], first["session_code"]);
    Ok(())
}

async fn i11_a_lost_start_is_reported_and_sent_again(host: &Host) -> Outcome {
    let desk = fleet(host, &json!({})).await?;
    let case = start(&desk, "till", &json!({})).await?.expect(201)?;
    let path = |rest: &str| desk.path(&format!("/cases/{}/{rest}", case["id"].as_str().unwrap()));
    let lost = desk.technician.post(&path("lost"), &json!({ "why": "restarted" })).await?.expect(200)?;
    assert_eq!((&lost["hand_over"]["state"], &lost["hand_over"]["lost"]["why"]), (&json!("lost"), &json!("restarted")));
    let again = desk.technician.post(&path("hand-over"), &json!({})).await?.expect(200)?;
    assert_eq!((&again["hand_over"]["state"], &again["hand_over"]["attempt"]), (&json!("handed"), &json!(2)));
    assert_eq!(again["session_code"], case["session_code"]);
    let mut feed = Feed::of(&desk);
    feed.shows_of_case(&case, "device.start_lost").await?;
    let told = feed.shows_of_case(&case, "device.handed_over").await?;
    assert_eq!(told["case"]["hand_over"]["attempt"], 2);
    desk.stop(&case).await?.expect(200)?;
    desk.technician.post(&path("hand-over"), &json!({})).await?.expect_problem(409, "case-ended")?;
    Ok(())
}
