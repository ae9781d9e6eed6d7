//! What an operator does about endpoints on the command line, while the installation is being served: P3.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use casebridge_tests::{
    host::{Checked, Host},
    receiver::Receiver,
};
use serde_json::Value;

use crate::run::{Outcome, cloud, on_every_host, within};

/// What the command makes due, another process finds: a schedule may have to strike.
const IN_TIME: Duration = Duration::from_secs(100);

mod anywhere {
    use super::*;

    on_every_host![p3_an_operator_looks_after_endpoints_on_the_command_line];
}

mod on_a_table {
    use super::*;

    cloud![p3_without_the_key_the_command_makes_no_endpoint];
}

/// Runs `casebridge endpoint`, which has to do what it was asked for. Gives the lines that it prints.
async fn done(host: &Host, words: &[&str]) -> anyhow::Result<Vec<String>> {
    let asked = host.check(&[&["endpoint"], words].concat()).await?;
    ensure!(asked.code == 0 && asked.complained.is_empty(), "{asked:?}");
    Ok(asked.said.lines().map(str::to_owned).collect())
}

/// The same, which has to be refused. Gives what it complains of.
async fn refused(host: &Host, words: &[&str]) -> anyhow::Result<String> {
    let Checked { code, said, complained } = host.check(&[&["endpoint"], words].concat()).await?;
    ensure!(code != 0 && said.is_empty(), "{code}: {said}");
    Ok(complained)
}

fn is_opened(ticket: &'static str) -> impl Fn(&Value) -> bool {
    move |said| said["type"] == "case.opened" && said["data"]["case"]["ticket"] == ticket
}

async fn p3_an_operator_looks_after_endpoints_on_the_command_line(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let receiver = Receiver::start().await?;
    let (of_acme, url) = (["--account", "acme"], receiver.url());
    let add = |events| [&["add", "--url", url.as_str(), "--events", events], &of_acme[..]].concat();
    let complaint = refused(host, &add("case.opend")).await?;
    assert!(complaint.contains("--events") && complaint.contains("did you mean case.opened?"), "{complaint}");
    let made = done(host, &add("case.opened")).await?;
    let [id, secret] = made.as_slice() else { anyhow::bail!("{made:?}") };
    let listed = done(host, &["list", "--account", "acme"]).await?;
    assert_eq!(listed, [format!("{id}  on        {url}  case.opened")]);
    let one = |command| [&[command, "--id", id.as_str()], &of_acme[..]].concat();

    let test = async || {
        let asked = done(host, &one("test")).await?;
        let got = || receiver.got().into_iter().find(|message| asked == [message.id.as_str()]);
        within(IN_TIME, "the test is pushed", async || Ok(got().is_some())).await?;
        got().context("it is gone")
    };
    assert!(test().await?.is_signed_with(secret)?);

    let rotated = done(host, &one("rotate")).await?;
    let [new] = rotated.as_slice() else { anyhow::bail!("{rotated:?}") };
    assert_ne!(new, secret);
    // Whoever had the lane in hand goes on for a moment with the secret that he had.
    let both = async || {
        let message = test().await?;
        ensure!(message.is_signed_with(secret)?, "the old secret lives for a day");
        message.is_signed_with(new)
    };
    within(IN_TIME, "both secrets sign", both).await?;

    desk.new_case("T-1").await?;
    let opened = receiver.takes("that the case opened", is_opened("T-1")).await?;
    assert!(opened.is_signed_with(secret)? && opened.is_signed_with(new)?, "both sign for a day");
    let recorded = async || {
        let shown = done(host, &one("deliveries")).await?;
        Ok(shown.iter().any(|line| line.contains("case.opened") && line.contains("attempt 1  204")))
    };
    within(IN_TIME, "the deliveries show it", recorded).await?;

    let off = done(host, &one("off")).await?;
    assert!(off[0].starts_with(&format!("{id}  off ")), "{off:?}");
    let replay = [&one("replay")[..], &["--from", "1"]].concat();
    let complaint = refused(host, &replay).await?;
    assert!(complaint.contains("the endpoint is off"), "{complaint}");
    let on = done(host, &one("on")).await?;
    assert!(on[0].starts_with(&format!("{id}  on ")), "{on:?}");
    let before = receiver.got().len();
    let replayed = done(host, &replay).await?;
    assert!(replayed[0].starts_with("1 to "), "{replayed:?}");
    let once_more = async || Ok(receiver.got()[before..].iter().any(|message| message.id == opened.id));
    within(IN_TIME, "it is pushed once more", once_more).await?;

    let of_vendor = done(host, &["add", "--vendor", "boss", "--url", &url]).await?;
    let listed = done(host, &["list", "--vendor", "boss"]).await?;
    assert!(listed.len() == 1 && listed[0].starts_with(of_vendor.first().context("no id")?), "{listed:?}");
    assert_eq!(done(host, &one("remove")).await?, ["removed"]);
    assert!(done(host, &["list", "--account", "acme"]).await?.is_empty());
    let complaint = refused(host, &one("test")).await?;
    assert!(complaint.contains("there is no such endpoint"), "{complaint}");
    Ok(())
}

async fn p3_without_the_key_the_command_makes_no_endpoint(host: &Host) -> Outcome {
    host.help_desk("acme").await?;
    let before = host.kept().await?;
    let add = ["endpoint", "add", "--account", "acme", "--url", "https://desk.example.com/in"];
    let asked = host.functions()?.check_on(casebridge_tests::host::TABLE, &add).await?;
    assert_ne!(asked.code, 0, "{asked:?}");
    assert!(asked.complained.contains("CASEBRIDGE_KMS_KEY"), "{asked:?}");
    assert_eq!(host.kept().await?, before);
    Ok(())
}
