//! What an operator on-prem does: B17. Start with a bad configuration, TLS, stop, back up, restore, resume.

use std::{fs, time::Duration};

use casebridge_tests::{
    binaries,
    help_desk::RITA,
    host::{Host, OnPrem, Settings},
    port::Port,
    test_kit::TestKit,
    until::until,
};
use serde_json::json;
use tokio::process::Command;

use crate::run::{Outcome, SOON, on_prem, soon};

on_prem![
    b17_a_stop_lets_a_play_that_is_under_way_finish,
    b17_a_kill_loses_nothing_that_was_answered,
    b17_a_backup_of_a_served_store_starts_held_until_the_operator_resumes,
];

async fn b17_a_stop_lets_a_play_that_is_under_way_finish(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let server = host.one_process()?;
    let slow = json!({ "method": "POST", "path": "/sessions", "kind": "slow_body", "milliseconds_per_byte": 3 });
    host.kit().sandbox.fault(&slow).await?;
    let playing = tokio::spawn({
        let desk = desk.clone();
        async move { desk.play("T-1").await }
    });
    soon("TeamViewer has been asked", async || Ok(host.kit().sandbox.sessions().await?.len() == 1)).await?;
    server.ask_to_end();
    let case = playing.await??.expect(201)?;
    assert_eq!(case["state"], "open");
    assert!(server.ended().await.success());
    assert!(desk.play("T-2").await.is_err(), "nobody answers any more");
    let kept = host.kept().await?;
    assert!(kept.values().any(|item| item.contains(case["session_code"].as_str().unwrap())), "it is in the store");
    Ok(())
}

async fn b17_a_kill_loses_nothing_that_was_answered(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    host.kit().mail.fault(&json!({ "kind": "temporary_refusal", "recipient": "*" })).await?;
    let case = desk.new_case("T-1").await?;
    let server = host.one_process()?;
    server.kill().await;
    host.kit().mail.no_faults().await?;
    let again = server.again().await?;
    assert_eq!(desk.case("T-1").await?["session_code"], case["session_code"]);
    assert_eq!(desk.play("T-1").await?.expect(200)?["id"], case["id"]);
    // Whoever had the letter in hand is gone; its lease lapses after a minute and a half at the latest.
    host.kit().mail.arrive(RITA, 1, Duration::from_secs(100)).await?;
    desk.stop(&case).await?.expect(200)?;
    drop(again);
    Ok(())
}

async fn b17_a_backup_of_a_served_store_starts_held_until_the_operator_resumes(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let server = host.one_process()?;
    let first = desk.new_case("T-1").await?;
    let copy = server.folder().join("copy.db");
    server.command(&["backup", "--to", copy.to_str().unwrap()]).await?;
    desk.new_case("T-2").await?;
    host.kit().mail.arrive(RITA, 2, SOON).await?;
    host.kit().mail.no_messages().await?;
    server.ask_to_end();
    server.ended().await;

    let restore = ["restore", "--from", copy.to_str().unwrap()];
    let refused = server.command(&restore).await.unwrap_err().to_string();
    assert!(refused.contains("--replace") || refused.contains("there"), "{refused}");
    server.command(&[&restore[..], &["--replace"]].concat()).await?;
    {
        let held = server.again().await?;
        assert_eq!(desk.case("T-1").await?["session_code"], first["session_code"]);
        // The copy doesn't know the second case: its session is nobody's, and the watch closes it.
        desk.technician.get(&desk.ticket("T-2", "/case")).await?.expect_problem(404, "not-found")?;
        soon("the orphan is closed", async || Ok(host.kit().sandbox.open_sessions().await?.len() == 1)).await?;
        desk.invite_again(&first).await?.expect(202)?;
        held.ask_to_end();
        held.exited().await;
        assert!(host.kit().mail.all().await?.is_empty(), "letters are held");
    }
    let said = server.command(&["resume"]).await?;
    assert!(said.contains("letters go out again"), "{said}");
    let again = server.again().await?;
    host.kit().mail.arrive(RITA, 1, SOON).await?;
    drop(again);
    Ok(())
}

#[tokio::test]
async fn b17_every_problem_of_a_configuration_is_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("casebridge.toml");
    let bad = "[server]\nlisten = \"here\"\ntls_key = \"/nowhere/key.pem\"\n[mail]\nport = 99999\nfrom = \"nobody\"\n[extra]\na = 1\n";
    fs::write(&config, bad).unwrap();
    let mut serve = Command::new(binaries::program("casebridge").unwrap());
    let ended = serve.arg("serve").arg("--config").arg(&config).output().await.unwrap();
    assert!(!ended.status.success());
    let said = String::from_utf8(ended.stderr).unwrap();
    for problem in [
        "[server] listen must be an address and port",
        "[server] tls_key there is no file /nowhere/key.pem",
        "[store] path is missing",
        "[vault] key_file is missing",
        "[mail] host is missing",
        "[mail] port must be 1 to 65535",
        "[mail] from must be a mail address",
        "[extra] is not known",
    ] {
        assert!(said.contains(problem), "{problem} is not in\n{said}");
    }
}

#[tokio::test]
async fn b17_tls_is_spoken_with_the_operators_own_certificate() {
    let kit = TestKit::start().await.unwrap();
    let files = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (certificate, key) = (files.path().join("cert.pem"), files.path().join("key.pem"));
    fs::write(&certificate, made.cert.pem()).unwrap();
    fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let server = format!("tls_certificate = \"{}\"\ntls_key = \"{}\"", certificate.display(), key.display());
    let host = OnPrem::start(&kit, &Settings { server, ..Settings::default() }).await.unwrap();

    rustls::crypto::ring::default_provider().install_default().unwrap();
    let root = reqwest::Certificate::from_pem(made.cert.pem().as_bytes()).unwrap();
    let client = reqwest::Client::builder().tls_certs_only([root]).timeout(SOON).build().unwrap();
    let url = format!("https://localhost:{}", host.address().port());
    let accounts = client.get(format!("{url}/v1/accounts")).bearer_auth(host.vendor_key());
    let answer = until(SOON, async || accounts.try_clone()?.send().await.ok()).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(host.api().get("/healthz").await.is_err(), "plain HTTP is not answered there");
}

#[tokio::test]
async fn b17_a_second_process_on_the_same_store_is_refused() {
    let kit = TestKit::start().await.unwrap();
    let host = OnPrem::start(&kit, &Settings::default()).await.unwrap();
    let free = Port::reserve().unwrap();
    let mut serve = Command::new(binaries::program("casebridge").unwrap());
    serve.arg("serve").arg("--config").arg(host.config());
    let ended = serve.env("CASEBRIDGE__SERVER__LISTEN", free.address().to_string()).output().await.unwrap();
    assert!(!ended.status.success());
    assert!(!String::from_utf8(ended.stderr).unwrap().is_empty());
}
