//! The mail server's bad days: letters wait, leave by themselves once it is back, and one account's hold up no other's.

use std::time::Duration;

use casebridge_tests::{
    help_desk::{HelpDesk, RITA, usual_play},
    host::Host,
};
use serde_json::{Value, json};

use crate::run::{Outcome, SOON, on_every_host, soon, within};

on_every_host![
    letters_wait_for_a_mail_server_that_is_down_and_leave_once_it_is_back,
    a_letter_that_is_refused_for_good_says_so_on_the_case,
    a_letter_whose_case_ended_before_it_could_leave_is_cancelled,
    one_accounts_letters_that_wait_delay_no_other_account,
];

/// Longer than the pauses between the first tries.
const SEVERAL_TRIES: Duration = Duration::from_mins(1);

async fn play_for(desk: &HelpDesk, ticket: &str, address: &str) -> anyhow::Result<Value> {
    let mut play = usual_play();
    play["requester"]["email"] = json!(address);
    desk.play_with(ticket, &play).await?.expect(201)
}

async fn invitation(desk: &HelpDesk, ticket: &str) -> anyhow::Result<Value> {
    Ok(desk.case(ticket).await?["invitation"]["state"].clone())
}

async fn letters_wait_for_a_mail_server_that_is_down_and_leave_once_it_is_back(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    host.kit().mail.fault(&json!({ "kind": "refuse_connection", "times": 1 })).await?;
    host.kit().mail.fault(&json!({ "kind": "unavailable", "times": 1 })).await?;
    desk.new_case("T-1").await?;
    assert_eq!(invitation(&desk, "T-1").await?, "queued");
    host.kit().mail.arrive(RITA, 1, SEVERAL_TRIES).await?;
    soon("the case knows", async || Ok(invitation(&desk, "T-1").await? == "accepted")).await?;
    assert_eq!(host.kit().mail.all().await?.len(), 1);
    Ok(())
}

async fn a_letter_that_is_refused_for_good_says_so_on_the_case(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    host.kit().mail.fault(&json!({ "kind": "permanent_refusal", "recipient": "nobody@*" })).await?;
    let case = play_for(&desk, "T-1", "nobody@example.com").await?;
    soon("the case knows", async || Ok(invitation(&desk, "T-1").await? == "failed")).await?;
    assert_eq!(desk.case("T-1").await?["state"], "open", "the code can still be read out");
    host.kit().mail.no_faults().await?;
    desk.invite_again(&case).await?.expect(202)?;
    host.kit().mail.arrive("nobody@example.com", 1, SOON).await?;
    Ok(())
}

async fn a_letter_whose_case_ended_before_it_could_leave_is_cancelled(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    host.kit().mail.fault(&json!({ "kind": "temporary_refusal", "recipient": RITA })).await?;
    let case = desk.new_case("T-1").await?;
    desk.stop(&case).await?.expect(200)?;
    host.kit().mail.no_faults().await?;
    within(SEVERAL_TRIES, "it is cancelled", async || Ok(invitation(&desk, "T-1").await? == "cancelled")).await?;
    assert!(host.kit().mail.all().await?.is_empty(), "an invitation to nothing is worse than none");
    Ok(())
}

async fn one_accounts_letters_that_wait_delay_no_other_account(host: &Host) -> Outcome {
    let (stuck, other) = (host.help_desk("stuck").await?, host.help_desk("other").await?);
    host.kit().mail.fault(&json!({ "kind": "temporary_refusal", "recipient": "*@stuck.example" })).await?;
    for number in 0..20 {
        play_for(&stuck, &format!("T-{number}"), &format!("r{number}@stuck.example")).await?;
    }
    play_for(&other, "T-1", "free@example.com").await?;
    host.kit().mail.arrive("free@example.com", 1, Duration::from_secs(5)).await?;
    assert_eq!(host.kit().mail.all().await?.len(), 1);
    host.kit().mail.no_faults().await?;
    within(SEVERAL_TRIES, "every letter is there", async || Ok(host.kit().mail.all().await?.len() >= 21)).await?;
    assert_eq!(host.kit().mail.all().await?.len(), 21, "each once");
    Ok(())
}
