//! The stack as it is deployed, template and all: what only shows there.

use std::time::Duration;

use anyhow::Context as _;
use casebridge_tests::{feed::Feed, help_desk::RITA, host::Host};
use serde_json::{Value, json};

use crate::run::{Outcome, SOON, soon, stack, within};

stack![
    n9_a_case_from_play_to_report_on_the_deployed_stack,
    n9_a_case_that_only_its_time_to_live_ends_is_settled,
    b17_the_deployed_stack_is_led_to_a_restored_table,
];

/// Every day that a test can happen on, in any time zone.
const ALWAYS: &str = "from=2020-01-01&to=2040-01-01";

async fn total(host: &casebridge_tests::help_desk::HelpDesk) -> anyhow::Result<Value> {
    let report = host.reader.get(&host.path(&format!("/reports/sessions?{ALWAYS}"))).await?.expect(200)?;
    Ok(report["total"].clone())
}

async fn n9_a_case_from_play_to_report_on_the_deployed_stack(host: &Host) -> Outcome {
    let stack = host.deployed()?;
    let desk = host.help_desk("acme").await?;
    let case = desk.new_case("T-1").await?;
    host.kit().mail.arrive(RITA, 1, SOON).await?;
    let mails = stack.mails().await?;
    let [mail] = &mails[..] else { anyhow::bail!("not one letter: {mails:?}") };
    let link = case["customer_link"].as_str().context("no link")?;
    assert!(mail.to_string().contains(link), "{mail}");
    soon("it is on record", async || Ok(desk.case("T-1").await?["invitation"]["state"] == "accepted")).await?;

    host.kit().sandbox.customer_online(case["session_code"].as_str().context("no code")?, true).await?;
    soon("the watch sees the customer", async || Ok(desk.case("T-1").await?["online"] == true)).await?;

    let closed = desk.stop(&case).await?.expect(200)?;
    assert_eq!(closed["state"], "closed");
    assert!(closed["comment"].as_str().context("no comment")?.contains("Duration: 0:0"), "{closed}");
    assert!(host.kit().sandbox.open_sessions().await?.is_empty());
    let total = total(&desk).await?;
    assert_eq!((&total["sessions"], &total["closed"]), (&json!(1), &json!(1)));

    let (mut feed, mut vendors) = (Feed::of(&desk), Feed::of_vendor(host.vendor()));
    feed.shows_of_case(&case, "case.closed").await?;
    feed.is_whole()?;
    vendors.shows_of_case(&case, "case.closed").await?;
    assert!(feed.kinds().contains(&"customer.online"), "{:?}", feed.kinds());
    Ok(())
}

async fn n9_a_case_that_only_its_time_to_live_ends_is_settled(host: &Host) -> Outcome {
    let stack = host.deployed()?;
    stack.silence_the_watch().await?;
    let desk = host.help_desk_with("acme", &json!({ "case_lifetime_minutes": 1 })).await?;
    let case = desk.new_case("T-1").await?;
    let mut feed = Feed::of(&desk);
    feed.shows_of_case(&case, "case.opened").await?;
    within(Duration::from_secs(75), "its time is over", async || Ok(desk.case("T-1").await?["state"] == "expired"))
        .await?;
    feed.read_on().await?;
    assert!(!feed.kinds().contains(&"case.expired"), "nobody has settled it: {:?}", feed.kinds());
    assert_eq!(total(&desk).await?["sessions"], 0);

    stack.let_hold_lapse("acme", "T-1").await?;
    feed.shows_of_case(&case, "case.expired").await?;
    let expired = desk.case("T-1").await?;
    assert_eq!(expired["ended_at"], case["valid_until"], "not when the hold was removed");
    assert_eq!(total(&desk).await?["sessions"], 1);
    assert!(!host.kept().await?.contains_key("A#acme#T#T-1 HOLD"), "the table let go of it");
    assert_eq!(desk.closable("T-1").await?["closable"], true);
    Ok(())
}

async fn b17_the_deployed_stack_is_led_to_a_restored_table(host: &Host) -> Outcome {
    let stack = host.deployed()?;
    let desk = host.help_desk("acme").await?;
    assert_eq!(host.check(&["hold"]).await?.code, 0);
    let case = desk.new_case("T-1").await?;
    stack.restore_table("restored").await?;
    desk.new_case("T-2").await?;

    let restored = stack.check_on("restored", &["restore"]).await?;
    assert_eq!(restored.code, 0, "{restored:?}");
    let parameters: Vec<&str> = restored.said.lines().filter(|line| line.starts_with("RestoredTable")).collect();
    assert_eq!(parameters.len(), 2, "{restored:?}");
    stack.change(&parameters).await?;

    let is_gone = async || Ok(desk.reader.get(&desk.ticket("T-2", "/case")).await?.status == 404);
    soon("what came after the restored moment is not there", is_gone).await?;
    assert_eq!(desk.case("T-1").await?["session_code"], case["session_code"]);
    assert!(stack.check_on("restored", &["doctor", "--account", "acme"]).await?.said.contains("held"));
    assert!(stack.mails().await?.is_empty(), "letters are held");

    assert_eq!(stack.check_on("restored", &["resume"]).await?.code, 0);
    host.kit().mail.arrive(RITA, 1, Duration::from_secs(150)).await?;
    let closed = desk.stop(&case).await?.expect(200)?;
    assert_eq!(closed["state"], "closed", "TeamViewer's token can still be opened");
    let mut feed = Feed::of(&desk);
    feed.shows_of_case(&case, "case.closed").await?;
    feed.is_whole()
}
