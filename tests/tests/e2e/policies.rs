//! What an account asks of its technicians and of its vendor: P9, N7.

use casebridge_tests::{host::Host, notice::Notifier};
use serde_json::json;

use crate::run::{Outcome, on_every_host, soon};

on_every_host![
    p9_where_a_note_is_required_stop_waits_for_it,
    n7_to_warn_leaves_the_case_and_the_ticket_is_closed_after_it,
    n7_an_idle_case_is_closed_with_its_ticket_and_a_busy_one_blocks,
    n7_with_a_reason_the_case_is_closed_and_the_reason_is_kept,
];

crate::run::stack![n7_with_a_reason_the_case_is_closed_and_the_reason_is_kept];

async fn p9_where_a_note_is_required_stop_waits_for_it(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    assert_eq!(desk.set(&json!({ "note": "required" })).await?["note"], "required");
    let case = desk.new_case("T-1").await?;
    let refused = desk.stop(&case).await?.expect_problem(422, "invalid-fields")?;
    assert_eq!(refused.fields(), ["note"]);
    assert_eq!(host.kit().sandbox.open_sessions().await?.len(), 1);
    let noted = json!({ "note": "Took the printer outside" });
    let closed = desk.stop_with(&case, &noted).await?.expect(200)?;
    assert!(closed["comment"].as_str().unwrap().ends_with("Note: Took the printer outside"));

    // Nobody is asked where nobody presses stop here.
    let case = desk.new_case("T-2").await?;
    host.kit().sandbox.technician_ends(case["session_code"].as_str().unwrap()).await?;
    soon("the case is closed", async || Ok(desk.case("T-2").await?["state"] == "closed")).await?;
    let case = desk.new_case("T-3").await?;
    desk.stop_with(&case, &json!({ "here_only": true })).await?.expect(200)?;
    Ok(())
}

async fn n7_to_warn_leaves_the_case_and_the_ticket_is_closed_after_it(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    desk.set(&json!({ "close_guard": "warn" })).await?;
    let case = desk.new_case("T-1").await?;
    let closable = desk.closable("T-1").await?;
    assert_eq!((&closable["closable"], &closable["closing"]), (&json!(true), &json!("leaves_case")));
    assert_eq!(closable["case"]["id"], case["id"]);
    let confirmed = desk.confirm_closing("T-1").await?.expect(200)?;
    assert_eq!((&confirmed["closed"], &confirmed["case"]["id"]), (&json!(true), &case["id"]));
    assert_eq!(desk.case("T-1").await?["state"], "open");
    assert_eq!(desk.play("T-1").await?.expect(200)?["id"], case["id"]);
    desk.stop(&case).await?.expect(200)?;
    desk.play("T-1").await?.expect_problem(409, "ticket-closed")?;
    desk.tell_ticket("T-1", &json!({ "state": "open" })).await?.expect(200)?;
    desk.new_case("T-1").await?;
    Ok(())
}

async fn n7_an_idle_case_is_closed_with_its_ticket_and_a_busy_one_blocks(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    desk.set(&json!({ "close_guard": "close_idle" })).await?;
    desk.new_case("T-1").await?;
    assert_eq!(desk.closable("T-1").await?["closing"], "closes_case");
    desk.confirm_closing("T-1").await?.expect(200)?;
    assert_eq!(desk.case("T-1").await?["state"], "closed");
    assert!(host.kit().sandbox.open_sessions().await?.is_empty());

    let busy = desk.new_case("T-2").await?;
    // The watch, which looks as well, has to see the same.
    host.kit().sandbox.customer_online(busy["session_code"].as_str().unwrap(), true).await?;
    Notifier::of(&desk).await?.customer_online(&busy).await?.expect(204)?;
    assert_eq!(desk.closable("T-2").await?["closable"], false);
    let refused = desk.confirm_closing("T-2").await?.expect_problem(409, "live-case")?;
    assert_eq!(refused["case"]["id"], busy["id"]);
    assert_eq!(desk.case("T-2").await?["state"], "open");
    Ok(())
}

async fn n7_with_a_reason_the_case_is_closed_and_the_reason_is_kept(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    desk.set(&json!({ "close_guard": "allow_with_reason" })).await?;
    let case = desk.new_case("T-1").await?;
    assert_eq!(desk.closable("T-1").await?["closing"], "needs_reason");
    let refused = desk.confirm_closing("T-1").await?.expect_problem(409, "live-case")?;
    assert_eq!((refused.fields(), &refused["case"]["id"]), (vec!["reason"], &case["id"]));

    let closing = json!({ "state": "closed", "reason": "It works again" });
    desk.tell_ticket("T-1", &closing).await?.expect(200)?;
    let closed = desk.case("T-1").await?;
    assert!(closed["comment"].as_str().unwrap().ends_with("Note: It works again"), "{closed}");
    soon("the reason is in the feed and in the audit trail", async || {
        let feed = desk.admin.get(&desk.path("/events")).await?.expect(200)?;
        let told = feed["items"].as_array().unwrap().iter().any(|event| event["data"]["reason"] == "It works again");
        let trail = desk.admin.get(&desk.path("/audit")).await?.text;
        Ok(told && trail.contains("It works again"))
    })
    .await
}
