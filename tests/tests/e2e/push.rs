//! Events reach endpoints, signed, filtered, tried again and replayed; one dead endpoint delays nobody: P3.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use casebridge_tests::{
    help_desk::HelpDesk,
    host::Host,
    receiver::{Manner, Receiver},
};
use serde_json::{Value, json};

use crate::run::{Outcome, on_every_host, on_prem, within};

/// A lease may have to lapse, or a schedule to strike.
const IN_TIME: Duration = Duration::from_secs(100);

/// Long before a schedule would strike, which takes up to a minute.
const AT_ONCE: Duration = Duration::from_secs(10);

mod anywhere {
    use super::*;

    on_every_host![
        p3_events_reach_those_who_want_them_signed,
        p3_an_endpoint_that_hangs_or_fails_delays_no_other,
        p3_how_soon_an_event_is_pushed_beside_endpoints_that_hang_or_fail,
        p3_what_is_not_taken_comes_again_and_may_be_replayed,
        p3_an_endpoint_that_is_gone_is_disabled_and_can_be_switched_on_again,
        p3_a_test_shows_what_an_endpoint_answers,
        p3_what_is_asked_of_an_endpoint_waits_for_no_schedule,
    ];
}

mod in_one_process {
    use super::*;

    on_prem![p3_what_a_killed_process_has_not_pushed_is_pushed_by_the_next_one];
}

fn endpoints(desk: &HelpDesk) -> String {
    desk.path("/endpoints")
}

/// Below an account's endpoint.
fn of(desk: &HelpDesk, endpoint: &Value, rest: &str) -> anyhow::Result<String> {
    Ok(desk.path(&format!("/endpoints/{}{rest}", endpoint["id"].as_str().context("no id")?)))
}

fn is(kind: &'static str, ticket: &'static str) -> impl Fn(&Value) -> bool {
    move |said| said["type"] == kind && said["data"]["case"]["ticket"] == ticket
}

async fn p3_events_reach_those_who_want_them_signed(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let (own, vendors) = (Receiver::start().await?, Receiver::start().await?);
    let endpoint = own.endpoint(&desk.admin, &endpoints(&desk), &["case.*"]).await?;
    let of_vendor = vendors.endpoint(host.vendor(), "/v1/endpoints", &["case.closed", "account.made"]).await?;
    let case = desk.new_case("T-1").await?;
    desk.stop(&case).await?.expect(200)?;
    host.help_desk("globex").await?;
    let closed = own.takes("that the case closed", is("case.closed", "T-1")).await?.json()?;
    assert_eq!(closed["data"]["case"]["id"], case["id"]);
    assert!(closed["data"]["case"]["comment"].is_string(), "{closed}");
    let mut kinds = own.kinds();
    kinds.sort();
    kinds.dedup();
    assert_eq!(kinds, ["case.closed", "case.closing", "case.opened"]);
    own.all_signed_with(&endpoint)?;
    let closed = vendors.takes("that the case closed", is("case.closed", "T-1")).await?;
    let said = closed.json()?;
    assert_eq!(closed.id, format!("evt_acme_{}", said["data"]["account_number"]));
    vendors.takes("the other account", |said| said["data"]["account"] == "globex").await?;
    vendors.all_signed_with(&of_vendor)?;
    let listed = host.vendor().get("/v1/endpoints").await?.expect(200)?;
    assert_eq!(listed["items"][0]["state"], "on");
    assert!(!listed.to_string().contains("whsec_"));
    Ok(())
}

/// One that takes everything, one that hangs, and one that fails; all want what happens to an account's cases.
async fn good_and_bad(desk: &HelpDesk) -> anyhow::Result<[Receiver; 3]> {
    let receivers = [Receiver::start().await?, Receiver::start().await?, Receiver::start().await?];
    let [_, hanging, failing] = &receivers;
    hanging.be(Manner::Hangs(Duration::from_mins(1)));
    failing.be(Manner::Answers(500));
    for receiver in receivers.iter().rev() {
        receiver.endpoint(&desk.admin, &endpoints(desk), &["case.*"]).await?;
    }
    Ok(receivers)
}

async fn p3_an_endpoint_that_hangs_or_fails_delays_no_other(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let [healthy, hanging, failing] = good_and_bad(&desk).await?;
    for ticket in ["T-1", "T-2", "T-3", "T-4"] {
        desk.new_case(ticket).await?;
    }
    let began = Instant::now();
    for ticket in ["T-1", "T-2", "T-3", "T-4"] {
        healthy.takes(ticket, is("case.opened", ticket)).await?;
    }
    // The hanging one's first attempts have not even ended.
    assert!(began.elapsed() < Duration::from_secs(14), "{:?}", began.elapsed());
    within(IN_TIME, "the others are tried as well", async || Ok(!hanging.got().is_empty() && !failing.got().is_empty()))
        .await
}

#[expect(clippy::print_stdout, reason = "a measurement is for people")]
async fn p3_how_soon_an_event_is_pushed_beside_endpoints_that_hang_or_fail(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let [healthy, ..] = good_and_bad(&desk).await?;
    let mut delays = Vec::new();
    for number in 0..25 {
        let case = desk.new_case(&format!("T-{number}")).await?;
        for kind in ["case.opened", "case.closed"] {
            let answered = Instant::now();
            let is_it = |said: &Value| said["type"] == kind && said["data"]["case"]["id"] == case["id"];
            healthy.takes(kind, is_it).await?;
            delays.push(answered.elapsed());
            if kind == "case.opened" {
                desk.stop(&case).await?.expect(200)?;
            }
        }
    }
    delays.sort();
    let of = |share: usize| delays[(delays.len() - 1) * share / 100];
    println!("an event whose request was answered is pushed after p50 {:?}, p95 {:?}", of(50), of(95));
    assert!(of(95) < Duration::from_secs(5), "{delays:?}");
    Ok(())
}

async fn p3_what_is_not_taken_comes_again_and_may_be_replayed(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let receiver = Receiver::start().await?;
    let endpoint = receiver.endpoint(&desk.admin, &endpoints(&desk), &["case.opened"]).await?;
    receiver.be(Manner::Answers(503));
    desk.new_case("T-1").await?;
    within(IN_TIME, "it is tried", async || Ok(!receiver.got().is_empty())).await?;
    receiver.be(Manner::Answers(200));
    let taken = receiver.takes("the second attempt", is("case.opened", "T-1")).await?;
    let got = receiver.got();
    assert!(got.iter().all(|message| message.id == taken.id), "{got:?}");
    receiver.all_signed_with(&endpoint)?;
    let deliveries = of(&desk, &endpoint, "/deliveries")?;
    let recorded = async || {
        let found = desk.admin.get(&deliveries).await?.expect(200)?;
        Ok(found["attempts"][0]["delivered"] == true && found["retries"] == json!([]))
    };
    within(IN_TIME, "both attempts are shown", recorded).await?;
    let number = taken.json()?["data"]["number"].clone();
    let replay = of(&desk, &endpoint, "/replay")?;
    let replayed = desk.admin.post(&replay, &json!({ "from": number, "to": number })).await?.expect(202)?;
    assert_eq!(replayed, json!({ "from": number, "to": number }));
    let before = got.len();
    within(IN_TIME, "it is pushed once more", async || {
        let got = receiver.got();
        Ok(got.len() > before && got.iter().all(|message| message.id == taken.id))
    })
    .await
}

async fn p3_an_endpoint_that_is_gone_is_disabled_and_can_be_switched_on_again(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let receiver = Receiver::start().await?;
    let endpoint = receiver.endpoint(&desk.admin, &endpoints(&desk), &["case.opened"]).await?;
    receiver.be(Manner::Answers(410));
    desk.new_case("T-1").await?;
    let path = of(&desk, &endpoint, "")?;
    within(IN_TIME, "it is disabled", async || Ok(desk.admin.get(&path).await?.expect(200)?["state"] == "gone"))
        .await?;
    receiver.be(Manner::Answers(204));
    desk.new_case("T-2").await?;
    let on = desk.admin.patch(&path, &json!({ "on": true })).await?.expect(200)?;
    assert_eq!(on["state"], "on");
    receiver.takes("what it was not there for", is("case.opened", "T-1")).await?;
    receiver.takes("what happened meanwhile", is("case.opened", "T-2")).await?;
    desk.admin.delete(&path).await?.expect(204)?;
    desk.admin.get(&path).await?.expect_problem(404, "not-found").map(drop)
}

async fn p3_a_test_shows_what_an_endpoint_answers(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let receiver = Receiver::start().await?;
    let endpoint = receiver.endpoint(&desk.admin, &endpoints(&desk), &["case.*"]).await?;
    receiver.be(Manner::Answers(418));
    let asked = desk.admin.post(&of(&desk, &endpoint, "/test")?, &json!({})).await?.expect(202)?;
    let deliveries = of(&desk, &endpoint, "/deliveries")?;
    let shown = async || {
        let found = desk.admin.get(&deliveries).await?.expect(200)?;
        let attempt = &found["attempts"][0];
        Ok(attempt["type"] == "endpoint.test" && attempt["status"] == 418 && attempt["answer"] == "words")
    };
    within(IN_TIME, "the answer is shown", shown).await?;
    assert_eq!(
        receiver.got().iter().map(|message| message.id.as_str()).collect::<Vec<_>>(),
        [asked["id"].as_str().context("no id")?]
    );
    receiver.all_signed_with(&endpoint)?;
    drop(receiver);
    desk.admin.post(&of(&desk, &endpoint, "/test")?, &json!({})).await?.expect(202)?;
    let unreachable = async || {
        let found = desk.admin.get(&deliveries).await?.expect(200)?;
        Ok(found["attempts"][0]["no_answer"] == "unreachable")
    };
    within(IN_TIME, "that it can't be reached is shown", unreachable).await
}

async fn p3_what_is_asked_of_an_endpoint_waits_for_no_schedule(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let (own, vendors) = (Receiver::start().await?, Receiver::start().await?);
    let endpoint = own.endpoint(&desk.admin, &endpoints(&desk), &["case.opened"]).await?;
    let of_vendor = vendors.endpoint(host.vendor(), "/v1/endpoints", &["case.failed"]).await?;
    let path = of(&desk, &endpoint, "")?;
    let vendors_path = format!("/v1/endpoints/{}", of_vendor["id"].as_str().context("no id")?);
    for (api, path, receiver) in [(&desk.admin, &path, &own), (host.vendor(), &vendors_path, &vendors)] {
        let asked = api.post(&format!("{path}/test"), &json!({})).await?.expect(202)?;
        let is_there = async || Ok(receiver.got().iter().any(|message| asked["id"] == message.id.as_str()));
        within(AT_ONCE, "the test is pushed", is_there).await?;
    }
    desk.admin.patch(&path, &json!({ "on": false })).await?.expect(200)?;
    desk.new_case("T-1").await?;
    let numbered = async || {
        let feed = desk.reader.get(&desk.path("/events?after=0")).await?.expect(200)?;
        Ok(feed.to_string().contains("case.opened"))
    };
    within(IN_TIME, "the event has its number", numbered).await?;
    desk.admin.patch(&path, &json!({ "on": true })).await?.expect(200)?;
    let opened = |times: usize| own.kinds().iter().filter(|kind| *kind == "case.opened").count() == times;
    within(AT_ONCE, "what happened meanwhile is pushed", async || Ok(opened(1))).await?;
    desk.admin.post(&format!("{path}/replay"), &json!({ "from": 1 })).await?.expect(202)?;
    within(AT_ONCE, "it is pushed once more", async || Ok(opened(2))).await
}

async fn p3_what_a_killed_process_has_not_pushed_is_pushed_by_the_next_one(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let receiver = Receiver::start().await?;
    receiver.endpoint(&desk.admin, &endpoints(&desk), &["case.*"]).await?;
    receiver.be(Manner::Hangs(Duration::from_mins(1)));
    desk.new_case("T-1").await?;
    within(IN_TIME, "it is tried", async || Ok(!receiver.got().is_empty())).await?;
    host.one_process()?.kill().await;
    receiver.be(Manner::Answers(204));
    let _again = host.one_process()?.again().await?;
    desk.new_case("T-2").await?;
    receiver.takes("what was in hand", is("case.opened", "T-1")).await?;
    receiver.takes("what came later", is("case.opened", "T-2")).await.map(drop)
}
