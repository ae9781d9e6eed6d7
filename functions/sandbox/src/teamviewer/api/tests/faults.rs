use super::*;

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

fn wish() -> Value {
    json!({ "groupname": "BOSS" })
}

async fn post(sandbox: &Sandbox) -> (StatusCode, Value) {
    admin(sandbox).call("POST", "/sessions", Some(wish())).await
}

/// Runs a call that gets no answer, until the sandbox has seen it.
async fn post_in_silence(sandbox: &Sandbox) {
    let before = sandbox.calls().total;
    tokio::select! {
        (status, _) = post(sandbox) => panic!("answered {status}"),
        calls = sandbox.until_calls(|calls| calls.total > before) => assert_eq!(calls.calls.last().unwrap().status, None),
    }
}

#[tokio::test]
async fn a_timeout_happens_before_the_effect_or_after_it() {
    let sandbox = sandbox();
    sandbox.add_fault(Fault::once(FaultKind::TimeoutBefore).on("POST", "/sessions"));
    sandbox.add_fault(Fault::once(FaultKind::TimeoutAfter).on("POST", "/sessions"));
    post_in_silence(&sandbox).await;
    assert_eq!(sandbox.state().sessions.len(), 0);
    post_in_silence(&sandbox).await;
    assert_eq!(sandbox.state().sessions.len(), 1);
    assert_eq!(post(&sandbox).await.0, StatusCode::OK);
    assert!(sandbox.faults().is_empty());
    assert_eq!(sandbox.calls().count("POST /sessions"), 3);
}

#[tokio::test]
async fn an_effect_can_come_later_by_the_sandboxs_clock() {
    let sandbox = sandbox();
    let late = |answer| FaultKind::LateEffect { clock_seconds: Some(30), real_milliseconds: None, answer };
    sandbox.add_fault(Fault::once(late(LateAnswer::Timeout)).on("POST", "/sessions"));
    sandbox.add_fault(Fault::once(late(LateAnswer::InternalError)).on("POST", "/sessions"));
    post_in_silence(&sandbox).await;
    assert_eq!(post(&sandbox).await.0, StatusCode::INTERNAL_SERVER_ERROR);
    sandbox.clock().advance(TimeDelta::seconds(29));
    assert_eq!(admin(&sandbox).get("/sessions").await["sessions"], json!([]));
    assert_eq!(sandbox.state().late_effects, 2);
    sandbox.clock().advance(TimeDelta::seconds(60));
    let list = admin(&sandbox).get("/sessions?full_list=true").await;
    assert_eq!(list["sessions"].as_array().unwrap().len(), 2);
    assert_eq!(list["sessions"][0]["created_at"], "2024-04-16T20:41:08Z");
}

#[tokio::test(start_paused = true)]
async fn an_effect_can_come_later_in_real_time() {
    let sandbox = sandbox();
    let late =
        FaultKind::LateEffect { clock_seconds: None, real_milliseconds: Some(5000), answer: LateAnswer::InternalError };
    sandbox.add_fault(Fault::once(late));
    assert_eq!(post(&sandbox).await.0, StatusCode::INTERNAL_SERVER_ERROR);
    tokio::time::advance(Duration::from_millis(4999)).await;
    assert!(sandbox.state().sessions.is_empty());
    tokio::time::advance(Duration::from_millis(1)).await;
    assert_eq!(sandbox.state().sessions.len(), 1);
}

#[tokio::test]
async fn refusals_can_be_ordered_and_have_no_effect() {
    let sandbox = sandbox();
    let kinds = [
        (FaultKind::RateLimitReached, 403, json!("rate_limit_reached")),
        (FaultKind::TokenRevoked, 401, json!("invalid_token")),
        (FaultKind::InternalError { after_effect: false }, 500, json!("internal_error")),
    ];
    for (kind, status, error) in kinds {
        sandbox.add_fault(Fault::once(kind));
        let (answered, body) = post(&sandbox).await;
        assert_eq!((answered.as_u16(), &body["error"]), (status, &error));
    }
    sandbox.add_fault(Fault::once(FaultKind::TooManyRequests { retry_after: 7 }));
    let response = admin(&sandbox).raw("POST", "/sessions", Some(wish())).await;
    assert_eq!((response.status().as_u16(), &response.headers()["retry-after"]), (429, &"7".parse().unwrap()));

    for as_json in [false, true] {
        sandbox.add_fault(Fault::once(FaultKind::LicenseLimitation { as_json }));
        let (status, body) = post(&sandbox).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert!(body.as_str().unwrap().contains("license limitations"));
    }
    sandbox.add_fault(Fault::once(FaultKind::BadGateway));
    let (status, body) = post(&sandbox).await;
    assert_eq!(status, StatusCode::BAD_GATEWAY);
    assert!(body.as_str().unwrap().starts_with("<html>"));
    assert!(sandbox.state().sessions.is_empty());
}

#[tokio::test]
async fn an_answer_can_be_lost_after_the_effect() {
    let sandbox = sandbox();
    sandbox.add_fault(Fault::once(FaultKind::InternalError { after_effect: true }));
    assert_eq!(post(&sandbox).await.0, StatusCode::INTERNAL_SERVER_ERROR);
    sandbox.add_fault(Fault::once(FaultKind::Redirect { status: 307 }));
    let response = admin(&sandbox).raw("POST", "/sessions", Some(wish())).await;
    assert_eq!(response.status(), StatusCode::TEMPORARY_REDIRECT);
    assert!(response.headers().contains_key("location"));
    assert_eq!(sandbox.state().sessions.len(), 2);
}

#[tokio::test]
async fn a_fault_strikes_the_token_and_the_call_it_is_ordered_for() {
    let sandbox = sandbox();
    let fault = Fault::always(FaultKind::TokenRevoked).on("GET", "/sessions/*").for_token("other").after(1).times(2);
    sandbox.add_fault(fault);
    let code = admin(&sandbox).open().await;
    let path = format!("/sessions/{code}");
    let stranger = Client { sandbox: &sandbox, token: "other" };
    admin(&sandbox).get(&path).await;
    stranger.get("/sessions").await;
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(stranger.call("GET", &path, None).await.0.as_u16());
    }
    assert_eq!(statuses, [404, 401, 401, 404]);
    sandbox.add_fault(Fault::always(FaultKind::TokenRevoked));
    sandbox.clear_faults();
    admin(&sandbox).get(&path).await;
}

#[tokio::test(start_paused = true)]
async fn a_slow_body_is_right_in_the_end() {
    let sandbox = sandbox();
    sandbox.add_fault(Fault::once(FaultKind::SlowBody { milliseconds_per_byte: 1000 }));
    let before = tokio::time::Instant::now();
    assert_eq!(admin(&sandbox).get("/ping").await, json!({ "token_valid": true }));
    assert_eq!(before.elapsed().as_secs(), r#"{"token_valid":true}"#.len() as u64);
}

async fn send(sandbox: &Sandbox) -> io::Result<Vec<u8>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let server = tokio::spawn(serve(listener, sandbox.clone()));
    let mut stream = TcpStream::connect(address).await?;
    let body = wish().to_string();
    let request = format!(
        "POST /api/v1/sessions HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {DEMO_TOKEN}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer).await;
    server.abort();
    read.map(|_| answer)
}

#[tokio::test]
async fn a_connection_is_closed_or_reset_without_an_answer() {
    let sandbox = sandbox();
    sandbox.add_fault(Fault::once(FaultKind::ConnectionClosed { after_effect: false }));
    assert_eq!(send(&sandbox).await.unwrap(), b"");
    assert_eq!(sandbox.state().sessions.len(), 0);
    sandbox.add_fault(Fault::once(FaultKind::ConnectionReset { after_effect: true }));
    assert_eq!(send(&sandbox).await.unwrap_err().kind(), io::ErrorKind::ConnectionReset);
    assert_eq!(sandbox.state().sessions.len(), 1);
    assert!(send(&sandbox).await.unwrap().starts_with(b"HTTP/1.1 200 OK"));
}

#[tokio::test]
async fn without_a_server_of_its_own_a_cut_breaks_the_answer_off() {
    let sandbox = sandbox();
    sandbox.add_fault(Fault::once(FaultKind::ConnectionClosed { after_effect: false }));
    let response = admin(&sandbox).raw("POST", "/sessions", Some(wish())).await;
    assert!(response.into_body().collect().await.is_err());
}
