//! Revoking access, on either side, and the next administrator: B16.

use casebridge_tests::host::Host;
use serde_json::json;

use crate::run::{Outcome, on_every_host, soon};

mod anywhere {
    use super::*;

    on_every_host![
        b16_revoking_is_refused_with_the_live_cases_and_works_once_they_are_closed,
        b16_after_teamviewers_own_revocation_a_case_can_be_ended_on_our_side_only,
        b16_after_teamviewers_own_revocation_a_new_token_of_the_same_user_closes_the_case,
        b16_another_administrator_starts_anew_and_is_told_what_has_to_be_redone,
        b16_another_administrators_token_is_refused_while_cases_are_live,
    ];

    crate::run::stack![b16_another_administrator_starts_anew_and_is_told_what_has_to_be_redone];
}

mod watched {
    use super::*;

    crate::run::on_every_host![b16_teamviewers_own_revocation_is_noticed_without_anybody_pressing_anything];
}

async fn b16_revoking_is_refused_with_the_live_cases_and_works_once_they_are_closed(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let (one, two) = (desk.new_case("T-1").await?, desk.new_case("T-2").await?);
    desk.stop(&one).await?.expect(200)?;
    let refused = desk.disconnect().await?.expect_problem(409, "live-cases")?;
    let cases = refused["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 1, "{refused}");
    assert_eq!((&cases[0]["id"], &cases[0]["ticket"]), (&two["id"], &json!("T-2")));
    desk.new_case("T-3").await?;

    for ticket in ["T-2", "T-3"] {
        let case = desk.case(ticket).await?;
        desk.stop(&case).await?.expect(200)?;
    }
    desk.disconnect().await?.expect(204)?;
    desk.disconnect().await?.expect_problem(404, "not-found")?;
    desk.play("T-4").await?.expect_problem(409, "not-connected")?;
    // What was, stays readable.
    assert_eq!(desk.case("T-2").await?["state"], "closed");
    desk.connect(&host.kit().script_token).await?.expect(200)?;
    desk.new_case("T-4").await?;
    Ok(())
}

async fn b16_after_teamviewers_own_revocation_a_case_can_be_ended_on_our_side_only(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let case = desk.new_case("T-1").await?;
    host.kit().sandbox.revoke(&host.kit().script_token).await?;
    let refused = desk.stop(&case).await?.expect_problem(409, "token-refused")?;
    assert!(refused["fix"].as_str().unwrap().contains("here_only"), "{refused}");
    let stuck = desk.case("T-1").await?;
    assert_eq!((&stuck["state"], &stuck["problem"]), (&json!("open"), &json!("token_refused")));
    assert_eq!(desk.connection().await?["state"], "token_refused");
    desk.play("T-2").await?.expect_problem(409, "token-refused")?;
    desk.disconnect().await?.expect_problem(409, "live-cases")?;

    let closed = desk.stop_with(&case, &json!({ "here_only": true, "note": "by hand" })).await?.expect(200)?;
    assert_eq!(closed["state"], "closed");
    assert!(closed["comment"].as_str().unwrap().ends_with("Note: by hand"));
    desk.disconnect().await?.expect(204)?;
    Ok(())
}

async fn b16_after_teamviewers_own_revocation_a_new_token_of_the_same_user_closes_the_case(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let case = desk.new_case("T-1").await?;
    host.kit().sandbox.revoke(&host.kit().script_token).await?;
    desk.stop(&case).await?.expect_problem(409, "token-refused")?;
    let group = desk.connection().await?["group"].clone();
    let next = host.kit().sandbox.token(&json!({ "owner": "u11293276" })).await?;
    let connection = desk.connect(&next).await?.expect(200)?;
    assert_eq!((&connection["state"], &connection["group"]), (&json!("active"), &group));
    desk.stop(&case).await?.expect(200)?;
    assert!(host.kit().sandbox.open_sessions().await?.is_empty());
    Ok(())
}

async fn b16_another_administrator_starts_anew_and_is_told_what_has_to_be_redone(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    desk.admin
        .put(&desk.path("/connection/module"), &json!({ "id": "m1", "bound_to_group": true }))
        .await?
        .expect(200)?;
    desk.admin
        .put(&desk.path("/connection/shares"), &json!({ "users": [{ "id": "u11293277" }] }))
        .await?
        .expect(200)?;
    let case = desk.new_case("T-1").await?;
    desk.stop(&case).await?.expect(200)?;
    let before = desk.connection().await?;
    desk.disconnect().await?.expect(204)?;

    let token = host.kit().sandbox.token_of("elsewhere", "u777").await?;
    let after = desk.connect(&token).await?.expect(200)?;
    assert_ne!(before["registrar"], after["registrar"]);
    assert_eq!(after["group"], json!({ "name": "BOSS" }), "the next case makes a group of its own");
    assert!(after["module"].is_null() && after["shares"] == json!([]), "{after}");
    let undone = after["checklist"].as_array().unwrap();
    assert!(undone.iter().all(|item| item["done"] == false), "{undone:?}");
    desk.new_case("T-1").await?;
    assert_ne!(desk.connection().await?["group"]["id"], before["group"]["id"]);
    Ok(())
}

async fn b16_another_administrators_token_is_refused_while_cases_are_live(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let case = desk.new_case("T-1").await?;
    let token = host.kit().sandbox.token_of("elsewhere", "u777").await?;
    let refused = desk.connect(&token).await?.expect_problem(409, "live-cases")?;
    assert_eq!(refused["cases"][0]["id"], case["id"]);
    assert_eq!(desk.connection().await?["registrar"]["user"], "u11293276");
    desk.stop(&case).await?.expect(200)?;
    desk.connect(&token).await?.expect(200)?;
    Ok(())
}

async fn b16_teamviewers_own_revocation_is_noticed_without_anybody_pressing_anything(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    desk.new_case("T-1").await?;
    host.kit().sandbox.revoke(&host.kit().script_token).await?;
    soon("the refusal is noticed", async || Ok(desk.connection().await?["state"] == "token_refused")).await?;
    let fix = desk.connection().await?["fix"].clone();
    assert!(fix.as_str().unwrap().contains("registers a new script token"), "{fix}");
    Ok(())
}
