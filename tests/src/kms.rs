//! A stand-in for KMS with one key: it makes data keys, and opens those that it made for whoever names the same key and the
//! same encryption context.
//!
//! What it does not do: it checks no signature and no policy, has no quota, and its wrapped keys are only names for what it
//! remembers.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use serde_json::{Value, json};

use crate::server::{HangUp, Server};

/// Its key.
pub const KEY: &str = "arn:aws:kms:eu-central-1:123456789012:key/0f5e7a52-7a0b-4d3c-8f6e-2b1a9c3d4e5f";

/// As long as what KMS makes of a key of 32 bytes with an encryption context.
const WRAPPED: usize = 184;

/// Runs until dropped, and remembers its data keys as long.
#[derive(Debug)]
pub struct Kms {
    server: Server,
    state: Arc<Mutex<State>>,
}

/// How many calls came over the wire, every try of a retried call included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Calls {
    /// `GenerateDataKey`.
    pub made: u64,
    /// `Decrypt`.
    pub opened: u64,
}

/// What it does instead of its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It hangs up.
    Away,
    /// 400 `DisabledException`: an operator has disabled the key.
    Disabled,
    /// 500 `KMSInternalException`, which may be tried again.
    InternalError,
}

#[derive(Debug, Default)]
struct State {
    made: HashMap<Vec<u8>, DataKey>,
    calls: Calls,
    fault: Option<Fault>,
}

#[derive(Debug)]
struct DataKey {
    plain: [u8; 32],
    context: Value,
}

impl Kms {
    /// Starts without data keys.
    pub async fn start() -> anyhow::Result<Self> {
        let state = Arc::<Mutex<State>>::default();
        let answering = Arc::clone(&state);
        let server = Server::start(move |request| {
            let state = Arc::clone(&answering);
            async move { lock(&state).answer(&request) }
        })
        .await?;
        Ok(Self { server, state })
    }

    /// Its endpoint.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// From now on every call meets this, until it is `None`.
    pub fn set_fault(&self, fault: Option<Fault>) {
        lock(&self.state).fault = fault;
    }

    /// The calls since the start or the last time that they were forgotten.
    pub fn calls(&self) -> Calls {
        lock(&self.state).calls
    }

    /// Counts from zero again.
    pub fn forget_calls(&self) {
        lock(&self.state).calls = Calls::default();
    }

    /// Every data key that it made, in the clear.
    pub fn data_keys(&self) -> Vec<[u8; 32]> {
        lock(&self.state).made.values().map(|key| key.plain).collect()
    }
}

impl State {
    fn answer(&mut self, request: &Request<Bytes>) -> Result<Response<Bytes>, HangUp> {
        let asked: Value = serde_json::from_slice(request.body()).unwrap_or_default();
        let operation = request.headers().get("x-amz-target").and_then(|target| target.to_str().ok());
        match operation {
            Some("TrentService.GenerateDataKey") => self.calls.made += 1,
            Some("TrentService.Decrypt") => self.calls.opened += 1,
            _ => return refused("UnknownOperationException"),
        }
        match self.fault {
            Some(Fault::Away) => return Err(HangUp),
            Some(Fault::Disabled) => return refused("DisabledException"),
            Some(Fault::InternalError) => return said(StatusCode::INTERNAL_SERVER_ERROR, "KMSInternalException"),
            None => {}
        }
        if operation == Some("TrentService.GenerateDataKey") { self.make(&asked) } else { self.open(&asked) }
    }

    fn make(&mut self, asked: &Value) -> Result<Response<Bytes>, HangUp> {
        if asked["KeyId"] != KEY {
            return refused("NotFoundException");
        }
        if asked["KeySpec"] != "AES_256" {
            return refused("ValidationException");
        }
        let plain = std::array::from_fn(|_| fastrand::u8(..));
        let wrapped: Vec<u8> = std::iter::repeat_with(|| fastrand::u8(..)).take(WRAPPED).collect();
        let answer = json!({
            "KeyId": KEY, "Plaintext": STANDARD.encode(plain), "CiphertextBlob": STANDARD.encode(&wrapped),
        });
        self.made.insert(wrapped, DataKey { plain, context: asked["EncryptionContext"].clone() });
        json_answer(StatusCode::OK, &answer)
    }

    fn open(&self, asked: &Value) -> Result<Response<Bytes>, HangUp> {
        let wrapped = asked["CiphertextBlob"].as_str().and_then(|text| STANDARD.decode(text).ok());
        let Some(key) = wrapped.and_then(|wrapped| self.made.get(&wrapped)) else {
            return refused("InvalidCiphertextException");
        };
        if asked["KeyId"].as_str().is_some_and(|key| key != KEY) {
            return refused("IncorrectKeyException");
        }
        if asked["EncryptionContext"] != key.context {
            return refused("InvalidCiphertextException");
        }
        let answer = json!({
            "KeyId": KEY, "Plaintext": STANDARD.encode(key.plain), "EncryptionAlgorithm": "SYMMETRIC_DEFAULT",
        });
        json_answer(StatusCode::OK, &answer)
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn refused(code: &str) -> Result<Response<Bytes>, HangUp> {
    said(StatusCode::BAD_REQUEST, code)
}

fn said(status: StatusCode, code: &str) -> Result<Response<Bytes>, HangUp> {
    json_answer(status, &json!({ "__type": code, "message": format!("{KEY} says {code}.") }))
}

fn json_answer(status: StatusCode, body: &Value) -> Result<Response<Bytes>, HangUp> {
    let answer = Response::builder().status(status).header("content-type", "application/x-amz-json-1.1");
    answer.body(Bytes::from(body.to_string())).map_err(|_| HangUp)
}
