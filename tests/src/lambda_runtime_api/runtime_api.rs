//! The Runtime API itself: what a function's process asks, and what it is told.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode, header::CONTENT_TYPE};
use serde_json::{Value, json};
use tokio::{
    sync::{mpsc, oneshot, watch},
    time::Instant,
};

use super::invocation::{Invocation, InvokeError, LARGEST_PAYLOAD, Outcome};
use crate::{server::HangUp, wall_clock};

/// One process's side of it.
#[derive(Debug)]
pub(super) struct RuntimeApi {
    function: String,
    time_limit: Duration,
    events: tokio::sync::Mutex<mpsc::UnboundedReceiver<Invocation>>,
    in_hand: Mutex<Option<(String, oneshot::Sender<Outcome>)>>,
    init: watch::Sender<Init>,
}

/// How far the process has come before its first event.
#[derive(Debug, Clone)]
pub(super) enum Init {
    Running,
    Done { at: Instant },
    Failed(String),
}

impl RuntimeApi {
    pub(super) fn new(function: &str, time_limit: Duration, events: mpsc::UnboundedReceiver<Invocation>) -> Self {
        Self {
            function: function.to_owned(),
            time_limit,
            events: tokio::sync::Mutex::new(events),
            in_hand: Mutex::default(),
            init: watch::Sender::new(Init::Running),
        }
    }

    pub(super) fn init(&self) -> watch::Receiver<Init> {
        self.init.subscribe()
    }

    pub(super) async fn answer(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HangUp> {
        let path = request.uri().path().to_owned();
        let Some(path) = path.strip_prefix("/2018-06-01/runtime/") else {
            return Ok(plain(StatusCode::NOT_FOUND));
        };
        match (request.method(), path) {
            (&Method::GET, "invocation/next") => self.next().await,
            (&Method::POST, "init/error") => {
                let why = String::from_utf8_lossy(request.body()).into_owned();
                self.init.send_replace(Init::Failed(why));
                Ok(plain(StatusCode::ACCEPTED))
            }
            (&Method::POST, path) => {
                let call = path.strip_prefix("invocation/");
                let status = match call.and_then(|call| call.split_once('/')) {
                    Some((id, "response")) => self.settle(id, response(request.body())),
                    Some((id, "error")) => self.settle(id, error(request.body())),
                    _ => StatusCode::NOT_FOUND,
                };
                Ok(plain(status))
            }
            _ => Ok(plain(StatusCode::NOT_FOUND)),
        }
    }

    /// Waits for an event: the process may be left waiting for as long as it lives.
    async fn next(&self) -> Result<Response<Bytes>, HangUp> {
        self.init.send_if_modified(|init| {
            let first = matches!(init, Init::Running);
            if first {
                *init = Init::Done { at: Instant::now() };
            }
            first
        });
        let invocation = self.events.lock().await.recv().await.ok_or(HangUp)?;
        let limit = u64::try_from(self.time_limit.as_millis()).unwrap_or(u64::MAX);
        let deadline = wall_clock::epoch_millis().saturating_add(limit);
        let arn = format!("arn:aws:lambda:eu-central-1:123456789012:function:{}", self.function);
        let answer = Response::builder()
            .header(CONTENT_TYPE, "application/json")
            .header("lambda-runtime-aws-request-id", &invocation.request_id)
            .header("lambda-runtime-deadline-ms", deadline)
            .header("lambda-runtime-invoked-function-arn", arn)
            .header("lambda-runtime-trace-id", "Root=1-00000000-000000000000000000000000;Sampled=0")
            .body(invocation.event)
            .map_err(|_| HangUp)?;
        *self.in_hand() = Some((invocation.request_id, invocation.outcome));
        Ok(answer)
    }

    fn settle(&self, request_id: &str, outcome: Outcome) -> StatusCode {
        let mut in_hand = self.in_hand();
        if in_hand.as_ref().is_none_or(|(id, _)| id != request_id) {
            return StatusCode::BAD_REQUEST;
        }
        let status = match outcome {
            Err(InvokeError::AnswerTooLarge(_)) => StatusCode::PAYLOAD_TOO_LARGE,
            _ => StatusCode::ACCEPTED,
        };
        if let Some((_, waiting)) = in_hand.take() {
            // Nobody waits any more when the event's time ran out.
            let _ = waiting.send(outcome);
        }
        status
    }

    fn in_hand(&self) -> MutexGuard<'_, Option<(String, oneshot::Sender<Outcome>)>> {
        self.in_hand.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn response(body: &Bytes) -> Outcome {
    if body.len() > LARGEST_PAYLOAD {
        return Err(InvokeError::AnswerTooLarge(body.len()));
    }
    serde_json::from_slice(body)
        .map_err(|cause| InvokeError::Failed { kind: "Runtime.MarshalError".to_owned(), message: cause.to_string() })
}

fn error(body: &Bytes) -> Outcome {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    Err(InvokeError::Failed { kind: text("errorType"), message: text("errorMessage") })
}

fn plain(status: StatusCode) -> Response<Bytes> {
    let mut answer = Response::new(Bytes::from(json!({"status": status.as_str()}).to_string()));
    *answer.status_mut() = status;
    let json = HeaderValue::from_static("application/json");
    answer.headers_mut().insert(CONTENT_TYPE, json);
    answer
}
