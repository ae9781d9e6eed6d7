//! `GET /v1/accounts/{account}/reports/sessions`: how many sessions there were, how long, and by what.

use axum::Json;
use axum::response::{IntoResponse, Response};
use casebridge_app::reports::{ReportWish, report};
use casebridge_domain::report::Scope;
use casebridge_domain::{Malformed, TechnicianId};

use super::days::days;
use super::group_by::GroupBy;
use super::view::SessionsReport;
use crate::Problem;
use crate::extract::{Accept, Faults, Query, Reader};
use crate::spreadsheet::CSV;

fn wish(mut query: Query) -> Result<(ReportWish, Option<GroupBy>), Problem> {
    let mut faults = Faults::default();
    let days = days(&mut query, &mut faults);
    let scope = scope(&mut query, &mut faults);
    let group_by = faults.maybe("group_by", query.take("group_by").as_deref(), GroupBy::parse);
    query.finish()?;
    match days {
        Some(days) if faults.is_empty() => {
            Ok((ReportWish { days, scope, group_by: group_by.map(GroupBy::dimension) }, group_by))
        }
        _ => Err(faults.problem()),
    }
}

pub(super) fn scope(query: &mut Query, faults: &mut Faults) -> Scope {
    let technician = faults.maybe("technician", query.take("technician").as_deref(), TechnicianId::parse);
    let without = faults.maybe("without", query.take("without").as_deref(), |raw| match (raw, &technician) {
        ("technician", None) => Ok(Scope::Technician(None)),
        ("technician", Some(_)) => Err(Malformed::new("must not be sent together with technician")),
        _ => Err(Malformed::new("must be technician")),
    });
    without.or(technician.map(|id| Scope::Technician(Some(id)))).unwrap_or(Scope::Everyone)
}

/// Adds up the sessions of some days, all together and by group. Every figure has the address of the sessions behind
/// it. With `Accept: text/csv` as a table: a line for each group (`row` is `group`), one for those elsewhere if there
/// are any (`elsewhere`), and one for all (`total`); see `listRecords` for the form.
#[utoipa::path(
    get, path = "/v1/accounts/{account}/reports/sessions", tag = "reports", operation_id = "readSessionsReport",
    params(
        ("from" = chrono::NaiveDate, Query, description = "The first day, in the account's time zone"),
        ("to" = chrono::NaiveDate, Query, description = "The day after the last; at most 20 years after `from`"),
        ("technician" = Option<String>, Query, description = "Only this support user's, by the vendor's id"),
        ("without" = Option<String>, Query, description = "`technician`: only those without one"),
        ("group_by" = Option<String>, Query, description = "`category`, `type`, `priority`, `source`, `technician`, `platform` \
            or `mode` (of a device; tickets' sessions count in the group without a value), `day` or `month`; all together \
            only if left out")
    ),
    responses(
        (status = 200, description = "The figures", content((SessionsReport = "application/json"), (String = "text/csv"))),
        (status = 422, description = "`invalid-fields`")
    )
)]
pub async fn sessions(Reader(admitted): Reader, accept: Accept, query: Query) -> Result<Response, Problem> {
    let (wish, group_by) = wish(query)?;
    let report = report(&admitted.desk, &wish).await?;
    let report = if group_by == Some(GroupBy::Month) { report.by_month() } else { report };
    let view = SessionsReport::new(admitted.desk.id(), &wish, group_by, &report);
    Ok(if accept.prefers(CSV) { view.table()?.into_response() } else { Json(view).into_response() })
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use serde_json::{Value, json};

    use crate::testing::{TestApi, Weather};

    const MARCH: &str = "/v1/accounts/acme/reports/sessions?from=2100-03-01&to=2100-04-01";

    async fn report(api: &TestApi, query: &str) -> Value {
        api.read(&format!("{MARCH}{query}")).await.is(200)
    }

    /// Each group's value with one figure.
    fn groups(report: &Value, figure: &str) -> Vec<(Value, i64)> {
        let groups = report["groups"].as_array().unwrap();
        groups.iter().map(|group| (group["value"].clone(), group[figure].as_i64().unwrap())).collect()
    }

    /// Two closed sessions (one joined), one expired, one excluded, and one that is live.
    async fn a_day() -> TestApi {
        let api = TestApi::connected().await;
        let expires = api.play("T1").await;
        api.clock.advance(TimeDelta::hours(25));
        let live = api.play("T1").await;
        assert_ne!(expires["id"], live["id"]);
        let joined = api.play("T2").await;
        api.clock.advance(TimeDelta::seconds(60));
        api.joins(&joined).await;
        api.clock.advance(TimeDelta::seconds(541));
        api.stop(&joined).await;
        api.session("T3", &json!({ "category": "Software", "technician": null }), 300).await;
        let practice = api.session("T4", &json!({ "category": null }), 7).await;
        api.changes(&practice, &json!({ "excluded": true })).await.is(200);
        api
    }

    #[tokio::test]
    async fn the_figures_are_those_of_what_happened() {
        let api = a_day().await;
        let mut report = report(&api, "").await;
        let definitions = report["definitions"].take();
        let expected = json!({
            "from": "2100-03-01", "to": "2100-04-01", "time_zone": "UTC",
            "total": {
                "sessions": 3, "closed": 2, "total_seconds": 901, "average_seconds": 451, "expired": 1,
                "joined": 1, "never_joined": 2, "no_show_rate": 0.6667, "waiting_seconds": 60,
                "average_waiting_seconds": 60, "excluded": 1,
                "records": "/v1/accounts/acme/reports/sessions/records?from=2100-03-01&to=2100-04-01&counted=sessions"
            },
            "groups": [], "live": 1, "definitions": null
        });
        assert_eq!(report, expected);
        for (term, said) in [("expired", "no duration"), ("never_joined", "never seen online"), ("day", "it ended")] {
            let definition = definitions.as_array().unwrap().iter().find(|definition| definition["term"] == term);
            assert!(definition.unwrap()["meaning"].as_str().unwrap().contains(said), "{term}");
        }
    }

    #[tokio::test]
    async fn a_month_in_which_nothing_happened_has_no_averages() {
        let api = a_day().await;
        let empty =
            api.read("/v1/accounts/acme/reports/sessions?from=2100-04-01&to=2100-05-01&group_by=day").await.is(200);
        assert_eq!((&empty["total"]["sessions"], &empty["groups"]), (&json!(0), &json!([])));
        for figure in ["average_seconds", "average_waiting_seconds", "no_show_rate"] {
            assert_eq!(empty["total"][figure], Value::Null);
        }
    }

    #[tokio::test]
    async fn groups_are_sorted_by_sessions_and_days_by_date() {
        let api = a_day().await;
        let by_category = report(&api, "&group_by=category").await;
        let expected = [(json!("Hardware"), 2), (json!("Software"), 1), (Value::Null, 0)];
        assert_eq!(groups(&by_category, "sessions"), expected);
        assert_eq!(
            groups(&by_category, "excluded"),
            [(json!("Hardware"), 0), (json!("Software"), 0), (Value::Null, 1)]
        );
        let by_day = report(&api, "&group_by=day").await;
        assert_eq!(groups(&by_day, "expired"), [(json!("2100-03-02"), 1)]);
        assert_eq!(groups(&by_day, "sessions"), [(json!("2100-03-02"), 3)]);
        let by_technician = report(&api, "&group_by=technician").await;
        assert_eq!(groups(&by_technician, "sessions"), [(json!("u-42"), 2), (Value::Null, 1)]);
        assert_eq!(by_technician["groups"][0]["name"], "Robin");
        assert!(by_technician["groups"][1].get("name").is_none() && by_technician.get("elsewhere").is_none());
    }

    #[tokio::test]
    async fn months_are_their_days_together_and_open_only_the_days_that_were_asked_for() {
        let api = a_day().await;
        let path = "/v1/accounts/acme/reports/sessions?from=2100-02-10&to=2100-03-15&group_by=month";
        let by_month = api.read(path).await.is(200);
        assert_eq!(by_month["group_by"], "month");
        assert_eq!(groups(&by_month, "sessions"), [(json!("2100-03"), 3)]);
        let records = by_month["groups"][0]["records"].as_str().unwrap();
        assert!(records.contains("from=2100-03-01&to=2100-03-15"), "{records}");
        all_are_there(&api, &by_month["groups"][0]).await;
        let table = api.read_as("text/csv", path).await.text;
        assert!(table.contains("\r\ngroup,month,2100-03,,3,2,"), "{table}");
    }

    #[tokio::test]
    async fn a_report_can_be_about_one_technician_or_about_sessions_without_one() {
        let api = a_day().await;
        let robin = report(&api, "&technician=u-42&group_by=category").await;
        assert_eq!((&robin["technician"], &robin["group_by"]), (&json!("u-42"), &json!("category")));
        assert_eq!((&robin["total"]["sessions"], &robin["live"]), (&json!(2), &json!(1)));
        assert_eq!(groups(&robin, "sessions"), [(json!("Hardware"), 2), (Value::Null, 0)]);
        let nobody = report(&api, "&without=technician").await;
        assert_eq!((&nobody["without"], &nobody["total"]["sessions"]), (&json!("technician"), &json!(1)));
        assert_eq!(nobody["live"], 0);
        assert_eq!(report(&api, "&technician=stranger").await["total"]["sessions"], 0);
    }

    #[tokio::test]
    async fn every_number_opens_the_sessions_behind_it() {
        let api = a_day().await;
        for scope in ["", "&technician=u-42", "&without=technician"] {
            for by in ["category", "type", "priority", "source", "technician", "day", "month"] {
                let report = report(&api, &format!("{scope}&group_by={by}")).await;
                let groups = report["groups"].as_array().unwrap();
                assert!(!groups.is_empty());
                for figures in groups.iter().chain([&report["total"]]) {
                    all_are_there(&api, figures).await;
                }
            }
        }
    }

    async fn all_are_there(api: &TestApi, figures: &Value) {
        let address = figures["records"].as_str().unwrap();
        for figure in ["sessions", "closed", "expired", "joined", "never_joined", "excluded"] {
            let address = address.replace("counted=sessions", &format!("counted={figure}"));
            let records = api.read(&address).await.is(200);
            assert_eq!(json!(records["items"].as_array().unwrap().len()), figures[figure], "{address}");
        }
    }

    #[tokio::test]
    async fn what_is_put_back_counts_as_before() {
        let api = TestApi::connected().await;
        let case = api.session("T1", &json!({}), 60).await;
        let before = report(&api, "&group_by=technician").await;
        api.changes(&case, &json!({ "excluded": true })).await.is(200);
        let without = report(&api, "&group_by=technician").await;
        let figures = |report: &Value| (report["total"]["sessions"].clone(), report["total"]["excluded"].clone());
        assert_eq!((figures(&before), figures(&without)), ((json!(1), json!(0)), (json!(0), json!(1))));
        api.changes(&case, &json!({ "excluded": false })).await.is(200);
        assert_eq!(report(&api, "&group_by=technician").await, before);
    }

    #[tokio::test]
    async fn sessions_for_whose_facts_there_is_no_room_are_shown_apart_and_open_too() {
        let api = TestApi::connected().await;
        api.session("T1", &json!({}), 60).await;
        api.engine.becomes(Weather::Crowded);
        api.session("T2", &json!({}), 30).await;
        api.engine.becomes(Weather::Fine);
        let report = report(&api, "&group_by=category").await;
        let (total, hardware, elsewhere) = (&report["total"], &report["groups"][0], &report["elsewhere"]);
        assert_eq!(
            (&total["sessions"], &hardware["sessions"], &elsewhere["sessions"]),
            (&json!(2), &json!(1), &json!(1))
        );
        for figures in [total, hardware, elsewhere] {
            all_are_there(&api, figures).await;
        }
        let behind = api.read(elsewhere["records"].as_str().unwrap()).await.is(200);
        assert_eq!(
            (&behind["items"][0]["ticket"]["id"], &behind["items"][0]["counted_without_facts"]),
            (&json!("T2"), &json!(true))
        );
        let table = api.read_as("text/csv", &format!("{MARCH}&group_by=category")).await.text;
        assert!(table.contains("\r\nelsewhere,category,,,1,1,30,30,"), "{table}");
    }

    #[tokio::test]
    async fn a_report_is_also_a_table() {
        let api = a_day().await;
        let path = format!("{MARCH}&group_by=category");
        let answer = api.read_as("text/csv", &path).await;
        assert_eq!(answer.header("vary"), "accept");
        let table = answer.file("text/csv; charset=utf-8; header=present", "report-2100-03-01-2100-04-01.csv");
        let expected = "\u{feff}row,group_by,value,name,sessions,closed,total_seconds,average_seconds,expired,joined,\
             never_joined,no_show_rate,waiting_seconds,average_waiting_seconds,excluded\r\n\
             group,category,Hardware,,2,1,601,601,1,1,1,0.5,60,60,0\r\n\
             group,category,Software,,1,1,300,300,0,0,1,1,0,,0\r\n\
             group,category,,,0,0,0,,0,0,0,,0,,1\r\n\
             total,category,,,3,2,901,451,1,1,2,0.6667,60,60,1\r\n";
        assert_eq!(table, expected);
        for form in ["application/json", "*/*", "image/png"] {
            let answer = api.read_as(form, &path).await;
            assert_eq!((answer.header("vary"), answer.header("content-disposition")), ("accept", ""));
            assert_eq!(answer.is(200)["group_by"], "category", "{form}");
        }
    }

    #[tokio::test]
    async fn what_is_asked_badly_is_refused_by_name() {
        let api = TestApi::new().await;
        let days = "from=2100-03-01&to=2100-04-01";
        for (query, fields) in [
            (String::new(), vec!["from", "to"]),
            ("from=2100-03-01".to_owned(), vec!["to"]),
            ("from=&to=2100-03-01".to_owned(), vec!["from"]),
            ("from=2100-3-1&to=01.04.2100".to_owned(), vec!["from", "to"]),
            ("from=2100-03-01&to=2100-03-01".to_owned(), vec!["to"]),
            ("from=2100-03-02&to=2100-03-01".to_owned(), vec!["to"]),
            ("from=2100-03-01&to=2120-03-02".to_owned(), vec!["to"]),
            ("from=2100-02-29&to=2100-03-01T00:00:00Z".to_owned(), vec!["from", "to"]),
            (format!("{days}&group_by=Category"), vec!["group_by"]),
            (format!("{days}&technician=%20u"), vec!["technician"]),
            (format!("{days}&without=category"), vec!["without"]),
            (format!("{days}&without=technician&technician=u-42"), vec!["without"]),
            ("group_by=x&without=y&technician=%00".to_owned(), vec!["from", "to", "technician", "without", "group_by"]),
        ] {
            for form in ["application/json", "text/csv"] {
                let answer = api.read_as(form, &format!("/v1/accounts/acme/reports/sessions?{query}")).await;
                answer.problem_with(422, "invalid-fields", &fields);
            }
        }
        let unknown = api.read(&format!("{MARCH}&groupby=day")).await;
        unknown.problem_with(400, "malformed-request", &["groupby"]);
    }

    #[tokio::test]
    async fn a_report_needs_a_key_of_the_account_that_may_read() {
        let api = a_day().await;
        for key in [&api.keys.read, &api.keys.vendor] {
            assert_eq!(api.call("GET", MARCH).key(key).send().await.is(200)["total"]["sessions"], 3);
        }
        api.call("GET", MARCH).key(&api.keys.notify).send().await.problem(403, "forbidden");
        api.call("GET", MARCH).key(&api.keys.other_account).send().await.problem(404, "not-found");
        let own = MARCH.replace("acme", "globex");
        let own = api.call("GET", &own).key(&api.keys.other_account).send().await.is(200);
        assert_eq!(own["total"]["sessions"], 0);
    }
}
