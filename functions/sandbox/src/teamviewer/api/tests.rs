//! The Web API, called in process.

mod connections;
mod faults;
mod groups;
mod people;
mod sessions;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::response::Response;
use chrono::{DateTime, TimeDelta, Utc};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::clock::Clock;
use crate::teamviewer::*;

/// 2024-04-16, when the recordings were made.
pub(super) fn recorded_at() -> DateTime<Utc> {
    "2024-04-16T20:40:38Z".parse().unwrap()
}

pub(super) fn sandbox() -> Sandbox {
    Sandbox::new(seed())
}

pub(super) fn seed() -> Seed {
    Seed::demo()
        .clock(Clock::frozen_at(recorded_at()))
        .company("other", "Other Ltd.")
        .user("other", "u999", "Olga Other", "olga@other.example", Licence::Free)
        .token(Token::script("other", "u999", Permission::GUIDE))
}

/// One caller of one sandbox.
pub(super) struct Client<'a> {
    pub(super) sandbox: &'a Sandbox,
    pub(super) token: &'a str,
}

pub(super) fn admin(sandbox: &Sandbox) -> Client<'_> {
    Client { sandbox, token: DEMO_TOKEN }
}

impl Client<'_> {
    pub(super) async fn raw(&self, method: &str, path: &str, body: Option<Value>) -> Response {
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header("authorization", format!("Bearer {}", self.token))
            .header("host", "sandbox.test");
        let request = match body {
            Some(body) => request.header("content-type", "application/json").body(Body::from(body.to_string())),
            None => request.body(Body::empty()),
        };
        router(self.sandbox.clone()).oneshot(request.unwrap()).await.unwrap()
    }

    pub(super) async fn call(&self, method: &str, path: &str, body: Option<Value>) -> (StatusCode, Value) {
        let response = self.raw(method, path, body).await;
        let status = response.status();
        (status, body_of(response).await)
    }

    pub(super) async fn get(&self, path: &str) -> Value {
        let (status, body) = self.call("GET", path, None).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    pub(super) async fn post(&self, path: &str, body: Value) -> Value {
        let (status, answer) = self.call("POST", path, Some(body)).await;
        assert_eq!(status, StatusCode::OK, "{path}: {answer}");
        answer
    }

    pub(super) async fn put(&self, path: &str, body: Value) -> StatusCode {
        self.call("PUT", path, Some(body)).await.0
    }

    /// Opens a session in the group BOSS; the answer is its code.
    pub(super) async fn open(&self) -> String {
        let session = self.post("/sessions", json!({ "groupname": "BOSS" })).await;
        session["code"].as_str().unwrap().to_owned()
    }

    pub(super) async fn refused(&self, method: &str, path: &str, body: Value) -> String {
        let (status, answer) = self.call(method, path, Some(body)).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{answer}");
        assert_eq!(answer["error"], "invalid_request");
        answer["error_description"].as_str().unwrap().to_owned()
    }
}

pub(super) async fn body_of(response: Response) -> Value {
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    if bytes.is_empty() {
        return Value::Null;
    }
    serde_json::from_slice(&bytes).unwrap_or_else(|_| String::from_utf8_lossy(&bytes).into_owned().into())
}

/// The names of an object's fields.
pub(super) fn names(object: &Value) -> Vec<&str> {
    let mut names: Vec<&str> = object.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}

#[tokio::test]
async fn a_call_without_a_token_is_told_to_bring_one() {
    let request = Request::get("/api/v1/sessions").body(Body::empty()).unwrap();
    let response = router(sandbox()).oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(response.headers()["www-authenticate"], "Bearer");
}

#[tokio::test]
async fn unknown_and_revoked_tokens_are_invalid() {
    let sandbox = sandbox();
    let stranger = Client { sandbox: &sandbox, token: "1-nobody" };
    let (status, body) = stranger.call("GET", "/account", None).await;
    assert_eq!((status, &body["error"]), (StatusCode::UNAUTHORIZED, &json!("invalid_token")));

    sandbox.revoke_token(DEMO_TOKEN).unwrap();
    let (status, body) = admin(&sandbox).call("GET", "/account", None).await;
    assert_eq!((status, &body["error"]), (StatusCode::UNAUTHORIZED, &json!("invalid_token")));
    assert_eq!(admin(&sandbox).get("/ping").await, json!({ "token_valid": false }));
}

#[tokio::test]
async fn a_permission_that_is_missing_is_refused_and_nothing_happens() {
    let needs: [(Permission, &str, &str, Value); 8] = [
        (Permission::SessionsCreate, "POST", "/sessions", json!({ "groupname": "X" })),
        (Permission::SessionsViewAll, "GET", "/sessions", json!({})),
        (Permission::SessionsEditAll, "PUT", "/sessions/s1-234-567", json!({})),
        (Permission::ConnectionsView, "GET", "/reports/connections", json!({})),
        (Permission::ComputersView, "GET", "/groups", json!({})),
        (Permission::ComputersView, "GET", "/devices", json!({})),
        (Permission::ComputersAdd, "POST", "/groups", json!({ "name": "X" })),
        (Permission::UsersView, "GET", "/users", json!({})),
    ];
    let sandbox = sandbox();
    for (missing, method, path, body) in needs {
        let others = Permission::GUIDE.into_iter().filter(|permission| *permission != missing).collect();
        let token = NewToken { owner: DEMO_ADMIN.into(), permissions: Some(others), ..NewToken::default() };
        let token = sandbox.add_token(token).unwrap();
        let client = Client { sandbox: &sandbox, token: &token.value };
        let (status, answer) = client.call(method, path, Some(body)).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{method} {path}");
        assert_eq!(answer["error"], "insufficient_scope");
    }
    let state = sandbox.state();
    assert!(state.groups.is_empty() && state.sessions.is_empty());
}

#[tokio::test]
async fn a_limit_is_per_function_and_token_when_it_is_enforced() {
    let settings = Settings { enforce_rate_limits: true, ..Settings::default() };
    let sandbox = Sandbox::new(seed().settings(settings));
    let free = Client { sandbox: &sandbox, token: "other" };
    for _ in 0..300 {
        free.get("/sessions").await;
    }
    let (status, answer) = free.call("GET", "/sessions", None).await;
    assert_eq!((status, &answer["error"]), (StatusCode::FORBIDDEN, &json!("rate_limit_reached")));
    free.get("/groups").await;
    admin(&sandbox).get("/sessions").await;
    sandbox.clock().advance(TimeDelta::hours(1));
    free.get("/sessions").await;
}

#[tokio::test]
async fn a_path_that_does_not_exist_is_not_found() {
    assert_eq!(admin(&sandbox()).call("GET", "/nothing", None).await.0, StatusCode::NOT_FOUND);
}
