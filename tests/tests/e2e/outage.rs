//! A minute in which neither TeamViewer nor the mail server serves: everything is done afterwards.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use casebridge_tests::{
    feed::Feed,
    help_desk::{HelpDesk, usual_play},
    host::Host,
};
use serde_json::{Value, json};

use crate::run::{Outcome, cloud, within};

cloud![a_minute_of_failures_is_made_up_for_in_order_and_leaves_no_dead_letter];

/// Longer than the pause after the tries of a minute.
const AFTERWARDS: Duration = Duration::from_mins(3);

const OUTAGE: Duration = Duration::from_mins(1);

async fn play_for(desk: &HelpDesk, ticket: &str, address: &str) -> anyhow::Result<Value> {
    let mut play = usual_play();
    play["requester"]["email"] = json!(address);
    desk.play_with(ticket, &play).await?.expect(201)
}

async fn a_minute_of_failures_is_made_up_for_in_order_and_leaves_no_dead_letter(host: &Host) -> Outcome {
    let functions = host.functions()?;
    let (stuck, other) = (host.help_desk("stuck").await?, host.help_desk("other").await?);
    let begun = Instant::now();
    host.kit().mail.fault(&json!({ "kind": "temporary_refusal", "recipient": "*@stuck.example" })).await?;
    let fails = json!({ "method": "GET", "path": "/sessions", "kind": "internal_error" });
    host.kit().sandbox.fault(&fails).await?;
    let mut cases = Vec::new();
    for number in 0..5 {
        let case = play_for(&stuck, &format!("T-{number}"), &format!("r{number}@stuck.example")).await?;
        let code = case["session_code"].as_str().context("no code")?;
        host.kit().sandbox.customer_online(code, true).await?;
        cases.push(case);
    }
    play_for(&other, "T-1", "free@example.com").await?;
    host.kit().mail.arrive("free@example.com", 1, Duration::from_secs(10)).await?;
    tokio::time::sleep(OUTAGE.saturating_sub(begun.elapsed())).await;
    assert_eq!(host.kit().mail.all().await?.len(), 1, "nothing else has left");
    assert_eq!(stuck.case("T-0").await?["online"], false, "nobody could see the customer");
    host.kit().mail.no_faults().await?;
    host.kit().sandbox.no_faults().await?;

    for number in 0..5 {
        host.kit().mail.arrive(&format!("r{number}@stuck.example"), 1, AFTERWARDS).await?;
        let ticket = format!("T-{number}");
        within(AFTERWARDS, "the watch sees", async || Ok(stuck.case(&ticket).await?["online"] == true)).await?;
    }
    let mut feed = Feed::of(&stuck);
    for case in &cases {
        stuck.stop(case).await?.expect(200)?;
        feed.shows_of_case(case, "customer.online").await?;
        feed.shows_of_case(case, "case.closed").await?;
    }
    feed.is_whole()?;
    for number in 0..5 {
        let mails = host.kit().mail.arrive(&format!("r{number}@stuck.example"), 1, AFTERWARDS).await?;
        assert_eq!(mails.len(), 1, "once: {mails:?}");
    }
    assert_eq!(functions.dead_letters(), [""; 0]);
    Ok(())
}
