//! The close guard: B10.

use casebridge_tests::host::Host;
use futures::future::join_all;
use serde_json::json;

use crate::run::{Outcome, on_every_host};

on_every_host![
    b10_a_ticket_with_a_live_case_cant_be_closed_and_the_refusal_names_the_case,
    b10_a_reserved_closing_refuses_play_until_it_is_let_go,
    b10_a_confirmed_closing_refuses_play_until_the_ticket_is_reopened,
    b10_no_play_slips_in_between_however_both_race,
];

crate::run::stack![b10_no_play_slips_in_between_however_both_race];

async fn b10_a_ticket_with_a_live_case_cant_be_closed_and_the_refusal_names_the_case(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    assert_eq!(desk.closable("T-1").await?, json!({ "closable": true }));
    let case = desk.new_case("T-1").await?;
    let in_the_way =
        json!({ "id": case["id"], "session_code": case["session_code"], "valid_until": case["valid_until"] });
    assert_eq!(desk.closable("T-1").await?, json!({ "closable": false, "case": in_the_way }));

    let closed = json!({ "state": "closed" });
    for refused in [
        desk.reserve_closing("T-1").await?,
        desk.confirm_closing("T-1").await?,
        desk.tell_ticket("T-1", &closed).await?,
    ] {
        let refused = refused.expect_problem(409, "live-case")?;
        assert_eq!(refused["case"], in_the_way);
        assert_eq!(refused["fix"], "Stop the service case first.");
    }
    desk.stop(&case).await?.expect(200)?;
    assert_eq!(desk.closable("T-1").await?, json!({ "closable": true }));
    desk.tell_ticket("T-1", &closed).await?.expect(200)?;
    Ok(())
}

async fn b10_a_reserved_closing_refuses_play_until_it_is_let_go(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let reserved = desk.reserve_closing("T-1").await?.expect(200)?;
    assert_eq!(reserved["closable"], true);
    assert!(reserved["reserved_until"].is_string(), "{reserved}");
    let refused = desk.play("T-1").await?.expect_problem(409, "ticket-closing")?;
    let seconds: u32 = refused.header("retry-after").unwrap().parse()?;
    assert!((1..=60).contains(&seconds), "{seconds}");
    desk.new_case("T-2").await?;
    desk.let_closing_go("T-1").await?;
    desk.new_case("T-1").await?;
    Ok(())
}

async fn b10_a_confirmed_closing_refuses_play_until_the_ticket_is_reopened(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    desk.reserve_closing("T-1").await?.expect(200)?;
    let confirmed = desk.confirm_closing("T-1").await?.expect(200)?;
    assert_eq!(confirmed["closed"], true);
    desk.play("T-1").await?.expect_problem(409, "ticket-closed")?;
    desk.let_closing_go("T-1").await?;
    desk.play("T-1").await?.expect_problem(409, "ticket-closed")?;
    desk.tell_ticket("T-1", &json!({ "state": "open" })).await?.expect(200)?;
    desk.new_case("T-1").await?;
    Ok(())
}

async fn b10_no_play_slips_in_between_however_both_race(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    desk.new_case("T-0").await?;
    let tickets: Vec<String> = (1..=6).map(|number| format!("T-{number}")).collect();
    let races = tickets.iter().map(async |ticket| {
        let (played, closed) = tokio::join!(desk.play(ticket), desk.confirm_closing(ticket));
        anyhow::Ok((ticket, played?, closed?))
    });
    for race in join_all(races).await {
        let (ticket, played, closed) = race?;
        match (played.status, closed.status) {
            (201, 409) => assert_eq!(closed.problem(), "live-case"),
            (409, 200) => assert_eq!(played.problem(), "ticket-closed"),
            _ => panic!("{ticket}: {played}; {closed}"),
        }
        let open = desk.closable(ticket).await?["case"].is_object();
        assert_eq!(open, played.status == 201);
    }
    Ok(())
}
