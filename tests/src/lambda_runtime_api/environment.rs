//! An execution environment: one child process and the Runtime API it talks to.

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode, header::CONTENT_TYPE};
use serde_json::{Value, json};
use tokio::{
    sync::{mpsc, oneshot, watch},
    time::{Instant, timeout},
};

use super::{
    Function,
    invocation::{Invocation, InvokeError, LARGEST_PAYLOAD, Outcome},
};
use crate::{
    child::{Child, NotReady, Program},
    server::{HangUp, Server},
    wall_clock,
};

const INIT_WITHIN: Duration = Duration::from_secs(10);

#[derive(Debug)]
pub(super) struct Environment {
    child: Child,
    _server: Server,
    api: Arc<RuntimeApi>,
    events: mpsc::UnboundedSender<Invocation>,
    time_limit: Duration,
    started: Instant,
}

#[derive(Debug)]
struct RuntimeApi {
    name: String,
    time_limit: Duration,
    events: tokio::sync::Mutex<mpsc::UnboundedReceiver<Invocation>>,
    in_hand: Mutex<Option<(String, oneshot::Sender<Outcome>)>>,
    init: watch::Sender<Init>,
}

#[derive(Debug, Clone)]
enum Init {
    Running,
    Done { at: Instant },
    Failed(String),
}

/// An environment could not be made.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoEnvironment {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error(transparent)]
    NotReady(#[from] NotReady),
}

impl Environment {
    pub(super) async fn start(function: &Function) -> Result<Self, NoEnvironment> {
        let (events, received) = mpsc::unbounded_channel();
        let api = Arc::new(RuntimeApi {
            name: function.name.clone(),
            time_limit: function.time_limit,
            events: tokio::sync::Mutex::new(received),
            in_hand: Mutex::default(),
            init: watch::Sender::new(Init::Running),
        });
        let answering = Arc::clone(&api);
        let server = Server::start(move |request| {
            let api = Arc::clone(&answering);
            async move { api.answer(request).await }
        })
        .await?;
        let mut program = Program::new(&function.program).without_environment();
        for (name, value) in variables(function, &server.address().to_string()) {
            program = program.env(name, value);
        }
        Ok(Self {
            child: program.start()?,
            _server: server,
            api,
            events,
            time_limit: function.time_limit,
            started: Instant::now(),
        })
    }

    /// Gives the process one event; nobody else may until this is done.
    pub(super) async fn invoke(&self, request_id: String, event: Bytes) -> Outcome {
        self.initialised().await?;
        let (outcome, answered) = oneshot::channel();
        let invocation = Invocation { request_id, event, outcome };
        if self.events.send(invocation).is_err() {
            return Err(InvokeError::Ended(self.child.output()));
        }
        let ending = timeout(self.time_limit, async {
            tokio::select! {
                biased;
                Ok(outcome) = answered => outcome,
                _ = self.child.exited() => Err(InvokeError::Ended(self.child.output())),
            }
        });
        match ending.await {
            Ok(outcome) => outcome,
            Err(_elapsed) => {
                self.child.kill().await;
                Err(InvokeError::TimedOut(self.time_limit))
            }
        }
    }

    /// Waits until the process has asked for its first event.
    pub(super) async fn initialised(&self) -> Result<Duration, InvokeError> {
        let mut init = self.api.init.subscribe();
        let settled = async { init.wait_for(|init| !matches!(init, Init::Running)).await.map(|init| (*init).clone()) };
        tokio::select! {
            biased;
            settled = timeout(INIT_WITHIN, settled) => match settled {
                Ok(Ok(Init::Done { at })) => Ok(at.duration_since(self.started)),
                Ok(Ok(Init::Failed(why))) => Err(InvokeError::NotInitialised(why)),
                _ => {
                    self.child.kill().await;
                    Err(self.not_initialised(&format!("not within {INIT_WITHIN:?}")))
                }
            },
            status = self.child.exited() => Err(self.not_initialised(&format!("ended: {status}"))),
        }
    }

    pub(super) fn is_running(&self) -> bool {
        self.child.is_running()
    }

    pub(super) async fn kill(&self) {
        self.child.kill().await;
    }

    pub(super) fn output(&self) -> String {
        self.child.output()
    }

    fn not_initialised(&self, why: &str) -> InvokeError {
        InvokeError::NotInitialised(format!("{why}\n{}", self.child.output()))
    }
}

impl RuntimeApi {
    async fn answer(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HangUp> {
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
        let arn = format!("arn:aws:lambda:eu-central-1:123456789012:function:{}", self.name);
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

/// What Lambda sets, and then the function's own.
fn variables(function: &Function, api: &str) -> Vec<(String, String)> {
    let memory = function.memory_mb.to_string();
    let group = format!("/aws/lambda/{}", function.name);
    let set = [
        ("AWS_LAMBDA_RUNTIME_API", api),
        ("AWS_LAMBDA_FUNCTION_NAME", &function.name),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", &memory),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_LAMBDA_LOG_GROUP_NAME", &group),
        ("AWS_LAMBDA_LOG_STREAM_NAME", "tests"),
        ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"),
        ("AWS_LAMBDA_LOG_FORMAT", "JSON"),
        ("AWS_REGION", "eu-central-1"),
        ("AWS_DEFAULT_REGION", "eu-central-1"),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("AWS_SESSION_TOKEN", "test"),
        ("_HANDLER", "bootstrap"),
        ("TZ", ":UTC"),
    ];
    let own = function.variables.iter().cloned();
    set.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).chain(own).collect()
}
