//! Registering a script token: B1, B13, B14.

use casebridge_tests::{api::Answer, help_desk::HelpDesk, host::Host};
use serde_json::{Value, json};

use crate::run::{Outcome, on_every_host};

on_every_host![
    b1_a_token_with_exactly_the_guides_permissions_is_accepted,
    b1_a_missing_needed_permission_is_refused_with_how_to_mend_it,
    b1_a_missing_permission_that_is_not_needed_is_told_and_no_refusal,
    b1_an_unknown_or_revoked_token_is_refused,
    b1_a_licence_below_premium_is_refused_by_name,
    b1_the_token_is_never_shown_again_and_kept_encrypted,
    b1_play_works_as_soon_as_a_token_is_registered,
    b1_a_check_that_teamviewer_does_not_answer_keeps_nothing,
    b13_the_module_is_set_on_each_session,
    b13_a_module_that_teamviewer_refuses_per_session_becomes_a_checklist,
    b14_the_group_is_shared_and_unshared,
    b14_users_outside_the_company_and_addresses_that_cant_be_looked_up_are_refused_by_place,
];

crate::run::stack![b1_the_token_is_never_shown_again_and_kept_encrypted];

const DEMO_ADMIN: &str = "u11293276";
const TECHNICIANS: [&str; 2] = ["u11293277", "u11293278"];

/// An account that is not connected.
async fn unconnected(host: &Host) -> anyhow::Result<HelpDesk> {
    HelpDesk::open(host.vendor(), "acme", &json!({})).await
}

async fn b1_a_token_with_exactly_the_guides_permissions_is_accepted(host: &Host) -> Outcome {
    let desk = unconnected(host).await?;
    let connection = desk.connect(&host.kit().script_token).await?.expect(200)?;
    assert_eq!(connection["state"], "active");
    assert_eq!(connection["licence"], "Premium");
    assert_eq!(connection["registrar"]["user"], DEMO_ADMIN);
    assert_eq!(connection["registrar"]["company"], "Northwind Support");
    let proofs: Vec<_> = permissions(&connection).collect();
    assert_eq!(proofs.len(), 10);
    for (name, proof) in &proofs {
        let expected = if name.ends_with("_view") { "proven" } else { "unknown" };
        assert_eq!(proof, expected, "{name}: only a harmless read proves, nothing is missing");
    }
    assert_eq!(desk.connection().await?, connection);
    assert!(host.kit().sandbox.sessions().await?.is_empty(), "checking makes nothing");
    Ok(())
}

async fn b1_a_missing_needed_permission_is_refused_with_how_to_mend_it(host: &Host) -> Outcome {
    let desk = unconnected(host).await?;
    let token = token_without(host, &["sessions_view_all", "computers_add"]).await?;
    let refused = desk.connect(&token).await?.expect_problem(422, "permissions-missing")?;
    assert_eq!(
        refused["permissions"],
        json!([
            { "permission": "sessions_view", "in_the_console": "Session management: view all" },
            { "permission": "contacts_add", "in_the_console": "Computers & Contacts: add" },
        ])
    );
    assert!(refused["fix"].as_str().unwrap().contains("Management Console"), "{refused}");
    desk.admin.get(&desk.path("/connection")).await?.expect_problem(404, "not-found")?;
    Ok(())
}

async fn b1_a_missing_permission_that_is_not_needed_is_told_and_no_refusal(host: &Host) -> Outcome {
    let desk = unconnected(host).await?;
    let token = token_without(host, &["connections_delete", "connections_view"]).await?;
    let connection = desk.connect(&token).await?.expect(200)?;
    let missing: Vec<_> =
        permissions(&connection).filter(|(_, proof)| proof == "missing").map(|(name, _)| name).collect();
    assert_eq!(missing, ["reports_view", "reports_delete"]);
    desk.new_case("T-1").await?;
    Ok(())
}

async fn b1_an_unknown_or_revoked_token_is_refused(host: &Host) -> Outcome {
    let desk = unconnected(host).await?;
    let revoked = host.kit().sandbox.token(&json!({ "owner": DEMO_ADMIN })).await?;
    host.kit().sandbox.revoke(&revoked).await?;
    for bad_ping in ["false", "unauthorized"] {
        host.kit().sandbox.unknowns(&json!({ "ping_with_bad_token": bad_ping })).await?;
        for token in [revoked.as_str(), "1234567-nobodysTokenAtAll000"] {
            let refused = desk.connect(token).await?.expect_problem(422, "invalid-fields")?;
            assert_eq!(refused.fields(), ["script_token"]);
            assert!(!refused.text.contains(token), "{refused}");
        }
    }
    desk.admin.get(&desk.path("/connection")).await?.expect_problem(404, "not-found")?;
    Ok(())
}

async fn b1_a_licence_below_premium_is_refused_by_name(host: &Host) -> Outcome {
    let desk = unconnected(host).await?;
    let small =
        json!({ "id": "u555", "name": "S", "email": "s@x.example", "company": "northwind", "licence": "Business" });
    host.kit().sandbox.tell("/sandbox/users", &small).await?;
    let token = host.kit().sandbox.token(&json!({ "owner": "u555" })).await?;
    let refused = desk.connect(&token).await?.expect_problem(422, "licence-too-small")?;
    assert_eq!(refused["licence"], "Business");
    Ok(())
}

async fn b1_the_token_is_never_shown_again_and_kept_encrypted(host: &Host) -> Outcome {
    let desk = unconnected(host).await?;
    let token = &host.kit().script_token;
    let mut seen: Vec<Answer> = vec![desk.connect(token).await?];
    let case = desk.new_case("T-1").await?;
    seen.push(desk.admin.get(&desk.path("/connection?check=now")).await?);
    seen.push(desk.admin.get(&desk.path("")).await?);
    seen.push(desk.stop(&case).await?);
    for answer in &seen {
        assert!(answer.status == 200 && !answer.text.contains(token.as_str()), "{answer}");
    }
    for (place, item) in host.kept().await? {
        assert!(!item.contains(token.as_str()), "{place} has the token in the clear");
    }
    assert!(!host.output().contains(token.as_str()), "the log has the token");
    Ok(())
}

async fn b1_play_works_as_soon_as_a_token_is_registered(host: &Host) -> Outcome {
    let desk = unconnected(host).await?;
    let refused = desk.play("T-1").await?.expect_problem(409, "not-connected")?;
    assert!(refused["fix"].as_str().unwrap().contains("script token"), "{refused}");
    desk.connect(&host.kit().script_token).await?.expect(200)?;
    desk.new_case("T-1").await?;
    Ok(())
}

async fn b1_a_check_that_teamviewer_does_not_answer_keeps_nothing(host: &Host) -> Outcome {
    let desk = unconnected(host).await?;
    host.kit().sandbox.fault(&json!({ "kind": "connection_closed" })).await?;
    let failed = desk.connect(&host.kit().script_token).await?;
    assert_eq!((failed.status, failed.problem()), (502, "teamviewer-failed"), "{failed}");
    assert!(failed["fix"].is_string());
    desk.admin.get(&desk.path("/connection")).await?.expect_problem(404, "not-found")?;
    host.kit().sandbox.no_faults().await?;
    desk.connect(&host.kit().script_token).await?.expect(200)?;
    Ok(())
}

async fn b13_the_module_is_set_on_each_session(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let wish = json!({ "id": "6mqbpyk", "bound_to_group": true });
    let connection = desk.admin.put(&desk.path("/connection/module"), &wish).await?.expect(200)?;
    assert_eq!(connection["module"]["id"], "6mqbpyk");
    assert_eq!(done(&connection, "module_bound"), true);
    assert_eq!(done(&connection, "assignee_unassigned"), false);
    desk.new_case("T-1").await?;
    assert_eq!(host.kit().sandbox.open_sessions().await?[0]["custom_module_id"], "6mqbpyk");
    Ok(())
}

async fn b13_a_module_that_teamviewer_refuses_per_session_becomes_a_checklist(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    host.kit().sandbox.unknowns(&json!({ "custom_module_in_update": "refused" })).await?;
    desk.admin.put(&desk.path("/connection/module"), &json!({ "id": "6mqbpyk" })).await?.expect(200)?;
    desk.new_case("T-1").await?;
    let connection = desk.connection().await?;
    assert_eq!(connection["module"]["per_session_refused"], true);
    let steps = connection["checklist"].as_array().unwrap();
    assert!(steps.iter().all(|step| step["how"].as_str().unwrap().ends_with('.')), "{steps:?}");
    assert_eq!(done(&connection, "group_made"), true);
    assert_eq!(done(&connection, "module_bound"), false);
    desk.new_case("T-2").await?;
    Ok(())
}

async fn b14_the_group_is_shared_and_unshared(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let path = desk.path("/connection/shares");
    let ids = |users: &[&str]| json!({ "users": users.iter().map(|id| json!({ "id": id })).collect::<Vec<_>>() });
    let shared = desk.admin.put(&path, &ids(&TECHNICIANS)).await?.expect(200)?;
    assert_eq!(shared["shares"].as_array().unwrap().len(), 2);
    assert_eq!(shared["shares"][0], json!({ "id": TECHNICIANS[0], "name": "Anna Becker" }));
    assert_eq!(
        host.kit().sandbox.groups().await?[0]["shares"].as_object().unwrap().len(),
        2,
        "made before the first case"
    );
    let one = desk.admin.put(&path, &ids(&TECHNICIANS[..1])).await?.expect(200)?;
    assert_eq!(one["shares"].as_array().unwrap().len(), 1);
    desk.admin.put(&path, &ids(&[])).await?.expect(200)?;
    assert_eq!(host.kit().sandbox.groups().await?[0]["shares"], json!({}));

    let wider = json!({ "owner": DEMO_ADMIN, "permissions": guide_and(&["users_view"]) });
    desk.connect(&host.kit().sandbox.token(&wider).await?).await?.expect(200)?;
    let by_address = json!({ "users": [{ "email": "Ben.Okafor@northwind.example" }] });
    let shared = desk.admin.put(&path, &by_address).await?.expect(200)?;
    assert_eq!(shared["shares"], json!([{ "id": TECHNICIANS[1], "name": "Ben Okafor" }]));
    Ok(())
}

async fn b14_users_outside_the_company_and_addresses_that_cant_be_looked_up_are_refused_by_place(
    host: &Host,
) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let path = desk.path("/connection/shares");
    host.kit().sandbox.token_of("elsewhere", "u777").await?;
    let outsider = json!({ "users": [{ "id": "u777" }] });
    let refused = desk.admin.put(&path, &outsider).await?.expect_problem(422, "invalid-fields")?;
    assert_eq!(refused.fields(), ["users[0]"]);
    let by_address = json!({ "users": [{ "id": TECHNICIANS[0] }, { "email": "ben.okafor@northwind.example" }] });
    let refused = desk.admin.put(&path, &by_address).await?.expect_problem(422, "invalid-fields")?;
    assert_eq!(refused.fields(), ["users[1]"]);
    assert!(refused["errors"][0]["message"].as_str().unwrap().contains("give the TeamViewer id instead"), "{refused}");
    assert_eq!(desk.connection().await?["shares"], json!([]));
    Ok(())
}

const GUIDE: [&str; 10] = [
    "sessions_create",
    "sessions_view_all",
    "sessions_edit_all",
    "connections_view",
    "connections_edit",
    "connections_delete",
    "computers_view",
    "computers_add",
    "computers_edit",
    "computers_delete",
];

fn guide_and(more: &[&str]) -> Vec<String> {
    GUIDE.iter().chain(more).map(ToString::to_string).collect()
}

async fn token_without(host: &Host, missing: &[&str]) -> anyhow::Result<String> {
    let permissions: Vec<&str> = GUIDE.into_iter().filter(|permission| !missing.contains(permission)).collect();
    host.kit().sandbox.token(&json!({ "owner": DEMO_ADMIN, "permissions": permissions })).await
}

/// Name and proof of each permission.
fn permissions(connection: &Value) -> impl Iterator<Item = (String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let all = connection["permissions"].as_array().cloned().unwrap_or_default();
    all.into_iter().map(move |one| (text(&one["permission"]), text(&one["proof"])))
}

/// Whether an item of the checklist is ticked off.
fn done(connection: &Value, item: &str) -> Value {
    let steps = connection["checklist"].as_array().cloned().unwrap_or_default();
    steps.into_iter().find(|step| step["item"] == item).map(|step| step["done"].clone()).unwrap_or_default()
}
