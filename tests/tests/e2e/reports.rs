//! Reports and the sessions behind them: B11, B12, P6.

use casebridge_tests::{fault_proxy::Rates, help_desk::HelpDesk, help_desk::usual_play, host::Host};
use futures::future::try_join_all;
use serde_json::{Value, json};

use crate::run::{Outcome, on_every_host};

on_every_host![
    b11_the_summary_counts_every_session_once_by_technician_and_date,
    b11_a_session_is_noted_excluded_put_back_and_found_by_its_code,
    b12_sessions_are_grouped_by_the_tickets_facts_and_every_number_opens_its_sessions,
    b12_sessions_come_as_a_table_that_spreadsheets_read_and_as_pages_to_print,
    b11_of_64_stops_at_once_each_counts_once,
    p6_waiting_time_and_no_shows_are_told_apart,
];

crate::run::stack![b12_sessions_come_as_a_table_that_spreadsheets_read_and_as_pages_to_print];

/// Every day that a test can happen on, in any time zone.
const ALWAYS: &str = "from=2020-01-01&to=2040-01-01";

async fn report(desk: &HelpDesk, query: &str) -> anyhow::Result<Value> {
    desk.reader.get(&desk.path(&format!("/reports/sessions?{query}"))).await?.expect(200)
}

async fn records(desk: &HelpDesk, query: &str) -> anyhow::Result<Vec<Value>> {
    let page = desk.reader.get(&desk.path(&format!("/reports/sessions/records?{query}"))).await?.expect(200)?;
    Ok(page["items"].as_array().cloned().unwrap_or_default())
}

/// Play and stop by a technician on a ticket with these facts.
async fn session(desk: &HelpDesk, ticket: &str, technician: &str, facts: &Value) -> anyhow::Result<Value> {
    let mut play = usual_play();
    play["technician"] = json!({ "id": technician, "name": format!("{technician} of the desk") });
    for (fact, value) in facts.as_object().into_iter().flatten() {
        play["ticket"][fact] = value.clone();
    }
    let case = desk.play_with(ticket, &play).await?.expect(201)?;
    desk.stop(&case).await?.expect(200)
}

/// Each group's value and how many sessions it has, most first.
fn groups(report: &Value) -> Vec<(Value, u64)> {
    let groups = report["groups"].as_array().into_iter().flatten();
    groups.map(|group| (group["value"].clone(), group["sessions"].as_u64().unwrap_or_default())).collect()
}

async fn b11_the_summary_counts_every_session_once_by_technician_and_date(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let mut seconds = 0;
    for (ticket, technician) in [("T-1", "anna"), ("T-2", "anna"), ("T-3", "ben")] {
        let closed = session(&desk, ticket, technician, &json!({})).await?;
        seconds += closed["duration_seconds"].as_i64().unwrap();
        desk.stop(&closed).await?.expect(200)?;
    }
    desk.new_case("T-4").await?;

    let all = report(&desk, &format!("{ALWAYS}&group_by=technician")).await?;
    assert_eq!((&all["total"]["sessions"], &all["total"]["closed"]), (&json!(3), &json!(3)));
    assert_eq!(all["total"]["total_seconds"], json!(seconds), "to the second");
    assert_eq!(groups(&all), [(json!("anna"), 2), (json!("ben"), 1)]);
    assert_eq!(all["groups"][0]["name"], "anna of the desk");
    assert_eq!((&all["live"], &all["time_zone"]), (&json!(1), &json!("Europe/Paris")));
    assert!(all["definitions"].as_array().unwrap().len() > 5);

    let annas = report(&desk, &format!("{ALWAYS}&technician=anna&group_by=day")).await?;
    assert_eq!(annas["total"]["sessions"], 2);
    let days: Vec<&str> = annas["groups"].as_array().unwrap().iter().filter_map(|day| day["value"].as_str()).collect();
    assert!(!days.is_empty() && days.is_sorted());
    let before = report(&desk, "from=2019-01-01&to=2020-01-01&group_by=category").await?;
    assert_eq!((&before["total"]["sessions"], &before["groups"]), (&json!(0), &json!([])));
    desk.reader
        .get(&desk.path("/reports/sessions?from=2026-02-30&to=2026-03-01"))
        .await?
        .expect_problem(422, "invalid-fields")?;
    Ok(())
}

async fn b11_a_session_is_noted_excluded_put_back_and_found_by_its_code(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let kept = session(&desk, "T-1", "anna", &json!({})).await?;
    let practice = session(&desk, "T-2", "anna", &json!({})).await?;
    let record = desk.path(&format!("/reports/sessions/records/{}", practice["id"].as_str().unwrap()));
    let out = json!({ "excluded": true, "reason": "a practice", "note": "for the new one" });
    let changed = desk.technician.patch(&record, &out).await?.expect(200)?;
    assert_eq!((&changed["note"], &changed["excluded"]["reason"]), (&json!("for the new one"), &json!("a practice")));
    let without = report(&desk, ALWAYS).await?;
    assert_eq!((&without["total"]["sessions"], &without["total"]["excluded"]), (&json!(1), &json!(1)));
    assert_eq!(records(&desk, &format!("{ALWAYS}&counted=excluded")).await?[0]["case"], practice["id"]);

    desk.reader.patch(&record, &json!({ "excluded": false })).await?.expect_problem(403, "forbidden")?;
    assert_eq!(report(&desk, ALWAYS).await?["total"]["sessions"], 1, "who only reads changes nothing");
    desk.technician.patch(&record, &json!({ "excluded": false })).await?.expect(200)?;
    let whole = report(&desk, ALWAYS).await?;
    assert_eq!((&whole["total"]["sessions"], &whole["total"]["excluded"]), (&json!(2), &json!(0)));

    let code = kept["session_code"].as_str().unwrap();
    for written in [code.to_owned(), code.replace('-', "")] {
        let found = records(&desk, &format!("session_code={written}")).await?;
        assert_eq!((found.len(), &found[0]["case"]), (1, &kept["id"]), "{written}");
    }
    Ok(())
}

async fn b12_sessions_are_grouped_by_the_tickets_facts_and_every_number_opens_its_sessions(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    for (ticket, category, priority) in
        [("T-1", json!("Hardware"), "High"), ("T-2", json!("Hardware"), "Low"), ("T-3", json!(null), "High")]
    {
        session(&desk, ticket, "anna", &json!({ "category": category, "priority": priority })).await?;
    }
    let played = desk.new_case("T-4").await?;
    let ticket =
        json!({ "number": "INC-1", "title": "Printer", "category": "Software & <b>more</b>", "priority": "High" });
    desk.tell_ticket("T-4", &json!({ "ticket": ticket })).await?.expect(200)?;
    desk.stop(&played).await?.expect(200)?;

    let expected = [
        ("category", vec![(json!("Hardware"), 2), (json!(null), 1), (json!("Software & <b>more</b>"), 1)]),
        ("priority", vec![(json!("High"), 3), (json!("Low"), 1)]),
        ("type", vec![(json!("Incident"), 3), (json!(null), 1)]),
        ("source", vec![(json!("Portal"), 3), (json!(null), 1)]),
    ];
    for (by, groups_of) in expected {
        let report = report(&desk, &format!("{ALWAYS}&group_by={by}")).await?;
        assert_eq!(groups(&report), groups_of, "by {by}");
        for figures in report["groups"].as_array().unwrap().iter().chain([&report["total"]]) {
            let behind = desk.reader.get(figures["records"].as_str().unwrap()).await?.expect(200)?;
            let opened = behind["items"].as_array().unwrap().len();
            assert_eq!(Some(opened as u64), figures["sessions"].as_u64(), "{figures}");
        }
    }
    Ok(())
}

async fn b12_sessions_come_as_a_table_that_spreadsheets_read_and_as_pages_to_print(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let formula = json!({ "category": "=1+1", "source": "Größe, \"自助\"" });
    session(&desk, "T-1", "anna", &formula).await?;
    let path = desk.path(&format!("/reports/sessions/records?{ALWAYS}"));
    let table = desk.reader.call(http::Method::GET, &path).header("accept", "text/csv").send().await?;
    assert_eq!(table.status, 200, "{table}");
    assert!(table.header("content-type").unwrap().starts_with("text/csv"));
    // The mark by which spreadsheets know UTF-8.
    let body = table.text.strip_prefix('\u{feff}').unwrap();
    assert_eq!(body.matches("\r\n").count(), 2, "a heading and a session: {body}");
    assert!(body.contains(",'=1+1,") && body.contains("\"Größe, \"\"自助\"\"\""), "{body}");

    let pages = desk.reader.get(&desk.path(&format!("/reports/sessions/printed?{ALWAYS}&language=fr"))).await?;
    assert_eq!(pages.status, 200, "{pages}");
    assert!(pages.text.contains("Synthèse des sessions TeamViewer") && pages.text.contains("=1+1"), "{}", pages.text);
    Ok(())
}

async fn b11_of_64_stops_at_once_each_counts_once(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    // The first one alone: it makes the connection's group.
    let mut cases = vec![desk.new_case("T-1").await?];
    cases.extend(try_join_all((2..=64).map(async |number: u32| desk.new_case(&format!("T-{number}")).await)).await?);
    if let Ok(functions) = host.functions() {
        functions.table().at_random(20_261_122, Rates { conflicts: 100, throttles: 30, ..Rates::default() });
    }
    let stops = cases.iter().map(async |case| desk.stop(case).await?.expect(200));
    let closed = try_join_all(stops).await?;
    if let Ok(functions) = host.functions() {
        functions.table().calm();
    }
    assert!(closed.iter().all(|case| case["state"] == "closed"));
    let seconds: i64 = closed.iter().filter_map(|case| case["duration_seconds"].as_i64()).sum();
    let total = report(&desk, ALWAYS).await?["total"].clone();
    assert_eq!((&total["closed"], &total["total_seconds"]), (&json!(64), &json!(seconds)));
    Ok(())
}

async fn p6_waiting_time_and_no_shows_are_told_apart(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    session(&desk, "T-1", "anna", &json!({})).await?;
    let joined = desk.new_case("T-2").await?;
    casebridge_tests::notice::Notifier::of(&desk).await?.customer_online(&joined).await?.expect(204)?;
    let closed = desk.stop(&joined).await?.expect(200)?;
    let total = report(&desk, ALWAYS).await?["total"].clone();
    assert_eq!((&total["joined"], &total["never_joined"], &total["no_show_rate"]), (&json!(1), &json!(1), &json!(0.5)));
    let record = records(&desk, &format!("{ALWAYS}&counted=joined")).await?.remove(0);
    assert_eq!((&record["case"], &record["online_at"]), (&closed["id"], &closed["online_at"]));
    assert_eq!(record["waiting_seconds"], total["waiting_seconds"]);
    Ok(())
}
