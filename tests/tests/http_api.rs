//! The stand-in for an HTTP API, with a real function binary behind it.
#![expect(clippy::unwrap_used, reason = "a test ends where it is surprised")]

use std::time::Duration;

use bytes::Bytes;
use casebridge_tests::{
    http_api::{BadStage, HttpApi, Stage},
    http_client::HttpClient,
    lambda_runtime_api::Function,
};
use http::{Request, Response, StatusCode, header, request::Builder};
use serde_json::{Value, json};

fn stage() -> Stage {
    let probe = |name| Function::new(name, env!("CARGO_BIN_EXE_probe_function")).deploy();
    Stage::new([probe("accounts"), probe("others")])
        .route("POST /v1/accounts/{account}", "accounts")
        .unwrap()
        .route("$default", "others")
        .unwrap()
}

async fn send(request: Builder, body: impl Into<Bytes>) -> Response<Bytes> {
    let request = request.body(body.into()).unwrap();
    HttpClient::new().send(request).await.unwrap()
}

fn to(api: &HttpApi, path: &str) -> Builder {
    Request::post(format!("{}{path}", api.url()))
}

fn json_of(answer: &Response<Bytes>) -> Value {
    serde_json::from_slice(answer.body()).unwrap()
}

#[tokio::test]
async fn a_request_reaches_the_function_of_its_route() {
    let api = stage().start().await.unwrap();
    let routed = send(to(&api, "/v1/accounts/7?a=1&b=x%20y"), "").await;
    let seen = json_of(&routed);
    assert_eq!(seen["function"], "accounts");
    assert_eq!(seen["account"], "7");
    assert_eq!(seen["method"], "POST");
    assert_eq!(seen["query"], "a=1&b=x%20y");
    let default = send(to(&api, "/elsewhere"), "").await;
    assert_eq!(json_of(&default)["function"], "others");
}

#[tokio::test]
async fn repeated_headers_are_joined_and_cookies_arrive() {
    let api = stage().start().await.unwrap();
    let request = to(&api, "/").header("x-many", "1").header("x-many", "2").header(header::COOKIE, "a=1; b=2");
    let seen = json_of(&send(request, "").await);
    assert_eq!(seen["many"], "1,2");
    assert_eq!(seen["cookie"], "a=1; b=2");
}

#[tokio::test]
async fn a_body_arrives_byte_for_byte() {
    let api = stage().start().await.unwrap();
    let request = to(&api, "/").header(header::CONTENT_TYPE, "application/json; charset=utf-8");
    let text = json_of(&send(request, "{\"ä\": 1}").await);
    assert_eq!(text["body"], json!("{\"ä\": 1}".as_bytes()));
    assert_eq!(text["binary"], false);
    let bytes = json_of(&send(to(&api, "/"), vec![0xFF, 0x00, 0x0A]).await);
    assert_eq!(bytes["body"], json!([0xFF, 0x00, 0x0A]));
    assert_eq!(bytes["binary"], true);
}

#[tokio::test]
async fn the_path_is_decoded_before_the_function_sees_it() {
    let api = stage().start().await.unwrap();
    let spaced = send(to(&api, "/v1/accounts/a%20b"), "").await;
    assert_eq!(json_of(&spaced)["account"], "a b");
    let slashed = send(to(&api, "/v1/accounts/a%2Fb"), "").await;
    assert_eq!(json_of(&slashed)["function"], "others");
    assert_eq!(json_of(&slashed)["path"], "/v1/accounts/a/b");
}

#[tokio::test]
async fn an_answer_keeps_its_status_its_cookies_and_its_bytes() {
    let api = stage().start().await.unwrap();
    let created = send(to(&api, "/cookies"), "").await;
    assert_eq!(created.status(), StatusCode::CREATED);
    let cookies: Vec<_> = created.headers().get_all(header::SET_COOKIE).iter().collect();
    assert_eq!(cookies, ["a=1", "b=2"]);
    let bytes = send(to(&api, "/bytes"), "").await;
    assert_eq!(bytes.body().as_ref(), [0xFF, 0x00]);
}

#[tokio::test]
async fn a_body_over_10_megabytes_is_refused() {
    let api = stage().start().await.unwrap();
    let large = send(to(&api, "/"), vec![b'x'; 10 * 1024 * 1024 + 1]).await;
    assert_eq!(large.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(json_of(&large)["message"], "Request Entity Too Large");
}

#[tokio::test]
async fn a_function_that_fails_or_ends_is_an_internal_error() {
    let api = stage().start().await.unwrap();
    for path in ["/fails", "/ends", "/large"] {
        let answer = send(to(&api, path), "").await;
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR, "{path}");
        assert_eq!(json_of(&answer)["message"], "Internal Server Error");
    }
}

#[tokio::test]
async fn a_function_that_takes_too_long_is_unavailable() {
    let stage = stage().time_limit(Duration::from_millis(200));
    let api = stage.start().await.unwrap();
    let answer = send(to(&api, "/hangs"), "").await;
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn what_matches_no_route_is_not_found() {
    let probe = Function::new("probe", env!("CARGO_BIN_EXE_probe_function")).deploy();
    let stage = Stage::new([probe]).route("GET /only", "probe").unwrap();
    let api = stage.start().await.unwrap();
    let answer = send(to(&api, "/only"), "").await;
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
}

#[test]
fn a_route_to_a_function_that_is_not_there_is_refused() {
    let stage = Stage::new([]).route("GET /", "cases");
    assert!(matches!(stage, Err(BadStage::NoSuchFunction(_))));
}
