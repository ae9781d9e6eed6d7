//! Receivers of events: HTTP servers that keep their connections, with an endpoint or many at one address.

use std::collections::HashMap;
use std::mem::replace;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use bytes::Bytes;
use casebridge_tests::receiver::{Manner as Told, Message};
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::time::sleep;

use super::load::Happened;

/// One of so many messages has its signature verified.
const VERIFIED: u64 = 64;

/// How long whoever hangs does.
const HANGS: Duration = Duration::from_secs(30);

/// What an endpoint does with what it gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    Takes,
    /// Answers 500.
    Fails,
    /// Answers nothing for half a minute.
    Hangs,
    /// Ends the connection instead of an answer.
    HangsUp,
}

/// Which events an endpoint is there for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wants {
    /// All of one type, in the vendor's feed.
    Kind(&'static str),
    /// All of an account.
    Account(usize),
}

impl Wants {
    pub(super) fn takes(self, happened: &Happened) -> bool {
        match self {
            Self::Kind(kind) => kind == happened.kind,
            Self::Account(account) => account == happened.account,
        }
    }
}

/// What an endpoint got of one event.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Got {
    pub(super) attempts: u32,
    pub(super) taken: u32,
    pub(super) first_taken: Option<Instant>,
}

/// An endpoint.
pub(super) struct Hook {
    pub(super) wants: Wants,
    secret: OnceLock<String>,
    state: Mutex<State>,
}

struct State {
    manner: Manner,
    /// By account and number there.
    got: HashMap<(usize, u64), Got>,
    messages: u64,
    verified: u64,
    badly_signed: u64,
}

impl Hook {
    pub(super) fn new(wants: Wants) -> Arc<Self> {
        let state = State { manner: Manner::Takes, got: HashMap::new(), messages: 0, verified: 0, badly_signed: 0 };
        Arc::new(Self { wants, secret: OnceLock::new(), state: Mutex::new(state) })
    }

    pub(super) fn signs_with(&self, secret: &str) {
        self.secret.get_or_init(|| secret.to_owned());
    }

    /// Gives how it was before.
    pub(super) fn be(&self, manner: Manner) -> Manner {
        replace(&mut self.lock().manner, manner)
    }

    /// What it got of an event.
    pub(super) fn of(&self, happened: &Happened) -> Got {
        self.lock().got.get(&(happened.account, happened.number)).copied().unwrap_or_default()
    }

    /// What came so far, copies included; of it, how many were verified, and how many of these in vain.
    pub(super) fn messages(&self) -> (u64, u64, u64) {
        let state = self.lock();
        (state.messages, state.verified, state.badly_signed)
    }

    /// Puts a message on record; what is done with it.
    fn record(&self, request: &http::request::Parts, body: &Bytes, at: Instant) -> Manner {
        let (of, is_signed) = (read(body), self.is_signed(request, body));
        let mut state = self.lock();
        let manner = state.manner;
        state.messages += 1;
        if let Some(is_signed) = is_signed {
            state.verified += 1;
            state.badly_signed += u64::from(!is_signed);
        }
        if let Some(of) = of {
            let got = state.got.entry(of).or_default();
            got.attempts += 1;
            if manner == Manner::Takes {
                got.taken += 1;
                got.first_taken.get_or_insert(at);
            }
        }
        manner
    }

    /// `None` where it is not looked at.
    fn is_signed(&self, request: &http::request::Parts, body: &Bytes) -> Option<bool> {
        let secret = self.secret.get()?;
        if !self.lock().messages.is_multiple_of(VERIFIED) {
            return None;
        }
        let field = |name: &str| {
            let value = request.headers.get(name).and_then(|value| value.to_str().ok());
            value.unwrap_or_default().to_owned()
        };
        let (id, timestamp, signature) = (field("webhook-id"), field("webhook-timestamp"), field("webhook-signature"));
        let message = Message { id, timestamp, signature, body: body.clone(), manner: Told::Answers(204) };
        Some(message.is_signed_with(secret).unwrap_or_default())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Connections that were opened to all receivers so far.
#[derive(Clone, Default)]
pub(super) struct Connections(Arc<AtomicUsize>);

impl Connections {
    pub(super) fn opened(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// Serves endpoints at one address, for as long as this process lives. Gives their URLs, in order.
pub(super) async fn serve(hooks: Vec<Arc<Hook>>, connections: Connections) -> anyhow::Result<Vec<String>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let urls = (0..hooks.len()).map(|place| format!("http://{address}/{place}")).collect();
    let hooks: Arc<[Arc<Hook>]> = hooks.into();
    tokio::spawn(async move {
        loop {
            let Ok((stream, _)) = listener.accept().await else { continue };
            connections.0.fetch_add(1, Ordering::Relaxed);
            // Without it the answers would be slower, and not served otherwise.
            let _ = stream.set_nodelay(true);
            let hooks = Arc::clone(&hooks);
            let service = service_fn(move |request| answer(Arc::clone(&hooks), request));
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    });
    Ok(urls)
}

/// An error ends the connection without an answer.
async fn answer(hooks: Arc<[Arc<Hook>]>, request: Request<Incoming>) -> anyhow::Result<Response<Full<Bytes>>> {
    let (head, body) = request.into_parts();
    let place: Option<usize> = head.uri.path().strip_prefix('/').and_then(|place| place.parse().ok());
    let hook = place.and_then(|place| hooks.get(place)).context("no such endpoint")?;
    let body = body.collect().await?.to_bytes();
    let status = match hook.record(&head, &body, Instant::now()) {
        Manner::Takes => StatusCode::NO_CONTENT,
        Manner::Fails => StatusCode::INTERNAL_SERVER_ERROR,
        Manner::Hangs => {
            sleep(HANGS).await;
            StatusCode::SERVICE_UNAVAILABLE
        }
        Manner::HangsUp => bail!("hung up"),
    };
    let mut response = Response::new(Full::new(Bytes::new()));
    *response.status_mut() = status;
    Ok(response)
}

#[derive(Deserialize)]
struct Said<'a> {
    #[serde(borrow)]
    data: Data<'a>,
}

#[derive(Deserialize)]
struct Data<'a> {
    account: &'a str,
    number: u64,
    account_number: Option<u64>,
}

/// Of which account the event is, and its number there.
fn read(body: &[u8]) -> Option<(usize, u64)> {
    let Said { data } = serde_json::from_slice(body).ok()?;
    let account = data.account.strip_prefix(super::stage::ACCOUNT)?.parse().ok()?;
    Some((account, data.account_number.unwrap_or(data.number)))
}

/// The secret that an endpoint was made with.
pub(super) fn secret_of(made: &serde_json::Value) -> anyhow::Result<&str> {
    made["secret"].as_str().context("no secret")
}
