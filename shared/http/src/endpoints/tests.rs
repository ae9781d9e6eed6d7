//! Endpoints of accounts and of vendors, asked over HTTP.

use casebridge_app::endpoints::{Endpoints, NewEndpoint};
use casebridge_domain::AccountId;
use casebridge_domain::endpoint::{EndpointUrl, EventFilter, EventPattern, Reach, SigningMethod};
use casebridge_domain::journal::Principal;
use casebridge_domain::key::Owner;
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
        (json!({ "url": "desk", "events": ["case"], "signing": "md5" }), &["url", "events[0]", "signing"][..]),
        (json!({ "url": "http://desk.example.com/" }), &["url"]),
        (json!({ "url": "https://10.0.0.1/" }), &["url"]),
    ] {
        make(&api, OF_ACME, &api.keys.admin, &body).await.problem_with(422, "invalid-fields", fields);
    }
    make(&api, OF_ACME, &api.keys.technician, &json!({ "url": URL })).await.problem(403, "forbidden");
    assert_eq!(api.engine.writes(), writes);
}

#[tokio::test]
async fn a_misspelt_type_of_event_is_refused_and_the_right_one_named() {
    let api = TestApi::new().await;
    let made = make(&api, OF_ACME, &api.keys.admin, &json!({ "url": URL })).await.is(201);
    let writes = api.engine.writes();
    let events = json!(["case.opened", "customer.*", "case.clsoed", "invitations.*"]);
    let change = api.call("PATCH", &at(OF_ACME, &made, "")).key(&api.keys.admin).json(&json!({ "events": events }));
    for answer in
        [make(&api, OF_VENDOR, &api.keys.vendor, &json!({ "url": URL, "events": events })).await, change.send().await]
    {
        let problem = answer.problem(422, "invalid-fields");
        assert_eq!(problem["errors"].as_array().unwrap().len(), 2, "{problem}");
        for (place, field, meant) in [(0, "events[2]", "case.closed"), (1, "events[3]", "invitation.*")] {
            let error = &problem["errors"][place];
            assert_eq!(error["field"], field);
            assert!(error["message"].as_str().unwrap().ends_with(&format!("did you mean {meant}?")), "{problem}");
        }
    }
    let many = json!({ "url": URL, "events": vec!["case.closed"; 101] });
    make(&api, OF_VENDOR, &api.keys.vendor, &many).await.problem_with(422, "invalid-fields", &["events"]);
    assert_eq!(api.engine.writes(), writes);
}

#[tokio::test]
async fn a_type_that_only_a_later_version_knows_stays_until_it_is_left_out() {
    let api = TestApi::new().await;
    let later = EventPattern::parse("case.rated").unwrap();
    let endpoints = Endpoints::of(
        api.world.clone(),
        Owner::Account(AccountId::parse("acme").unwrap()),
        Principal::Operator,
        Reach::default(),
    );
    let wish = NewEndpoint {
        url: EndpointUrl::parse(URL).unwrap(),
        filter: EventFilter::of(vec![later]).unwrap(),
        description: None,
        signing: SigningMethod::Hmac,
    };
    let made = endpoints.make(wish, None).await.unwrap().endpoint;
    let path = format!("{OF_ACME}/{}", made.id);
    let read = api.call("GET", &path).key(&api.keys.admin).send().await.is(200);
    assert_eq!(read["events"], json!(["case.rated"]));
    let change = async |events: Value| {
        let body = json!({ "events": events });
        api.call("PATCH", &path).key(&api.keys.admin).json(&body).send().await
    };
    let kept = change(json!(["case.closed", "case.rated"])).await.is(200);
    assert_eq!(kept["events"], json!(["case.closed", "case.rated"]));
    change(json!(["case.closed"])).await.is(200);
    change(json!(["case.rated"])).await.problem_with(422, "invalid-fields", &["events[0]"]);
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
