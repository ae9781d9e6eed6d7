//! `GET /v1/events`: everything that happened in all of the vendor's accounts, in one order.

use axum::Json;
use axum::extract::State;
use casebridge_app::feed::vendor_events;

use super::of_account::EventPage;
use super::{EventView, Stretch};
use crate::extract::{Query, VendorReader};
use crate::{Api, Problem};

/// Lists what happened in all of the vendor's accounts, also in those that were removed since. Read on from `last`, and
/// nothing is missed.
///
/// It promises what an account's feed does (`listEvents`), with numbers of its own: `account_number` is the one in the
/// account's feed. The events of an account are in the account's order.
#[utoipa::path(
    get, path = "/v1/events", tag = "events", operation_id = "listVendorEvents",
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
pub async fn events(State(api): State<Api>, asks: VendorReader, query: Query) -> Result<Json<EventPage>, Problem> {
    let Stretch { after, limit } = Stretch::parse(query)?;
    let page = vendor_events(api.world(), &asks.vendor, after, limit).await?;
    let items = page.events.iter().map(|event| EventView::of_vendor(event.number, &event.event)).collect();
    Ok(Json(EventPage { items, last: page.last }))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use serde_json::{Value, json};

    use crate::testing::TestApi;

    async fn page(api: &TestApi, key: &str, query: &str) -> Value {
        api.number_everything().await;
        api.call("GET", &format!("/v1/events{query}")).key(key).send().await.is(200)
    }

    async fn rename(api: &TestApi, account: &str) {
        api.clock.advance(TimeDelta::seconds(1));
        let body = json!({ "name": format!("Name at {}", api.world.now()) });
        let path = format!("/v1/accounts/{account}");
        api.call("PATCH", &path).key(&api.keys.vendor).json(&body).send().await.is(200);
    }

    #[tokio::test]
    async fn both_accounts_are_in_one_feed_with_numbers_of_its_own() {
        let api = TestApi::new().await;
        for account in ["acme", "globex", "acme", "globex", "globex"] {
            rename(&api, account).await;
            api.number_everything().await;
        }
        let feed = page(&api, &api.keys.vendor, "?limit=100").await;
        let items = feed["items"].as_array().unwrap();
        for (event, number) in items.iter().zip(1..) {
            assert_eq!(event["number"], json!(number));
        }
        assert_eq!(feed["last"], json!(items.len()));
        for account in ["acme", "globex"] {
            let mut own: Vec<Value> = items.iter().filter(|event| event["account"] == account).cloned().collect();
            for event in &mut own {
                event["number"] = event.as_object_mut().unwrap().remove("account_number").unwrap();
            }
            let path = format!("/v1/accounts/{account}/events?limit=100");
            let direct = api.call("GET", &path).key(&api.keys.vendor).send().await.is(200);
            assert_eq!(json!(own), direct["items"]);
        }
        let renamed: Vec<_> = items.iter().filter(|event| event["type"] == "account.changed").collect();
        let accounts: Vec<_> = renamed.iter().map(|event| event["account"].as_str().unwrap()).collect();
        assert_eq!(accounts, ["acme", "globex", "acme", "globex", "globex"]);
    }

    #[tokio::test]
    async fn nothing_is_missed_by_reading_on_and_another_vendors_accounts_are_not_in_it() {
        let api = TestApi::new().await;
        let before = page(&api, &api.keys.vendor, "?limit=100").await;
        let last = &before["last"];
        assert_eq!(page(&api, &api.keys.vendor, &format!("?after={last}")).await, json!({ "items": [], "last": last }));
        rename(&api, "globex").await;
        let news = page(&api, &api.keys.vendor, &format!("?after={last}")).await;
        assert_eq!(news["items"].as_array().unwrap().len(), 1);
        assert_eq!(news["items"][0]["account"], "globex");
        let other = page(&api, &api.keys.other_vendor, "").await;
        assert!(other["items"].as_array().unwrap().iter().all(|event| event["account"] == "initech"));
    }

    #[tokio::test]
    async fn the_end_of_a_removed_account_can_still_be_read() {
        let api = TestApi::new().await;
        let last = page(&api, &api.keys.vendor, "?limit=100").await["last"].clone();
        api.call("DELETE", "/v1/accounts/globex").key(&api.keys.vendor).send().await.is(204);
        let news = page(&api, &api.keys.vendor, &format!("?after={last}")).await;
        let end = news["items"].as_array().unwrap().last().unwrap();
        assert_eq!((&end["type"], &end["account"]), (&json!("account.deleted"), &json!("globex")));
    }

    #[tokio::test]
    async fn a_vendor_that_was_away_too_long_is_told_and_an_account_has_no_such_feed() {
        let api = TestApi::new().await;
        let last = page(&api, &api.keys.vendor, "?limit=100").await["last"].as_u64().unwrap();
        api.clock.advance(TimeDelta::days(31));
        api.engine.forget_expired(api.world.now());
        let away = api.call("GET", "/v1/events?after=1").key(&api.keys.vendor).send().await;
        assert_eq!(away.problem(410, "events-gone")["oldest"], json!(last + 1));
        let ahead = api.call("GET", &format!("/v1/events?after={}", last + 1)).key(&api.keys.vendor).send().await;
        ahead.problem_with(422, "invalid-fields", &["after"]);
        api.call("GET", "/v1/events").key(&api.keys.admin).send().await.problem(403, "forbidden");
    }
}
