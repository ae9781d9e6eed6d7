//! A stand-in for an API Gateway HTTP API: it turns requests into events of payload format 2.0, gives them to functions by
//! route, and turns what they answer back into HTTP.
//!
//! Like the service it decodes the path before the function sees it, joins repeated headers, sets cookies apart, refuses
//! bodies over 10 MB and gives up after 30 seconds, while the function goes on.
//!
//! What it does not do: TLS, authorizers, CORS, throttling, access logs, custom domains, stages other than `$default`, and
//! payload format 1.0. Which bodies the service encodes as Base64 is told by no document; here it is every body that
//! isn't UTF-8 or isn't said to be text, JSON, XML or JavaScript.

mod answer;
mod event;
mod route;

use std::{
    collections::HashMap,
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use tokio::time::timeout;

pub use self::route::BadRoute;
use self::route::Route;
use crate::{
    lambda_runtime_api::{Deployed, InvokeError},
    server::Server,
};

const LARGEST_BODY: usize = 10 * 1024 * 1024;
const TIME_LIMIT: Duration = Duration::from_secs(30);

/// A running HTTP API.
#[derive(Debug)]
pub struct HttpApi {
    server: Server,
}

/// What is set about an HTTP API before it runs.
#[derive(Debug)]
pub struct Stage {
    routes: Vec<(Route, String)>,
    functions: HashMap<String, Deployed>,
    time_limit: Duration,
}

/// An HTTP API can't be started like that.
#[derive(Debug, thiserror::Error)]
pub enum BadStage {
    /// A route's key is not one.
    #[error(transparent)]
    Route(#[from] BadRoute),
    /// A route names a function that isn't there.
    #[error("no function is called {0}")]
    NoSuchFunction(String),
    /// No port.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl Stage {
    /// A stage without routes.
    pub fn new(functions: impl IntoIterator<Item = Deployed>) -> Self {
        let functions = functions.into_iter();
        Self {
            routes: Vec::new(),
            functions: functions.map(|function| (function.name().to_owned(), function)).collect(),
            time_limit: TIME_LIMIT,
        }
    }

    /// Sends what matches the route key to the function of that name: `POST /v1/accounts/{account}/cases`,
    /// `ANY /pages/{proxy+}` or `$default`.
    pub fn route(mut self, key: &str, function: &str) -> Result<Self, BadStage> {
        let route = Route::parse(key)?;
        if !self.functions.contains_key(function) {
            return Err(BadStage::NoSuchFunction(function.to_owned()));
        }
        self.routes.push((route, function.to_owned()));
        Ok(self)
    }

    /// Gives up sooner than after 30 seconds.
    #[must_use]
    pub fn time_limit(mut self, time_limit: Duration) -> Self {
        self.time_limit = time_limit;
        self
    }

    /// Starts to answer on a port of its own.
    pub async fn start(self) -> Result<HttpApi, BadStage> {
        self.start_on((Ipv4Addr::LOCALHOST, 0).into()).await
    }

    /// The same on a port that somebody reserved.
    pub async fn start_on(self, at: SocketAddr) -> Result<HttpApi, BadStage> {
        let stage = Arc::new(self);
        let server = Server::start_on(at, move |request| {
            let stage = Arc::clone(&stage);
            async move { Ok(stage.answer(&request).await) }
        })
        .await?;
        Ok(HttpApi { server })
    }

    async fn answer(&self, request: &Request<Bytes>) -> Response<Bytes> {
        if request.body().len() > LARGEST_BODY {
            return answer::refusal(StatusCode::PAYLOAD_TOO_LARGE);
        }
        let path = event::raw_path(request.uri());
        let found = route::find(&self.routes, request.method(), &path);
        let Some((matched, function)) = found else {
            return answer::refusal(StatusCode::NOT_FOUND);
        };
        let Some(function) = self.functions.get(function) else {
            return answer::refusal(StatusCode::INTERNAL_SERVER_ERROR);
        };
        let event = event::of(request, &path, &matched);
        match timeout(self.time_limit, function.invoke(&event)).await {
            Ok(Ok(outcome)) => answer::of(&outcome),
            Ok(Err(InvokeError::EventTooLarge(_))) => answer::refusal(StatusCode::PAYLOAD_TOO_LARGE),
            Ok(Err(_failed)) => answer::refusal(StatusCode::INTERNAL_SERVER_ERROR),
            Err(_elapsed) => answer::refusal(StatusCode::SERVICE_UNAVAILABLE),
        }
    }
}

impl HttpApi {
    /// Where it answers: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        self.server.url()
    }
}
