//! A vendor's side of the HTTP API: one key, answers as JSON.

use std::{fmt, ops::Index};

use anyhow::{Context as _, bail};
use bytes::Bytes;
use casebridge_http::events::conformance::hold_item;
use http::{HeaderMap, Method, Request, header};
use serde_json::Value;

use crate::http_client::HttpClient;

/// Calls one API with one key.
#[derive(Debug, Clone)]
pub struct Api {
    base: String,
    host: Option<String>,
    key: Option<String>,
    http: HttpClient,
}

/// A request that is not sent yet.
#[derive(Debug, Clone)]
pub struct Call {
    http: HttpClient,
    method: Method,
    uri: String,
    headers: Vec<(String, String)>,
    body: Bytes,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The header fields.
    pub headers: HeaderMap,
    /// The body as JSON; null where it is none.
    pub body: Value,
    /// The body as it came.
    pub text: String,
    asked: String,
}

impl Api {
    /// An API without a key.
    pub fn at(base: &str) -> Self {
        Self { base: base.trim_end_matches('/').to_owned(), host: None, key: None, http: HttpClient::new() }
    }

    /// The same API, asked by this name, which nobody can look up.
    #[must_use]
    pub fn with_host(&self, host: &str) -> Self {
        Self { host: Some(host.to_owned()), ..self.clone() }
    }

    /// The same API with this key.
    #[must_use]
    pub fn with_key(&self, key: &str) -> Self {
        Self { key: Some(key.to_owned()), ..self.clone() }
    }

    /// The same API without a key.
    #[must_use]
    pub fn without_key(&self) -> Self {
        Self { key: None, ..self.clone() }
    }

    /// Its key.
    pub fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// Where it is.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// A request with this key and without a body yet.
    pub fn call(&self, method: Method, path: &str) -> Call {
        let mut headers = Vec::new();
        if let Some(key) = &self.key {
            headers.push((header::AUTHORIZATION.to_string(), format!("Bearer {key}")));
        }
        if let Some(host) = &self.host {
            headers.push((header::HOST.to_string(), host.clone()));
        }
        let uri = format!("{}{path}", self.base);
        Call { http: self.http.clone(), method, uri, headers, body: Bytes::new() }
    }

    /// GET.
    pub async fn get(&self, path: &str) -> anyhow::Result<Answer> {
        self.call(Method::GET, path).send().await
    }

    /// POST with a body of JSON.
    pub async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Answer> {
        self.call(Method::POST, path).json(body).send().await
    }

    /// PUT with a body of JSON.
    pub async fn put(&self, path: &str, body: &Value) -> anyhow::Result<Answer> {
        self.call(Method::PUT, path).json(body).send().await
    }

    /// PATCH with a body of JSON.
    pub async fn patch(&self, path: &str, body: &Value) -> anyhow::Result<Answer> {
        self.call(Method::PATCH, path).json(body).send().await
    }

    /// DELETE.
    pub async fn delete(&self, path: &str) -> anyhow::Result<Answer> {
        self.call(Method::DELETE, path).send().await
    }
}

impl Call {
    /// One more header field.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// A body of JSON, and said to be.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.body(body.to_string()).header("content-type", "application/json")
    }

    /// A body as it is, said to be nothing.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// Sends it and waits for the whole answer.
    pub async fn send(self) -> anyhow::Result<Answer> {
        let asked = format!("{} {}", self.method, self.uri);
        let mut request = Request::builder().method(self.method).uri(self.uri);
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        let request = request.body(self.body).with_context(|| asked.clone())?;
        let answer = self.http.send(request).await.with_context(|| asked.clone())?;
        let (head, body) = answer.into_parts();
        let answer = Answer {
            status: head.status.as_u16(),
            headers: head.headers,
            body: serde_json::from_slice(&body).unwrap_or_default(),
            text: String::from_utf8_lossy(&body).into_owned(),
            asked,
        };
        answer.shows_events_as_published()?;
        Ok(answer)
    }
}

impl Answer {
    /// Whatever a feed ever shows is what the API's description publishes of it.
    fn shows_events_as_published(&self) -> anyhow::Result<()> {
        let path = self.asked.split('?').next().unwrap_or_default();
        let is_feed = self.status == 200 && path.starts_with("GET ") && path.ends_with("/events");
        let items = self.body["items"].as_array().into_iter().flatten().filter(|_| is_feed);
        items.into_iter().try_for_each(|item| hold_item(item).map_err(anyhow::Error::msg))
    }

    /// The body, if the status is this one.
    pub fn expect(self, status: u16) -> anyhow::Result<Value> {
        if self.status == status { Ok(self.body) } else { bail!("expected {status}: {self}") }
    }

    /// The answer, if it is the problem of that name with that status.
    pub fn expect_problem(self, status: u16, name: &str) -> anyhow::Result<Self> {
        if self.status == status && self.problem() == name {
            return Ok(self);
        }
        bail!("expected {status} {name}: {self}")
    }

    /// The last part of a problem's type; empty where it is none.
    pub fn problem(&self) -> &str {
        let is_problem = self.header("content-type") == Some("application/problem+json");
        let kind = self.body["type"].as_str().filter(|_| is_problem).unwrap_or_default();
        kind.rsplit('/').next().unwrap_or_default()
    }

    /// The fields that a problem names.
    pub fn fields(&self) -> Vec<&str> {
        let errors = self.body["errors"].as_array();
        errors.into_iter().flatten().filter_map(|error| error["field"].as_str()).collect()
    }

    /// A header field.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

impl Index<&str> for Answer {
    type Output = Value;

    fn index(&self, name: &str) -> &Value {
        &self.body[name]
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} was answered with {} {}", self.asked, self.status, self.text)
    }
}

/// One segment of a path, encoded.
pub fn segment(raw: &str) -> String {
    percent_encoding::utf8_percent_encode(raw, percent_encoding::NON_ALPHANUMERIC).to_string()
}
