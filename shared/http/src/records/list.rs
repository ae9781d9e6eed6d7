//! `GET /v1/accounts/{account}/reports/sessions/records`: the sessions behind a number, as a list or as a table.

use axum::Json;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use casebridge_app::Desk;
use serde::Serialize;
use utoipa::ToSchema;

use super::search::RecordSearch;
use super::table::{COLUMNS, line};
use super::view::RecordView;
use crate::Problem;
use crate::accounts::list::of_a_page;
use crate::download::{Download, Piece, pieces};
use crate::extract::{Accept, Faults, Query, Reader};
use crate::spreadsheet::{CSV, CSV_WITH_HEAD, head, lines};

/// Records that a table is read by at once.
const LINES_AT_ONCE: usize = 100;

/// A page of records by the time they ended.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordPage {
    /// The records. A page may be short, or even empty, though more follow.
    items: Vec<RecordView>,
    /// Send it as `cursor` for the next page; null at the end.
    next: Option<String>,
}

/// What is wanted of the list.
enum Wish {
    Page { search: RecordSearch, cursor: Option<String>, limit: usize },
    Table(RecordSearch),
}

impl Wish {
    fn parse(mut query: Query, as_table: bool) -> Result<Self, Problem> {
        let mut faults = Faults::default();
        let search = RecordSearch::take(&mut query, &mut faults);
        let wish = if as_table {
            Self::table(search, &mut query, &mut faults)
        } else {
            Self::page(search, &mut query, &mut faults)
        };
        query.finish()?;
        wish.filter(|_| faults.is_empty()).ok_or_else(|| faults.problem())
    }

    fn page(search: Option<RecordSearch>, query: &mut Query, faults: &mut Faults) -> Option<Self> {
        let limit = faults.take("limit", query.limit());
        let cursor = query.take("cursor");
        Some(Self::Page { search: search?, cursor, limit: limit? })
    }

    /// A table that is cut off somewhere would be taken for the whole.
    fn table(search: Option<RecordSearch>, query: &mut Query, faults: &mut Faults) -> Option<Self> {
        for name in ["cursor", "limit"] {
            if query.take(name).is_some() {
                faults.add(name, "must be left out: a table has all lines");
            }
        }
        search.map(Self::Table)
    }
}

/// Lists session records by the time they ended: those behind a figure of a report, or the newest of a session code. A
/// session counts on the day it ended, in the account's time zone at that moment.
///
/// With `Accept: text/csv` as a table of all of them: RFC 4180 in UTF-8 with a byte order mark, the columns' names in
/// the first line, sent as it is read. A text that a spreadsheet would execute as a formula has an apostrophe put
/// before it; numbers stay numbers. Should reading fail half-way, the connection breaks off: a table that ends properly
/// is whole. Where a spreadsheet separates by semicolons, import the file and say that it separates by commas.
#[utoipa::path(
    get, path = "/v1/accounts/{account}/reports/sessions/records", tag = "reports", operation_id = "listRecords",
    params(
        ("from" = Option<chrono::NaiveDate>, Query, description = "The first day; needed unless `session_code` is sent"),
        ("to" = Option<chrono::NaiveDate>, Query, description = "The day after the last, at most 20 years after `from`; \
            needed with `from`"),
        ("technician" = Option<String>, Query, description = "The vendor's id of a support user"),
        ("category" = Option<String>, Query, description = "A value of the ticket, as the next three"),
        ("type" = Option<String>, Query, description = "Incident, request …"),
        ("priority" = Option<String>, Query, description = "Urgent, medium, low …"),
        ("source" = Option<String>, Query, description = "Portal, mail …"),
        ("day" = Option<chrono::NaiveDate>, Query, description = "Only this one of the days"),
        ("without" = Option<String>, Query, description = "Only those without a value: some of `category`, `type`, \
            `priority`, `source`, `technician`, separated by commas", example = "category,technician"),
        ("counted" = Option<String>, Query, description = "Those behind one figure: `sessions`, `closed`, `expired`, \
            `joined`, `never_joined` or `excluded`; all of them if left out"),
        ("counted_without_facts" = Option<bool>, Query, description = "Only those that count by day and technician only, \
            or only the others"),
        ("session_code" = Option<String>, Query, description = "The newest with this code, with dashes, spaces or neither"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before; not for a table"),
        ("limit" = Option<u8>, Query, description = "1 to 100; 50 if left out; not for a table")
    ),
    responses(
        (status = 200, description = "A page, or the whole table", content((RecordPage = "application/json"), (String = "text/csv"))),
        (status = 422, description = "`invalid-fields`")
    )
)]
pub async fn list(Reader(admitted): Reader, accept: Accept, query: Query) -> Result<Response, Problem> {
    match Wish::parse(query, accept.prefers(CSV))? {
        Wish::Page { search, cursor, limit } => {
            let page = search.page(&admitted.desk, cursor.as_deref(), limit).await.map_err(of_a_page)?;
            let items = page.items.iter().map(RecordView::from).collect();
            Ok(Json(RecordPage { items, next: page.next }).into_response())
        }
        Wish::Table(search) => Ok(table(admitted.desk, search).await?.into_response()),
    }
}

/// From where a table is read on.
enum Place {
    Beginning,
    After(String),
}

async fn table(desk: Desk, search: RecordSearch) -> Result<Download, Problem> {
    let (name, account) = (search.file_name(), desk.id().clone());
    let read = move |place| {
        let (desk, search) = (desk.clone(), search.clone());
        async move { piece(&desk, &search, place).await }
    };
    let body = pieces(&account, Place::Beginning, read).await?;
    Ok(Download { kind: CSV_WITH_HEAD, name, body })
}

async fn piece(desk: &Desk, search: &RecordSearch, place: Place) -> Piece<Place> {
    let (head, after) = match place {
        Place::Beginning => (head(COLUMNS)?, None),
        Place::After(cursor) => (Bytes::new(), Some(cursor)),
    };
    let page = search.page(desk, after.as_deref(), LINES_AT_ONCE).await?;
    let lines = lines(page.items.iter().map(RecordView::from).map(line))?;
    Ok(([head, lines].concat().into(), page.next.map(Place::After)))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use serde_json::{Value, json};

    use crate::testing::TestApi;

    const RECORDS: &str = "/v1/accounts/acme/reports/sessions/records";
    const MARCH: &str = "from=2100-03-01&to=2100-04-01";

    async fn tickets(api: &TestApi, query: &str) -> Vec<Value> {
        let page = api.read(&format!("{RECORDS}?{query}")).await.is(200);
        page["items"].as_array().unwrap().iter().map(|record| record["ticket"]["id"].clone()).collect()
    }

    /// Three sessions on two days: one joined, one excluded, one expired.
    async fn sessions() -> TestApi {
        let api = TestApi::connected().await;
        let joined = api.play("T1").await;
        api.clock.advance(TimeDelta::seconds(60));
        api.joins(&joined).await;
        api.clock.advance(TimeDelta::seconds(694));
        api.stop(&joined).await;
        let facts = json!({ "category": "Software", "priority": null, "technician": null });
        let practice = api.session("T2", &facts, 10).await;
        api.changes(&practice, &json!({ "excluded": true, "reason": "Training" })).await.is(200);
        api.play("T3").await;
        api.clock.advance(TimeDelta::hours(25));
        api.play("T3").await;
        api
    }

    #[tokio::test]
    async fn a_record_tells_everything_that_was_true_at_the_end() {
        let api = sessions().await;
        let page = api.read(&format!("{RECORDS}?{MARCH}")).await.is(200);
        assert_eq!(page["next"], Value::Null);
        let case = &page["items"][0]["case"];
        let expected = json!({
            "case": case, "session_code": "s100-000-000", "session_type": "default",
            "ticket": { "id": "T1", "number": "INC-1", "title": "Printer <3>", "category": "Hardware",
                        "type": "Incident", "priority": "Urgent", "source": "Portal" },
            "technician": { "id": "u-42", "name": "Robin" },
            "started_at": "2100-03-01T12:00:00Z", "picked_up_at": "2100-03-01T12:00:00Z",
            "online_at": "2100-03-01T12:01:00Z", "ended_at": "2100-03-01T12:12:34Z",
            "started_local": "2100-03-01T12:00:00+00:00", "ended_local": "2100-03-01T12:12:34+00:00",
            "day": "2100-03-01", "time_zone": "UTC",
            "outcome": "closed", "ended_by": "vendor", "reason": "stopped",
            "duration_seconds": 754, "waiting_seconds": 60
        });
        assert_eq!(page["items"][0], expected);
        assert_eq!(api.read(&format!("{RECORDS}/{}", case.as_str().unwrap())).await.is(200), expected);
        let practice = &page["items"][1];
        assert_eq!(
            (&practice["excluded"]["reason"], &practice["excluded"]["by"]["is"]),
            (&json!("Training"), &json!("key"))
        );
        assert!(practice.get("technician").is_none() && practice["ticket"].get("priority").is_none());
        let expired = &page["items"][2];
        assert_eq!((&expired["outcome"], &expired["day"]), (&json!("expired"), &json!("2100-03-02")));
        for absent in ["ended_by", "reason", "duration_seconds", "waiting_seconds", "online_at", "excluded"] {
            assert!(expired.get(absent).is_none(), "{absent}");
        }
    }

    #[tokio::test]
    async fn records_are_found_by_what_a_report_groups_by_and_by_code() {
        let api = sessions().await;
        for (query, expected) in [
            ("", vec!["T1", "T2", "T3"]),
            ("&category=Hardware", vec!["T1", "T3"]),
            ("&category=hardware", vec![]),
            ("&category=+Software+", vec!["T2"]),
            ("&type=Incident&priority=Urgent&source=Portal", vec!["T1", "T3"]),
            ("&technician=u-42", vec!["T1", "T3"]),
            ("&without=technician,priority", vec!["T2"]),
            ("&without=category", vec![]),
            ("&day=2100-03-01", vec!["T1", "T2"]),
            ("&counted=sessions", vec!["T1", "T3"]),
            ("&counted=closed", vec!["T1"]),
            ("&counted=expired", vec!["T3"]),
            ("&counted=joined", vec!["T1"]),
            ("&counted=never_joined", vec!["T3"]),
            ("&counted=excluded", vec!["T2"]),
            ("&counted_without_facts=true", vec![]),
            ("&session_code=s100-000-001", vec!["T2"]),
            ("&session_code=s100-000-001&technician=u-42", vec![]),
            ("&session_code=s100-000-001&day=2100-03-02", vec![]),
        ] {
            assert_eq!(tickets(&api, &format!("{MARCH}{query}")).await, expected, "{query}");
        }
        assert_eq!(tickets(&api, "session_code=s100000001").await, ["T2"]);
        assert!(tickets(&api, "session_code=s999-999-999").await.is_empty());
        assert!(tickets(&api, "session_code=s100-000-001&from=2100-04-01&to=2100-05-01").await.is_empty());
        assert_eq!(tickets(&api, "from=2100-03-02&to=2100-03-03").await, ["T3"]);
    }

    #[tokio::test]
    async fn pages_follow_each_other_in_order_of_the_end() {
        let api = sessions().await;
        let mut seen = Vec::new();
        let mut query = format!("{MARCH}&limit=1");
        loop {
            let page = api.read(&format!("{RECORDS}?{query}")).await.is(200);
            seen.extend(page["items"].as_array().unwrap().iter().map(|record| record["ticket"]["id"].clone()));
            let Some(next) = page["next"].as_str() else { break };
            query = format!("{MARCH}&limit=1&cursor={next}");
        }
        assert_eq!(seen, ["T1", "T2", "T3"]);
    }

    #[tokio::test]
    async fn a_filter_that_is_not_understood_is_refused_rather_than_ignored() {
        let api = TestApi::new().await;
        for (query, fields) in [
            (String::new(), vec!["from", "to"]),
            ("to=2100-04-01".to_owned(), vec!["from"]),
            ("session_code=s1".to_owned(), vec!["session_code"]),
            ("session_code=s100-000-000&from=2100-03-01".to_owned(), vec!["to"]),
            (format!("{MARCH}&day=1.3.2100"), vec!["day"]),
            (format!("{MARCH}&counted=all"), vec!["counted"]),
            (format!("{MARCH}&counted_without_facts=yes"), vec!["counted_without_facts"]),
            (format!("{MARCH}&without=day"), vec!["without"]),
            (format!("{MARCH}&without=category,"), vec!["without"]),
            (format!("{MARCH}&category=Hardware&without=category"), vec!["without"]),
            (
                format!("{MARCH}&category=%00&technician=%20&source={}", "x".repeat(81)),
                vec!["category", "source", "technician"],
            ),
            (format!("{MARCH}&limit=101"), vec!["limit"]),
            (format!("{MARCH}&cursor=nonsense"), vec!["cursor"]),
        ] {
            api.read(&format!("{RECORDS}?{query}")).await.problem_with(422, "invalid-fields", &fields);
        }
        let unknown = api.read(&format!("{RECORDS}?{MARCH}&ticket=T1")).await;
        unknown.problem_with(400, "malformed-request", &["ticket"]);
    }

    #[tokio::test]
    async fn records_are_for_the_accounts_own_keys_that_may_read() {
        let api = sessions().await;
        let path = format!("{RECORDS}?{MARCH}");
        api.call("GET", &path).key(&api.keys.notify).send().await.problem(403, "forbidden");
        api.call("GET", &path).key(&api.keys.other_account).send().await.problem(404, "not-found");
        let elsewhere = path.replace("acme", "globex");
        let own = api.call("GET", &elsewhere).key(&api.keys.other_account).send().await.is(200);
        assert_eq!(own["items"], json!([]));
    }
}
