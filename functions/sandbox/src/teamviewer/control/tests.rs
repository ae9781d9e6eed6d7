//! The control routes, called in process.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::teamviewer::*;

async fn control(sandbox: &Sandbox, method: &str, path: &str, body: Value) -> (StatusCode, Value) {
    let request = Request::builder().method(method).uri(format!("/sandbox{path}"));
    let request = match body {
        Value::Null => request.body(Body::empty()),
        body => request.header("content-type", "application/json").body(Body::from(body.to_string())),
    };
    let response = router(sandbox.clone()).oneshot(request.unwrap()).await.unwrap();
    let status = response.status();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
}

async fn open(sandbox: &Sandbox) -> String {
    let request = Request::post("/api/v1/sessions")
        .header("authorization", format!("Bearer {DEMO_TOKEN}"))
        .body(Body::from(r#"{"groupname":"BOSS"}"#))
        .unwrap();
    let response = router(sandbox.clone()).oneshot(request).await.unwrap();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    let session: Value = serde_json::from_slice(&bytes).unwrap();
    session["code"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_session_is_played_from_outside() {
    let sandbox = Sandbox::new(Seed::demo());
    let code = open(&sandbox).await;
    let online = format!("/sessions/{code}/online");
    assert_eq!(control(&sandbox, "POST", &online, json!({ "online": true })).await.0, StatusCode::NO_CONTENT);
    assert!(sandbox.session(&code).unwrap().online);
    let (status, row) =
        control(&sandbox, "POST", &format!("/sessions/{code}/end"), json!({ "connected_seconds": 60 })).await;
    assert_eq!((status, &row["session_code"]), (StatusCode::OK, &json!(code)));
    assert_eq!(control(&sandbox, "POST", &online, json!({ "online": true })).await.0, StatusCode::CONFLICT);
    assert_eq!(
        control(&sandbox, "POST", "/sessions/s1/online", json!({ "online": true })).await.0,
        StatusCode::NOT_FOUND
    );
    let (_, state) = control(&sandbox, "GET", "/state", Value::Null).await;
    assert_eq!(state["sessions"][0]["code"], json!(code));
    assert_eq!(state["connections"].as_array().unwrap().len(), 1);
    assert_eq!(control(&sandbox, "POST", "/reset", Value::Null).await.0, StatusCode::NO_CONTENT);
    assert!(sandbox.state().sessions.is_empty());
}

#[tokio::test]
async fn companies_users_and_tokens_are_added_and_a_token_is_revoked() {
    let sandbox = Sandbox::new(Seed::empty());
    let company = json!({ "id": "acme", "name": "ACME" });
    let user =
        json!({ "id": "u1", "name": "Ann", "email": "ann@acme.example", "company": "acme", "licence": "Business" });
    assert_eq!(control(&sandbox, "POST", "/users", user.clone()).await.0, StatusCode::NOT_FOUND);
    assert_eq!(control(&sandbox, "POST", "/companies", company).await.0, StatusCode::CREATED);
    assert_eq!(control(&sandbox, "POST", "/users", user).await.0, StatusCode::CREATED);
    let wish = json!({ "owner": "u1", "level": "user", "permissions": ["sessions_create"] });
    let (status, token) = control(&sandbox, "POST", "/tokens", wish).await;
    assert_eq!(status, StatusCode::CREATED);
    let value = token["value"].as_str().unwrap();
    let (digits, letters) = value.split_once('-').unwrap();
    assert!(digits.parse::<u32>().is_ok() && letters.len() == 20);
    assert_eq!(
        control(&sandbox, "POST", &format!("/tokens/{value}/revoke"), Value::Null).await.0,
        StatusCode::NO_CONTENT
    );
    assert!(sandbox.state().tokens[0].revoked);
}

#[tokio::test]
async fn faults_are_ordered_listed_and_called_off() {
    let sandbox = Sandbox::new(Seed::demo());
    let fault = json!({ "method": "POST", "path": "/sessions", "times": 1, "kind": "timeout_after" });
    assert_eq!(control(&sandbox, "POST", "/faults", fault).await.0, StatusCode::CREATED);
    let (_, faults) = control(&sandbox, "GET", "/faults", Value::Null).await;
    assert_eq!(faults[0]["kind"], "timeout_after");
    for nonsense in [json!({ "kind": "earthquake" }), json!({ "kind": "timeout_before", "paths": "/sessions" })] {
        assert_eq!(control(&sandbox, "POST", "/faults", nonsense).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(sandbox.faults().len(), 1);
    control(&sandbox, "DELETE", "/faults", Value::Null).await;
    assert_eq!(control(&sandbox, "GET", "/faults", Value::Null).await.1, json!([]));
}

#[tokio::test]
async fn the_clock_is_set_frozen_and_advanced() {
    let sandbox = Sandbox::new(Seed::demo());
    let set = json!({ "now": "2024-04-16T12:00:00Z", "frozen": true });
    control(&sandbox, "PUT", "/clock", set).await;
    sandbox.clock().set("2024-04-16T12:00:00Z".parse().unwrap());
    let (_, clock) = control(&sandbox, "POST", "/clock/advance", json!({ "seconds": 90 })).await;
    assert_eq!(clock, json!({ "now": "2024-04-16T12:01:30Z", "frozen": true }));
    assert_eq!(control(&sandbox, "GET", "/clock", Value::Null).await.1, clock);
}

#[tokio::test]
async fn unknowns_and_settings_are_put_whole_or_patched() {
    let sandbox = Sandbox::new(Seed::demo());
    control(&sandbox, "PUT", "/unknowns", json!({ "expired_code": "turns_closed" })).await;
    let (_, unknowns) = control(&sandbox, "PATCH", "/unknowns", json!({ "unknown_id": "invalid_request" })).await;
    assert_eq!(
        (&unknowns["expired_code"], &unknowns["unknown_id"]),
        (&json!("turns_closed"), &json!("invalid_request"))
    );
    assert!(control(&sandbox, "PATCH", "/unknowns", json!({ "weather": "fine" })).await.0.is_client_error());
    control(&sandbox, "PUT", "/settings", json!({ "code_digits": "eight" })).await;
    assert_eq!(open(&sandbox).await.len(), "s12-345-678".len());
}

#[tokio::test]
async fn calls_are_counted_by_function() {
    let sandbox = Sandbox::new(Seed::demo());
    open(&sandbox).await;
    let (_, calls) = control(&sandbox, "GET", "/calls", Value::Null).await;
    assert_eq!(calls["counts"], json!({ "POST /sessions": 1 }));
    assert_eq!((&calls["calls"][0]["status"], &calls["calls"][0]["user"]), (&json!(200), &json!(DEMO_ADMIN)));
    control(&sandbox, "DELETE", "/calls", Value::Null).await;
    assert_eq!(sandbox.calls().total, 0);
}
