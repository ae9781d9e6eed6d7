//! An event as it is pushed: `type`, `timestamp` and, as `data`, what the feed shows (Standard Webhooks 1.0, "Payload structure").

use casebridge_app::ports::push::Pushed;
use casebridge_domain::time::rfc3339;
use serde_json::{Value, json};

use super::EventView;

/// Bytes of a message, at most (Standard Webhooks 1.0, "Payload size").
pub const LIMIT: usize = 20_000;

/// What a test is called.
pub(super) const TEST: &str = "endpoint.test";

/// What is left out of `data` where a message would be too long, in this order, until it fits. What stays is bounded by the rules of
/// its own parts.
const CUT: [&[&str]; 7] = [
    &["case", "session_link"],
    &["case", "customer_link"],
    &["case", "hand_over"],
    &["data", "reason"],
    &["data", "note"],
    &["case", "request", "note"],
    &["case", "comment"],
];

/// A message's body.
pub fn message(pushed: &Pushed<'_>) -> Vec<u8> {
    let (kind, at, data) = match pushed {
        Pushed::Event { number_in_vendor, event } => {
            let view = match number_in_vendor {
                Some(number) => EventView::of_vendor(*number, event),
                None => EventView::of_account(event),
            };
            (event.kind(), event.at, serde_json::to_value(view).unwrap_or_default())
        }
        Pushed::Test { at } => (TEST, *at, json!({})),
    };
    fitting(json!({ "type": kind, "timestamp": rfc3339(at), "data": data }))
}

/// The message, without what makes it too long. `data.cut` names what is left out; the feed has it.
fn fitting(mut message: Value) -> Vec<u8> {
    let mut cut: Vec<String> = Vec::new();
    let mut body = message.to_string();
    for path in CUT {
        if body.len() <= LIMIT {
            break;
        }
        if remove(&mut message["data"], path) {
            cut.push(path.join("."));
            message["data"]["cut"] = json!(cut);
            body = message.to_string();
        }
    }
    body.into_bytes()
}

fn remove(data: &mut Value, path: &[&str]) -> bool {
    let Some((last, before)) = path.split_last() else { return false };
    let place = before.iter().try_fold(data, |place, name| place.get_mut(*name));
    place.and_then(Value::as_object_mut).and_then(|fields| fields.remove(*last)).is_some()
}

#[cfg(test)]
mod tests {
    use casebridge_app::feed::events;
    use casebridge_app::{Desk, ports::store::VendorEvent};
    use casebridge_domain::journal::{Event, Principal};
    use casebridge_domain::{AccountId, VendorId};

    use super::*;
    use crate::events::conformance;
    use crate::testing::TestApi;

    async fn all(api: &TestApi) -> Vec<Event> {
        api.number_everything().await;
        let acme = AccountId::parse("acme").unwrap();
        let desk = Desk::open(&api.world, &acme, Principal::Operator).await.unwrap().unwrap();
        events(&desk, None, 1000).await.unwrap().events
    }

    fn pushed(number_in_vendor: Option<u64>, event: &Event) -> Value {
        let body = message(&Pushed::Event { number_in_vendor, event });
        assert!(body.len() <= LIMIT, "{}", body.len());
        let message = serde_json::from_slice(&body).unwrap();
        conformance::hold_message(&message).unwrap();
        message
    }

    #[tokio::test]
    async fn what_is_pushed_is_what_the_feed_shows() {
        let (api, case) = TestApi::played().await;
        api.joins(&case).await;
        api.stop(&case).await;
        let events = all(&api).await;
        let feed = api.read("/v1/accounts/acme/events?limit=100").await.is(200);
        for (event, item) in events.iter().zip(feed["items"].as_array().unwrap()) {
            let message = pushed(None, event);
            assert_eq!(message["data"], *item);
            assert_eq!((&message["type"], &message["timestamp"]), (&item["type"], &item["occurred_at"]));
        }
        assert_eq!(events.len(), feed["items"].as_array().unwrap().len());
    }

    #[tokio::test]
    async fn to_a_vendors_endpoint_it_carries_the_number_in_the_vendors_feed_and_in_the_accounts() {
        let (api, _) = TestApi::played().await;
        api.number_everything().await;
        let vendor = VendorId::parse("boss").unwrap();
        let events: Vec<VendorEvent> = api.world.store.vendor_events(&vendor, 0, 100).await.unwrap();
        let feed = api.call("GET", "/v1/events?limit=100").key(&api.keys.vendor).send().await.is(200);
        assert!(!events.is_empty());
        for (VendorEvent { number, event }, item) in events.iter().zip(feed["items"].as_array().unwrap()) {
            let message = pushed(Some(*number), event);
            assert_eq!(message["data"], *item);
            assert_eq!(message["data"]["account_number"], event.number);
        }
    }

    #[test]
    fn a_test_says_when_it_was_asked_for() {
        let at = chrono::DateTime::UNIX_EPOCH;
        let message: Value = serde_json::from_slice(&message(&Pushed::Test { at })).unwrap();
        assert_eq!(message, json!({ "type": "endpoint.test", "timestamp": "1970-01-01T00:00:00Z", "data": {} }));
        conformance::hold_message(&message).unwrap();
    }

    #[tokio::test]
    async fn the_longest_texts_that_people_can_write_fit() {
        let api = TestApi::connected().await;
        let (name, title) = ("😀".repeat(100), "😀".repeat(250));
        let case = api
            .play_with("T1", &json!({ "title": title, "number": "😀".repeat(64), "requester": { "name": name } }))
            .await;
        let path = format!("/v1/accounts/acme/cases/{}/close", case["id"].as_str().unwrap());
        let note = json!({ "note": "😀".repeat(2000) });
        api.call("POST", &path).key(&api.keys.technician).json(&note).send().await.is(200);
        let events = all(&api).await;
        let closed = events.iter().find(|event| event.kind() == "case.closed").unwrap();
        let message = pushed(None, closed);
        assert!(
            message["data"]["case"]["comment"].as_str().unwrap().contains("😀😀")
                && message["data"].get("cut").is_none()
        );
    }

    #[test]
    fn what_is_left_out_is_documented_in_its_order() {
        let says = include_str!("../../../../docs/events.md").replace('\n', " ");
        let order: Vec<_> = CUT.iter().map(|path| format!("`{}`", path.join("."))).collect();
        assert!(says.contains(&order.join(", ")), "docs/events.md");
    }

    #[test]
    fn what_is_too_long_is_left_out_in_order_and_named() {
        let long = |bytes: usize| "x".repeat(bytes);
        let whole = |link: usize, reason: usize, comment: usize| {
            json!({ "type": "case.closed", "timestamp": "", "data": {
                "number": 1, "case": { "session_link": long(link), "hand_over": {}, "comment": long(comment) },
                "data": { "reason": long(reason) },
            } })
        };
        for (message, cut) in [
            (whole(10, 10, 10), Value::Null),
            (whole(LIMIT, 10, 10), json!(["case.session_link"])),
            (whole(10, LIMIT, 10), json!(["case.session_link", "case.hand_over", "data.reason"])),
            (whole(10, 10, LIMIT), json!(["case.session_link", "case.hand_over", "data.reason", "case.comment"])),
        ] {
            let body = fitting(message.clone());
            assert!(body.len() <= LIMIT);
            let sent: Value = serde_json::from_slice(&body).unwrap();
            assert_eq!(sent["data"].get("cut").unwrap_or(&Value::Null), &cut);
            assert_eq!((&sent["type"], &sent["data"]["number"]), (&json!("case.closed"), &json!(1)));
            if cut.is_null() {
                assert_eq!(sent, message);
            }
        }
    }
}
