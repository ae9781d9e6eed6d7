//! An endpoint that does as it is told, and a sender to it.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use casebridge_app::ports::Pusher as _;
use casebridge_app::ports::push::{Answer, Message, PushError, Pushed};
use casebridge_domain::Instant;
use casebridge_domain::endpoint::{EndpointUrl, Network, Reach, SigningMethod, SigningSecret};
use casebridge_push::{HttpPusher, Lookup, Options};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// What is answered, as bytes on the wire, and whether the connection then stays open without a word.
#[derive(Debug, Clone)]
pub struct Script {
    pub answer: Vec<u8>,
    pub hangs: bool,
}

impl Script {
    /// Status line, fields and body.
    pub fn says(status: &str, fields: &str, body: &str) -> Self {
        let answer = format!("HTTP/1.1 {status}\r\n{fields}content-length: {}\r\n\r\n{body}", body.len());
        Self { answer: answer.into_bytes(), hangs: false }
    }

    /// Says this much, and no more.
    pub fn hangs_after(answer: &str) -> Self {
        Self { answer: answer.as_bytes().to_vec(), hangs: true }
    }
}

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Request {
    pub line: String,
    pub fields: HashMap<String, String>,
    pub body: String,
}

/// An endpoint on this machine.
pub struct Receiver {
    pub port: u16,
    pub connections: Arc<AtomicUsize>,
    requests: UnboundedReceiver<Request>,
}

impl Receiver {
    /// Answers every request so.
    pub async fn with(script: Script) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (seen, requests) = unbounded_channel();
        let connections = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(serve(stream, script.clone(), seen.clone()));
            }
        });
        Self { port, connections, requests }
    }

    /// Its address under this host.
    pub fn url(&self, host: &str) -> EndpointUrl {
        url(&format!("http://{host}:{}/events?tenant=7", self.port))
    }

    pub async fn request(&mut self) -> Request {
        self.requests.recv().await.unwrap()
    }

    /// Nothing came so far.
    pub fn has_seen_nothing(&mut self) -> bool {
        self.requests.try_recv().is_err() && self.connections.load(Ordering::Relaxed) == 0
    }
}

/// Answers the requests of one connection until the other side has enough.
pub async fn serve(mut stream: impl AsyncRead + AsyncWrite + Unpin, script: Script, seen: UnboundedSender<Request>) {
    while let Some(request) = read(&mut stream).await {
        // Whoever asks no longer listens.
        let _ = seen.send(request);
        if stream.write_all(&script.answer).await.is_err() {
            return;
        }
        if script.hangs {
            std::future::pending::<()>().await;
        }
    }
}

async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Option<Request> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).unwrap();
    let mut lines = head.split("\r\n");
    let line = lines.next().unwrap().to_owned();
    let fields: HashMap<_, _> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let mut body = vec![0; fields.get("content-length").map_or(0, |length| length.parse().unwrap())];
    stream.read_exact(&mut body).await.ok()?;
    Some(Request { line, fields, body: String::from_utf8(body).unwrap() })
}

/// Names that lead where the test says.
#[derive(Default)]
pub struct Names {
    /// For each name, what it leads to at the first lookup, the second and so on; the last stays.
    pub leads: HashMap<&'static str, Vec<Vec<IpAddr>>>,
    pub lookups: AtomicUsize,
}

#[async_trait]
impl Lookup for Names {
    async fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        let turn = self.lookups.fetch_add(1, Ordering::Relaxed);
        let known = self.leads.get(name).ok_or_else(|| io::Error::other("no such name"))?;
        Ok(known[turn.min(known.len() - 1)].clone())
    }
}

/// Only what is on this machine, by plain HTTP.
pub fn local() -> Options {
    Options { reach: Reach::new(true, vec![Network::parse("127.0.0.1").unwrap()]), ..Options::default() }
}

pub fn url(raw: &str) -> EndpointUrl {
    EndpointUrl::parse(raw).unwrap()
}

pub fn noon() -> Instant {
    Instant::from_timestamp(1_795_348_800, 0).unwrap()
}

pub fn secret(byte: u8) -> SigningSecret {
    SigningSecret::new(SigningMethod::Hmac, [byte; 32])
}

/// What the test's messages say.
pub const BODY: &str = r#"{"type":"endpoint.test"}"#;

fn render(_: &Pushed<'_>) -> Vec<u8> {
    BODY.as_bytes().to_vec()
}

pub fn pusher(options: &Options) -> HttpPusher {
    HttpPusher::new(options, render).unwrap()
}

/// Sends a message there, signed with these.
pub async fn push_signed(options: &Options, url: &EndpointUrl, secrets: &[SigningSecret]) -> Result<Answer, PushError> {
    push_with(&pusher(options), url, secrets).await
}

pub async fn push_with(pusher: &HttpPusher, url: &EndpointUrl, secrets: &[SigningSecret]) -> Result<Answer, PushError> {
    let what = Pushed::Test { at: noon() };
    pusher.push(&Message { id: "msg_1".to_owned(), url, at: noon(), secrets, what }).await
}

pub async fn push(options: &Options, url: &EndpointUrl) -> Result<Answer, PushError> {
    push_signed(options, url, &[secret(7)]).await
}

/// Long enough for this machine, short enough to wait for.
pub const SOON: Duration = Duration::from_millis(300);
