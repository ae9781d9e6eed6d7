//! Activating TeamViewer for devices, and taking that back: I1, I2, I3.

use anyhow::Context as _;
use casebridge_tests::{feed::Feed, help_desk::HelpDesk, host::Host};
use serde_json::{Value, json};

use crate::run::{Outcome, on_every_host};

on_every_host![
    i1_who_agreed_when_and_to_which_terms_is_kept,
    i1_only_the_terms_as_they_are_now_can_be_agreed_to,
    i2_removing_the_activation_takes_two_steps_and_leaves_tickets_alone,
    i2_the_account_is_activated_again_with_another_teamviewer_account,
    i3_devices_with_the_host_app_hold_the_activation_until_it_is_off_them,
];

/// What an administrator sends who agrees, for both modes.
pub async fn agreement(desk: &HelpDesk) -> anyhow::Result<Value> {
    let now = desk.reader.get(&desk.path("/activation")).await?.expect(200)?;
    Ok(json!({
        "mode": "attended_and_unattended",
        "agreement": { "terms_version": now["terms"]["version"], "agreed_by": { "id": "sam", "name": "Sam Admin" } },
    }))
}

/// An administrator activates both modes.
pub async fn activate(desk: &HelpDesk) -> anyhow::Result<Value> {
    desk.admin.put(&desk.path("/activation"), &agreement(desk).await?).await?.expect(200)
}

/// What is known of a device.
pub async fn report(desk: &HelpDesk, device: &str, facts: &Value) -> anyhow::Result<Value> {
    desk.technician.put(&desk.path(&format!("/devices/{device}")), facts).await?.expect(200)
}

async fn i1_who_agreed_when_and_to_which_terms_is_kept(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let before = desk.reader.get(&desk.path("/activation")).await?.expect(200)?;
    assert_eq!(before["mode"], "none");
    assert!(before["terms"]["link"].as_str().unwrap().starts_with("https://www.teamviewer.com/"), "{before}");
    let made = activate(&desk).await?;
    assert_eq!(made["mode"], "attended_and_unattended");
    assert_eq!(made["agreement"]["agreed_by"], json!({ "id": "sam", "name": "Sam Admin" }));
    assert_eq!(made["agreement"]["terms_version"], before["terms"]["version"]);
    assert_eq!(made["customer_id"], "acme");
    assert_eq!(desk.reader.get(&desk.path("/activation")).await?.expect(200)?, made);

    let mut attended = agreement(&desk).await?;
    attended["mode"] = json!("attended");
    attended["customer_id"] = json!("northwind-0815");
    let changed = desk.admin.put(&desk.path("/activation"), &attended).await?.expect(200)?;
    assert_eq!((&changed["mode"], &changed["customer_id"]), (&json!("attended"), &json!("northwind-0815")));
    assert_eq!(changed["activated_at"], made["activated_at"]);
    let told = Feed::of(&desk).shows("the activation", |event| event["type"] == "activation.made").await?;
    assert_eq!(told["data"]["agreed_by"], "sam", "{told}");
    Ok(())
}

async fn i1_only_the_terms_as_they_are_now_can_be_agreed_to(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let mut wish = agreement(&desk).await?;
    wish["agreement"]["terms_version"] = json!("1999-01");
    let refused = desk.admin.put(&desk.path("/activation"), &wish).await?.expect_problem(422, "invalid-fields")?;
    assert_eq!(refused.fields(), ["agreement.terms_version"]);
    let by_technician = desk.technician.put(&desk.path("/activation"), &agreement(&desk).await?).await?;
    by_technician.expect_problem(403, "forbidden")?;
    assert_eq!(desk.reader.get(&desk.path("/activation")).await?.expect(200)?["mode"], "none");
    Ok(())
}

async fn i2_removing_the_activation_takes_two_steps_and_leaves_tickets_alone(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    desk.new_case("T-1").await?;
    activate(&desk).await?;
    report(&desk, "D-1", &json!({ "platform": "ios" })).await?;
    let path = desk.path("/activation");
    let first = desk.admin.delete(&path).await?.expect_problem(409, "confirmation-needed")?;
    assert_eq!(first["would_stop"], json!({ "sessions": [], "devices": 1 }), "{first}");
    let confirm = first["confirm"].as_str().context("no word to confirm with")?;
    assert_eq!(desk.reader.get(&path).await?.expect(200)?["mode"], "attended_and_unattended", "asking removes nothing");
    desk.admin.delete(&format!("{path}?confirm=0{confirm}")).await?.expect_problem(409, "confirmation-needed")?;
    desk.admin.delete(&format!("{path}?confirm={confirm}")).await?.expect(200)?;
    desk.admin.delete(&path).await?.expect_problem(404, "not-found")?;
    let ready = desk.reader.get(&desk.path("/devices/D-1/readiness")).await?.expect(200)?;
    assert_eq!(ready["attended"]["findings"][0]["code"], "not-activated", "{ready}");
    assert_eq!(desk.case("T-1").await?["state"], "open");
    assert_eq!(desk.connection().await?["state"], "active");
    Feed::of(&desk).shows("the removal", |event| event["type"] == "activation.removed").await?;
    Ok(())
}

async fn i2_the_account_is_activated_again_with_another_teamviewer_account(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    activate(&desk).await?;
    let path = desk.path("/activation");
    let first = desk.admin.delete(&path).await?.expect_problem(409, "confirmation-needed")?;
    let confirm = first["confirm"].as_str().context("no word to confirm with")?.to_owned();
    desk.admin.delete(&format!("{path}?confirm={confirm}")).await?.expect(200)?;
    activate(&desk).await?;
    desk.admin.delete(&format!("{path}?confirm={confirm}")).await?.expect_problem(409, "confirmation-needed")?;

    desk.disconnect().await?.expect(204)?;
    assert_eq!(desk.reader.get(&path).await?.expect(200)?["mode"], "attended_and_unattended");
    let another = host.kit().sandbox.token_of("elsewhere", "u777").await?;
    desk.connect(&another).await?.expect(200)?;
    activate(&desk).await?;
    Ok(())
}

async fn i3_devices_with_the_host_app_hold_the_activation_until_it_is_off_them(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    activate(&desk).await?;
    let host_app = |distributed: bool, installed: bool| json!({ "platform": "android", "name": "Till", "host": { "distributed": distributed, "installed": installed } });
    report(&desk, "D-1", &host_app(true, true)).await?;
    report(&desk, "D-2", &host_app(false, true)).await?;
    report(&desk, "D-3", &host_app(false, false)).await?;
    let path = desk.path("/activation");
    let refused = desk.admin.delete(&path).await?.expect_problem(409, "hosts-left")?;
    let mut left: Vec<&str> =
        refused["devices"].as_array().unwrap().iter().map(|device| device["device"].as_str().unwrap()).collect();
    left.sort_unstable();
    assert_eq!((left, &refused["total"]), (vec!["D-1", "D-2"], &json!(2)), "{refused}");
    assert!(refused["fix"].as_str().unwrap().contains("check-in"), "{refused}");
    let listed = desk.reader.get(&desk.path("/devices?mode=unattended")).await?.expect(200)?;
    assert_eq!(listed["items"].as_array().unwrap().len(), 2, "{listed}");

    report(&desk, "D-1", &host_app(false, false)).await?;
    desk.technician.delete(&desk.path("/devices/D-2")).await?.expect(204)?;
    let first = desk.admin.delete(&path).await?.expect_problem(409, "confirmation-needed")?;
    let confirm = first["confirm"].as_str().context("no word to confirm with")?;
    desk.admin.delete(&format!("{path}?confirm={confirm}")).await?.expect(200)?;
    Ok(())
}
