//! One call to TeamViewer: sent, limited in time and size, logged.

use std::sync::Arc;
use std::time::Duration;

use casebridge_app::ports::Ids;
use casebridge_app::ports::teamviewer::{ScriptToken, TeamViewerError};
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue, LOCATION};
use reqwest::{Client, Method, StatusCode, redirect, retry};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use tokio::time::{Instant, sleep};
use url::Url;

use crate::options::{BadOptions, Options};
use crate::refusal::Refusal;
use crate::wire;

/// How often a read is repeated.
const REPETITIONS: u32 = 2;
/// The longest pause before the first repetition; it doubles.
const PAUSE: Duration = Duration::from_millis(250);
/// Connections are given up before TeamViewer does so: a call sent into one that is being closed has an unknown outcome.
const IDLE: Duration = Duration::from_secs(15);

/// A call, ready to be sent.
#[derive(Debug)]
pub(crate) struct Call {
    /// What logs name it.
    pub(crate) function: &'static str,
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) body: Option<Value>,
}

/// A 2xx or 3xx.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    headers: HeaderMap,
    body: Option<Vec<u8>>,
}

impl Call {
    pub(crate) fn get(function: &'static str, url: Url) -> Self {
        Self { function, method: Method::GET, url, body: None }
    }

    pub(crate) fn post(function: &'static str, url: Url, body: Value) -> Self {
        Self { function, method: Method::POST, url, body: Some(body) }
    }

    pub(crate) fn put(function: &'static str, url: Url, body: Value) -> Self {
        Self { function, method: Method::PUT, url, body: Some(body) }
    }

    pub(crate) fn delete(function: &'static str, url: Url) -> Self {
        Self { function, method: Method::DELETE, url, body: None }
    }
}

impl Answer {
    /// The body, if it could be read and is JSON, whatever the status.
    pub(crate) fn json(&self) -> Option<Value> {
        wire::json(self.body.as_deref()?)
    }

    /// The body of a success.
    pub(crate) fn content(&self) -> Result<Value, TeamViewerError> {
        self.success()?;
        self.json().ok_or(TeamViewerError::OutcomeUnknown)
    }

    /// Whether it was a success, whatever the body: sources give 200 and 204 for the same calls.
    pub(crate) fn success(&self) -> Result<(), TeamViewerError> {
        if self.status.is_success() { Ok(()) } else { Err(TeamViewerError::OutcomeUnknown) }
    }

    /// Where it says that the thing is.
    pub(crate) fn location(&self) -> Option<&str> {
        self.headers.get(LOCATION)?.to_str().ok()
    }
}

/// The way to TeamViewer.
pub(crate) struct Transport {
    http: Client,
    base: Url,
    options: Options,
    ids: Arc<dyn Ids>,
}

impl Transport {
    pub(crate) fn new(options: &Options, ids: Arc<dyn Ids>) -> Result<Self, BadOptions> {
        let base = options.base()?;
        use_ring();
        let builder = Client::builder()
            .user_agent(concat!("Casebridge/", env!("CARGO_PKG_VERSION")))
            .default_headers(HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json"))]))
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .referer(false)
            .connect_timeout(options.connect_timeout)
            .timeout(options.call_timeout)
            .pool_idle_timeout(IDLE);
        // A stand-in is near; a proxy would see its tokens.
        let builder = if base.scheme() == "https" { builder.https_only(true) } else { builder.no_proxy() };
        let builder = match &options.tls {
            Some(tls) => builder.tls_backend_preconfigured(tls.clone()),
            None => builder,
        };
        let http = builder.build().map_err(BadOptions::Client)?;
        Ok(Self { http, base, options: options.clone(), ids })
    }

    pub(crate) fn options(&self) -> &Options {
        &self.options
    }

    pub(crate) fn base(&self) -> &Url {
        &self.base
    }

    /// A path under the base, each part escaped.
    pub(crate) fn url(&self, parts: &[&str]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(parts);
        }
        url
    }

    /// Sends a call that may change something: once.
    pub(crate) async fn once(&self, token: &ScriptToken, call: &Call) -> Result<Answer, Refusal> {
        self.send(token, call, self.options.call_timeout).await
    }

    /// Sends a form to whoever gives tokens: once, without a token. `grant` is struck out of whatever is said of it.
    pub(crate) async fn post_form(
        &self,
        function: &'static str,
        url: Url,
        fields: &[(&str, &str)],
        grant: &SecretString,
    ) -> Result<Answer, Refusal> {
        let begun = Instant::now();
        let request = self.http.post(url).timeout(self.options.call_timeout).form(fields);
        let answered = self.answer(request, grant).await;
        Self::logged(function, begun, answered)
    }

    /// Reads, and repeats at most twice what did not get through, for as long as a read may take.
    pub(crate) async fn read<T>(
        &self,
        token: &ScriptToken,
        call: &Call,
        understand: impl Fn(&Answer) -> Result<T, TeamViewerError> + Send + Sync,
    ) -> Result<T, Refusal> {
        self.read_until(token, call, Instant::now() + self.options.read_budget, understand).await
    }

    /// As [`Self::read`], with a deadline of the caller's.
    pub(crate) async fn read_until<T>(
        &self,
        token: &ScriptToken,
        call: &Call,
        deadline: Instant,
        understand: impl Fn(&Answer) -> Result<T, TeamViewerError> + Send + Sync,
    ) -> Result<T, Refusal> {
        let mut repetition = 0;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(TeamViewerError::OutcomeUnknown.into());
            }
            let answer = self.send(token, call, left.min(self.options.call_timeout)).await;
            let refusal = match answer.and_then(|answer| understand(&answer).map_err(Refusal::from)) {
                Ok(understood) => return Ok(understood),
                Err(refusal) => refusal,
            };
            let pause = self.pause(repetition);
            if repetition == REPETITIONS || !refusal.may_pass() || Instant::now() + pause >= deadline {
                return Err(refusal);
            }
            sleep(pause).await;
            repetition += 1;
        }
    }

    /// How long to wait before a repetition: full jitter, so that callers who failed together do not return together.
    pub(crate) fn pause(&self, repetition: u32) -> Duration {
        (PAUSE * 2_u32.pow(repetition)).mul_f64(self.ids.fraction().clamp(0.0, 1.0))
    }

    /// One attempt, and its line in the log: no token, address, link, name or body is in it.
    async fn send(&self, token: &ScriptToken, call: &Call, limit: Duration) -> Result<Answer, Refusal> {
        let begun = Instant::now();
        Self::logged(call.function, begun, self.exchange(token, call, limit).await)
    }

    fn logged(
        function: &'static str,
        begun: Instant,
        answered: Result<(StatusCode, Result<Answer, Refusal>), TeamViewerError>,
    ) -> Result<Answer, Refusal> {
        let (status, outcome) = match answered {
            Ok((status, outcome)) => (Some(status.as_u16()), outcome),
            Err(error) => (None, Err(error.into())),
        };
        let duration_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        match &outcome {
            Ok(_) => tracing::debug!(function, status, duration_ms, "TeamViewer answered"),
            Err(refusal) => {
                tracing::info!(name: "teamviewer.refused", function, status, duration_ms, "{}", refusal.error());
            }
        }
        outcome
    }

    async fn exchange(
        &self,
        token: &ScriptToken,
        call: &Call,
        limit: Duration,
    ) -> Result<(StatusCode, Result<Answer, Refusal>), TeamViewerError> {
        let request = self
            .http
            .request(call.method.clone(), call.url.clone())
            .timeout(limit)
            .header(AUTHORIZATION, bearer(token)?);
        let request = match &call.body {
            Some(body) => request.json(body),
            None => request,
        };
        self.answer(request, token).await
    }

    async fn answer(
        &self,
        request: reqwest::RequestBuilder,
        secret: &SecretString,
    ) -> Result<(StatusCode, Result<Answer, Refusal>), TeamViewerError> {
        let response = request.send().await.map_err(|error| unanswered(&error))?;
        let status = response.status();
        let headers = response.headers().clone();
        let body = self.body(response).await;
        if status.is_client_error() || status.is_server_error() {
            let refusal = Refusal::read(status, &headers, body.as_deref(), secret);
            return Ok((status, Err(refusal)));
        }
        Ok((status, Ok(Answer { status, headers, body })))
    }

    /// The whole body; nothing if it breaks off, takes too long, or is larger than it may be.
    async fn body(&self, mut response: reqwest::Response) -> Option<Vec<u8>> {
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.ok()? {
            if body.len() + chunk.len() > self.options.body_limit {
                return None;
            }
            body.extend_from_slice(&chunk);
        }
        Some(body)
    }
}

/// Makes ring the process's provider of TLS, unless the host has chosen one already.
fn use_ring() {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Somebody who was quicker has chosen; that is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
}

/// `Authorization: Bearer …` (manual, p. 10). What can't be written into a header can't be a token.
fn bearer(token: &ScriptToken) -> Result<HeaderValue, TeamViewerError> {
    let mut value = HeaderValue::try_from(format!("Bearer {}", token.expose_secret()))
        .map_err(|_| TeamViewerError::TokenRefused)?;
    value.set_sensitive(true);
    Ok(value)
}

/// Only while there is no connection is it certain that nothing was sent.
fn unanswered(error: &reqwest::Error) -> TeamViewerError {
    if error.is_connect() || error.is_builder() {
        TeamViewerError::Unreachable
    } else {
        TeamViewerError::OutcomeUnknown
    }
}
