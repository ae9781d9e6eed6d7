//! The client of both sides: connections that are kept, one request at a time on each.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use bytes::Bytes;
use futures::future::try_join_all;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::stopwatch::{Rate, Stopwatch};

/// What is asked of a server, and the status that answers it.
#[derive(Debug)]
pub(crate) struct Ask {
    method: Method,
    path: String,
    body: Bytes,
    accept: Option<HeaderValue>,
    expected: StatusCode,
}

impl Ask {
    pub(crate) fn get(path: String) -> Self {
        Self { method: Method::GET, path, body: Bytes::new(), accept: None, expected: StatusCode::OK }
    }

    /// A GET of a table.
    pub(crate) fn table(path: String) -> Self {
        Self { accept: Some(HeaderValue::from_static("text/csv")), ..Self::get(path) }
    }

    /// A POST that makes something.
    pub(crate) fn make(path: String, body: &Value) -> Self {
        Self { method: Method::POST, path, body: body.to_string().into(), accept: None, expected: StatusCode::CREATED }
    }

    /// A POST that changes something.
    pub(crate) fn post(path: String, body: &Value) -> Self {
        Self { expected: StatusCode::OK, ..Self::make(path, body) }
    }

    pub(crate) fn put(path: String, body: &Value) -> Self {
        Self { method: Method::PUT, ..Self::post(path, body) }
    }

    pub(crate) fn patch(path: String, body: &Value) -> Self {
        Self { method: Method::PATCH, ..Self::post(path, body) }
    }

    pub(crate) fn delete(path: String) -> Self {
        Self { method: Method::DELETE, expected: StatusCode::NO_CONTENT, ..Self::get(path) }
    }
}

/// One connection of one caller, with his key.
pub(crate) struct Line {
    sender: SendRequest<Full<Bytes>>,
    host: HeaderValue,
    key: HeaderValue,
}

impl Line {
    pub(crate) async fn open(address: SocketAddr, key: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        let host = HeaderValue::try_from(address.to_string())?;
        Ok(Self { sender, host, key: HeaderValue::try_from(format!("Bearer {key}"))? })
    }

    /// Asks, and takes the whole answer.
    pub(crate) async fn ask(&mut self, ask: Ask) -> anyhow::Result<Bytes> {
        let (what, expected) = (format!("{} {}", ask.method, ask.path), ask.expected);
        let answer = self.send(ask).await?;
        let status = answer.status();
        let body = answer.into_body().collect().await?.to_bytes();
        ensure!(status == expected, "{what}: {status}, {}", String::from_utf8_lossy(&body));
        Ok(body)
    }

    /// Asks, and throws the answer away while it comes. How many lines it had.
    pub(crate) async fn read_away(&mut self, ask: Ask) -> anyhow::Result<usize> {
        let (what, expected) = (format!("{} {}", ask.method, ask.path), ask.expected);
        let answer = self.send(ask).await?;
        ensure!(answer.status() == expected, "{what}: {}", answer.status());
        let mut body = answer.into_body();
        let mut lines = 0;
        while let Some(frame) = body.frame().await {
            let Ok(data) = frame?.into_data() else { continue };
            lines += data.split(|byte| *byte == b'\n').count() - 1;
        }
        Ok(lines)
    }

    async fn send(&mut self, ask: Ask) -> anyhow::Result<Response<Incoming>> {
        let Ask { method, path, body, accept, .. } = ask;
        let mut request = Request::builder().method(method).uri(path);
        request = request.header(HOST, &self.host).header(AUTHORIZATION, &self.key);
        if !body.is_empty() {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        if let Some(accept) = accept {
            request = request.header(ACCEPT, accept);
        }
        self.sender.ready().await?;
        Ok(self.sender.send_request(request.body(Full::new(body))?).await?)
    }
}

/// A field of an answer that is a text.
pub(crate) fn text_of(answer: &[u8], field: &str) -> anyhow::Result<String> {
    let answer: Value = serde_json::from_slice(answer)?;
    Ok(answer[field].as_str().with_context(|| format!("no {field}"))?.to_owned())
}

/// Every key's connections ask again and again for a while, each in a task of its own: how fast answers came, altogether.
pub(crate) async fn rate_of(
    address: SocketAddr,
    keys: &[String],
    span: Duration,
    ask: impl Fn(usize) -> Ask + Send + Sync + 'static,
) -> anyhow::Result<Rate> {
    let lines = try_join_all(keys.iter().map(|key| Line::open(address, key))).await?;
    let ask = Arc::new(ask);
    let (watch, until) = (Stopwatch::start(), Instant::now() + span);
    let mut tasks = JoinSet::new();
    for (number, line) in lines.into_iter().enumerate() {
        tasks.spawn(again_and_again(line, number, until, ask.clone()));
    }
    let mut answers = 0;
    while let Some(task) = tasks.join_next().await {
        answers += task??;
    }
    Ok(watch.stop(answers))
}

async fn again_and_again(
    mut line: Line,
    number: usize,
    until: Instant,
    ask: Arc<impl Fn(usize) -> Ask>,
) -> anyhow::Result<u32> {
    let mut answers = 0;
    while Instant::now() < until {
        line.ask(ask(number)).await?;
        answers += 1;
    }
    Ok(answers)
}
