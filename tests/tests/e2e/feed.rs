//! The event feed: everything that happened, each thing once and in order, soon after it happened.

use std::time::Duration;

use casebridge_tests::{fault_proxy::Rates, feed::Feed, help_desk::HelpDesk, host::Host, notice::Notifier};
use futures::future::try_join_all;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::run::{Outcome, cloud, on_every_host, on_prem, soon};

mod anywhere {
    use super::*;

    on_every_host![
        b19_what_happened_to_a_case_is_in_both_feeds_once_and_in_order,
        b19_accounts_have_feeds_of_their_own_and_the_vendor_has_one_over_all,
        b19_how_soon_a_change_is_in_the_feed,
    ];

    crate::run::stack![b19_accounts_have_feeds_of_their_own_and_the_vendor_has_one_over_all];
}

mod in_one_process {
    use super::*;

    on_prem![
        b19_neither_a_slow_mail_server_nor_a_slow_teamviewer_holds_the_feed_up,
        b19_what_a_killed_process_left_gets_its_numbers_from_the_next_one,
        b19_numbers_are_given_while_deliveries_are_held,
    ];
}

mod in_functions {
    use super::*;

    cloud![
        b19_a_table_on_a_bad_day_only_makes_the_feed_late,
        b19_what_the_stream_did_not_bring_is_numbered_when_the_schedule_strikes,
        b19_the_relay_answers_nothing_it_does_not_know,
    ];
}

/// Play, the customer online, stop.
async fn a_whole_case(desk: &HelpDesk, ticket: &str) -> anyhow::Result<Value> {
    let case = desk.new_case(ticket).await?;
    Notifier::of(desk).await?.customer_online(&case).await?.expect(204)?;
    desk.stop(&case).await?.expect(200)
}

async fn b19_what_happened_to_a_case_is_in_both_feeds_once_and_in_order(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let case = a_whole_case(&desk, "T-1").await?;
    let (mut feed, mut vendors) = (Feed::of(&desk), Feed::of_vendor(host.vendor()));
    let closed = feed.shows_of_case(&case, "case.closed").await?;
    assert_eq!((&closed["account"], &closed["case"]["ticket"]), (&json!("acme"), &case["ticket"]));
    assert_eq!(closed["by"]["is"], "key", "{closed}");
    feed.is_whole()?;
    assert_eq!(feed.kinds()[0], "account.made");
    let of_case: Vec<&str> = feed.kinds().into_iter().filter(|kind| kind.starts_with("case.")).collect();
    assert_eq!(of_case, ["case.opened", "case.closing", "case.closed"]);

    vendors.shows_of_case(&case, "case.closed").await?;
    let of_account = |event: &Value| (event["account_number"].clone(), event["type"].clone());
    let there: Vec<_> = vendors.events.iter().map(of_account).collect();
    feed.read_on().await?;
    let here: Vec<_> = feed.events.iter().map(|event| (event["number"].clone(), event["type"].clone())).collect();
    assert_eq!(there[..], here[..there.len()], "the vendor's feed has the same events under numbers of its own");
    Ok(())
}

async fn b19_accounts_have_feeds_of_their_own_and_the_vendor_has_one_over_all(host: &Host) -> Outcome {
    let (acme, globex) = (host.help_desk("acme").await?, host.help_desk("globex").await?);
    let (one, two) = (a_whole_case(&acme, "T-1").await?, a_whole_case(&globex, "T-1").await?);
    let mut vendors = Feed::of_vendor(host.vendor());
    vendors.shows_of_case(&one, "case.closed").await?;
    vendors.shows_of_case(&two, "case.closed").await?;
    vendors.is_whole()?;
    let mut feed = Feed::of(&acme);
    feed.shows_of_case(&one, "case.closed").await?;
    assert!(feed.events.iter().all(|event| event["account"] == "acme"), "{:?}", feed.events);
    let mut rivals = Feed::of_vendor(host.rival());
    rivals.read_on().await?;
    assert!(rivals.events.is_empty(), "another vendor sees none of it");
    Ok(())
}

#[expect(clippy::print_stdout, reason = "a measurement is for people")]
async fn b19_how_soon_a_change_is_in_the_feed(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let (mut feed, mut vendors) = (Feed::of(&desk), Feed::of_vendor(host.vendor()));
    let (mut to_account, mut to_vendor) = (Vec::new(), Vec::new());
    for number in 0..25 {
        let case = desk.new_case(&format!("T-{number}")).await?;
        for (answer, kind) in [(case.clone(), "case.opened"), (desk.stop(&case).await?.expect(200)?, "case.closed")] {
            let changed = Instant::now();
            feed.shows_of_case(&answer, kind).await?;
            to_account.push(changed.elapsed());
            vendors.shows_of_case(&answer, kind).await?;
            to_vendor.push(changed.elapsed());
        }
    }
    feed.is_whole()?;
    for (which, mut delays) in [("the account's", to_account), ("the vendor's", to_vendor)] {
        delays.sort();
        let of = |share: usize| delays[(delays.len() - 1) * share / 100];
        println!("a change that was answered is in {which} feed after p50 {:?}, p95 {:?}", of(50), of(95));
        assert!(of(95) < Duration::from_secs(5), "{delays:?}");
    }
    Ok(())
}

async fn b19_neither_a_slow_mail_server_nor_a_slow_teamviewer_holds_the_feed_up(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    host.kit().mail.fault(&json!({ "kind": "hang_after_data", "kept": false })).await?;
    let hangs = json!({ "method": "GET", "path": "/sessions", "kind": "timeout_before" });
    host.kit().sandbox.fault(&hangs).await?;
    let mut feed = Feed::of(&desk);
    // More letters than an account has lanes, none of which comes to an end.
    for number in 0..6 {
        let case = desk.new_case(&format!("T-{number}")).await?;
        feed.shows_of_case(&case, "case.opened").await?;
    }
    let asked = async || Ok(host.kit().sandbox.calls().await?.of("GET /sessions") > 0);
    soon("TeamViewer was asked and does not answer", asked).await?;
    let changed = Instant::now();
    let case = a_whole_case(&desk, "T-9").await?;
    feed.shows_of_case(&case, "case.closed").await?;
    assert!(changed.elapsed() < Duration::from_secs(10), "{:?}", changed.elapsed());
    assert!(host.kit().mail.all().await?.is_empty(), "the mail server hangs all the while");
    Ok(())
}

async fn b19_what_a_killed_process_left_gets_its_numbers_from_the_next_one(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    desk.new_case("T-0").await?;
    let plays = (1..8).map(async |number: u32| desk.new_case(&format!("T-{number}")).await);
    let cases = try_join_all(plays).await?;
    let server = host.one_process()?;
    server.kill().await;
    let again = server.again().await?;
    let mut feed = Feed::of(&desk);
    for case in &cases {
        feed.shows_of_case(case, "case.opened").await?;
    }
    feed.is_whole()?;
    assert_eq!(feed.kinds().iter().filter(|kind| **kind == "case.opened").count(), cases.len() + 1);
    drop(again);
    Ok(())
}

async fn b19_numbers_are_given_while_deliveries_are_held(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let server = host.one_process()?;
    let copy = server.folder().join("copy.db");
    server.command(&["backup", "--to", copy.to_str().unwrap()]).await?;
    server.ask_to_end();
    server.ended().await;
    server.command(&["restore", "--from", copy.to_str().unwrap(), "--replace"]).await?;
    let held = server.again().await?;
    let case = a_whole_case(&desk, "T-1").await?;
    let mut feed = Feed::of(&desk);
    feed.shows_of_case(&case, "case.closed").await?;
    assert!(host.kit().mail.all().await?.is_empty(), "letters are held");
    drop(held);
    Ok(())
}

async fn b19_a_table_on_a_bad_day_only_makes_the_feed_late(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let table = host.functions()?.relays_table();
    let rates = Rates { conflicts: 150, throttles: 100, lost_requests: 100, lost_answers: 150, stale_index_reads: 0 };
    table.at_random(20_261_122, rates);
    let mut cases = Vec::new();
    for number in 0..8 {
        cases.push(a_whole_case(&desk, &format!("T-{number}")).await?);
    }
    table.calm();
    host.functions()?.relay_is_due().await?;
    let (mut feed, mut vendors) = (Feed::of(&desk), Feed::of_vendor(host.vendor()));
    for case in &cases {
        feed.shows_of_case(case, "case.closed").await?;
        vendors.shows_of_case(case, "case.closed").await?;
    }
    feed.is_whole()?;
    vendors.is_whole()?;
    assert_eq!(feed.kinds().iter().filter(|kind| **kind == "case.closed").count(), cases.len());
    Ok(())
}

async fn b19_what_the_stream_did_not_bring_is_numbered_when_the_schedule_strikes(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let mut feed = Feed::of(&desk);
    feed.shows("the connection", |event| event["type"] == "connection.registered").await?;
    let functions = host.functions()?;
    // The first play also makes the group, which is an entry of its own.
    desk.invited_case("T-0").await?;
    functions.stream().until_quiet().await;
    let lost = Rates { lost_requests: 1000, ..Rates::default() };
    functions.relays_table().at_random(1, lost);
    let case = desk.new_case("T-1").await?;
    let gave_up = async || Ok(functions.stream().given_up() > 0);
    soon("the stream is told in vain, and no more", gave_up).await?;
    functions.relays_table().calm();
    let opened = |feed: &Feed| feed.kinds().iter().filter(|kind| **kind == "case.opened").count();
    feed.read_on().await?;
    assert_eq!(opened(&feed), 1, "{:?}", feed.kinds());

    soon("the index has it", async || {
        functions.relay_is_due().await?;
        feed.read_on().await?;
        Ok(opened(&feed) == 2)
    })
    .await?;
    let mut vendors = Feed::of_vendor(host.vendor());
    vendors.shows_of_case(&case, "case.opened").await?;
    Ok(())
}

async fn b19_the_relay_answers_nothing_it_does_not_know(host: &Host) -> Outcome {
    let relay = host.functions()?.relay();
    for event in [json!({}), json!({ "source": "aws.s3" }), json!({ "look": "everywhere" }), json!([1])] {
        assert!(relay.invoke(&event).await.is_err(), "{event}");
    }
    let asked = relay.invoke(&json!({ "look": "due" })).await?;
    assert_eq!(asked, json!({ "batchItemFailures": [] }));
    Ok(())
}
