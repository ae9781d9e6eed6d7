//! What holds for every route of the API's description: who gets in, and what a body may be.

use casebridge_domain::device::TERMS;
use serde_json::{Value, json};

use crate::openapi::openapi;
use crate::testing::{TOKEN, TestApi, play, widget_token};

/// An operation as it can be called.
struct Route {
    name: String,
    method: String,
    path: String,
    body: Option<Value>,
}

/// All of them, about `account` and a case of it.
fn routes(account: &str, case: &str) -> Vec<Route> {
    let described = serde_json::to_value(openapi()).unwrap();
    let mut routes = Vec::new();
    for (path, operations) in described["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap();
            let path = path
                .replace("{account}", account)
                .replace("{case}", case)
                .replace("{key}", case)
                .replace("{ticket}", "T1")
                .replace("{device}", "D1")
                .replace("{technician}", "u-42")
                .replace("{endpoint}", case)
                .replace("{language}", "en");
            let body = operation.get("requestBody").map(|_| body(name));
            routes.push(Route { name: name.to_owned(), method: method.to_uppercase(), path, body });
        }
    }
    assert!(routes.len() > 30);
    routes
}

/// A good body of each operation that takes one.
fn body(operation: &str) -> Value {
    match operation {
        "makeAccount" => json!({ "account": "fresh", "name": "Fresh", "time_zone": "UTC" }),
        "changeAccount" => json!({ "name": "Changed" }),
        "makeKey" => json!({ "scope": "admin" }),
        "makeEndpoint" | "makeVendorEndpoint" => json!({ "url": "https://desk.example.com/in" }),
        "changeEndpoint" | "changeVendorEndpoint" => json!({ "on": false }),
        "replayEvents" | "replayVendorEvents" => json!({ "from": 1 }),
        "makeSignInLink" => json!({ "role": "technician", "name": "Tess" }),
        "sendTestMail" => json!({ "to": "admin@example.com" }),
        "saveMailTemplate" | "previewMailTemplate" => json!({ "subject": "x", "text": "{{teamviewer.customer_link}}" }),
        "registerToken" => json!({ "script_token": TOKEN }),
        "shareGroup" => json!({ "users": [] }),
        "keepOauthApp" => json!({ "client_id": "1-app", "client_secret": "hush" }),
        "openCase" => play(),
        "changeRecord" => json!({ "note": "Training", "excluded": true, "reason": "Training" }),
        "activate" => json!({
            "mode": "attended",
            "agreement": { "terms_version": TERMS.version, "agreed_by": { "id": "u-1", "name": "Sam Admin" } }
        }),
        "reportDevice" => json!({ "platform": "android", "eula_accepted": true, "host": { "distributed": true } }),
        "reportDevices" => json!({ "devices": [{ "device": "D1", "facts": { "platform": "ios" } }] }),
        "updateTicket" => json!({ "state": "closed" }),
        "takeNotice" => {
            json!({ "type": "service_case.online", "session_code": "s100-000-000", "occurred_at": "2100-03-01T12:00:00Z" })
        }
        "makeWidgetToken" => widget_token("T1"),
        "handOver" | "handOverAtWidget" => json!({ "technician": null }),
        "startSession" => json!({ "mode": "attended", "technician": { "id": "u-42", "name": "Robin" } }),
        "askForHelp" => json!({ "ticket": play()["ticket"], "requester": play()["requester"], "note": "It smokes" }),
        "makeRequestLink" => json!({ "ticket": play()["ticket"], "requester": play()["requester"], "minutes": 60 }),
        "askForHelpWithDevice" => json!({ "note": "It smokes" }),
        "takeCase" => json!({ "technician": { "id": "u-42", "name": "Robin" } }),
        "reportLost" => json!({ "why": "restarted" }),
        "playAtWidget" => json!({ "session_type": "default" }),
        "setModule"
        | "renewInboundSecret"
        | "rotateEndpointSecret"
        | "rotateVendorEndpointSecret"
        | "testEndpoint"
        | "testVendorEndpoint"
        | "closeCase"
        | "inviteAgain"
        | "handToDevice"
        | "withdrawRequest"
        | "reserveClosing"
        | "stopAtWidget"
        | "inviteAgainAtWidget" => json!({}),
        other => unreachable!("{other} has no body here"),
    }
}

/// Those that need a key, and are about an account.
fn of_an_account(routes: Vec<Route>) -> impl Iterator<Item = Route> {
    routes.into_iter().filter(|route| route.path.contains("acme"))
}

#[tokio::test]
async fn without_a_key_that_is_known_nothing_is_told_and_nothing_happens() {
    let (api, case) = TestApi::played().await;
    let writes = api.engine.writes();
    let unknown = format!("Bearer cb_account_acme_{}", "0".repeat(64));
    let almost = format!("Bearer {}0", api.keys.admin);
    for route in routes("acme", case["id"].as_str().unwrap()) {
        if matches!(route.name.as_str(), "health" | "description") {
            continue;
        }
        let none: &[&str] = &[];
        let basic: &[&str] = &["Basic YWRtaW46YWRtaW4="];
        let two: &[&str] = &[&format!("Bearer {}", api.keys.admin), &format!("Bearer {}", api.keys.admin)];
        for fields in [none, basic, two, &["Bearer"], &["Bearer "], &["Bearer ä"], &[&unknown], &[&almost]] {
            let mut call = api.call(&route.method, &route.path);
            for field in fields {
                call = call.header("authorization", field);
            }
            // Not even the body is looked at.
            let answer = call.raw("{").send().await;
            assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"casebridge\"", "{}", route.name);
            answer.problem(401, "unauthorized");
        }
    }
    assert_eq!((api.engine.writes(), api.teamviewer.open()), (writes, 1));
}

#[tokio::test]
async fn a_widget_token_opens_the_widget_of_its_ticket_and_nothing_else() {
    let (api, case) = TestApi::played().await;
    let other = api.play("T2").await;
    let token = api.widget("T1").await;
    let writes = api.engine.writes();
    let mut widgets = 0;
    for route in routes("acme", other["id"].as_str().unwrap()) {
        if matches!(route.name.as_str(), "health" | "description") {
            continue;
        }
        let call = api.call(&route.method, &route.path).key(&token);
        let answer = match &route.body {
            Some(body) => call.json(body).send().await,
            None => call.send().await,
        };
        if route.path.starts_with("/v1/widget") {
            widgets += 1;
            assert_ne!(answer.status, 401, "{}", route.name);
            assert!(!answer.text.contains(other["id"].as_str().unwrap()), "{}: {}", route.name, answer.text);
        } else {
            answer.problem(401, "unauthorized");
        }
    }
    assert_eq!(widgets, 6);
    assert!(api.engine.writes() > writes, "the widget of T1 was stopped, invited and handed over");
    let path = "/v1/accounts/acme/tickets/T2/case";
    assert_eq!(api.call("GET", path).key(&api.keys.technician).send().await.is(200), other);
    let path = "/v1/accounts/acme/tickets/T1/case";
    assert_eq!(api.call("GET", path).key(&api.keys.read).send().await.is(200)["id"], case["id"]);
}

#[tokio::test]
async fn another_accounts_things_do_not_exist() {
    let (api, case) = TestApi::played().await;
    let writes = api.engine.writes();
    for route in of_an_account(routes("acme", case["id"].as_str().unwrap())) {
        for key in [&api.keys.other_account, &api.keys.other_vendor] {
            let call = api.call(&route.method, &route.path).key(key);
            let call = match &route.body {
                Some(body) => call.json(body),
                None => call,
            };
            call.send().await.problem(404, "not-found");
        }
        let nowhere = route.path.replace("acme", "nowhere");
        for key in [&api.keys.admin, &api.keys.vendor] {
            api.call(&route.method, &nowhere).key(key).raw("{").send().await.problem(404, "not-found");
        }
    }
    assert_eq!((api.engine.writes(), api.teamviewer.open()), (writes, 1));
}

#[tokio::test]
async fn what_belongs_to_one_account_is_not_found_under_another() {
    let (api, case) = TestApi::played().await;
    let writes = api.engine.writes();
    for route in routes("globex", case["id"].as_str().unwrap()) {
        if !["/cases/", "/keys/", "/records/"].iter().any(|place| route.path.contains(place)) {
            continue;
        }
        for key in [&api.keys.other_account, &api.keys.vendor] {
            let call = api.call(&route.method, &route.path).key(key);
            let call = match &route.body {
                Some(body) => call.json(body),
                None => call,
            };
            call.send().await.problem(404, "not-found");
        }
    }
    assert_eq!((api.engine.writes(), api.teamviewer.open()), (writes, 1));
}

#[tokio::test]
async fn a_wrong_method_is_refused_everywhere() {
    let api = TestApi::new().await;
    let writes = api.engine.writes();
    for route in routes("acme", "01890a5d-ac96-774b-bcce-b302099a8057") {
        for method in ["TRACE", "OPTIONS", "BREW"] {
            let answer = api.call(method, &route.path).key(&api.keys.admin).send().await;
            assert!(answer.header("allow").contains(&route.method), "{}", route.name);
            answer.problem(405, "method-not-allowed");
        }
        for path in [format!("{}/", route.path), format!("/{}", route.path)] {
            api.call(&route.method, &path).key(&api.keys.admin).send().await.problem(404, "no-such-route");
        }
    }
    assert_eq!(api.engine.writes(), writes);
}

#[tokio::test]
async fn no_malformed_body_gets_anywhere() {
    let (api, case) = TestApi::played().await;
    let writes = api.engine.writes();
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let deep_inside = format!("{{\"x\":{deep}}}");
    let bodies: &[&[u8]] = &[
        b"{",
        b"}",
        b"nul",
        b"null",
        b"true",
        b"0",
        b"\"SECRET\"",
        b"[]",
        b"[{}]",
        b"{}{}",
        b"{} SECRET",
        b"{\"a\"}",
        b"{'a':1}",
        b"{\"a\":1,}",
        b"{\"x\":1}",
        b"{\"\":1}",
        b"{\"x\":\"\\ud800\"}",
        b"{\"x\":\"\\udc00\\ud800\"}",
        b"{\"x\":\"\xff\xfe\"}",
        b"{\"x\":1e999}",
        b"{\"x\":NaN}",
        b"\xef\xbb\xbf{}",
        b"{\"__proto__\":{}}",
        b"<xml/>",
        b"\0",
        deep.as_bytes(),
        deep_inside.as_bytes(),
    ];
    for route in of_an_account(routes("acme", case["id"].as_str().unwrap())).filter(|route| route.body.is_some()) {
        for body in bodies {
            let key = if route.name == "takeNotice" { &api.keys.notify } else { &api.keys.admin };
            let answer = api.call(&route.method, &route.path).key(key).raw(body.to_vec()).send().await;
            let problem = answer.problem(400, "malformed-request");
            let shown = String::from_utf8_lossy(body);
            assert!(problem["errors"][0]["field"].is_string(), "{}: {shown:.40}: {problem}", route.name);
            assert!(problem["detail"].as_str().unwrap().contains("line "), "{}: {shown:.40}", route.name);
        }
    }
    assert_eq!((api.engine.writes(), api.teamviewer.open()), (writes, 1));
}

#[tokio::test]
async fn every_field_of_every_body_may_be_of_the_wrong_kind_once() {
    let (api, case) = TestApi::played().await;
    let writes = api.engine.writes();
    for route in of_an_account(routes("acme", case["id"].as_str().unwrap())) {
        let Some(Value::Object(good)) = route.body else { continue };
        for name in good.keys() {
            let kinds = [json!({ "SECRET": 1 }), json!(["SECRET"]), json!(-1.5), json!(true)];
            for wrong in kinds.into_iter().filter(|kind| !(kind.is_boolean() && good[name].is_boolean())) {
                let mut body = good.clone();
                body[name] = wrong;
                let key = if route.name == "takeNotice" { &api.keys.notify } else { &api.keys.admin };
                let call = api.call(&route.method, &route.path).key(key).json(&Value::Object(body));
                let mut problem = call.send().await;
                assert_eq!(problem.status, 400, "{} {name}", route.name);
                // The name of a field that is not known is told; its value is not.
                let field = problem.body["errors"][0]["field"].take();
                problem.body["errors"][0]["field"] = json!(field.as_str().unwrap().replace("SECRET", "unknown"));
                problem.problem(400, "malformed-request");
                assert!(field.as_str().unwrap().starts_with(name.as_str()), "{} {name}: {field}", route.name);
            }
        }
    }
    assert_eq!((api.engine.writes(), api.teamviewer.open()), (writes, 1));
}
