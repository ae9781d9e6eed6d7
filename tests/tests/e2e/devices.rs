//! What is known of devices, and whether sessions can be started for them: I5, I10.

use std::collections::BTreeSet;

use casebridge_tests::{help_desk::HelpDesk, host::Host};
use serde_json::{Value, json};

use crate::activation::{activate, report};
use crate::run::{Outcome, on_every_host};

on_every_host![
    i5_readiness_says_what_blocks_what_limits_and_what_will_ask_and_how_to_mend_it,
    i5_a_device_that_lacks_nothing_is_ready_in_both_modes,
    i5_one_bad_device_of_many_spoils_none_of_the_others,
    i5_thousands_of_devices_are_one_call_and_a_list_in_pages,
    i10_licences_are_counted_by_distribution_and_no_report_is_refused_for_them,
];

async fn readiness(desk: &HelpDesk, device: &str, query: &str) -> anyhow::Result<Value> {
    desk.reader.get(&desk.path(&format!("/devices/{device}/readiness{query}"))).await?.expect(200)
}

fn findings<'a>(mode: &'a Value, kind: &str) -> Vec<&'a str> {
    let findings = mode["findings"].as_array().unwrap().iter().filter(|finding| finding["kind"] == kind);
    findings.map(|finding| finding["code"].as_str().unwrap()).collect()
}

/// An Android device that lacks nothing.
fn tablet() -> Value {
    let app =
        json!({ "installed": true, "distributed": true, "allow_listed": true, "managed": true, "version": "15.50" });
    let mut host = app.clone();
    host["permission_granted"] = json!(true);
    host["teamviewer_id"] = json!("1 234 567 890");
    json!({
        "platform": "android", "name": "Till 4", "os_version": "14", "maker": "Samsung", "model": "SM-X200",
        "management": "device_owner", "kiosk": "shared_kiosk", "quicksupport": app, "host": host, "add_on": app,
        "eula_accepted": true, "requester": { "name": "Rita Requester" },
    })
}

async fn i5_readiness_says_what_blocks_what_limits_and_what_will_ask_and_how_to_mend_it(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    activate(&desk).await?;
    let mut pixel = tablet();
    pixel["maker"] = json!("Google");
    pixel["model"] = json!("Pixel 8");
    pixel["quicksupport"] = json!({ "installed": false, "distributed": true, "allow_listed": false });
    pixel["add_on"] = json!({ "installed": false });
    pixel["eula_accepted"] = json!(false);
    report(&desk, "D-1", &pixel).await?;
    let ready = readiness(&desk, "D-1", "?language=pt").await?;
    let attended = &ready["attended"];
    assert_eq!((&attended["possible"], &attended["view_only"]), (&json!(false), &json!(true)), "{ready}");
    assert_eq!(findings(attended, "blocks"), ["quicksupport-not-allowed"]);
    assert_eq!(findings(attended, "limits_to_viewing"), ["add-on-missing"]);
    let asks = ["quicksupport-will-be-installed", "eula-not-accepted", "pixel-consent", "keep-quicksupport-running"];
    assert_eq!(findings(attended, "will_ask"), asks);
    assert_eq!(findings(&ready["unattended"], "blocks"), Vec::<&str>::new());
    let first = &attended["findings"][0];
    assert_eq!(first["title"], "O TeamViewer QuickSupport não está na lista de permissões do dispositivo.");
    assert!(first["fix"].as_str().unwrap().starts_with("Coloque o aplicativo QuickSupport"), "{first}");

    let old = json!({ "platform": "ios", "os_version": "10.3.4", "management": "mam_only",
        "quicksupport": { "installed": true, "distributed": true, "allow_listed": true, "managed": false } });
    report(&desk, "D-2", &old).await?;
    let ready = readiness(&desk, "D-2", "").await?;
    assert_eq!(findings(&ready["attended"], "blocks"), ["ios-too-old", "mam-only", "quicksupport-not-managed"]);
    assert_eq!(findings(&ready["attended"], "limits_to_viewing"), ["ios-view-only"]);
    assert_eq!(findings(&ready["unattended"], "blocks"), ["unattended-android-only"]);
    desk.reader.get(&desk.path("/devices/D-3/readiness")).await?.expect_problem(404, "not-found")?;
    Ok(())
}

async fn i5_a_device_that_lacks_nothing_is_ready_in_both_modes(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    activate(&desk).await?;
    desk.set(&json!({ "unattended_licences": 1 })).await?;
    report(&desk, "D-1", &tablet()).await?;
    let ready = readiness(&desk, "D-1", "?technician_client=15.60").await?;
    for mode in ["attended", "unattended"] {
        assert_eq!((&ready[mode]["possible"], &ready[mode]["view_only"]), (&json!(true), &json!(false)), "{ready}");
    }
    assert_eq!(findings(&ready["attended"], "will_ask"), ["keep-quicksupport-running"]);
    assert_eq!(ready["unattended"]["findings"], json!([]), "{ready}");
    // What is not reported any more is not known any more, and is asked for rather than guessed.
    report(&desk, "D-1", &json!({ "platform": "android" })).await?;
    let ready = readiness(&desk, "D-1", "").await?;
    assert_eq!(ready["attended"]["possible"], true);
    assert_eq!(findings(&ready["attended"], "unknown"), ["not-reported"]);
    assert_eq!(findings(&ready["unattended"], "blocks"), ["host-id-missing"]);
    Ok(())
}

async fn i5_one_bad_device_of_many_spoils_none_of_the_others(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let devices = json!({ "devices": [
        { "device": "D-1", "facts": tablet() },
        { "device": "D-2", "facts": { "platform": "windows" } },
        { "device": "D-1", "facts": { "platform": "ios" } },
        { "device": "D-4", "facts": { "platform": "ios", "os_version": "17.4" } },
    ] });
    let answer = desk.technician.post(&desk.path("/devices"), &devices).await?.expect(200)?;
    let results: Vec<&str> =
        answer["results"].as_array().unwrap().iter().map(|result| result["result"].as_str().unwrap()).collect();
    assert_eq!(results, ["kept", "refused", "refused", "kept"], "{answer}");
    assert_eq!(answer["results"][1]["errors"][0]["field"], "facts.platform", "{answer}");
    let listed = desk.reader.get(&desk.path("/devices")).await?.expect(200)?;
    assert_eq!(listed["items"].as_array().unwrap().len(), 2, "{listed}");
    Ok(())
}

/// As many as one call takes; on the functions fewer, since the table's stand-in takes its time where DynamoDB works side by side.
async fn i5_thousands_of_devices_are_one_call_and_a_list_in_pages(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let many: usize = if host.functions().is_ok() { 2_000 } else { 10_000 };
    let device = |n: usize| {
        let app = json!({ "installed": true, "distributed": true, "allow_listed": true, "managed": true });
        json!({ "device": format!("0b9f7b2e-6c1d-4f0e-9d53-{n:012}"), "facts": {
            "platform": if n.is_multiple_of(10) { "ios" } else { "android" }, "name": format!("Scanner {n}"), "os_version": "14",
            "maker": "Zebra", "model": "TC52", "management": "enrolled", "quicksupport": app, "eula_accepted": true,
            "requester": { "name": format!("Jane Doe {n}"), "email": format!("jane.doe.{n}@example.com") },
        } })
    };
    let devices: Vec<Value> = (0..many).map(device).collect();
    let answer = desk.technician.post(&desk.path("/devices"), &json!({ "devices": devices })).await?.expect(200)?;
    assert_eq!((&answer["kept"], &answer["refused"]), (&json!(many), &json!(0)));
    let standing = desk.reader.get(&desk.path("/activation")).await?.expect(200)?;
    assert_eq!(standing["devices"], json!({ "total": many, "with_host": 0 }));

    let (mut seen, mut cursor) = (BTreeSet::new(), String::new());
    loop {
        let path = desk.path(&format!("/devices?platform=ios&limit=100&cursor={cursor}"));
        let page = desk.reader.get(&path).await?.expect(200)?;
        for device in page["items"].as_array().unwrap() {
            assert!(seen.insert(device["device"].as_str().unwrap().to_owned()), "{device} twice");
        }
        let Some(next) = page["next"].as_str() else { break };
        next.clone_into(&mut cursor);
    }
    assert_eq!(seen.len(), many / 10);
    let checked = host.check(&["devices", "verify", "--account", "acme"]).await?;
    assert_eq!(checked.code, 0, "{checked:?}");
    let said =
        format!("account acme: devices: {many}, unattended licences: 0, with the Host app: 0; every count is right\n");
    assert_eq!(checked.said, said);
    Ok(())
}

async fn i10_licences_are_counted_by_distribution_and_no_report_is_refused_for_them(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    activate(&desk).await?;
    let licences = async || {
        anyhow::Ok(desk.reader.get(&desk.path("/activation")).await?.expect(200)?["unattended_licences"].clone())
    };
    assert_eq!(licences().await?, json!({ "used": 0 }));
    desk.set(&json!({ "unattended_licences": 1 })).await?;
    report(&desk, "D-1", &tablet()).await?;
    assert_eq!(licences().await?, json!({ "used": 1, "limit": 1 }));
    report(&desk, "D-1", &tablet()).await?;
    let devices = json!({ "devices": [{ "device": "D-2", "facts": tablet() }, { "device": "D-3", "facts": { "platform": "ios" } }] });
    let answer = desk.technician.post(&desk.path("/devices"), &devices).await?.expect(200)?;
    assert_eq!(answer["kept"], 2, "over the limit, and kept: {answer}");
    assert_eq!(licences().await?, json!({ "used": 2, "limit": 1 }));
    let ready = readiness(&desk, "D-1", "").await?;
    assert_eq!(findings(&ready["unattended"], "blocks"), ["licences-used-up"], "{ready}");
    assert_eq!(ready["unattended_licences"], json!({ "used": 2, "limit": 1 }));
    assert_eq!(ready["attended"]["possible"], true, "{ready}");
    // Not distributed any more, though it is still there: the licence is free again.
    let mut left_over = tablet();
    left_over["host"]["distributed"] = json!(false);
    report(&desk, "D-2", &left_over).await?;
    assert_eq!(licences().await?, json!({ "used": 1, "limit": 1 }));
    assert_eq!(readiness(&desk, "D-1", "").await?["unattended"]["possible"], true);
    Ok(())
}
