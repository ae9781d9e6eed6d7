//! A server that answers as it is told and remembers what it was asked.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, Method, Response, Uri};
use casebridge_app::ports::Ids;
use casebridge_app::ports::teamviewer::{Marker, ScriptToken};
use casebridge_domain::{AccountId, CaseId, InstallationId, Instant, SessionCode};
use casebridge_teamviewer::{Options, WebApi};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use uuid::Uuid;

pub const TOKEN: &str = "1234567-AbCdEfGhIjKlMnOpQrSt";

/// A call as it arrived.
#[derive(Debug, Clone)]
pub struct Seen {
    pub method: Method,
    /// Under the base, without the query.
    pub path: String,
    pub query: BTreeMap<String, String>,
    pub headers: HeaderMap,
    /// Null if there was none.
    pub body: Value,
    /// The fields of a form.
    pub form: BTreeMap<String, String>,
    /// How many calls came before it.
    pub number: usize,
}

impl Seen {
    /// `GET /sessions`, say.
    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: String,
    pause: Duration,
}

pub fn status(status: u16) -> Reply {
    text(status, "")
}

pub fn text(status: u16, body: impl Into<String>) -> Reply {
    Reply { status, headers: Vec::new(), body: body.into(), pause: Duration::ZERO }
}

pub fn ok(body: &Value) -> Reply {
    text(200, body.to_string())
}

/// An error in the manual's form.
pub fn error(status: u16, error: &str) -> Reply {
    text(status, json!({ "error": error, "error_code": status, "error_description": "Not so" }).to_string())
}

impl Reply {
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub fn after(mut self, pause: Duration) -> Self {
        self.pause = pause;
        self
    }
}

type Answering = dyn Fn(&Seen) -> Reply + Send + Sync;

#[derive(Clone)]
pub struct Fake {
    answering: Arc<Answering>,
    seen: Arc<Mutex<Vec<Seen>>>,
    port: u16,
}

impl Fake {
    pub async fn answering(answering: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let fake = Self { answering: Arc::new(answering), seen: Arc::default(), port };
        let router = Router::new().fallback(take).with_state(fake.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        fake
    }

    /// Always the same.
    pub async fn with(reply: Reply) -> Self {
        Self::answering(move |_| reply.clone()).await
    }

    pub fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub fn options(&self) -> Options {
        options(self.port)
    }

    pub fn client(&self) -> WebApi {
        client(&self.options())
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub fn lines(&self) -> Vec<String> {
        self.seen().iter().map(Seen::line).collect()
    }
}

async fn take(
    State(fake): State<Fake>,
    method: Method,
    uri: Uri,
    Query(query): Query<BTreeMap<String, String>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let path = uri.path().strip_prefix("/api/v1").unwrap_or(uri.path()).to_owned();
    let form = url::form_urlencoded::parse(&body).into_owned().collect();
    let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let seen = {
        let mut all = fake.seen.lock().unwrap();
        let seen = Seen { method, path, query, headers, body, form, number: all.len() };
        all.push(seen.clone());
        seen
    };
    let reply = (fake.answering)(&seen);
    tokio::time::sleep(reply.pause).await;
    let mut response = Response::builder().status(reply.status);
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    response.body(Body::from(reply.body)).unwrap()
}

pub fn options(port: u16) -> Options {
    Options { base_url: format!("http://127.0.0.1:{port}/api/v1"), ..Options::default() }
}

pub fn client(options: &Options) -> WebApi {
    WebApi::new(options, Arc::new(NoJitter)).unwrap()
}

/// Repeats at once.
pub struct NoJitter;

impl Ids for NoJitter {
    fn time_ordered(&self, _: Instant) -> Uuid {
        Uuid::nil()
    }

    fn secret(&self) -> [u8; 32] {
        [0; 32]
    }

    fn fraction(&self) -> f64 {
        0.0
    }
}

pub fn token() -> ScriptToken {
    ScriptToken::from(TOKEN)
}

pub fn code() -> SessionCode {
    SessionCode::parse("s119-457-589").unwrap()
}

pub fn marker() -> Marker {
    Marker {
        installation: InstallationId::parse("01980000-0000-7000-8000-000000000001").unwrap(),
        account: AccountId::parse("acme").unwrap(),
        case: CaseId::parse("01980000-0000-7000-8000-000000000002").unwrap(),
    }
}

/// A session as it was recorded.
pub fn session() -> Value {
    let list: Value = serde_json::from_str(include_str!("../../shapes/session-list-open.json")).unwrap();
    list["sessions"][0].clone()
}
