//! What a request costs: calls of the table and of TeamViewer, counted on the wire. A function is cold when it has
//! kept nothing yet, and warm when it answered the same key a moment ago.

use casebridge_tests::{
    api::Answer,
    customer_page::CustomerPage,
    feed::Feed,
    help_desk::{HelpDesk, key_of},
    host::Host,
    notice::{Notifier, online},
};
use http::Method;
use serde_json::{Value, json};

use crate::run::{Outcome, cloud, soon};

cloud![
    play_is_one_read_two_writes_and_one_call,
    stop_is_two_reads_two_writes_and_one_call,
    a_signed_notice_is_two_reads_and_one_write,
    a_notice_with_a_key_is_two_reads_and_one_write,
    reading_a_case_is_two_reads,
    a_widgets_look_is_three_reads_and_two_while_the_account_is_kept,
    asking_whether_a_ticket_is_closable_is_two_reads,
    looking_at_the_customers_page_is_one_read_and_pressing_its_button_one_write_more,
    reserving_the_closing_is_one_read_and_one_write,
    an_idempotency_key_costs_nothing_more,
    a_report_costs_the_same_whatever_is_asked,
    a_page_of_a_feed_is_two_reads,
    a_devices_readiness_is_two_reads_and_one_while_the_account_is_kept,
];

/// What a request cost.
#[derive(Debug, PartialEq, Eq)]
struct Cost {
    reads: u64,
    writes: u64,
    teamviewer: u64,
}

const fn cost(reads: u64, writes: u64, teamviewer: u64) -> Cost {
    Cost { reads, writes, teamviewer }
}

async fn count(host: &Host, ask: impl AsyncFnOnce() -> anyhow::Result<Answer>) -> anyhow::Result<(Cost, Answer)> {
    let table = host.functions()?.table();
    host.kit().sandbox.forget_calls().await?;
    table.reset_counts();
    let answer = ask().await?;
    let counts = table.counts();
    let teamviewer = host.kit().sandbox.calls().await?.total();
    Ok((Cost { reads: counts.reads(), writes: counts.writes(), teamviewer }, answer))
}

async fn cold(host: &Host, ask: impl AsyncFnOnce() -> anyhow::Result<Answer>) -> anyhow::Result<(Cost, Answer)> {
    host.functions()?.grow_cold().await?;
    count(host, ask).await
}

/// An account whose group is made.
async fn desk(host: &Host) -> anyhow::Result<HelpDesk> {
    // What the watch asks TeamViewer is nobody's request.
    host.functions()?.hold_the_watch().await;
    let desk = host.help_desk("acme").await?;
    desk.new_case("T-0").await?;
    Ok(desk)
}

async fn play_is_one_read_two_writes_and_one_call(host: &Host) -> Outcome {
    let desk = desk(host).await?;
    let (cost_cold, played) = cold(host, async || desk.play("T-1").await).await?;
    played.expect(201)?;
    assert_eq!(cost_cold, cost(1, 2, 1));
    let (cost_warm, played) = count(host, async || desk.play("T-2").await).await?;
    played.expect(201)?;
    assert_eq!(cost_warm, cost(0, 2, 1));
    let (cost_again, played) = count(host, async || desk.play("T-2").await).await?;
    played.expect(200)?;
    assert_eq!(cost_again, cost(1, 1, 0), "the claim that is lost, and the case that holds the ticket");
    Ok(())
}

async fn stop_is_two_reads_two_writes_and_one_call(host: &Host) -> Outcome {
    let desk = desk(host).await?;
    // A letter that leaves meanwhile changes its case, which then is read and written once more.
    let (one, two) = (desk.invited_case("T-1").await?, desk.invited_case("T-2").await?);
    let (cost_cold, stopped) = cold(host, async || desk.stop(&one).await).await?;
    stopped.expect(200)?;
    assert_eq!(cost_cold, cost(2, 2, 1));
    let (cost_warm, stopped) = count(host, async || desk.stop(&two).await).await?;
    stopped.expect(200)?;
    assert_eq!(cost_warm, cost(1, 2, 1));
    Ok(())
}

async fn a_signed_notice_is_two_reads_and_one_write(host: &Host) -> Outcome {
    let desk = desk(host).await?;
    let (one, two) = (desk.invited_case("T-1").await?, desk.invited_case("T-2").await?);
    let notifier = Notifier::of(&desk).await?;
    let (cost_cold, taken) = cold(host, async || notifier.customer_online(&one).await).await?;
    taken.expect(204)?;
    assert_eq!(cost_cold, cost(2, 1, 0));
    let (cost_warm, taken) = count(host, async || notifier.customer_online(&two).await).await?;
    taken.expect(204)?;
    assert_eq!(cost_warm, cost(2, 1, 0), "without a key nothing is kept");
    Ok(())
}

async fn a_notice_with_a_key_is_two_reads_and_one_write(host: &Host) -> Outcome {
    let desk = desk(host).await?;
    let (one, two) = (desk.invited_case("T-1").await?, desk.invited_case("T-2").await?);
    let relay = desk.admin.with_key(&key_of(&desk.admin, &desk.account, "notify").await?);
    let notice = async |case: &Value| {
        let call = relay.call(Method::POST, "/v1/webhooks/teamviewer/acme").json(&online(&case["session_code"]));
        call.send().await
    };
    let (cost_cold, taken) = cold(host, async || notice(&one).await).await?;
    taken.expect(204)?;
    assert_eq!(cost_cold, cost(2, 1, 0));
    let (cost_warm, taken) = count(host, async || notice(&two).await).await?;
    taken.expect(204)?;
    assert_eq!(cost_warm, cost(1, 1, 0));
    Ok(())
}

async fn reading_a_case_is_two_reads(host: &Host) -> Outcome {
    let desk = desk(host).await?;
    let path = desk.case_path(&desk.case("T-0").await?, "")?;
    let (cost_cold, read) = cold(host, async || desk.technician.get(&path).await).await?;
    read.expect(200)?;
    assert_eq!(cost_cold, cost(2, 0, 0));
    let (cost_warm, read) = count(host, async || desk.technician.get(&path).await).await?;
    read.expect(200)?;
    assert_eq!(cost_warm, cost(1, 0, 0));

    let newest = desk.ticket("T-0", "/case");
    let (cost_cold, read) = cold(host, async || desk.technician.get(&newest).await).await?;
    read.expect(200)?;
    // One more than by its id: the ticket's newest case is a pointer.
    assert_eq!(cost_cold, cost(3, 0, 0), "by its ticket");
    Ok(())
}

async fn looking_at_the_customers_page_is_one_read_and_pressing_its_button_one_write_more(host: &Host) -> Outcome {
    let desk = desk(host).await?;
    let customer = CustomerPage::of(host.vendor(), &desk.invited_case("T-1").await?)?;
    let (cost_cold, page) = cold(host, async || customer.show().await).await?;
    assert_eq!((page.status, cost_cold), (200, cost(1, 0, 0)));
    let (cost_warm, page) = count(host, async || customer.show().await).await?;
    assert_eq!((page.status, cost_warm), (200, cost(1, 0, 0)), "nothing is kept of what a link shows");
    let (cost_first, gone) = cold(host, async || customer.look(Method::POST, "/join").await).await?;
    assert_eq!((gone.status, cost_first), (303, cost(1, 1, 0)));
    let (cost_again, gone) = count(host, async || customer.look(Method::POST, "/join").await).await?;
    assert_eq!((gone.status, cost_again), (303, cost(1, 0, 0)));
    Ok(())
}

async fn a_widgets_look_is_three_reads_and_two_while_the_account_is_kept(host: &Host) -> Outcome {
    let desk = desk(host).await?;
    let ended = desk.invited_case("T-1").await?;
    desk.stop(&ended).await?.expect(200)?;
    let live = desk.invited_case("T-2").await?;
    for (case, more) in [(&live, 0), (&ended, 1)] {
        let wish = json!({
            "ticket": { "id": case["ticket"], "number": "INC-1", "title": "Printer on fire" },
            "requester": { "name": "Rita Requester" },
            "technician": { "id": "anna", "name": "Anna Becker" },
        });
        let made = desk.technician.post(&desk.path("/widget-tokens"), &wish).await?.expect(201)?;
        let widget = desk.technician.with_key(made["token"].as_str().unwrap());
        let (cost_cold, looked) = cold(host, async || widget.get("/v1/widget").await).await?;
        assert_eq!(looked.expect(200)?["case"]["id"], case["id"]);
        assert_eq!(cost_cold, cost(3 + more, 0, 0));
        let (cost_warm, looked) = count(host, async || widget.get("/v1/widget").await).await?;
        looked.expect(200)?;
        assert_eq!(cost_warm, cost(2 + more, 0, 0));
    }
    Ok(())
}

async fn asking_whether_a_ticket_is_closable_is_two_reads(host: &Host) -> Outcome {
    let desk = desk(host).await?;
    for (ticket, closable) in [("T-0", false), ("T-1", true)] {
        let path = desk.ticket(ticket, "/closable");
        let (cost_cold, asked) = cold(host, async || desk.reader.get(&path).await).await?;
        assert_eq!(asked.expect(200)?["closable"], closable);
        assert_eq!(cost_cold, cost(2, 0, 0));
        let (cost_warm, asked) = count(host, async || desk.reader.get(&path).await).await?;
        asked.expect(200)?;
        assert_eq!(cost_warm, cost(1, 0, 0));
    }
    Ok(())
}

async fn reserving_the_closing_is_one_read_and_one_write(host: &Host) -> Outcome {
    let desk = desk(host).await?;
    let (cost_cold, reserved) = cold(host, async || desk.reserve_closing("T-1").await).await?;
    reserved.expect(200)?;
    assert_eq!(cost_cold, cost(1, 1, 0));
    let (cost_warm, reserved) = count(host, async || desk.reserve_closing("T-2").await).await?;
    reserved.expect(200)?;
    assert_eq!(cost_warm, cost(0, 1, 0));
    Ok(())
}

async fn an_idempotency_key_costs_nothing_more(host: &Host) -> Outcome {
    let desk = desk(host).await?;
    let play = desk.play_call("T-1", &casebridge_tests::help_desk::usual_play()).header("Idempotency-Key", "once");
    let (cost_cold, played) = cold(host, async || play.clone().send().await).await?;
    let case = played.expect(201)?;
    assert_eq!(cost_cold, cost(1, 2, 1));
    soon("the invitation left", async || Ok(desk.case("T-1").await?["invitation"]["state"] != "queued")).await?;
    let stop = desk.technician.call(Method::POST, &desk.case_path(&case, "/close")?).json(&json!({}));
    let (cost_warm, stopped) = count(host, async || stop.header("Idempotency-Key", "once").send().await).await?;
    stopped.expect(200)?;
    assert_eq!(cost_warm, cost(1, 2, 1));
    Ok(())
}

async fn a_report_costs_the_same_whatever_is_asked(host: &Host) -> Outcome {
    let desk = desk(host).await?;
    desk.stop(&desk.case("T-0").await?).await?.expect(200)?;
    let days = "from=2026-01-01&to=2027-01-11";
    for (more, expected) in [("", 2), ("&technician=anna&group_by=category", 3), ("&group_by=day", 2)] {
        let path = desk.path(&format!("/reports/sessions?{days}{more}"));
        let (cost_cold, read) = cold(host, async || desk.reader.get(&path).await).await?;
        read.expect(200)?;
        // The live cases are one of them: two stretches at most, and a handful of days.
        assert_eq!(cost_cold, cost(1 + expected, 0, 0), "{path}");
        let (cost_warm, read) = count(host, async || desk.reader.get(&path).await).await?;
        read.expect(200)?;
        assert_eq!(cost_warm, cost(expected, 0, 0), "{path}");
    }
    Ok(())
}

async fn a_page_of_a_feed_is_two_reads(host: &Host) -> Outcome {
    let desk = desk(host).await?;
    let mut feed = Feed::of(&desk);
    feed.shows_of_case(&desk.case("T-0").await?, "case.opened").await?;
    let path = desk.path("/events?limit=100");
    let (cost_cold, read) = cold(host, async || desk.reader.get(&path).await).await?;
    read.expect(200)?;
    assert_eq!(cost_cold, cost(2, 0, 0));
    let (cost_warm, read) = count(host, async || desk.reader.get(&path).await).await?;
    read.expect(200)?;
    assert_eq!(cost_warm, cost(1, 0, 0));
    Ok(())
}

async fn a_devices_readiness_is_two_reads_and_one_while_the_account_is_kept(host: &Host) -> Outcome {
    let desk = desk(host).await?;
    let device = desk.path("/devices/D-1");
    desk.technician.put(&device, &json!({ "platform": "android" })).await?.expect(200)?;
    let look = async || desk.reader.get(&format!("{device}/readiness")).await;
    let (spent, answer) = cold(host, look).await?;
    assert_eq!((spent, answer.status), (cost(2, 0, 0), 200));
    let (spent, _) = count(host, look).await?;
    assert_eq!(spent, cost(1, 0, 0));
    Ok(())
}
