//! The widget on a ticket's page: B2, B4, B7, B9, P2.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use casebridge_tests::{api::Api, help_desk::HelpDesk, host::Host, notice::Notifier};
use http::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::net::TcpStream;

use crate::run::{Outcome, SOON, on_every_host, on_prem, soon};

mod anywhere {
    use super::*;

    on_every_host![
        b2_a_widget_plays_and_stops_its_own_ticket_and_reaches_nothing_else,
        b4_a_widget_shows_code_expiry_and_supporter_links_and_asks_only_for_news,
        b7_a_widget_that_asks_now_and_then_sees_the_customer_come,
        p2_two_technicians_hand_a_case_over_in_their_widgets,
        b2_tokens_are_refused_once_an_administrator_says_so,
    ];

    crate::run::stack![b2_a_widget_plays_and_stops_its_own_ticket_and_reaches_nothing_else];
}

mod in_one_process {
    use super::*;

    on_prem![
        b7_a_widget_is_told_that_the_customer_is_online_within_two_seconds,
        b7_an_open_widget_does_not_hold_the_process_up_when_it_stops,
    ];
}

fn token_for(ticket: &str, technician: &str, colleagues: &[&str]) -> Value {
    let person = |id: &str| json!({ "id": id, "name": id });
    json!({
        "ticket": { "id": ticket, "number": "INC-1", "title": "<img src=x onerror=alert(1)>" },
        "requester": { "name": "Rita Requester", "email": "rita@example.com" },
        "technician": person(technician),
        "colleagues": colleagues.iter().map(|id| person(id)).collect::<Vec<_>>(),
    })
}

async fn widget(desk: &HelpDesk, wish: &Value) -> anyhow::Result<Api> {
    let made = desk.technician.post(&desk.path("/widget-tokens"), wish).await?.expect(201)?;
    Ok(desk.technician.with_key(made["token"].as_str().context("no token")?))
}

async fn b2_a_widget_plays_and_stops_its_own_ticket_and_reaches_nothing_else(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let other = desk.new_case("T-2").await?;
    let widget = widget(&desk, &token_for("T-1", "anna", &[])).await?;
    assert!(widget.get("/v1/widget").await?.expect(200)?.get("case").is_none());
    let played = widget.post("/v1/widget/play", &json!({})).await?.expect(200)?;
    assert_eq!((&played["case"]["ticket"], &played["case"]["state"]), (&json!("T-1"), &json!("open")));
    assert_eq!(widget.post("/v1/widget/play", &json!({})).await?.expect(200)?["case"]["id"], played["case"]["id"]);

    for path in [desk.ticket("T-1", "/case"), desk.case_path(&other, "")?, desk.path("/cases"), desk.path("")] {
        widget.get(&path).await?.expect_problem(401, "unauthorized")?;
    }
    desk.technician.get("/v1/widget").await?.expect_problem(401, "unauthorized")?;
    let stopped = widget.post("/v1/widget/stop", &json!({ "note": "Works" })).await?.expect(200)?;
    assert!(stopped["case"]["comment"].as_str().unwrap().ends_with("Note: Works"));
    assert_eq!(desk.case("T-2").await?["state"], "open");
    assert!(!host.output().contains(widget.key().unwrap()), "a token is in the log");
    Ok(())
}

async fn b4_a_widget_shows_code_expiry_and_supporter_links_and_asks_only_for_news(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let case = desk.invited_case("T-1").await?;
    let widget = widget(&desk, &token_for("T-1", "anna", &[])).await?;
    let page = widget.call(Method::GET, "/v1/widget").header("origin", "https://desk.example");
    let shown = page.clone().send().await?;
    assert_eq!(shown.header("access-control-allow-origin"), Some("*"));
    assert_eq!(shown["case"], desk.case("T-1").await?);
    assert!(shown["case"]["supporter_link"].is_string() && shown["case"]["webclient_supporter_link"].is_string());
    assert_eq!((&shown["case"]["session_code"], &shown["connection"]), (&case["session_code"], &json!("active")));
    let tag = shown.header("etag").context("no ETag")?.to_owned();
    let same = page.header("if-none-match", &tag).send().await?;
    assert_eq!((same.status, same.text.as_str()), (304, ""));

    let asks_first =
        widget.without_key().call(Method::OPTIONS, "/v1/widget/play").header("origin", "https://desk.example");
    let asks_first = asks_first.header("access-control-request-method", "POST");
    let allowed = asks_first.header("access-control-request-headers", "authorization,content-type").send().await?;
    assert_eq!((allowed.status, allowed.header("access-control-max-age")), (204, Some("86400")));
    Ok(())
}

async fn b7_a_widget_that_asks_now_and_then_sees_the_customer_come(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let case = desk.new_case("T-1").await?;
    let widget = widget(&desk, &token_for("T-1", "anna", &[])).await?;
    assert_eq!(widget.get("/v1/widget").await?.expect(200)?["case"]["online"], false);
    host.kit().sandbox.customer_online(case["session_code"].as_str().unwrap(), true).await?;
    Notifier::of(&desk).await?.customer_online(&case).await?.expect(204)?;
    soon("the widget shows it", async || Ok(widget.get("/v1/widget").await?["case"]["online"] == true)).await
}

async fn p2_two_technicians_hand_a_case_over_in_their_widgets(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let annas = widget(&desk, &token_for("T-1", "anna", &["ben"])).await?;
    let bens = widget(&desk, &token_for("T-1", "ben", &["anna"])).await?;
    annas.post("/v1/widget/play", &json!({})).await?.expect(200)?;
    let hand = async |widget: &Api, to: Value| widget.post("/v1/widget/technician", &json!({ "technician": to })).await;
    let taken = hand(&bens, json!("ben")).await?.expect_problem(409, "case-taken")?;
    assert_eq!(taken["technician"]["id"], "anna");
    hand(&annas, json!(null)).await?.expect(200)?;
    assert_eq!(hand(&bens, json!("ben")).await?.expect(200)?["case"]["technician"]["id"], "ben");
    assert_eq!(hand(&annas, json!("anna")).await?.expect_problem(409, "case-taken")?["technician"]["id"], "ben");
    hand(&bens, json!("anna")).await?.expect(200)?;
    assert_eq!(annas.get("/v1/widget").await?["case"]["technician"]["id"], "anna");
    hand(&annas, json!("stranger")).await?.expect_problem(422, "invalid-fields")?;
    Ok(())
}

async fn b2_tokens_are_refused_once_an_administrator_says_so(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let before = widget(&desk, &token_for("T-1", "anna", &[])).await?;
    before.get("/v1/widget").await?.expect(200)?;
    desk.technician.delete(&desk.path("/widget-tokens")).await?.expect_problem(403, "forbidden")?;
    desk.admin.delete(&desk.path("/widget-tokens")).await?.expect(204)?;
    // A function keeps what it knows of an account for a minute: one that was not asked before knows at once.
    if host.one_process().is_ok() {
        before.get("/v1/widget").await?.expect_problem(401, "widget-token-refused")?;
    }
    let after = widget(&desk, &token_for("T-1", "anna", &[])).await?;
    after.get("/v1/widget").await?.expect(200)?;
    Ok(())
}

/// An open stream of a widget's events.
struct Events(Lines<BufReader<TcpStream>>);

impl Events {
    async fn open(host: &Host, widget: &Api) -> anyhow::Result<Self> {
        let mut stream = TcpStream::connect(host.one_process()?.address()).await?;
        let token = widget.key().context("no token")?;
        let request =
            format!("GET /v1/widget/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        Ok(Self(BufReader::new(stream).lines()))
    }

    /// The next view; `None` at the end.
    async fn view(&mut self) -> anyhow::Result<Option<Value>> {
        while let Some(line) = self.0.next_line().await? {
            if let Some(view) = line.strip_prefix("data: ") {
                return Ok(Some(serde_json::from_str(view)?));
            }
        }
        Ok(None)
    }
}

async fn b7_a_widget_is_told_that_the_customer_is_online_within_two_seconds(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let case = desk.invited_case("T-1").await?;
    let widget = widget(&desk, &token_for("T-1", "anna", &[])).await?;
    let mut events = Events::open(host, &widget).await?;
    let first = events.view().await?.context("no view")?;
    assert_eq!((&first["case"]["id"], &first["stream"]), (&case["id"], &json!(true)));
    host.kit().sandbox.customer_online(case["session_code"].as_str().unwrap(), true).await?;
    let notifier = Notifier::of(&desk).await?;
    let begun = Instant::now();
    notifier.customer_online(&case).await?.expect(204)?;
    let online = tokio::time::timeout(SOON, events.view()).await??.context("no view")?;
    assert_eq!(online["case"]["online"], true);
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    desk.stop(&case).await?.expect(200)?;
    let closed = async {
        loop {
            let view = events.view().await?.context("no view")?;
            if view["case"]["state"] == "closed" {
                return anyhow::Ok(());
            }
        }
    };
    tokio::time::timeout(SOON, closed).await?
}

async fn b7_an_open_widget_does_not_hold_the_process_up_when_it_stops(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let widget = widget(&desk, &token_for("T-1", "anna", &[])).await?;
    let mut events = Events::open(host, &widget).await?;
    events.view().await?.context("no view")?;
    let begun = Instant::now();
    let process = host.one_process()?;
    process.ask_to_end();
    let left = async { while let Ok(Some(_)) = events.view().await {} };
    tokio::time::timeout(SOON, left).await?;
    assert!(process.ended().await.success());
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    Ok(())
}
