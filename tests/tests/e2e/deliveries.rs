//! Letters are held and let go: B17. After a restore nothing leaves until the operator has looked.

use std::time::Duration;

use anyhow::Context as _;
use casebridge_tests::{
    help_desk::RITA,
    host::{Checked, Host, METRICS},
};
use serde_json::{Value, json};

use crate::run::{Outcome, on_every_host, soon};

mod anywhere {
    use super::*;

    on_every_host![b17_letters_are_held_until_the_operator_resumes];
}

mod on_a_table {
    use super::*;

    crate::run::cloud![
        b17_a_restored_table_starts_held_and_lacks_nothing,
        b17_a_table_that_is_being_served_is_not_taken_for_a_restored_one,
        n9_the_log_says_how_long_letters_took_and_what_teamviewer_refused,
    ];
}

/// Longer than the schedule takes to come by.
const A_MINUTE_AND_SOME: Duration = Duration::from_secs(100);

async fn said(host: &Host, words: &[&str]) -> anyhow::Result<String> {
    let Checked { code, said, complained } = host.check(words).await?;
    anyhow::ensure!(code == 0, "{words:?}: {code}: {said}{complained}");
    Ok(said)
}

async fn b17_letters_are_held_until_the_operator_resumes(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    assert!(said(host, &["resume"]).await?.contains("were not held"));
    assert!(said(host, &["hold"]).await?.contains("letters are held"));
    assert!(said(host, &["hold"]).await?.contains("held since"), "a second time changes nothing");
    // What leaves just now still leaves.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let case = desk.new_case("T-1").await?;
    host.kit().sandbox.customer_online(case["session_code"].as_str().context("no code")?, true).await?;
    soon("the watch still looks", async || Ok(desk.case("T-1").await?["online"] == true)).await?;
    let doctor = host.check(&["doctor", "--account", "acme"]).await?;
    assert!(doctor.said.contains("held"), "{doctor:?}");
    assert_eq!(desk.case("T-1").await?["invitation"]["state"], "queued");
    assert!(host.kit().mail.all().await?.is_empty(), "letters are held");

    assert!(said(host, &["resume"]).await?.contains("letters go out again"));
    host.kit().mail.arrive(RITA, 1, A_MINUTE_AND_SOME).await?;
    Ok(())
}

async fn b17_a_restored_table_starts_held_and_lacks_nothing(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let functions = host.functions()?;
    functions.hold_letters().await;
    let case = desk.new_case("T-1").await?;
    functions.restore_table("restored").await?;
    let doctor = functions.check_on("restored", &["doctor", "--account", "acme"]).await?;
    assert!(doctor.said.contains("nothing expires") && doctor.said.contains("no stream"), "{doctor:?}");

    let restored = functions.check_on("restored", &["restore"]).await?;
    assert_eq!(restored.code, 0, "{restored:?}");
    let stream = restored.said.lines().find_map(|line| line.strip_prefix("RestoredTableStream="));
    assert!(stream.context("no stream")?.contains("table/restored/stream/"), "{restored:?}");
    let doctor = functions.check_on("restored", &["doctor", "--account", "acme"]).await?;
    assert!(doctor.said.contains("table restored: well"), "{doctor:?}");
    assert!(doctor.said.contains("held"), "{doctor:?}");
    let again = functions.check_on("restored", &["restore"]).await?;
    assert_eq!(again.said, restored.said, "nothing is done twice");

    let relay = functions.relay_on("restored")?;
    functions.is_due(&relay).await?;
    assert!(host.kit().mail.all().await?.is_empty(), "letters are held");
    let resumed = functions.check_on("restored", &["resume"]).await?;
    assert_eq!(resumed.code, 0, "{resumed:?}");
    functions.is_due(&relay).await?;
    let link = case["customer_link"].as_str().context("no link")?;
    assert!(host.kit().mail.arrive(RITA, 1, crate::run::SOON).await?[0].to_string().contains(link));
    Ok(())
}

async fn b17_a_table_that_is_being_served_is_not_taken_for_a_restored_one(host: &Host) -> Outcome {
    let refused = host.check(&["restore"]).await?;
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.complained.contains("it is being served"), "{refused:?}");
    assert!(said(host, &["resume"]).await?.contains("were not held"));
    Ok(())
}

/// What is deployed.
const TEMPLATE: &str = include_str!("../../../infra/aws/template.yaml");

/// A line of a function's log.
fn logged(output: &str, is_meant: impl Fn(&Value) -> bool) -> Option<Value> {
    let lines = output.lines().filter_map(|line| serde_json::from_str::<Value>(&line[line.find('{')?..]).ok());
    lines.into_iter().find(is_meant)
}

/// The line that CloudWatch makes a metric of, under the name that the stack's alarms and dashboard look at.
fn metric(output: &str, name: &str) -> Option<Value> {
    let line = logged(output, |line| line.get(name).is_some())?;
    let metric = &line["_aws"]["CloudWatchMetrics"][0];
    assert_eq!((&metric["Metrics"][0]["Name"], &metric["Dimensions"]), (&json!(name), &json!([[]])), "{line}");
    assert_eq!(metric["Namespace"], METRICS, "{line}");
    assert!(TEMPLATE.contains(&format!("\"{name}\"")), "nothing in the stack looks at {name}");
    Some(line)
}

async fn n9_the_log_says_how_long_letters_took_and_what_teamviewer_refused(host: &Host) -> Outcome {
    let functions = host.functions()?;
    let desk = host.help_desk("acme").await?;
    let case = desk.new_case("T-1").await?;
    host.kit().sandbox.customer_online(case["session_code"].as_str().context("no code")?, true).await?;
    for (kind, name) in [("Invitation", "InvitationDelay"), ("CustomerOnline", "ToldDelay")] {
        let left = |line: &Value| line["fields"]["message"] == "a letter left" && line["fields"]["kind"] == kind;
        // The metric is the line that follows.
        soon("its line is in the log", async || {
            let output = functions.relay().output();
            Ok(logged(&output, left).is_some() && metric(&output, name).is_some())
        })
        .await?;
        let line = logged(&functions.relay().output(), left).context("no line")?;
        assert_eq!(line["fields"]["account"], "acme", "{line}");
        assert!(line["span"]["requestId"].is_string(), "{line}");
        assert_eq!(line.get("spans"), None, "said once: {line}");
        let counted = metric(&functions.relay().output(), name).context("no metric")?;
        assert_eq!(counted[name], line["fields"]["delay_ms"], "{counted}");
        assert!(counted[name].as_u64().is_some_and(|delay| delay < 60_000), "{counted}");
    }
    assert_eq!(metric(&functions.cases().output(), "TeamViewerRefusals"), None, "nothing was refused yet");
    host.kit().sandbox.revoke(&host.kit().script_token).await?;
    desk.play("T-2").await?;
    soon("it is in the log", async || Ok(metric(&functions.cases().output(), "TeamViewerRefusals").is_some())).await?;
    Ok(())
}
