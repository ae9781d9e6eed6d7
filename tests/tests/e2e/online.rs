//! The customer comes online: B7.

use casebridge_tests::{
    help_desk::{ANNA, key_of, usual_play},
    host::Host,
    notice::{Notifier, now_seconds, online},
};
use http::Method;
use serde_json::json;

use crate::run::{Outcome, SOON, on_every_host, soon};

mod noticed {
    use super::*;

    on_every_host![
        b7_a_signed_notice_says_that_the_customer_is_online_once,
        b7_a_key_with_the_scope_notify_may_send_notices_and_nothing_else,
        b7_a_notice_that_is_not_the_accounts_own_is_refused,
        b7_a_late_notice_changes_nothing,
        b7_the_time_of_a_notice_may_be_off_by_minutes_either_way,
        b7_the_very_same_signed_message_is_refused_and_another_attempt_of_it_is_not,
    ];

    crate::run::stack![b7_a_notice_that_is_not_the_accounts_own_is_refused];
}

mod told {
    use super::*;

    on_every_host![
        b7_the_technician_is_mailed_when_the_customer_comes_online,
        b7_a_ticket_without_technician_tells_the_list,
        b7_a_notice_and_the_watch_tell_once,
    ];
}

async fn b7_a_signed_notice_says_that_the_customer_is_online_once(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let case = desk.new_case("T-1").await?;
    let notifier = Notifier::of(&desk).await?;
    notifier.customer_online(&case).await?.expect(204)?;
    let seen = desk.case("T-1").await?;
    assert_eq!(seen["online"], true);
    assert!(seen["online_at"].as_str().unwrap() >= case["started_at"].as_str().unwrap());
    notifier.customer_online(&case).await?.expect(204)?;
    assert_eq!(desk.case("T-1").await?["online_at"], seen["online_at"], "the first time counts");
    Ok(())
}

async fn b7_a_key_with_the_scope_notify_may_send_notices_and_nothing_else(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let case = desk.new_case("T-1").await?;
    let relay = desk.admin.with_key(&key_of(&desk.admin, "acme", "notify").await?);
    let notice = online(&case["session_code"]);
    let send = |api: &casebridge_tests::api::Api| api.call(Method::POST, "/v1/webhooks/teamviewer/acme").json(&notice);
    send(&relay).send().await?.expect(204)?;
    relay.get(&desk.ticket("T-1", "/case")).await?.expect_problem(403, "forbidden")?;
    send(&desk.technician).send().await?.expect_problem(403, "forbidden")?;
    send(&desk.technician.without_key()).send().await?.expect_problem(401, "unauthorized")?;
    Ok(())
}

async fn b7_a_notice_that_is_not_the_accounts_own_is_refused(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let case = desk.new_case("T-1").await?;
    let notifier = Notifier::of(&desk).await?;
    let notice = online(&case["session_code"]);
    let now = now_seconds();
    let wrong = notifier.unsigned(&notice).header("webhook-id", "m").header("webhook-timestamp", &now.to_string());
    let mut refused = vec![wrong.header("webhook-signature", "v1,AAAA").send().await?];
    for at in [now - 400, now + 400] {
        refused.push(notifier.signed(&notice, at)?.send().await?);
    }
    let altered = online(&json!("s999-999-999"));
    refused.push(notifier.signed(&altered, now)?.json(&notice).send().await?);
    let renewed = Notifier::of(&desk).await?;
    refused.push(notifier.signed(&notice, now)?.send().await?);
    for refused in refused {
        refused.expect_problem(401, "signature-refused")?;
    }
    assert_eq!(desk.case("T-1").await?["online"], false);

    let unknown = renewed.signed(&online(&json!("s999-999-999")), now)?.send().await?;
    unknown.expect_problem(404, "not-found")?;
    let other = host.help_desk("other").await?;
    let theirs = Notifier::of(&other).await?.signed(&notice, now)?.send().await?;
    theirs.expect_problem(404, "not-found")?;
    assert_eq!(desk.case("T-1").await?["online"], false);
    Ok(())
}

async fn b7_the_time_of_a_notice_may_be_off_by_minutes_either_way(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let notifier = Notifier::of(&desk).await?;
    let now = now_seconds();
    for (ticket, at) in [("T-1", now - 240), ("T-2", now + 240)] {
        let case = desk.new_case(ticket).await?;
        notifier.signed(&online(&case["session_code"]), at)?.send().await?.expect(204)?;
        assert_eq!(desk.case(ticket).await?["online"], true, "{ticket}");
    }
    Ok(())
}

async fn b7_the_very_same_signed_message_is_refused_and_another_attempt_of_it_is_not(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let case = desk.new_case("T-1").await?;
    let notifier = Notifier::of(&desk).await?;
    let (notice, now) = (online(&case["session_code"]), now_seconds());
    notifier.attempt("msg_a", &notice, now)?.send().await?.expect(204)?;
    notifier.attempt("msg_a", &notice, now)?.send().await?.expect_problem(409, "message-replayed")?;
    notifier.attempt("msg_a", &notice, now + 5)?.send().await?.expect(204)?;
    notifier.attempt("msg_a", &notice, now + 5)?.send().await?.expect_problem(409, "message-replayed")?;
    let other = desk.new_case("T-2").await?;
    let another = notifier.attempt("msg_a", &online(&other["session_code"]), now + 6)?.send().await?;
    another.expect_problem(422, "idempotency-key-reused")?;
    assert_eq!(desk.case("T-2").await?["online"], false);
    notifier.attempt("msg_b", &online(&other["session_code"]), now)?.send().await?.expect(204)?;
    Ok(())
}

async fn b7_a_late_notice_changes_nothing(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let case = desk.invited_case("T-1").await?;
    let notifier = Notifier::of(&desk).await?;
    let closed = desk.stop(&case).await?.expect(200)?;
    notifier.customer_online(&case).await?.expect(204)?;
    assert_eq!(desk.case("T-1").await?, closed);
    Ok(())
}

async fn b7_the_technician_is_mailed_when_the_customer_comes_online(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let case = desk.new_case("T-1").await?;
    let code = case["session_code"].as_str().unwrap();
    host.kit().sandbox.customer_online(code, true).await?;
    let mail = host.kit().mail.arrive(ANNA, 1, SOON).await?.remove(0);
    assert_eq!(mail["subject"], "Rita Requester is online – ticket INC-1");
    let text = mail["text"].as_str().unwrap();
    assert!(text.contains(case["supporter_link"].as_str().unwrap()), "{text}");
    assert!(text.contains(case["webclient_supporter_link"].as_str().unwrap()), "{text}");
    assert_eq!(desk.case("T-1").await?["online"], true);

    host.kit().sandbox.customer_online(code, false).await?;
    soon("the customer left", async || Ok(desk.case("T-1").await?["online"] == false)).await?;
    host.kit().sandbox.customer_online(code, true).await?;
    soon("the customer is back", async || Ok(desk.case("T-1").await?["online"] == true)).await?;
    assert_eq!(host.kit().mail.to(ANNA).await?.len(), 1, "told once");
    Ok(())
}

async fn b7_a_ticket_without_technician_tells_the_list(host: &Host) -> Outcome {
    let told = json!({ "others": ["lead@example.com"], "without_technician": ["queue@example.com"] });
    let desk = host.help_desk_with("acme", &json!({ "told": told })).await?;
    let mut play = usual_play();
    play.as_object_mut().unwrap().remove("technician");
    let case = desk.play_with("T-1", &play).await?.expect(201)?;
    Notifier::of(&desk).await?.customer_online(&case).await?.expect(204)?;
    for address in ["queue@example.com", "lead@example.com"] {
        host.kit().mail.arrive(address, 1, SOON).await?;
    }

    let with_technician = desk.new_case("T-2").await?;
    Notifier::of(&desk).await?.customer_online(&with_technician).await?.expect(204)?;
    for (address, count) in [(ANNA, 1), ("lead@example.com", 2)] {
        host.kit().mail.arrive(address, count, SOON).await?;
    }
    assert_eq!(host.kit().mail.to("queue@example.com").await?.len(), 1, "the list only stands in");
    Ok(())
}

async fn b7_a_notice_and_the_watch_tell_once(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let case = desk.new_case("T-1").await?;
    host.kit().sandbox.customer_online(case["session_code"].as_str().unwrap(), true).await?;
    let notifier = Notifier::of(&desk).await?;
    notifier.customer_online(&case).await?.expect(204)?;
    host.kit().mail.arrive(ANNA, 1, SOON).await?;
    let looked = host.kit().sandbox.calls().await?.of("GET /sessions");
    soon("the watch looks again", async || Ok(host.kit().sandbox.calls().await?.of("GET /sessions") > looked)).await?;
    notifier.customer_online(&case).await?.expect(204)?;
    desk.invite_again(&case).await?.expect(202)?;
    host.kit().mail.arrive(casebridge_tests::help_desk::RITA, 2, SOON).await?;
    assert_eq!(host.kit().mail.to(ANNA).await?.len(), 1);
    Ok(())
}
