//! The smallest HTTP client that tests need: one request, one whole answer.

use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};

/// A client that keeps its connections. It follows no redirects and speaks no TLS.
#[derive(Debug, Clone)]
pub struct HttpClient {
    client: Client<HttpConnector, Full<Bytes>>,
}

/// No whole answer came.
#[derive(Debug, Clone, thiserror::Error)]
#[error("no answer: {0}")]
pub struct NoAnswer(#[source] Arc<dyn std::error::Error + Send + Sync>);

impl HttpClient {
    /// A client without connections yet.
    pub fn new() -> Self {
        Self { client: Client::builder(TokioExecutor::new()).build_http() }
    }

    /// Sends the request, whose URI is absolute.
    pub async fn send(&self, request: Request<impl Into<Bytes>>) -> Result<Response<Bytes>, NoAnswer> {
        let request = request.map(|body| Full::new(body.into()));
        let answer = self.client.request(request).await.map_err(no_answer)?;
        let (head, body) = answer.into_parts();
        let body = body.collect().await.map_err(no_answer)?.to_bytes();
        Ok(Response::from_parts(head, body))
    }
}

impl Default for HttpClient {
    fn default() -> Self {
        Self::new()
    }
}

fn no_answer(cause: impl std::error::Error + Send + Sync + 'static) -> NoAnswer {
    NoAnswer(Arc::new(cause))
}
