//! Stop: B9.

use casebridge_tests::host::Host;
use serde_json::json;

use crate::run::{Outcome, on_every_host, soon};

on_every_host![
    b9_stop_closes_the_case_on_both_sides_and_gives_the_comment,
    b9_stop_may_be_repeated_and_changes_nothing_more,
    b9_a_session_that_a_technician_ends_in_teamviewer_ends_here_too,
];

crate::run::stack![b9_a_session_that_a_technician_ends_in_teamviewer_ends_here_too];

async fn b9_stop_closes_the_case_on_both_sides_and_gives_the_comment(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let case = desk.invited_case("T-1").await?;
    let closed = desk.stop_with(&case, &json!({ "note": "Took the printer outside" })).await?.expect(200)?;
    assert_eq!(closed["state"], "closed");
    assert_eq!(closed["started_at"], case["started_at"]);
    let comment = closed["comment"].as_str().unwrap();
    let lines: Vec<&str> = comment.lines().collect();
    assert_eq!(lines[0], format!("TeamViewer session: {}", case["session_code"].as_str().unwrap()));
    assert!(lines[1].starts_with("Start: 20") && lines[1].contains(" CE"), "local time: {comment}");
    assert!(lines[2].starts_with("End: 20"), "{comment}");
    assert!(lines[3].starts_with("Duration: 0:0"), "{comment}");
    assert_eq!(lines[4], "Note: Took the printer outside");
    assert!(closed["duration_seconds"].as_u64().unwrap() < 60);
    assert!(host.kit().sandbox.open_sessions().await?.is_empty());
    assert_eq!(desk.case("T-1").await?, closed);
    Ok(())
}

async fn b9_stop_may_be_repeated_and_changes_nothing_more(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let case = desk.invited_case("T-1").await?;
    host.kit().sandbox.forget_calls().await?;
    let closed = desk.stop(&case).await?.expect(200)?;
    let again = desk.stop_with(&case, &json!({ "note": "too late" })).await?.expect(200)?;
    assert_eq!(closed, again);
    assert_eq!(host.kit().sandbox.calls().await?.of("PUT /sessions/{code}"), 1);
    Ok(())
}

async fn b9_a_session_that_a_technician_ends_in_teamviewer_ends_here_too(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let case = desk.new_case("T-1").await?;
    host.kit().sandbox.technician_ends(case["session_code"].as_str().unwrap()).await?;
    soon("the case is closed", async || Ok(desk.case("T-1").await?["state"] == "closed")).await?;
    assert!(desk.case("T-1").await?["comment"].as_str().unwrap().contains("Duration"));
    Ok(())
}
