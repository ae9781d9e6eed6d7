//! TeamViewer's bad days: a clear answer with a way out, nothing lost, no second session, and it recovers by itself.

use std::time::Duration;

use casebridge_tests::{api::Answer, host::Host};
use serde_json::{Value, json};

use crate::run::{Outcome, on_every_host, soon, within};

mod play {
    use super::*;

    on_every_host![
        play_that_is_never_answered_gives_the_ticket_back,
        play_whose_answer_got_lost_finds_its_session,
        play_that_is_refused_says_why_and_what_to_do,
        play_takes_a_slow_answer_and_a_redirect,
        play_with_a_refused_token_tells_the_administrator_and_a_check_finds_out_that_it_is_good_again,
    ];
}

mod stop {
    use super::*;

    on_every_host![
        stop_that_teamviewer_does_not_answer_keeps_the_end_on_record,
        stop_whose_answer_got_lost_is_through_all_the_same,
    ];
}

mod readings {
    use super::*;

    on_every_host![play_to_stop_works_under_every_reading_of_what_is_not_documented];
}

mod worker {
    use super::*;

    on_every_host![
        a_session_that_appears_after_play_gave_up_is_closed,
        a_stop_that_teamviewer_did_not_take_is_finished_by_itself,
        the_watch_recovers_after_teamviewer_was_away,
    ];
}

fn on_play(kind: &str) -> Value {
    json!({ "method": "POST", "path": "/sessions", "times": 1, "kind": kind })
}

fn with(mut fault: Value, name: &str, value: impl Into<Value>) -> Value {
    fault[name] = value.into();
    fault
}

/// A refusal from outside has a way out, and no inner words.
fn has_a_way_out(refused: &Answer) {
    assert!(refused["fix"].as_str().unwrap().ends_with('.'), "{refused}");
    for inner in ["reqwest", "hyper", "127.0.0.1", "sqlite", "dynamo"] {
        assert!(!refused.text.to_lowercase().contains(inner), "{refused}");
    }
}

async fn play_that_is_never_answered_gives_the_ticket_back(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    for kind in ["connection_closed", "connection_reset", "internal_error", "bad_gateway", "timeout_before"] {
        host.kit().sandbox.fault(&on_play(kind)).await?;
        let failed = desk.play("T-1").await?.expect_problem(502, "teamviewer-failed")?;
        has_a_way_out(&failed);
        let case = desk.case("T-1").await?;
        assert_eq!((&case["state"], &case["problem"]), (&json!("failed"), &json!("no_answer")), "{kind}");
        assert_eq!(desk.closable("T-1").await?["closable"], true, "{kind}");
    }
    assert!(host.kit().sandbox.sessions().await?.is_empty());
    desk.new_case("T-1").await?;
    assert_eq!(host.kit().sandbox.sessions().await?.len(), 1);
    Ok(())
}

async fn play_whose_answer_got_lost_finds_its_session(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let after = |kind| with(on_play(kind), "after_effect", true);
    let faults =
        [after("connection_closed"), after("connection_reset"), after("internal_error"), on_play("timeout_after")];
    for (place, fault) in faults.iter().enumerate() {
        host.kit().sandbox.fault(fault).await?;
        let case = desk.new_case(&format!("T-{place}")).await?;
        assert_eq!(case["state"], "open", "{fault}");
        let sessions = host.kit().sandbox.open_sessions().await?;
        assert_eq!(sessions.len(), place + 1, "{fault}");
    }
    Ok(())
}

async fn play_that_is_refused_says_why_and_what_to_do(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let limit = || on_play("license_limitation");
    let refusals = [
        (on_play("rate_limit_reached"), 503, "teamviewer-busy", "rate_limited"),
        (with(on_play("too_many_requests"), "retry_after", 7), 503, "teamviewer-busy", "rate_limited"),
        (limit(), 409, "licence-limit", "licence_limit"),
        (with(limit(), "as_json", true), 409, "licence-limit", "licence_limit"),
    ];
    for (fault, status, problem, why) in refusals {
        host.kit().sandbox.fault(&fault).await?;
        let refused = desk.play("T-1").await?.expect_problem(status, problem)?;
        has_a_way_out(&refused);
        match problem {
            "teamviewer-busy" => {
                let seconds: u32 = refused.header("retry-after").unwrap().parse()?;
                assert_eq!(seconds, if fault["retry_after"] == 7 { 7 } else { 60 });
            }
            _ => assert!(refused["fix"].as_str().unwrap().contains("licence"), "{refused}"),
        }
        assert_eq!(desk.case("T-1").await?["problem"], why);
    }
    desk.new_case("T-1").await?;
    Ok(())
}

async fn play_takes_a_slow_answer_and_a_redirect(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let slow = with(on_play("slow_body"), "milliseconds_per_byte", 2);
    let redirects = [302, 303, 307].map(|status| with(on_play("redirect"), "status", status));
    for (place, fault) in redirects.iter().chain([&slow]).enumerate() {
        host.kit().sandbox.fault(fault).await?;
        assert_eq!(desk.new_case(&format!("T-{place}")).await?["state"], "open", "{fault}");
    }
    assert_eq!(host.kit().sandbox.sessions().await?.len(), 4);
    Ok(())
}

async fn play_with_a_refused_token_tells_the_administrator_and_a_check_finds_out_that_it_is_good_again(
    host: &Host,
) -> Outcome {
    let desk = host.help_desk("acme").await?;
    desk.new_case("T-0").await?;
    host.kit().sandbox.fault(&on_play("token_revoked")).await?;
    let refused = desk.play("T-1").await?.expect_problem(409, "token-refused")?;
    has_a_way_out(&refused);
    let connection = desk.connection().await?;
    assert_eq!(connection["state"], "token_refused");
    assert!(connection["fix"].is_string());
    let checked = desk.admin.get(&desk.path("/connection?check=now")).await?.expect(200)?;
    assert_eq!(checked["state"], "active");
    desk.new_case("T-1").await?;
    Ok(())
}

async fn stop_that_teamviewer_does_not_answer_keeps_the_end_on_record(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    // As often as anybody asks, the watch included.
    let put = |kind| json!({ "method": "PUT", "times": 1000, "kind": kind });
    for (place, fault) in [put("bad_gateway"), put("rate_limit_reached"), put("internal_error")].iter().enumerate() {
        let ticket = format!("T-{place}");
        let case = desk.new_case(&ticket).await?;
        let path = format!("/sessions/{}", case["session_code"].as_str().unwrap());
        host.kit().sandbox.fault(&with(fault.clone(), "path", path)).await?;
        let failed = desk.stop_with(&case, &json!({ "note": "done" })).await?;
        let busy = fault["kind"] == "rate_limit_reached";
        let expected = if busy { (503, "teamviewer-busy") } else { (502, "teamviewer-not-told") };
        assert_eq!((failed.status, failed.problem()), expected, "{fault}: {failed}");
        has_a_way_out(&failed);
        assert_eq!(desk.case(&ticket).await?["state"], "closing");
        assert_eq!(desk.play(&ticket).await?.expect(200)?["id"], case["id"], "no second case beside it");

        // Whoever can't wait ends it on our side; the end is the one that was fixed at the first press.
        let closed = desk.stop_with(&case, &json!({ "here_only": true })).await?.expect(200)?;
        assert_eq!(closed["state"], "closed");
        assert!(closed["comment"].as_str().unwrap().ends_with("Note: done"), "{closed}");
    }
    Ok(())
}

async fn stop_whose_answer_got_lost_is_through_all_the_same(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let case = desk.new_case("T-1").await?;
    let lost = json!({ "method": "PUT", "path": "/sessions/*", "times": 1, "kind": "connection_closed" });
    host.kit().sandbox.fault(&with(lost, "after_effect", true)).await?;
    let closed = desk.stop(&case).await?.expect(200)?;
    assert_eq!(closed["state"], "closed");
    Ok(())
}

async fn play_to_stop_works_under_every_reading_of_what_is_not_documented(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let readings = [
        json!({ "state_in_create": "integer", "state_in_get": "integer", "state_in_list": "integer" }),
        json!({ "state_in_create": "capital", "state_in_get": "lower", "state_in_list": "lower" }),
        json!({ "session_type_in_create": "integer" }),
        json!({ "create_answer": "see_other" }),
        json!({ "create_answer": "found" }),
        json!({ "unknown_id": "invalid_request", "closing_again": "invalid_request" }),
        json!({ "closed_at": "absent", "online_after_leaving": "sticks" }),
    ];
    for (place, reading) in readings.iter().enumerate() {
        host.kit().sandbox.unknowns(reading).await?;
        let case = desk.new_case(&format!("T-{place}")).await?;
        assert_eq!(case["state"], "open", "{reading}");
        if place % 2 == 1 {
            host.kit().sandbox.technician_ends(case["session_code"].as_str().unwrap()).await?;
        }
        assert_eq!(desk.stop(&case).await?.expect(200)?["state"], "closed", "{reading}");
        assert!(host.kit().sandbox.open_sessions().await?.is_empty(), "{reading}");
    }
    Ok(())
}

async fn a_session_that_appears_after_play_gave_up_is_closed(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    desk.new_case("T-0").await?;
    let late = with(with(on_play("late_effect"), "real_milliseconds", 1500), "answer", "internal_error");
    host.kit().sandbox.fault(&late).await?;
    desk.play("T-1").await?.expect_problem(502, "teamviewer-failed")?;
    let case = desk.new_case("T-1").await?;
    soon("the late session appears", async || Ok(host.kit().sandbox.sessions().await?.len() == 3)).await?;
    soon("and is closed", async || Ok(host.kit().sandbox.open_sessions().await?.len() == 2)).await?;
    assert_eq!(desk.case("T-1").await?["session_code"], case["session_code"]);
    assert_eq!(desk.case("T-1").await?["state"], "open");
    Ok(())
}

async fn a_stop_that_teamviewer_did_not_take_is_finished_by_itself(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let case = desk.new_case("T-1").await?;
    host.kit().sandbox.fault(&json!({ "path": "/sessions/*", "kind": "internal_error" })).await?;
    desk.stop_with(&case, &json!({ "note": "done" })).await?.expect_problem(502, "teamviewer-not-told")?;
    host.kit().sandbox.no_faults().await?;
    // The lease of whoever pressed stop has to lapse first.
    within(Duration::from_mins(1), "the case is closed", async || Ok(desk.case("T-1").await?["state"] == "closed"))
        .await?;
    let closed = desk.case("T-1").await?;
    assert!(closed["duration_seconds"].as_u64().unwrap() < 20, "the end is when stop was pressed: {closed}");
    assert!(closed["comment"].as_str().unwrap().ends_with("Note: done"));
    assert!(host.kit().sandbox.open_sessions().await?.is_empty());
    Ok(())
}

async fn the_watch_recovers_after_teamviewer_was_away(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    host.kit()
        .sandbox
        .fault(&json!({ "method": "GET", "path": "/sessions", "times": 1, "kind": "rate_limit_reached" }))
        .await?;
    let case = desk.new_case("T-1").await?;
    host.kit().sandbox.customer_online(case["session_code"].as_str().unwrap(), true).await?;
    soon("the customer is seen", async || Ok(desk.case("T-1").await?["online"] == true)).await
}
