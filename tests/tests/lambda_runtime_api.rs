//! The stand-in for Lambda runs a real function binary.
#![expect(clippy::unwrap_used, reason = "a test ends where it is surprised")]

use std::time::Duration;

use casebridge_tests::lambda_runtime_api::{Deployed, Function, InvokeError};
use serde_json::{Value, json};

fn probe() -> Function {
    Function::new("probe", env!("CARGO_BIN_EXE_probe_function"))
}

fn event(path: &str) -> Value {
    json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"host": "localhost"},
        "requestContext": {
            "http": {"method": "GET", "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": ""},
            "stage": "$default",
            "timeEpoch": 0,
        },
        "isBase64Encoded": false,
    })
}

async fn seen(function: &Deployed) -> Value {
    let answer = function.invoke(&event("/")).await.unwrap();
    serde_json::from_str(answer["body"].as_str().unwrap()).unwrap()
}

#[tokio::test]
async fn a_function_knows_its_name_its_variables_and_its_deadline() {
    let function = probe().env("PROBE", "set").deploy();
    let seen = seen(&function).await;
    assert_eq!(seen["function"], "probe");
    assert_eq!(seen["variable"], "set");
    assert!(seen["deadline"].as_u64().unwrap() > 1_700_000_000_000);
}

#[tokio::test]
async fn events_one_after_the_other_share_a_process() {
    let function = probe().deploy();
    let (first, second) = (seen(&function).await, seen(&function).await);
    assert_eq!(first["process"], second["process"]);
    assert_ne!(first["request_id"], second["request_id"]);
    assert_eq!(function.starts(), 1);
}

#[tokio::test]
async fn events_at_the_same_time_have_a_process_each_up_to_the_limit() {
    let function = probe().environments(2).time_limit(Duration::from_millis(300)).deploy();
    let hanging = event("/hangs");
    let (one, two, three) =
        tokio::join!(function.invoke(&hanging), function.invoke(&hanging), function.invoke(&hanging),);
    for outcome in [one, two, three] {
        assert!(matches!(outcome, Err(InvokeError::TimedOut(_))), "{outcome:?}");
    }
    assert_eq!(function.starts(), 3);
}

#[tokio::test]
async fn an_error_is_told_with_its_message() {
    let function = probe().deploy();
    let failure = function.invoke(&event("/fails")).await.unwrap_err();
    assert!(failure.to_string().contains("failed as asked"), "{failure}");
    seen(&function).await;
    assert_eq!(function.starts(), 1);
}

#[tokio::test]
async fn a_process_that_ends_loses_its_event_and_is_replaced() {
    let function = probe().deploy();
    let outcome = function.invoke(&event("/ends")).await;
    assert!(matches!(outcome, Err(InvokeError::Ended(_))), "{outcome:?}");
    seen(&function).await;
    assert_eq!(function.starts(), 2);
}

#[tokio::test]
async fn a_killed_process_loses_its_event_and_is_replaced() {
    let function = probe().deploy();
    let before = seen(&function).await;
    let event = event("/hangs");
    let (outcome, ()) = tokio::join!(biased; function.invoke(&event), function.kill());
    assert!(matches!(outcome, Err(InvokeError::Ended(_))), "{outcome:?}");
    let after = seen(&function).await;
    assert_ne!(before["process"], after["process"]);
}

#[tokio::test]
async fn a_function_that_does_not_start_says_why() {
    let function = probe().env("PROBE_REFUSES_TO_START", "1").deploy();
    let failure = function.invoke(&event("/")).await.unwrap_err();
    assert!(matches!(failure, InvokeError::NotInitialised(_)), "{failure:?}");
    assert!(failure.to_string().contains("refused to start"), "{failure}");
}

#[tokio::test]
async fn an_answer_over_6_megabytes_is_refused() {
    let function = probe().deploy();
    let outcome = function.invoke(&event("/large")).await;
    assert!(matches!(outcome, Err(InvokeError::AnswerTooLarge(_))), "{outcome:?}");
}

#[tokio::test]
async fn a_warm_function_needs_no_further_process() {
    let function = probe().deploy();
    assert!(function.warm().await.unwrap() < Duration::from_secs(5));
    seen(&function).await;
    assert_eq!(function.starts(), 1);
}
