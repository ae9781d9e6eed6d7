//! A case lives until its time: B5. In real time, with the shortest life an account can give its cases.

use std::time::Duration;

use casebridge_tests::host::Host;
use serde_json::json;

use crate::run::{Outcome, on_every_host, within};

on_every_host![b5_a_case_expires_by_the_clock_and_play_comes_back];

async fn b5_a_case_expires_by_the_clock_and_play_comes_back(host: &Host) -> Outcome {
    let desk = host.help_desk_with("acme", &json!({ "case_lifetime_minutes": 1 })).await?;
    let case = desk.new_case("T-1").await?;
    desk.new_case("T-2").await?;
    assert_eq!(desk.closable("T-1").await?["closable"], false);
    within(Duration::from_secs(75), "the case expires", async || Ok(desk.case("T-1").await?["state"] == "expired"))
        .await?;
    let expired = desk.case("T-1").await?;
    assert_eq!(expired["ended_at"], case["valid_until"]);
    assert_eq!(expired["duration_seconds"], 60);
    assert!(expired["comment"].as_str().unwrap().contains("Duration: 0:01:00"), "{expired}");
    assert!(expired["supporter_link"].is_null(), "{expired}");
    assert_eq!(desk.closable("T-1").await?["closable"], true);
    assert_eq!(desk.stop(&case).await?.expect(200)?["state"], "expired");

    let next = desk.new_case("T-1").await?;
    assert_ne!(next["id"], case["id"]);
    let told = async || Ok(host.kit().sandbox.open_sessions().await?.len() == 1);
    within(Duration::from_secs(20), "TeamViewer is told", told).await?;
    Ok(())
}
