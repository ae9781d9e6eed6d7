//! What becomes of answers, and of none.

use std::net::Ipv4Addr;
use std::time::Duration;

use casebridge_app::ports::push::PushError;
use casebridge_push::Options;
use chrono::TimeDelta;
use tokio::net::TcpListener;

use crate::receiver::{Receiver, SOON, Script, local, push};

#[tokio::test]
async fn status_pause_and_beginning_are_what_the_endpoint_said() {
    let script = Script::says("503 Service Unavailable", "retry-after: 120\r\n", "come\nback");
    let receiver = Receiver::with(script).await;
    let answer = push(&local(), &receiver.url("127.0.0.1")).await.unwrap();
    assert_eq!((answer.status, answer.is_success()), (503, false));
    assert_eq!((answer.retry_after, answer.beginning.as_str()), (Some(TimeDelta::minutes(2)), "come back"));
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_leads_nowhere() {
    let mut elsewhere = Receiver::with(Script::says("200 OK", "", "")).await;
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let location = format!("location: http://127.0.0.1:{}/\r\n", elsewhere.port);
        let receiver = Receiver::with(Script::says(status, &location, "")).await;
        let answer = push(&local(), &receiver.url("127.0.0.1")).await.unwrap();
        assert_eq!((answer.status.to_string(), answer.is_success()), (status[..3].to_owned(), false));
    }
    assert!(elsewhere.has_seen_nothing());
}

#[tokio::test]
async fn of_an_endless_answer_the_beginning_is_read() {
    let endless = format!("HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n{}", "x".repeat(100_000));
    let receiver = Receiver::with(Script::hangs_after(&endless)).await;
    let answer = push(&local(), &receiver.url("127.0.0.1")).await.unwrap();
    assert_eq!((answer.status, answer.beginning), (200, "x".repeat(1000)));
}

#[tokio::test]
async fn a_body_that_does_not_come_to_an_end_does_not_take_back_the_status() {
    let receiver = Receiver::with(Script::hangs_after("HTTP/1.1 201 Created\r\ncontent-length: 9\r\n\r\nbegun")).await;
    let options = Options { body_limit: SOON, ..local() };
    let answer = push(&options, &receiver.url("127.0.0.1")).await.unwrap();
    assert_eq!((answer.status, answer.beginning.as_str()), (201, "begun"));
    assert!(answer.took >= SOON && answer.took < Duration::from_secs(10), "{:?}", answer.took);
}

#[tokio::test]
async fn an_endpoint_that_says_nothing_is_given_up_in_time() {
    let options = Options { time_limit: SOON, ..local() };
    for said in ["", "HTTP/1.1 200 OK\r\nx-slow: "] {
        let receiver = Receiver::with(Script::hangs_after(said)).await;
        assert_eq!(push(&options, &receiver.url("127.0.0.1")).await, Err(PushError::TimedOut));
    }
}

#[tokio::test]
async fn what_takes_no_connection_or_breaks_it_is_unreachable_and_says_no_address() {
    let nobody = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap().local_addr().unwrap().port();
    let closed = crate::receiver::url(&format!("http://127.0.0.1:{nobody}/"));
    assert_eq!(push(&local(), &closed).await, Err(PushError::Unreachable("it takes no connections".to_owned())));

    let garbled = Receiver::with(Script { answer: b"SSH-2.0-x\r\n\r\n".to_vec(), hangs: false }).await;
    let outcome = push(&local(), &garbled.url("127.0.0.1")).await;
    assert_eq!(outcome, Err(PushError::Unreachable("the connection broke before it answered".to_owned())));
}
