//! Session records as a table: the same fields, one line each.

use super::view::{ExclusionView, RecordView};
use crate::spreadsheet::Cell;

/// The columns' names.
pub(super) const COLUMNS: [&str; 36] = [
    "case",
    "session_code",
    "session_type",
    "ticket",
    "ticket_number",
    "ticket_title",
    "category",
    "type",
    "priority",
    "source",
    "technician",
    "technician_name",
    "started_at",
    "picked_up_at",
    "online_at",
    "ended_at",
    "started_local",
    "ended_local",
    "day",
    "time_zone",
    "outcome",
    "ended_by",
    "reason",
    "duration_seconds",
    "waiting_seconds",
    "note",
    "excluded",
    "excluded_at",
    "excluded_by",
    "excluded_reason",
    "counted_without_facts",
    "device",
    "device_name",
    "platform",
    "mode",
    "view_only",
];

/// A record in these columns.
pub(super) fn line(record: RecordView) -> [Cell; COLUMNS.len()] {
    let text = |text: String| Cell::Text(text);
    let truth = |truth: bool| Cell::text(Some(if truth { "true" } else { "false" }));
    let (technician, technician_name) = record.technician.map(|technician| (technician.id, technician.name)).unzip();
    let (ticket, number, title, facts) = match record.ticket {
        Some(ticket) => {
            let facts = [ticket.category, ticket.kind, ticket.priority, ticket.source];
            (Some(ticket.id), Some(ticket.number), Some(ticket.title), facts)
        }
        None => (None, None, None, [const { None }; 4]),
    };
    let [category, kind, priority, source] = facts.map(Cell::text);
    let view_only = record.device.as_ref().map(|device| if device.view_only { "true" } else { "false" });
    let (platform, mode) = record.device.as_ref().map(|device| (device.platform, device.mode)).unzip();
    let (device, device_name) = record.device.map(|device| (device.id, device.name)).unzip();
    let excluded = record.excluded.is_some();
    let (excluded_at, excluded_by, excluded_reason) = exclusion(record.excluded);
    [
        text(record.case),
        Cell::text(record.session_code),
        Cell::text(Some(record.session_type)),
        Cell::text(ticket),
        Cell::text(number),
        Cell::text(title),
        category,
        kind,
        priority,
        source,
        Cell::text(technician),
        Cell::text(technician_name),
        text(record.started_at),
        Cell::text(record.picked_up_at),
        Cell::text(record.online_at),
        text(record.ended_at),
        text(record.started_local),
        text(record.ended_local),
        text(record.day),
        text(record.time_zone),
        Cell::text(Some(record.outcome)),
        Cell::text(record.ended_by),
        Cell::text(record.reason),
        Cell::number(record.duration_seconds),
        Cell::number(record.waiting_seconds),
        Cell::text(record.note),
        truth(excluded),
        excluded_at,
        excluded_by,
        excluded_reason,
        truth(record.counted_without_facts),
        Cell::text(device),
        Cell::text(device_name),
        Cell::text(platform),
        Cell::text(mode),
        Cell::text(view_only),
    ]
}

fn exclusion(excluded: Option<ExclusionView>) -> (Cell, Cell, Cell) {
    match excluded {
        None => (Cell::Empty, Cell::Empty, Cell::Empty),
        Some(excluded) => (Cell::Text(excluded.at), Cell::text(Some(excluded.by.word())), Cell::text(excluded.reason)),
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use http_body_util::BodyExt as _;
    use serde_json::json;

    use super::COLUMNS;
    use crate::testing::{TestApi, Weather};

    const PATH: &str = "/v1/accounts/acme/reports/sessions/records?from=2026-03-01&to=2026-04-01";
    const KIND: &str = "text/csv; charset=utf-8; header=present";
    const NAME: &str = "sessions-2026-03-01-2026-04-01.csv";

    async fn api() -> TestApi {
        TestApi::living_in("Europe/Berlin", "2026-03-29T00:30:00Z").await
    }

    /// What a reader makes of it: each line's cells by their column.
    fn read(table: &str) -> Vec<std::collections::HashMap<String, String>> {
        csv::Reader::from_reader(table.as_bytes()).into_deserialize().map(Result::unwrap).collect()
    }

    #[tokio::test]
    async fn a_table_has_all_that_the_list_has() {
        let api = api().await;
        let facts = json!({ "title": "Büro, 3. Stock; \"打印机\"", "category": null });
        let case = api.session("T1", &facts, 3600).await;
        let change = json!({ "note": "Line one\nline two", "excluded": true, "reason": "Training" });
        let changed = api.changes(&case, &change).await.is(200);
        let answer = api.read_as("text/csv", PATH).await;
        assert_eq!((answer.header("vary"), answer.header("cache-control")), ("accept", "no-store"));
        let table = answer.file(KIND, NAME);
        assert!(table.starts_with(&format!("\u{feff}{}\r\n", COLUMNS.join(","))) && table.ends_with("\r\n"));
        let rows = read(&table);
        assert_eq!(rows.len(), 1);
        for (column, cell) in [
            ("case", case["id"].as_str().unwrap()),
            ("session_code", "s100-000-000"),
            ("ticket", "T1"),
            ("ticket_title", "Büro, 3. Stock; \"打印机\""),
            ("category", ""),
            ("priority", "Urgent"),
            ("technician", "u-42"),
            ("technician_name", "Robin"),
            ("started_at", "2026-03-29T00:30:00Z"),
            ("ended_at", "2026-03-29T01:30:00Z"),
            ("started_local", "2026-03-29T01:30:00+01:00"),
            ("ended_local", "2026-03-29T03:30:00+02:00"),
            ("time_zone", "Europe/Berlin"),
            ("day", "2026-03-29"),
            ("outcome", "closed"),
            ("duration_seconds", "3600"),
            ("waiting_seconds", ""),
            ("note", "Line one\nline two"),
            ("excluded", "true"),
            ("excluded_at", "2026-03-29T01:30:00Z"),
            ("excluded_by", changed["excluded"]["by"]["key"].as_str().unwrap()),
            ("excluded_reason", "Training"),
            ("counted_without_facts", "false"),
        ] {
            assert_eq!(rows[0][column], cell, "{column}");
        }
    }

    #[tokio::test]
    async fn what_somebody_wrote_is_not_executed_by_a_spreadsheet() {
        let api = api().await;
        let facts = json!({
            "title": "=HYPERLINK(\"https://evil.example\")", "category": "+1", "type": "-1", "priority": "@SUM(A1)",
            "source": "＝1", "technician": { "id": "\"=1", "name": "'=1" }
        });
        let case = api.session("=1+1", &facts, 60).await;
        api.changes(&case, &json!({ "note": "=1" })).await.is(200);
        let rows = read(&api.read_as("text/csv", PATH).await.file(KIND, NAME));
        for (column, cell) in [
            ("ticket", "'=1+1"),
            ("ticket_title", "'=HYPERLINK(\"https://evil.example\")"),
            ("category", "'+1"),
            ("type", "'-1"),
            ("priority", "'@SUM(A1)"),
            ("source", "'＝1"),
            ("technician", "'\"=1"),
            ("technician_name", "''=1"),
            ("note", "'=1"),
            ("duration_seconds", "60"),
        ] {
            assert_eq!(rows[0][column], cell, "{column}");
        }
    }

    #[tokio::test]
    async fn a_table_has_all_lines_of_its_filter_however_many() {
        let api = api().await;
        for place in 0..205 {
            let source = if place % 2 == 0 { "Portal" } else { "Mail" };
            api.session(&format!("T{place}"), &json!({ "source": source }), 1).await;
        }
        let tickets = async |path: &str| {
            let rows = read(&api.read_as("text/csv", path).await.file(KIND, NAME));
            rows.into_iter().map(|row| row["ticket"].clone()).collect::<Vec<_>>()
        };
        assert_eq!(tickets(PATH).await, (0..205).map(|place| format!("T{place}")).collect::<Vec<_>>());
        let by_mail: Vec<_> = (0..205).filter(|place| place % 2 == 1).map(|place| format!("T{place}")).collect();
        assert_eq!(tickets(&format!("{PATH}&source=Mail")).await, by_mail);
        assert!(tickets(&format!("{PATH}&source=Fax")).await.is_empty());
    }

    #[tokio::test]
    async fn a_table_that_cannot_be_read_to_its_end_does_not_end_as_if_it_were_whole() {
        let api = api().await;
        for place in 0..101 {
            api.session(&format!("T{place}"), &json!({}), 1).await;
        }
        let call = api.call("GET", PATH).key(&api.keys.read).header("accept", "text/csv");
        let answer = call.begin().await;
        assert_eq!(answer.status(), 200);
        let mut body: Body = answer.into_body();
        let first = body.frame().await.unwrap().unwrap().into_data().unwrap();
        assert_eq!(read(std::str::from_utf8(&first).unwrap()).len(), 100);
        api.engine.becomes(Weather::Unavailable);
        let broken = body.frame().await.unwrap().unwrap_err();
        assert!(!broken.to_string().contains("SECRET"), "{broken}");

        let at_once = api.read_as("text/csv", PATH).await;
        assert_eq!(at_once.header("content-disposition"), "");
        at_once.problem(503, "unavailable");
    }

    #[tokio::test]
    async fn a_table_is_not_cut_into_pages() {
        let api = api().await;
        let answer = api.read_as("text/csv", &format!("{PATH}&limit=10&cursor=x")).await;
        assert_eq!(answer.header("vary"), "accept");
        answer.problem_with(422, "invalid-fields", &["cursor", "limit"]);
        let by_code = "/v1/accounts/acme/reports/sessions/records?session_code=s100-000-000";
        let table = api.read_as("text/csv", by_code).await.file(KIND, "session-s100000000.csv");
        assert!(read(&table).is_empty());
    }
}
