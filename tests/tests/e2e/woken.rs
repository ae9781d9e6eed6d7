//! What wakes the functions that nobody asks over HTTP may come twice, too late, or not at all.

use std::time::Duration;

use casebridge_tests::{
    feed::Feed,
    help_desk::RITA,
    host::{CONFIGURATION_SET, Host},
    notice::Notifier,
};
use serde_json::json;

use crate::run::{Outcome, SOON, cloud, soon, within};

cloud![
    a_letter_goes_to_ses_by_its_name_and_is_told_of_again_in_vain,
    n3_what_ses_reports_is_on_the_case_and_in_the_feed_once,
    letters_that_no_queue_brings_leave_when_the_schedule_strikes,
    a_customer_is_seen_when_the_schedule_strikes_though_no_message_came,
    a_message_too_many_takes_no_turn,
    what_nobody_can_read_is_named_and_holds_nobody_up,
    a_function_that_is_killed_with_work_in_hand_leaves_it_to_the_next_one,
];

async fn a_letter_goes_to_ses_by_its_name_and_is_told_of_again_in_vain(host: &Host) -> Outcome {
    let functions = host.functions()?;
    let desk = host.help_desk("acme").await?;
    desk.new_case("T-1").await?;
    let mail = host.kit().mail.arrive(RITA, 1, SOON).await?.remove(0);
    let taken = functions.ses().taken();
    let [taken] = &taken[..] else { anyhow::bail!("one letter: {taken:?}") };
    assert_eq!(taken.configuration_set.as_deref(), Some(CONFIGURATION_SET));
    assert_eq!(taken.tags["casebridge-account"], "acme");
    let letter = taken.tags["casebridge-letter"].as_str();
    let raw = mail["raw"].as_str().unwrap();
    assert!(raw.contains(&format!("X-Casebridge-Letter: {letter}\r\n")), "{raw}");

    soon("it is on record", async || Ok(desk.case("T-1").await?["invitation"]["state"] == "accepted")).await?;
    let again = json!({ "v": 1, "letter": { "account": "acme", "id": letter } }).to_string();
    for _ in 0..3 {
        functions.leave_mail_message(&again);
    }
    functions.leave_mail_message(&json!({ "v": 1, "letter": { "account": "nobody", "id": letter } }).to_string());
    desk.new_case("T-2").await?;
    host.kit().mail.arrive(RITA, 2, SOON).await?;
    assert_eq!(functions.ses().taken().len(), 2, "each letter once");
    Ok(())
}

async fn n3_what_ses_reports_is_on_the_case_and_in_the_feed_once(host: &Host) -> Outcome {
    let functions = host.functions()?;
    let desk = host.help_desk("acme").await?;
    let case = desk.invited_case("T-1").await?;
    let taken = functions.ses().taken().remove(0);
    let comes =
        async |state: &str| soon(state, async || Ok(desk.case("T-1").await?["invitation"]["state"] == state)).await;
    let (nothing, for_good) = (json!({}), json!({ "bounceType": "Permanent" }));
    for _ in 0..3 {
        functions.ses().report(&taken, "Delivery", &nothing);
    }
    comes("delivered").await?;
    desk.stop(&case).await?.expect(200)?;
    functions.ses().report(&taken, "Bounce", &for_good);
    comes("bounced").await?;
    functions.ses().report(&taken, "Delivery", &nothing);
    functions.ses().report(&taken, "Send", &nothing);
    functions.ses().report(&taken, "Complaint", &nothing);
    comes("complained").await?;

    let mut feed = Feed::of(&desk);
    feed.shows_of_case(&case, "invitation.complained").await?;
    let invitation: Vec<_> = feed.kinds().into_iter().filter(|kind| kind.starts_with("invitation.")).collect();
    let once = ["queued", "accepted", "delivered", "bounced", "complained"].map(|state| format!("invitation.{state}"));
    assert_eq!(invitation, once);
    assert_eq!(functions.dead_letters(), Vec::<String>::new());
    Ok(())
}

async fn letters_that_no_queue_brings_leave_when_the_schedule_strikes(host: &Host) -> Outcome {
    let functions = host.functions()?;
    let desk = host.help_desk("acme").await?;
    functions.hold_letters().await;
    let case = desk.new_case("T-1").await?;
    Feed::of(&desk).shows_of_case(&case, "case.opened").await?;
    assert!(functions.ses().taken().is_empty());
    soon("the index has it", async || {
        functions.relay_is_due().await?;
        Ok(!functions.ses().taken().is_empty())
    })
    .await?;
    host.kit().mail.arrive(RITA, 1, SOON).await?;
    functions.relay_is_due().await?;
    assert_eq!(functions.ses().taken().len(), 1);
    Ok(())
}

async fn a_customer_is_seen_when_the_schedule_strikes_though_no_message_came(host: &Host) -> Outcome {
    let functions = host.functions()?;
    functions.hold_the_watch().await;
    let desk = host.help_desk("acme").await?;
    let case = desk.new_case("T-1").await?;
    host.kit().sandbox.customer_online(case["session_code"].as_str().unwrap(), true).await?;
    soon("the schedule finds the turn", async || {
        functions.watch_is_due().await?;
        Ok(desk.case("T-1").await?["online"] == true)
    })
    .await
}

async fn a_message_too_many_takes_no_turn(host: &Host) -> Outcome {
    let functions = host.functions()?;
    let desk = host.help_desk("acme").await?;
    desk.new_case("T-1").await?;
    let looks = async || anyhow::Ok(host.kit().sandbox.calls().await?.of("GET /sessions"));
    soon("the watch has looked", async || Ok(looks().await? > 0)).await?;
    host.kit().sandbox.forget_calls().await?;
    for _ in 0..20 {
        functions.leave_watch_message(&json!({ "v": 1, "turn": { "account": "acme" } }).to_string());
    }
    functions.leave_watch_message(&json!({ "v": 1, "turn": { "account": "nobody" } }).to_string());
    soon("the chain goes on", async || Ok(looks().await? >= 2)).await?;
    assert!(looks().await? <= 3, "one chain of turns");
    Ok(())
}

async fn what_nobody_can_read_is_named_and_holds_nobody_up(host: &Host) -> Outcome {
    let functions = host.functions()?;
    functions.hold_letters().await;
    functions.hold_the_watch().await;
    let desk = host.help_desk("acme").await?;
    let case = desk.new_case("T-1").await?;
    host.kit().sandbox.customer_online(case["session_code"].as_str().unwrap(), true).await?;
    let message = |id: &str, body: &str| json!({ "messageId": id, "body": body, "eventSource": "aws:sqs" });
    let turn = json!({ "v": 1, "turn": { "account": "acme" } }).to_string();
    let letter = json!({ "v": 1, "letter": { "account": "acme", "id": "01998c6e-5f3a-7000-8000-000000000001" } });
    let told = json!({ "Records": [
        message("no JSON", "<turn/>"),
        message("from the future", &json!({ "v": 2, "turn": { "account": "acme" } }).to_string()),
        message("no account", &json!({ "v": 1, "turn": { "account": "A#B" } }).to_string()),
        message("not the watch's", &letter.to_string()),
        message("good", &turn),
    ] });
    let answer = functions.watch().invoke(&told).await?;
    let named = ["no JSON", "from the future", "no account", "not the watch's"];
    assert_eq!(answer, json!({ "batchItemFailures": named.map(|name| json!({ "itemIdentifier": name })) }));
    assert_eq!(desk.case("T-1").await?["online"], true, "the good one was carried out");

    let broken = json!({ "eventSource": "aws:dynamodb", "eventName": "INSERT",
                         "dynamodb": { "SequenceNumber": "7", "Keys": { "pk": { "B": "AA==" } } } });
    let answer = functions.relay().invoke(&json!({ "Records": [broken, message("rubbish", "{}")] })).await?;
    let named = ["7", "rubbish"].map(|name| json!({ "itemIdentifier": name }));
    assert_eq!(answer, json!({ "batchItemFailures": named }));
    assert!(!functions.output().contains("<turn/>"), "what is in a message stays out of the log");
    Ok(())
}

async fn a_function_that_is_killed_with_work_in_hand_leaves_it_to_the_next_one(host: &Host) -> Outcome {
    let functions = host.functions()?;
    let desk = host.help_desk("acme").await?;
    let slow = json!({ "method": "GET", "path": "/sessions", "times": 1, "kind": "timeout_before" });
    host.kit().sandbox.fault(&slow).await?;
    let case = desk.new_case("T-1").await?;
    soon("the turn is leased", async || Ok(functions.watchs_table().counts().writes() > 0)).await?;
    functions.watch().kill().await;
    host.kit().sandbox.no_faults().await?;
    Notifier::of(&desk).await?.customer_online(&case).await?.expect(204)?;
    host.kit().mail.arrive(RITA, 1, SOON).await?;
    // The lease of the turn has to lapse first; then the schedule finds it, and sees that nobody is there.
    host.kit().sandbox.customer_online(case["session_code"].as_str().unwrap(), false).await?;
    within(Duration::from_secs(100), "the next turn", async || {
        tokio::time::sleep(Duration::from_secs(1)).await;
        functions.watch_is_due().await?;
        Ok(desk.case("T-1").await?["online"] == false)
    })
    .await?;
    assert!(functions.watchs_table().counts().writes() > 1);
    Ok(())
}
