//! The audit trail: verified, exported and rid of a person while the help desk works; what was changed is noticed.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use casebridge_tests::{
    binaries,
    feed::Feed,
    help_desk::HelpDesk,
    host::{Checked, Host, OnPrem},
};
use http::Method;
use rusqlite::Connection;
use tempfile::TempDir;
use tokio::process::Command;

use crate::busy::Busy;
use crate::run::{Outcome, on_every_host, on_prem};

mod anywhere {
    use super::*;

    on_every_host![
        n10_an_export_by_api_is_verified_without_us,
        n10_a_trail_holds_while_everything_goes_on_and_what_was_written_down_is_still_there,
        n10_a_technician_is_taken_out_and_the_trail_still_holds,
        n10_what_can_not_be_checked_ends_with_two,
    ];

    crate::run::stack![n10_a_technician_is_taken_out_and_the_trail_still_holds];
}

mod in_one_process {
    use super::*;

    on_prem![n10_an_entry_that_was_changed_is_named, n10_an_export_is_verified_without_a_store_and_never_written_over,];
}

const VERIFY: [&str; 4] = ["audit", "verify", "--account", "acme"];

/// `NUMBER:HASH` of the last entry, as `verify` says it.
fn last_entry(checked: &Checked) -> anyhow::Result<&str> {
    let (_, last) = checked.said.trim().rsplit_once("the last is ").with_context(|| format!("{checked:?}"))?;
    Ok(last)
}

async fn worked(host: &Host) -> anyhow::Result<HelpDesk> {
    let desk = host.help_desk("acme").await?;
    let case = desk.new_case("T-1").await?;
    desk.stop(&case).await?.expect(200)?;
    Feed::of(&desk).shows_of_case(&case, "case.closed").await?;
    Ok(desk)
}

async fn verify_file(file: &Path, more: &[&str]) -> anyhow::Result<Checked> {
    let mut verify = Command::new(binaries::program("casebridge")?);
    Checked::of(&verify.args(["audit", "verify", "--file"]).arg(file).args(more).output().await?)
}

async fn n10_an_export_by_api_is_verified_without_us(host: &Host) -> Outcome {
    let desk = worked(host).await?;
    let path = desk.path("/audit");
    let lines = desk.admin.call(Method::GET, &path).header("accept", "application/x-ndjson").send().await?;
    assert_eq!(lines.status, 200, "{lines}");
    let folder = TempDir::new()?;
    let file = folder.path().join("export.jsonl");
    fs::write(&file, &lines.text)?;
    let checked = verify_file(&file, &[]).await?;
    assert_eq!(checked.code, 0, "{checked:?}");
    assert!(checked.said.contains(&format!("{} entries, 0 of them erased", lines.text.lines().count())), "{checked:?}");

    let changed = lines.text.replacen("case.closed", "case.failed", 1);
    fs::write(&file, changed)?;
    let checked = verify_file(&file, &[]).await?;
    assert!(checked.code == 1 && checked.said.contains("its hash does not follow"), "{checked:?}");
    Ok(())
}

async fn n10_a_trail_holds_while_everything_goes_on_and_what_was_written_down_is_still_there(host: &Host) -> Outcome {
    let desk = worked(host).await?;
    let first = host.check(&VERIFY).await?;
    let busy = Busy::begin(&desk);
    let mut last = last_entry(&first)?.to_owned();
    for _ in 0..5 {
        let checked = host.check(&[&VERIFY[..], &["--expect", &last]].concat()).await?;
        assert_eq!((checked.code, checked.complained.as_str()), (0, ""), "{checked:?}");
        last_entry(&checked)?.clone_into(&mut last);
    }
    busy.end().await?;
    let (number, _) = last.split_once(':').context("no number")?;
    let other = format!("{number}:{}", "0".repeat(64));
    let checked = host.check(&[&VERIFY[..], &["--expect", &other]].concat()).await?;
    assert!(checked.code == 1 && checked.said.contains("not the one that was written down"), "{checked:?}");
    let ahead = format!("1000000:{}", "0".repeat(64));
    let checked = host.check(&[&VERIFY[..], &["--expect", &ahead]].concat()).await?;
    assert!(checked.code == 1 && checked.said.contains("entry 1000000 is missing"), "{checked:?}");
    Ok(())
}

async fn n10_an_entry_that_was_changed_is_named(host: &Host) -> Outcome {
    worked(host).await?;
    let server = host.one_process()?;
    put_another_word_into_the_trail(server)?;
    let checked = server.check(&VERIFY).await?;
    assert_eq!((checked.code, checked.complained.as_str()), (1, ""), "{checked:?}");
    assert!(checked.said.contains("does NOT hold; entry "), "{checked:?}");
    Ok(())
}

/// Somebody changes what is kept behind our back.
fn put_another_word_into_the_trail(server: &OnPrem) -> Outcome {
    let store = Connection::open(server.store())?;
    let sql = "UPDATE item SET body = replace(body, 'case.closed', 'case.failed') WHERE pk = 'A#acme#A'";
    anyhow::ensure!(store.execute(sql, [])? > 0, "there is no trail");
    Ok(())
}

async fn n10_an_export_is_verified_without_a_store_and_never_written_over(host: &Host) -> Outcome {
    let desk = worked(host).await?;
    let server = host.one_process()?;
    let file = server.folder().join("export.jsonl");
    let out = file.to_str().context("a path")?;
    let busy = Busy::begin(&desk);
    let export = ["audit", "export", "--account", "acme", "--out", out];
    let exported = server.check(&export).await?;
    busy.end().await?;
    assert_eq!((exported.code, exported.complained.as_str()), (0, ""), "{exported:?}");
    let last = last_entry(&exported)?;
    let checked = verify_file(&file, &["--expect", last]).await?;
    assert_eq!(checked.code, 0, "{checked:?}");
    let checked = server.check(&[&VERIFY[..], &["--expect", last]].concat()).await?;
    assert_eq!(checked.code, 0, "{checked:?}");

    let again = server.check(&export).await?;
    assert!(again.code == 2 && again.complained.contains("can't be made"), "{again:?}");
    let printed = server.check(&["audit", "export", "--account", "acme"]).await?;
    let kept = fs::read_to_string(&file)?;
    assert!(printed.code == 0 && printed.said.starts_with(&kept), "the trail only grows");

    let without_the_second: Vec<&str> =
        kept.lines().enumerate().filter(|(at, _)| *at != 1).map(|(_, line)| line).collect();
    fs::write(&file, without_the_second.join("\n"))?;
    let checked = verify_file(&file, &[]).await?;
    assert!(checked.code == 1 && checked.said.contains("does not follow the number before it"), "{checked:?}");
    fs::write(&file, "nothing of ours\n")?;
    let checked = verify_file(&file, &[]).await?;
    assert!(checked.code == 1 && checked.said.contains("line 1 is no entry"), "{checked:?}");
    Ok(())
}

async fn n10_a_technician_is_taken_out_and_the_trail_still_holds(host: &Host) -> Outcome {
    let desk = worked(host).await?;
    let mut feed = Feed::of(&desk);
    let ends = ["invitation.accepted", "invitation.cancelled"];
    feed.shows("the mail's end", |event| ends.iter().any(|end| event["type"] == *end)).await?;
    let export = ["audit", "export", "--account", "acme"];
    let before = host.check(&export).await?.said;
    assert!(before.contains("anna"), "{before}");
    let last = last_entry(&host.check(&VERIFY).await?)?.to_owned();

    let erased = host.check(&["audit", "erase", "--account", "acme", "--technician", "anna"]).await?;
    assert_eq!((erased.code, erased.complained.as_str()), (0, ""), "{erased:?}");
    assert!(erased.said.contains("lost their details"), "{erased:?}");
    let noted = feed.shows("the erasure", |event| event["type"] == "audit.erased").await?;
    assert_eq!(noted["by"]["is"], "operator", "{noted}");

    let after = host.check(&export).await?.said;
    assert!(!after.contains("anna"), "{after}");
    assert!(after.contains("account.made"), "what is not about her keeps its details");
    let checked = host.check(&[&VERIFY[..], &["--expect", &last]].concat()).await?;
    assert_eq!(checked.code, 0, "{checked:?}");
    let nobody = host.check(&["audit", "erase", "--account", "acme", "--technician", "anna"]).await?;
    assert!(nobody.code == 0 && nobody.said.contains("no entry has that id"), "{nobody:?}");
    Ok(())
}

async fn n10_what_can_not_be_checked_ends_with_two(host: &Host) -> Outcome {
    for (words, complaint) in [
        (&["audit", "verify", "--account", "nobody"][..], "account nobody has no audit trail"),
        (&["audit", "export", "--account", "nobody"], "account nobody has no audit trail"),
        (&["audit", "erase", "--account", "nobody", "--technician", "anna"], "there is no account nobody"),
        (&["audit", "verify", "--account", "acme", "--expect", "12"], "--expect"),
        (&["audit", "verify", "--account", "acme", "--file", "x"], "--file"),
    ] {
        let checked = host.check(words).await?;
        assert_eq!(checked.code, 2, "{words:?}: {checked:?}");
        assert!(checked.complained.contains(complaint) && checked.said.is_empty(), "{words:?}: {checked:?}");
    }
    let missing = verify_file(&TempDir::new()?.path().join("nowhere.jsonl"), &[]).await?;
    assert_eq!(missing.code, 2, "{missing:?}");
    Ok(())
}
