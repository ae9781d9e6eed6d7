//! A vendor's endpoint: it verifies what it gets, remembers it, and answers as it is told.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use anyhow::{Context as _, ensure};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{Request, Response};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::{
    api::Api,
    server::{HangUp, Server},
    until::until,
    wall_clock,
};

/// How long something may take to arrive; busy machines are slow, and a lease may have to lapse.
const WITHIN: Duration = Duration::from_secs(100);

/// How far a timestamp may be off, in seconds.
const TOLERANCE: u64 = 300;

/// What it does with what it gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// Answers with this status.
    Answers(u16),
    /// Answers nothing for so long.
    Hangs(Duration),
}

/// What it got.
#[derive(Debug, Clone)]
pub struct Message {
    /// Its `webhook-id`.
    pub id: String,
    /// Its `webhook-timestamp`.
    pub timestamp: String,
    /// Its `webhook-signature`.
    pub signature: String,
    /// As it came.
    pub body: Bytes,
    /// As what it was answered.
    pub manner: Manner,
}

impl Message {
    /// What it says.
    pub fn json(&self) -> anyhow::Result<Value> {
        Ok(serde_json::from_slice(&self.body)?)
    }

    /// Whether it is signed with this secret (`whsec_…`), now.
    pub fn is_signed_with(&self, secret: &str) -> anyhow::Result<bool> {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").context("no secret of HMAC")?)?;
        let signed = [self.id.as_bytes(), b".", self.timestamp.as_bytes(), b".", &self.body].concat();
        let mac = Hmac::<Sha256>::new_from_slice(&key)?.chain_update(signed);
        let expected = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
        let at: u64 = self.timestamp.parse()?;
        let now = wall_clock::epoch_millis() / 1000;
        Ok(now.abs_diff(at) <= TOLERANCE && self.signature.split(' ').any(|signature| signature == expected))
    }
}

#[derive(Debug)]
struct State {
    manner: Manner,
    got: Vec<Message>,
}

/// Takes messages until dropped.
#[derive(Debug)]
pub struct Receiver {
    server: Server,
    state: Arc<Mutex<State>>,
}

impl Receiver {
    /// One that takes everything.
    pub async fn start() -> anyhow::Result<Self> {
        let state = Arc::new(Mutex::new(State { manner: Manner::Answers(204), got: Vec::new() }));
        let shared = Arc::clone(&state);
        let server = Server::start(move |request| {
            let shared = Arc::clone(&shared);
            async move { answer(&shared, request).await }
        })
        .await?;
        Ok(Self { server, state })
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("{}/events", self.server.url())
    }

    /// From now on it does this.
    pub fn be(&self, manner: Manner) {
        lock(&self.state).manner = manner;
    }

    /// Everything it got, copies included.
    pub fn got(&self) -> Vec<Message> {
        lock(&self.state).got.clone()
    }

    /// Makes an endpoint of it, for these events. Gives the endpoint, with its secret.
    pub async fn endpoint(&self, api: &Api, path: &str, events: &[&str]) -> anyhow::Result<Value> {
        api.post(path, &json!({ "url": self.url(), "events": events })).await?.expect(201)
    }

    /// Waits until it got, and took, a message that is looked for.
    pub async fn takes(&self, what: &str, is_it: impl Fn(&Value) -> bool) -> anyhow::Result<Message> {
        let found = until(WITHIN, async || {
            let got = self.got();
            let taken = got.into_iter().filter(|message| matches!(message.manner, Manner::Answers(200..=299)));
            taken.into_iter().find(|message| message.json().is_ok_and(|said| is_it(&said)))
        });
        found.await.with_context(|| format!("{what} did not arrive; there were {:?}", self.kinds()))
    }

    /// The types of what it got, in order.
    pub fn kinds(&self) -> Vec<String> {
        let kind = |message: &Message| Some(message.json().ok()?["type"].as_str()?.to_owned());
        self.got().iter().filter_map(kind).collect()
    }

    /// Whether all that it got is signed with this secret.
    pub fn all_signed_with(&self, endpoint: &Value) -> anyhow::Result<()> {
        let secret = endpoint["secret"].as_str().context("no secret")?;
        for message in self.got() {
            ensure!(message.is_signed_with(secret)?, "{message:?} is not signed");
        }
        Ok(())
    }
}

async fn answer(state: &Mutex<State>, request: Request<Bytes>) -> Result<Response<Bytes>, HangUp> {
    let field = |name: &str| {
        let value = request.headers().get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    let (id, timestamp, signature) = (field("webhook-id"), field("webhook-timestamp"), field("webhook-signature"));
    let manner = {
        let mut state = lock(state);
        let manner = state.manner;
        state.got.push(Message { id, timestamp, signature, body: request.body().clone(), manner });
        manner
    };
    let status = match manner {
        Manner::Answers(status) => status,
        Manner::Hangs(time) => {
            tokio::time::sleep(time).await;
            return Err(HangUp);
        }
    };
    Response::builder().status(status).body(Bytes::from_static(b"words")).map_err(|_| HangUp)
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
