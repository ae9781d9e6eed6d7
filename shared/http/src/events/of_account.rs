//! `GET /v1/accounts/{account}/events`: everything that happened in the account, in order.

use axum::Json;
use casebridge_app::feed::events as read_events;
use serde::Serialize;
use utoipa::ToSchema;

use super::{EventView, Stretch};
use crate::Problem;
use crate::extract::{Query, Reader};

/// A page of events, in order, without gaps.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventPage {
    /// The events; none if nothing happened since.
    pub(super) items: Vec<EventView>,
    /// What to send as `after` next time, also where there are no items.
    #[schema(example = 4711)]
    pub(super) last: u64,
}

/// Lists what happened in the account, in order. Read on from `last`, and nothing is missed.
///
/// Every change is in the feed once, under one number for ever, shortly after it happened. Numbers have no gaps, and an
/// event is shown only when all before it are: a number that was read is never followed by a smaller one. The events of
/// a case are in the case's own order (`sequence`); events of different cases are in about the order they happened in.
/// An event is kept for 30 days.
#[utoipa::path(
    get, path = "/v1/accounts/{account}/events", tag = "events", operation_id = "listEvents",
    params(
        ("after" = Option<u64>, Query, description = "`last` of the page before; from the oldest event that is kept if left out"),
        ("limit" = Option<u8>, Query, description = "1 to 100; 50 if left out")
    ),
    responses(
        (status = 200, body = EventPage),
        (status = 410, description = "`events-gone`: events after that number are not kept any more; `oldest` says from which on they are"),
        (status = 422, description = "`invalid-fields`; also where no event has the number `after` yet")
    )
)]
pub async fn events(Reader(admitted): Reader, query: Query) -> Result<Json<EventPage>, Problem> {
    let Stretch { after, limit } = Stretch::parse(query)?;
    let page = read_events(&admitted.desk, after, limit).await?;
    Ok(Json(EventPage { items: page.events.iter().map(EventView::of_account).collect(), last: page.last }))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use serde_json::{Value, json};

    use crate::testing::TestApi;

    const EVENTS: &str = "/v1/accounts/acme/events";

    async fn events(api: &TestApi, query: &str) -> Value {
        api.number_everything().await;
        api.read(&format!("{EVENTS}{query}")).await.is(200)
    }

    fn types(page: &Value) -> Vec<&str> {
        page["items"].as_array().unwrap().iter().map(|event| event["type"].as_str().unwrap()).collect()
    }

    fn second(api: &TestApi) {
        api.clock.advance(TimeDelta::seconds(1));
    }

    /// Numbers what was before, and gives what to read on from.
    async fn from_now(api: &TestApi) -> String {
        format!("?after={}", events(api, "").await["last"])
    }

    #[tokio::test]
    async fn a_cases_events_carry_the_case_as_it_stood_then() {
        let api = TestApi::connected().await;
        let begin = from_now(&api).await;
        let case = api.play("T1").await;
        second(&api);
        api.joins(&case).await;
        second(&api);
        api.stop(&case).await;
        api.clock.advance(TimeDelta::days(2));
        let page = events(&api, &begin).await;
        let expected = ["case.opened", "invitation.queued", "customer.online", "case.closing", "case.closed"];
        let of_the_case = |event: &&Value| event["case"]["id"] == case["id"];
        let told: Vec<&Value> = page["items"].as_array().unwrap().iter().filter(of_the_case).collect();
        let kinds: Vec<_> = told.iter().map(|event| event["type"].as_str().unwrap()).collect();
        assert_eq!(kinds.iter().filter(|kind| expected.contains(kind)).copied().collect::<Vec<_>>(), expected);
        for (event, sequence) in told.iter().zip(1..) {
            assert_eq!((&event["sequence"], &event["account"]), (&json!(sequence), &json!("acme")));
            assert!(event["case"].get("supporter_link").is_none(), "{event}");
            assert!(event["case"].get("webclient_supporter_link").is_none() && event.get("data").is_none());
        }
        let of = |kind: &str| told.iter().find(|event| event["type"] == kind).unwrap();
        assert_eq!(of("case.opened")["case"]["state"], "open");
        assert_eq!(of("case.opened")["occurred_at"], "2100-03-01T12:00:00Z");
        assert_eq!(of("customer.online")["case"]["online"], true);
        assert_eq!(of("case.closing")["case"]["state"], "closing");
        let closed = of("case.closed");
        assert_eq!((&closed["case"]["state"], &closed["case"]["duration_seconds"]), (&json!("closed"), &json!(2)));
        assert!(closed["case"]["comment"].is_string());
    }

    #[tokio::test]
    async fn what_happens_to_the_account_says_who_and_what() {
        let api = TestApi::connected().await;
        let case = api.session("T1", &json!({}), 60).await;
        let begin = from_now(&api).await;
        let body = json!({ "name": "Changed", "case_lifetime_minutes": 5 });
        api.call("PATCH", "/v1/accounts/acme").key(&api.keys.admin).json(&body).send().await.is(200);
        second(&api);
        let label = json!({ "scope": "read", "label": "Wallboard" });
        let key = api.call("POST", "/v1/accounts/acme/keys").key(&api.keys.admin).json(&label).send().await.is(201);
        second(&api);
        api.changes(&case, &json!({ "note": "Test", "excluded": true })).await.is(200);
        let page = events(&api, &begin).await;
        assert_eq!(types(&page), ["account.changed", "key.made", "record.changed"]);
        let keys = api.call("GET", "/v1/accounts/acme/keys").key(&api.keys.admin).send().await.is(200);
        let holder = |scope: &str| {
            let mut keys = keys["items"].as_array().unwrap().iter();
            json!({ "is": "key", "key": keys.find(|key| key["scope"] == scope).unwrap()["id"] })
        };
        let by: Vec<_> = page["items"].as_array().unwrap().iter().map(|event| event["by"].clone()).collect();
        assert_eq!(by, [holder("admin"), holder("admin"), holder("technician")]);
        let changed = page["items"][0]["data"]["fields"].as_array().unwrap();
        assert_eq!(changed.len(), 2);
        assert!(!page.to_string().contains("Changed"));
        assert_eq!(page["items"][1]["data"], json!({ "key": key["id"], "scope": "read", "label": "Wallboard" }));
        let record = json!({ "case": case["id"], "note": "Test", "excluded": true });
        assert_eq!(page["items"][2]["data"], record);
    }

    #[tokio::test]
    async fn pages_follow_each_other_without_gaps_and_an_empty_one_says_where_to_go_on() {
        let (api, _) = TestApi::played().await;
        let whole = events(&api, "?limit=100").await;
        let count = whole["items"].as_array().unwrap().len();
        assert!(count > 5);
        let numbers: Vec<_> = whole["items"].as_array().unwrap().iter().map(|event| event["number"].clone()).collect();
        assert_eq!(numbers, (1..=count).map(|number| json!(number)).collect::<Vec<_>>());
        let mut read = Vec::new();
        let mut after = json!(0);
        loop {
            let page = events(&api, &format!("?limit=2&after={after}")).await;
            let items = page["items"].as_array().unwrap();
            if items.is_empty() {
                assert_eq!(page["last"], after);
                break;
            }
            assert!(items.len() <= 2);
            assert_eq!(page["last"], items.last().unwrap()["number"]);
            after = page["last"].clone();
            read.extend(items.clone());
        }
        assert_eq!(json!(read), whole["items"]);
    }

    #[tokio::test]
    async fn whoever_was_away_too_long_is_told_how_to_catch_up() {
        let (api, case) = TestApi::played().await;
        let last = events(&api, "?limit=100").await["last"].as_u64().unwrap();
        api.clock.advance(TimeDelta::days(31));
        api.stop(&case).await;
        let last_now = events(&api, "?limit=100").await["last"].as_u64().unwrap();
        api.engine.forget_expired(api.world.now());
        for after in [0, last - 1] {
            let problem = api.read(&format!("{EVENTS}?after={after}")).await.problem(410, "events-gone");
            assert_eq!(problem["oldest"], json!(last + 1));
            assert!(problem["fix"].as_str().unwrap().contains("list the cases"));
        }
        for query in ["?limit=100".to_owned(), format!("?limit=100&after={last}")] {
            let page = events(&api, &query).await;
            assert_eq!((&page["items"][0]["number"], &page["last"]), (&json!(last + 1), &json!(last_now)));
        }
        api.clock.advance(TimeDelta::days(31));
        api.engine.forget_expired(api.world.now());
        assert_eq!(events(&api, "").await, json!({ "items": [], "last": last_now }));
        let problem = api.read(&format!("{EVENTS}?after={last}")).await.problem(410, "events-gone");
        assert_eq!(problem["oldest"], json!(last_now + 1));
    }

    #[tokio::test]
    async fn a_number_that_cannot_be_is_refused() {
        let api = TestApi::new().await;
        let last = events(&api, "").await["last"].as_u64().unwrap();
        let most = u64::MAX.to_string();
        for after in ["-1", "x", "1.5", "+1", &most, &(last + 1).to_string()] {
            let answer = api.read(&format!("{EVENTS}?after={}", after.replace('+', "%2B"))).await;
            answer.problem_with(422, "invalid-fields", &["after"]);
        }
        api.read(&format!("{EVENTS}?limit=0&after=x")).await.problem_with(422, "invalid-fields", &["after", "limit"]);
        api.read(&format!("{EVENTS}?cursor=1")).await.problem_with(400, "malformed-request", &["cursor"]);
        api.call("GET", EVENTS).key(&api.keys.notify).send().await.problem(403, "forbidden");
        api.call("GET", EVENTS).key(&api.keys.other_account).send().await.problem(404, "not-found");
    }
}
