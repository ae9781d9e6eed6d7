//! Endpoints of accounts and of vendors, asked over HTTP.

use serde_json::{Value, json};

use crate::testing::{Answer, TestApi};

const OF_ACME: &str = "/v1/accounts/acme/endpoints";
const OF_VENDOR: &str = "/v1/endpoints";
const URL: &str = "https://desk.example.com/in";

async fn make(api: &TestApi, path: &str, key: &str, body: &Value) -> Answer {
    api.call("POST", path).key(key).header("idempotency-key", "k").json(body).send().await
}

fn at(path: &str, made: &Value, rest: &str) -> String {
    format!("{path}/{}{rest}", made["id"].as_str().unwrap())
}

#[tokio::test]
async fn a_secret_is_shown_once_and_the_same_request_makes_one_endpoint() {
    let api = TestApi::new().await;
    for (path, key) in [(OF_ACME, &api.keys.admin), (OF_VENDOR, &api.keys.vendor)] {
        let body = json!({ "url": URL, "events": ["case.*"], "description": "Tickets" });
        let answer = make(&api, path, key, &body).await;
        let location = answer.header("location").to_owned();
        let made = answer.is(201);
        assert!(made["secret"].as_str().unwrap().starts_with("whsec_"));
        assert_eq!((&made["state"], &made["events"]), (&json!("on"), &json!(["case.*"])));
        let again = make(&api, path, key, &body).await.is(201);
        assert_eq!((&again["id"], again.get("secret")), (&made["id"], None));
        make(&api, path, key, &json!({ "url": URL })).await.problem(422, "idempotency-key-reused");
        let read = api.call("GET", &location).key(key).send().await.is(200);
        assert_eq!(read["description"], "Tickets");
        let listed = api.call("GET", path).key(key).send().await.is(200);
        assert_eq!(listed["items"].as_array().unwrap().len(), 1);
        assert!(!listed.to_string().contains("whsec_"));
    }
}

#[tokio::test]
async fn an_endpoint_that_breaks_a_rule_is_not_made() {
    let api = TestApi::new().await;
    let writes = api.engine.writes();
    for (body, fields) in [
        (json!({ "url": "desk", "events": ["case"], "signing": "md5" }), &["url", "events", "signing"][..]),
        (json!({ "url": "http://desk.example.com/" }), &["url"]),
        (json!({ "url": "https://10.0.0.1/" }), &["url"]),
    ] {
        make(&api, OF_ACME, &api.keys.admin, &body).await.problem_with(422, "invalid-fields", fields);
    }
    make(&api, OF_ACME, &api.keys.technician, &json!({ "url": URL })).await.problem(403, "forbidden");
    assert_eq!(api.engine.writes(), writes);
}

#[tokio::test]
async fn another_accounts_endpoints_and_the_vendors_are_out_of_reach() {
    let api = TestApi::new().await;
    let of_acme = make(&api, OF_ACME, &api.keys.admin, &json!({ "url": URL })).await.is(201);
    let of_vendor = make(&api, OF_VENDOR, &api.keys.vendor, &json!({ "url": URL })).await.is(201);
    let writes = api.engine.writes();
    let globex = "/v1/accounts/globex/endpoints";
    for path in [at(globex, &of_acme, ""), at(globex, &of_vendor, "")] {
        api.call("GET", &path).key(&api.keys.other_account).send().await.problem(404, "not-found");
        api.call("DELETE", &path).key(&api.keys.other_account).send().await.problem(404, "not-found");
    }
    let path = at(OF_ACME, &of_vendor, "/rotate");
    api.call("POST", &path).key(&api.keys.admin).json(&json!({})).send().await.problem(404, "not-found");
    let path = at(OF_VENDOR, &of_acme, "");
    api.call("GET", &path).key(&api.keys.vendor).send().await.problem(404, "not-found");
    assert_eq!(api.engine.writes(), writes);
}

#[tokio::test]
async fn an_endpoint_is_changed_rotated_tested_and_removed() {
    let api = TestApi::new().await;
    let made = make(&api, OF_ACME, &api.keys.admin, &json!({ "url": URL, "description": "x" })).await.is(201);
    let path = at(OF_ACME, &made, "");
    let change = async |body: Value| api.call("PATCH", &path).key(&api.keys.admin).json(&body).send().await;
    let changed = change(json!({ "events": ["case.closed", "case.closed"], "description": "", "on": false })).await;
    let changed = changed.is(200);
    assert_eq!((&changed["state"], &changed["events"]), (&json!("off"), &json!(["case.closed"])));
    assert!(changed["description"].is_null());
    change(json!({ "go_on": "yesterday" })).await.problem_with(422, "invalid-fields", &["go_on"]);

    let post = async |rest: &str, body: Value| {
        api.call("POST", &at(OF_ACME, &made, rest)).key(&api.keys.admin).json(&body).send().await
    };
    let rotated = post("/rotate", json!({})).await.is(200);
    assert_ne!(rotated["secret"], made["secret"]);
    assert!(rotated["former_secret_until"].is_string());
    let asked = post("/test", json!({})).await.is(202);
    assert!(asked["id"].as_str().unwrap().starts_with("test_"));
    post("/replay", json!({ "from": 1 })).await.problem(409, "endpoint-off");
    post("/replay", json!({ "from": 3, "to": 2 })).await.problem_with(422, "invalid-fields", &["to"]);
    post("/replay", json!({ "since": "noon" })).await.problem_with(422, "invalid-fields", &["since"]);
    post("/replay", json!({})).await.problem_with(422, "invalid-fields", &["from"]);
    change(json!({ "on": true })).await.is(200);
    post("/replay", json!({ "from": 1_000_000 })).await.problem(409, "nothing-to-replay");

    let deliveries = at(OF_ACME, &made, "/deliveries");
    let shown = api.call("GET", &deliveries).key(&api.keys.admin).send().await.is(200);
    assert_eq!(shown, json!({ "attempts": [], "retries": [], "undelivered": [] }));
    api.call("DELETE", &path).key(&api.keys.admin).send().await.is(204);
    api.call("GET", &path).key(&api.keys.admin).send().await.problem(404, "not-found");
}
