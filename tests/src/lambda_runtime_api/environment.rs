//! An execution environment: one child process and the Runtime API it talks to.

use std::{io, sync::Arc, time::Duration};

use bytes::Bytes;
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, timeout},
};

use super::{
    Function,
    invocation::{Invocation, InvokeError, Outcome},
    runtime_api::{Init, RuntimeApi},
};
use crate::{
    child::{Child, NotReady, Program},
    server::Server,
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
        let api = Arc::new(RuntimeApi::new(&function.name, function.time_limit, received));
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
        let started = Instant::now();
        let child = program.start()?;
        Ok(Self { child, _server: server, api, events, time_limit: function.time_limit, started })
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
        let mut init = self.api.init();
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

    pub(super) fn process(&self) -> u32 {
        self.child.id()
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
