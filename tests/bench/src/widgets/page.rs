//! One page with an open widget, on one connection that is kept.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use bytes::Bytes;
use http::header::{AUTHORIZATION, ETAG, HOST, HeaderValue, IF_NONE_MATCH};
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Empty};
use hyper::body::Incoming;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::sleep;

/// A widget's connection and token.
pub(super) struct Page {
    sender: SendRequest<Empty<Bytes>>,
    host: String,
    token: String,
}

impl Page {
    pub(super) async fn open(address: SocketAddr, token: String) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self { sender, host: address.to_string(), token })
    }

    /// Takes what the stream of events brings, and counts the views.
    pub(super) async fn listen(mut self, told: Arc<AtomicUsize>) -> anyhow::Result<()> {
        let answer = self.get("/v1/widget/events", None).await?;
        ensure!(answer.status() == StatusCode::OK, "no stream: {}", answer.status());
        let mut body = answer.into_body();
        while let Some(frame) = body.frame().await {
            let views = frame?.into_data().is_ok_and(|data| data.starts_with(b"event: view"));
            told.fetch_add(usize::from(views), Ordering::Relaxed);
        }
        Ok(())
    }

    /// Asks again and again whether anything has changed, and counts the answers.
    pub(super) async fn ask(mut self, first: Duration, every: Duration, told: Arc<AtomicUsize>) -> anyhow::Result<()> {
        let mut tag = None;
        sleep(first).await;
        loop {
            let answer = self.get("/v1/widget", tag.as_ref()).await?;
            ensure!(matches!(answer.status(), StatusCode::OK | StatusCode::NOT_MODIFIED), "{}", answer.status());
            tag = Some(answer.headers().get(ETAG).context("no ETag")?.clone());
            answer.into_body().collect().await?;
            told.fetch_add(1, Ordering::Relaxed);
            sleep(every).await;
        }
    }

    async fn get(&mut self, path: &str, tag: Option<&HeaderValue>) -> anyhow::Result<Response<Incoming>> {
        let mut request = Request::builder().uri(path).header(HOST, &self.host);
        request = request.header(AUTHORIZATION, format!("Bearer {}", self.token));
        if let Some(tag) = tag {
            request = request.header(IF_NONE_MATCH, tag);
        }
        self.sender.ready().await?;
        Ok(self.sender.send_request(request.body(Empty::new())?).await?)
    }
}
