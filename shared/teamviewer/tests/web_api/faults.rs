//! Networks and servers that fail.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use casebridge_app::ports::teamviewer::TeamViewerError;
use casebridge_app::ports::{Ids, TeamViewer};
use casebridge_domain::connection::Permission;
use casebridge_teamviewer::{BadOptions, Options, WebApi};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use uuid::Uuid;

use crate::fake::{Fake, NoJitter, client, code, ok, options, session, status, text, token};

/// A server that does the same to every connection.
async fn server<F: Future<Output = ()> + Send>(treat: impl Fn(TcpStream) -> F + Send + 'static) -> Options {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let options = options(listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            treat(stream).await;
        }
    });
    options
}

/// A port where nobody listens for as long as it is kept.
fn nowhere() -> (Options, TcpSocket) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    (options(socket.local_addr().unwrap().port()), socket)
}

#[tokio::test]
async fn a_refused_connection_means_that_nothing_happened() {
    let (options, _kept) = nowhere();
    let client = client(&options);
    assert_eq!(client.ping(&token()).await, Err(TeamViewerError::Unreachable));
    assert_eq!(client.close_session(&token(), &code()).await, Err(TeamViewerError::Unreachable));
    assert_eq!(client.make_group(&token(), "BOSS").await, Err(TeamViewerError::Unreachable));
    let probed = client.probe(&token(), Permission::SessionsEdit).await;
    assert_eq!(probed, Err(TeamViewerError::Unreachable));
}

#[tokio::test]
async fn a_failed_tls_handshake_means_that_nothing_happened() {
    let plain = Fake::with(ok(&session())).await;
    let https = Options { base_url: plain.options().base_url.replace("http://", "https://"), ..plain.options() };
    assert_eq!(client(&https).make_group(&token(), "BOSS").await, Err(TeamViewerError::Unreachable));
}

#[tokio::test]
async fn a_connection_that_is_not_made_in_time_means_that_nothing_happened() {
    let mute = server(|mut stream| async move {
        let _ = stream.read_to_end(&mut Vec::new()).await;
    })
    .await;
    let base_url = mute.base_url.replace("http://", "https://");
    let https = Options { base_url, connect_timeout: Duration::from_millis(100), ..mute };
    assert_eq!(client(&https).make_group(&token(), "BOSS").await, Err(TeamViewerError::Unreachable));
}

#[tokio::test]
async fn a_server_that_is_silent_leaves_the_outcome_open() {
    let silent = Fake::with(ok(&session()).after(Duration::from_secs(30))).await;
    let limits = Options {
        call_timeout: Duration::from_millis(200),
        read_budget: Duration::from_millis(500),
        ..silent.options()
    };
    let begun = Instant::now();
    assert_eq!(client(&limits).close_session(&token(), &code()).await, Err(TeamViewerError::OutcomeUnknown));
    assert_eq!(silent.seen().len(), 1);
    assert_eq!(client(&limits).session(&token(), &code()).await, Err(TeamViewerError::OutcomeUnknown));
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    assert!((2..=4).contains(&silent.seen().len()), "{}", silent.seen().len());
}

#[tokio::test]
async fn a_listing_has_a_time_limit_of_its_own() {
    let slow = Fake::answering(|seen| {
        let next = format!("s119-457-{:03}", seen.number);
        ok(&json!({ "sessions": [], "next_offset": next })).after(Duration::from_millis(50))
    });
    let slow = slow.await;
    let limits = Options { listing_budget: Duration::from_millis(300), ..slow.options() };
    assert_eq!(client(&limits).open_sessions(&token(), None).await, Err(TeamViewerError::OutcomeUnknown));
    assert!(slow.seen().len() < 10);
}

#[tokio::test]
async fn a_connection_that_breaks_after_the_call_was_sent_leaves_the_outcome_open() {
    let options = server(|mut stream| async move {
        let mut buffer = [0; 4096];
        let _ = stream.read(&mut buffer).await;
    })
    .await;
    assert_eq!(client(&options).make_group(&token(), "BOSS").await, Err(TeamViewerError::OutcomeUnknown));
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_no_answer_but_its_status_counts() {
    let cut_short = |head: &'static str| async move {
        server(move |mut stream| async move {
            let mut buffer = [0; 4096];
            let _ = stream.read(&mut buffer).await;
            let _ = stream.write_all(format!("HTTP/1.1 {head}\r\ncontent-length: 500\r\n\r\n{{\"gr").as_bytes()).await;
        })
        .await
    };
    let broken = client(&cut_short("200 OK").await);
    assert_eq!(broken.make_group(&token(), "BOSS").await, Err(TeamViewerError::OutcomeUnknown));
    assert_eq!(broken.close_session(&token(), &code()).await, Ok(()));
    let refused = client(&cut_short("401 Unauthorized").await);
    assert_eq!(refused.make_group(&token(), "BOSS").await, Err(TeamViewerError::TokenRefused));
}

#[tokio::test]
async fn an_answer_larger_than_the_limit_is_not_read() {
    let fake = Fake::answering(|seen| {
        let padding = " ".repeat(if seen.method == "GET" { 2000 } else { 0 });
        text(200, format!("{}{padding}", session()))
    });
    let fake = fake.await;
    let limits = Options { body_limit: 1500, ..fake.options() };
    assert_eq!(client(&limits).session(&token(), &code()).await, Err(TeamViewerError::OutcomeUnknown));
    assert!(fake.client().session(&token(), &code()).await.unwrap().is_some());
}

#[tokio::test]
async fn a_read_is_repeated_twice_and_no_more() {
    let fake = Fake::answering(|seen| if seen.number < 2 { status(503) } else { ok(&session()) }).await;
    assert!(fake.client().session(&token(), &code()).await.unwrap().is_some());
    assert_eq!(fake.seen().len(), 3);
    let down = Fake::with(text(502, "<html>")).await;
    assert_eq!(down.client().session(&token(), &code()).await, Err(TeamViewerError::OutcomeUnknown));
    assert_eq!(down.seen().len(), 3);
}

#[tokio::test]
async fn a_read_that_was_refused_is_not_repeated() {
    for reply in [status(400), status(401), status(403), status(404), status(429)] {
        let fake = Fake::with(reply).await;
        assert!(!matches!(fake.client().session(&token(), &code()).await, Ok(Some(_))));
        assert_eq!(fake.seen().len(), 1);
    }
}

#[tokio::test]
async fn a_close_that_never_arrived_is_sent_again() {
    let (options, socket) = nowhere();
    let client = WebApi::new(&options, Arc::new(ListensInThePause(Mutex::new(Some(socket))))).unwrap();
    assert_eq!(client.close_session(&token(), &code()).await, Ok(()));
}

/// Begins to listen, and to say yes, when the client waits before it calls again.
struct ListensInThePause(Mutex<Option<TcpSocket>>);

impl Ids for ListensInThePause {
    fn time_ordered(&self, _: casebridge_domain::Instant) -> Uuid {
        Uuid::nil()
    }

    fn secret(&self) -> [u8; 32] {
        [0; 32]
    }

    fn fraction(&self) -> f64 {
        let listener = self.0.lock().unwrap().take().unwrap().listen(1).unwrap();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await;
        });
        1.0
    }
}

#[tokio::test]
async fn a_base_that_is_no_web_address_makes_no_client() {
    let bad = Options { base_url: "ftp://example.com".to_owned(), ..Options::default() };
    assert!(matches!(WebApi::new(&bad, Arc::new(NoJitter)), Err(BadOptions::BaseUrl(_))));
    assert!(WebApi::new(&Options::default(), Arc::new(NoJitter)).is_ok());
}
