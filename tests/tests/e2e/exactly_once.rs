//! Exactly one live case for a ticket, and requests that may be sent again: B2, N2.

use casebridge_tests::{
    api::Answer,
    help_desk::{RITA, usual_play},
    host::Host,
};
use futures::future::try_join_all;
use http::Method;
use serde_json::json;

use crate::run::{Outcome, SOON, on_every_host, soon};

on_every_host![
    n2_of_32_plays_at_once_one_opens_the_case_and_the_others_get_it,
    n2_of_32_first_plays_at_once_one_makes_the_group_and_one_opens_the_case,
    n2_of_8_stops_at_once_teamviewer_hears_one,
    n2_a_repeated_request_gets_the_same_answer_and_has_no_second_effect,
    n2_an_idempotency_key_with_another_body_is_refused,
    n2_an_idempotency_key_is_the_requests_own,
    n2_a_malformed_idempotency_key_is_refused,
];

const KEY: &str = "Idempotency-Key";

async fn n2_of_32_plays_at_once_one_opens_the_case_and_the_others_get_it(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let before = desk.new_case("T-0").await?;
    host.kit().mail.arrive(RITA, 1, SOON).await?;
    desk.stop(&before).await?.expect(200)?;
    host.kit().mail.no_messages().await?;

    let answers = try_join_all((0..32).map(|_| desk.play("T-1"))).await?;
    let count = |status| answers.iter().filter(|answer| answer.status == status).count();
    assert_eq!((count(201), count(200)), (1, 31), "{:?}", statuses(&answers));
    assert!(answers.iter().all(|answer| answer["id"] == answers[0]["id"]));

    assert_eq!(host.kit().sandbox.open_sessions().await?.len(), 1);
    assert_eq!(desk.cases("?state=live").await?.len(), 1);
    host.kit().mail.arrive(RITA, 1, SOON).await?;
    // A letter to somebody else, queued later: once it is there, a second invitation would be.
    let mut later = usual_play();
    later["requester"]["email"] = json!("later@example.com");
    desk.play_with("T-2", &later).await?.expect(201)?;
    host.kit().mail.arrive("later@example.com", 1, SOON).await?;
    assert_eq!(host.kit().mail.to(RITA).await?.len(), 1);
    Ok(())
}

async fn n2_of_32_first_plays_at_once_one_makes_the_group_and_one_opens_the_case(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let answers = try_join_all((0..32).map(|_| desk.play("T-1"))).await?;
    // Whoever comes while the group is being made is told to come back.
    let pending: Vec<&Answer> = answers.iter().filter(|answer| answer.problem() == "group-pending").collect();
    assert!(pending.iter().all(|answer| answer.status == 409 && answer.header("retry-after").is_some()));
    let (new, already): (Vec<&Answer>, Vec<&Answer>) =
        answers.iter().filter(|answer| answer.status < 300).partition(|answer| answer.status == 201);
    assert_eq!(new.len(), 1, "{:?}", statuses(&answers));
    assert_eq!(1 + already.len() + pending.len(), 32, "{:?}", statuses(&answers));
    assert!(already.iter().all(|answer| answer["id"] == new[0]["id"]));
    assert_eq!(desk.play("T-1").await?.expect(200)?["id"], new[0]["id"]);
    assert_eq!(host.kit().sandbox.sessions().await?.len(), 1);
    assert_eq!(host.kit().sandbox.groups().await?.len(), 1);
    Ok(())
}

async fn n2_of_8_stops_at_once_teamviewer_hears_one(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let case = desk.invited_case("T-1").await?;
    host.kit().sandbox.forget_calls().await?;
    let answers = try_join_all((0..8).map(|_| desk.stop(&case))).await?;
    for answer in &answers {
        match answer.status {
            200 => assert_eq!(answer["state"], "closed"),
            409 => assert_eq!(answer.problem(), "case-closing"),
            _ => panic!("{answer}"),
        }
    }
    assert!(answers.iter().any(|answer| answer.status == 200));
    let closed = desk.case("T-1").await?;
    assert!(answers.iter().filter(|answer| answer.status == 200).all(|answer| answer.body == closed));
    assert_eq!(host.kit().sandbox.calls().await?.of("PUT /sessions/{code}"), 1);
    Ok(())
}

async fn n2_a_repeated_request_gets_the_same_answer_and_has_no_second_effect(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let play = desk.play_call("T-1", &usual_play()).header(KEY, "play-1");
    let first = play.clone().send().await?.expect(201)?;
    let again = play.clone().send().await?.expect(201)?;
    assert_eq!(first["id"], again["id"]);
    soon("the invitation leaves", async || Ok(desk.case("T-1").await?["invitation"]["state"] == "accepted")).await?;

    let stop = desk.technician.call(Method::POST, &desk.case_path(&first, "/close")?).json(&json!({ "note": "done" }));
    let stop = stop.header(KEY, "stop-1");
    let closed = stop.clone().send().await?.expect(200)?;
    assert_eq!(stop.send().await?.expect(200)?, closed);

    // The ticket is free again, and the repeated play still means the case it opened.
    let late = play.send().await?.expect(201)?;
    assert_eq!((late["id"].as_str(), late["state"].as_str()), (first["id"].as_str(), Some("closed")));
    assert_eq!(host.kit().sandbox.sessions().await?.len(), 1);

    let keys = || desk.admin.call(Method::POST, &desk.path("/keys")).json(&json!({ "scope": "read" })).header(KEY, "k");
    let (one, two) = (keys().send().await?.expect(201)?, keys().send().await?.expect(201)?);
    assert_eq!(one["id"], two["id"]);
    assert!(one["key"].is_string() && two["key"].is_null(), "a key's text is shown once");
    Ok(())
}

async fn n2_an_idempotency_key_with_another_body_is_refused(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let case = desk.play_call("T-1", &usual_play()).header(KEY, "k").send().await?.expect(201)?;
    let mut other = usual_play();
    other["ticket"]["title"] = json!("Something else");
    let refused = desk.play_call("T-1", &other).header(KEY, "k").send().await?;
    refused.expect_problem(422, "idempotency-key-reused")?;
    assert_eq!(desk.case("T-1").await?["id"], case["id"]);

    // The same body in other words is the same request.
    let spaced = serde_json::to_string_pretty(&usual_play())?;
    let same =
        desk.technician.call(Method::POST, &desk.ticket("T-1", "/case")).header("content-type", "application/json");
    let same = same.body(spaced).header(KEY, "\"k\"").send().await?.expect(201)?;
    assert_eq!(same["id"], case["id"]);
    Ok(())
}

async fn n2_an_idempotency_key_is_the_requests_own(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let one = desk.play_call("T-1", &usual_play()).header(KEY, "k").send().await?.expect(201)?;
    let two = desk.play_call("T-2", &usual_play()).header(KEY, "k").send().await?.expect(201)?;
    assert_ne!(one["id"], two["id"], "another ticket is another request");
    let by_another = desk.admin.call(Method::POST, &desk.ticket("T-1", "/case")).json(&usual_play());
    by_another.header(KEY, "k").send().await?.expect(200)?;
    Ok(())
}

async fn n2_a_malformed_idempotency_key_is_refused(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    for key in ["", "with space", &"x".repeat(256)] {
        let refused = desk.play_call("T-1", &usual_play()).header(KEY, key).send().await?;
        assert_eq!(refused.expect_problem(400, "malformed-request")?.fields(), [KEY]);
    }
    assert!(host.kit().sandbox.sessions().await?.is_empty());
    Ok(())
}

fn statuses(answers: &[Answer]) -> Vec<(u16, &str)> {
    answers.iter().map(|answer| (answer.status, answer.problem())).collect()
}
