//! Somebody asks for help, and whoever takes it first has it: I9, P2 (queue), P7.

use std::time::Duration;

use casebridge_tests::{
    api::Answer,
    customer_page::CustomerPage,
    feed::Feed,
    help_desk::{HelpDesk, RITA, usual_play},
    host::Host,
};
use http::Method;
use serde_json::{Value, json};

use crate::run::{Outcome, SOON, on_every_host, within};

mod queue {
    use super::*;

    on_every_host![
        i9_a_devices_user_asks_with_one_call_and_one_of_all_technicians_has_it,
        i9_a_device_that_can_not_be_helped_says_why,
        p2_play_takes_what_was_asked_for_and_the_close_guard_names_it,
        p2_who_does_not_want_help_any_more_withdraws,
        p7_a_requester_asks_on_a_page_waits_and_joins,
    ];

    crate::run::stack![i9_a_devices_user_asks_with_one_call_and_one_of_all_technicians_has_it];
}

mod expired {
    use super::*;

    on_every_host![i9_a_request_that_nobody_takes_ends_by_the_clock];
}

async fn ask(desk: &HelpDesk, ticket: &str) -> anyhow::Result<Answer> {
    let play = usual_play();
    let body = json!({ "ticket": play["ticket"], "requester": play["requester"], "note": "It smokes" });
    desk.technician.post(&desk.ticket(ticket, "/request"), &body).await
}

async fn take(desk: &HelpDesk, case: &Value, name: &str) -> anyhow::Result<Answer> {
    let wish = json!({ "technician": { "id": name, "name": name } });
    desk.technician.post(&desk.case_path(case, "/take")?, &wish).await
}

/// A desk that is activated, with a phone that is ready and one that has no QuickSupport and no user.
async fn fleet(host: &Host, settings: &Value) -> anyhow::Result<HelpDesk> {
    let desk = host.help_desk_with("acme", settings).await?;
    let path = desk.path("/activation");
    let terms = desk.reader.get(&path).await?.expect(200)?["terms"]["version"].clone();
    let agreement = json!({ "terms_version": terms, "agreed_by": { "id": "u-1", "name": "Ada" } });
    let activated = desk.admin.put(&path, &json!({ "mode": "attended", "agreement": agreement })).await?;
    anyhow::ensure!(activated.status < 300, "{}", activated.body);
    let facts = json!({
        "platform": "ios", "name": "Rita's iPad", "os_version": "17.2", "management": "enrolled", "eula_accepted": true,
        "quicksupport": { "installed": true, "distributed": true, "allow_listed": true, "managed": true },
        "requester": { "name": "Rita" },
    });
    let old = json!({ "platform": "ios", "name": "Old iPad", "os_version": "10.3", "management": "enrolled" });
    for (device, facts) in [("ipad", facts), ("old", old)] {
        let told = desk.technician.put(&desk.path(&format!("/devices/{device}")), &facts).await?;
        anyhow::ensure!(told.status < 300, "{}", told.body);
    }
    Ok(desk)
}

async fn i9_a_devices_user_asks_with_one_call_and_one_of_all_technicians_has_it(host: &Host) -> Outcome {
    let settings = json!({ "told": { "without_technician": ["queue@northwind.example"] } });
    let desk = fleet(host, &settings).await?;
    // The account's first case makes its group.
    let first = desk.new_case("T-1").await?;
    desk.stop(&first).await?.expect(200)?;
    let path = desk.path("/devices/ipad/request");
    let case = desk.technician.post(&path, &json!({ "note": "It does not start" })).await?.expect(201)?;
    assert_eq!((&case["state"], &case["requester"]["name"]), (&json!("asked"), &json!("Rita")));
    assert_eq!(
        desk.technician.post(&path, &json!({})).await?.expect(200)?["id"],
        case["id"],
        "asking again is one request"
    );
    assert_eq!(host.kit().sandbox.open_sessions().await?.len(), 0);
    let told = host.kit().mail.arrive("queue@northwind.example", 1, SOON).await?.remove(0);
    assert!(told["text"].as_str().unwrap().contains("It does not start"), "{told}");

    let at_once = ["ben", "kim", "lou", "mia", "noa", "pat"].map(async |name| take(&desk, &case, name).await);
    let answers = futures::future::join_all(at_once).await.into_iter().collect::<Result<Vec<_>, _>>()?;
    let now = desk.technician.get(&desk.case_path(&case, "")?).await?.expect(200)?;
    assert_eq!(now["state"], "open", "{now}");
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    for late in answers.into_iter().filter(|answer| answer.status != 200) {
        assert_eq!(late.expect_problem(409, "case-taken")?["technician"]["id"], now["technician"]["id"]);
    }
    assert!(now["hand_over"].is_object(), "the device is handed its session: {now}");
    assert_eq!(host.kit().sandbox.open_sessions().await?.len(), 1);
    let mut feed = Feed::of(&desk);
    feed.shows_of_case(&case, "case.opened").await?;
    let kinds = feed.kinds();
    let asked: Vec<_> =
        kinds.iter().filter(|kind| kind.starts_with("help.") || **kind == "technician.changed").collect();
    assert_eq!(asked, [&"help.asked", &"technician.changed"]);
    feed.is_whole()?;
    assert_eq!(host.kit().mail.to("queue@northwind.example").await?.len(), 1, "they are told once");
    Ok(())
}

async fn i9_a_device_that_can_not_be_helped_says_why(host: &Host) -> Outcome {
    let desk = fleet(host, &json!({})).await?;
    let refused = desk.technician.post(&desk.path("/devices/old/request"), &json!({})).await?;
    let findings = refused.expect_problem(409, "device-not-ready")?["findings"].clone();
    assert!(findings.as_array().is_some_and(|findings| !findings.is_empty()), "{findings}");
    desk.technician.post(&desk.path("/devices/none/request"), &json!({})).await?.expect_problem(404, "not-found")?;
    assert!(desk.cases("?state=asked").await?.is_empty());
    Ok(())
}

async fn i9_a_request_that_nobody_takes_ends_by_the_clock(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    desk.set(&json!({ "request_lifetime_minutes": 1 })).await?;
    let case = ask(&desk, "T-1").await?.expect(201)?;
    let mut feed = Feed::of(&desk);
    within(Duration::from_secs(75), "the request ends", async || Ok(desk.case("T-1").await?["state"] == "failed"))
        .await?;
    assert_eq!(desk.case("T-1").await?["problem"], "not_taken");
    take(&desk, &case, "ben").await?.expect_problem(409, "case-ended")?;
    assert_eq!(desk.closable("T-1").await?["closable"], true);
    // Settled by the watch, though nobody looks.
    feed.shows_of_case(&case, "help.not_taken").await?;
    assert_ne!(ask(&desk, "T-1").await?.expect(201)?["id"], case["id"]);
    Ok(())
}

async fn p2_play_takes_what_was_asked_for_and_the_close_guard_names_it(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let first = ask(&desk, "T-1").await?.expect(201)?;
    let second = ask(&desk, "T-2").await?.expect(201)?;
    let queue = desk.cases("?state=live&unassigned=true").await?;
    assert_eq!(queue.iter().map(|case| &case["id"]).collect::<Vec<_>>(), [&second["id"], &first["id"]]);
    assert_eq!(desk.closable("T-1").await?["case"]["id"], first["id"]);
    let played = desk.play("T-1").await?.expect(200)?;
    assert_eq!((&played["id"], &played["state"]), (&first["id"], &json!("open")));
    assert_eq!(played["technician"]["id"], usual_play()["technician"]["id"]);
    assert_eq!(desk.cases("?state=live&unassigned=true").await?.len(), 1);
    host.kit().mail.arrive(RITA, 1, SOON).await?;
    let closed = desk.stop(&played).await?.expect(200)?;
    assert_eq!(closed["request"]["asked_at"], first["request"]["asked_at"]);
    Ok(())
}

async fn p2_who_does_not_want_help_any_more_withdraws(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let case = ask(&desk, "T-1").await?.expect(201)?;
    let withdraw = desk.case_path(&case, "/withdraw")?;
    let withdrawn = desk.technician.post(&withdraw, &json!({})).await?.expect(200)?;
    assert_eq!((&withdrawn["state"], &withdrawn["problem"]), (&json!("failed"), &json!("withdrawn")));
    Feed::of(&desk).shows_of_case(&case, "help.withdrawn").await?;
    take(&desk, &case, "ben").await?.expect_problem(409, "case-ended")?;
    let next = ask(&desk, "T-1").await?.expect(201)?;
    assert_eq!(desk.stop(&next).await?.expect(200)?["problem"], "withdrawn", "stop does the same");
    desk.new_case("T-1").await?;
    Ok(())
}

async fn p7_a_requester_asks_on_a_page_waits_and_joins(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let play = usual_play();
    let body = json!({ "ticket": play["ticket"], "requester": play["requester"] });
    let link = desk.technician.post(&desk.ticket("T-1", "/request-link"), &body).await?.expect(201)?;
    let page = CustomerPage::at(host.vendor(), link["url"].as_str().unwrap())?;
    for method in [Method::GET, Method::HEAD] {
        assert_eq!(page.look(method, "").await?.status, 200);
    }
    assert!(desk.cases("?state=live").await?.is_empty(), "who only looks asks for nothing");
    let asked = page.press("help").await?;
    assert_eq!(asked.status, 303, "{asked}");
    let case = desk.case("T-1").await?;
    assert_eq!((&case["state"], &case["requester"]["email"]), (&json!("asked"), &json!(RITA)));
    let waits = page.show().await?;
    assert_eq!(waits.status, 200);
    page.press("withdraw").await?;
    assert_eq!(desk.case("T-1").await?["problem"], "withdrawn");
    page.press("help").await?;
    let case = desk.case("T-1").await?;
    let taken = take(&desk, &case, "Ben").await?.expect(200)?;
    let helped = page.show().await?;
    assert!(helped.text.contains("Ben") && helped.text.contains(taken["session_code"].as_str().unwrap()), "{helped}");
    let gone = page.press("join").await?;
    assert_eq!((gone.status, gone.header("location")), (303, taken["session_link"].as_str()), "{gone}");
    host.kit().mail.arrive(RITA, 1, SOON).await?;
    Feed::of(&desk).shows_of_case(&case, "invitation.opened").await?;
    let changed = CustomerPage::at(host.vendor(), &format!("{}x", link["url"].as_str().unwrap()))?;
    assert_eq!(changed.show().await?.status, 404);
    Ok(())
}
