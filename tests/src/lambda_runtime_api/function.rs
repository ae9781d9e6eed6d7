//! A function, and the environments that run it.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use serde_json::Value;
use tokio::sync::Semaphore;

use super::{
    environment::Environment,
    invocation::{InvokeError, LARGEST_PAYLOAD, Outcome},
};

/// What is set about a function before it runs.
#[derive(Debug, Clone)]
pub struct Function {
    pub(super) name: String,
    pub(super) program: PathBuf,
    pub(super) variables: Vec<(String, String)>,
    pub(super) memory_mb: u32,
    pub(super) time_limit: Duration,
    environments: usize,
}

/// A function that takes events. Dropping the last of its clones kills its processes.
#[derive(Debug, Clone)]
pub struct Deployed {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    function: Function,
    free: Semaphore,
    environments: Mutex<Environments>,
}

#[derive(Debug, Default)]
struct Environments {
    all: Vec<Arc<Environment>>,
    idle: Vec<Arc<Environment>>,
    events: u64,
}

impl Function {
    /// A function of 256 MB and 10 seconds with at most one environment.
    pub fn new(name: &str, program: impl Into<PathBuf>) -> Self {
        Self {
            name: name.to_owned(),
            program: program.into(),
            variables: Vec::new(),
            memory_mb: 256,
            time_limit: Duration::from_secs(10),
            environments: 1,
        }
    }

    /// A variable of its environment. Nothing of this process's own environment is passed on.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The memory it is told it has.
    #[must_use]
    pub fn memory_mb(mut self, memory_mb: u32) -> Self {
        self.memory_mb = memory_mb;
        self
    }

    /// How long it may take for one event.
    #[must_use]
    pub fn time_limit(mut self, time_limit: Duration) -> Self {
        self.time_limit = time_limit;
        self
    }

    /// How many environments it may have at once.
    #[must_use]
    pub fn environments(mut self, environments: usize) -> Self {
        self.environments = environments.max(1);
        self
    }

    /// Takes events from now on; the first one starts a process.
    pub fn deploy(self) -> Deployed {
        Deployed {
            inner: Arc::new(Inner {
                free: Semaphore::new(self.environments),
                environments: Mutex::default(),
                function: self,
            }),
        }
    }
}

impl Deployed {
    /// The function's name.
    pub fn name(&self) -> &str {
        &self.inner.function.name
    }

    /// Gives it an event and waits for what comes of it. Giving up waiting doesn't stop the function.
    pub async fn invoke(&self, event: &Value) -> Result<Value, InvokeError> {
        let event = Bytes::from(event.to_string());
        if event.len() > LARGEST_PAYLOAD {
            return Err(InvokeError::EventTooLarge(event.len()));
        }
        let inner = Arc::clone(&self.inner);
        let handled = tokio::spawn(async move { inner.invoke(event).await });
        handled.await.unwrap_or_else(|cause| Err(InvokeError::Ended(cause.to_string())))
    }

    /// Starts an environment ahead of the first event, and tells how long it took until it asked for one.
    pub async fn warm(&self) -> Result<Duration, InvokeError> {
        let environment = self.inner.start().await?;
        let took = environment.initialised().await?;
        self.inner.environments().idle.push(environment);
        Ok(took)
    }

    /// Kills all its processes as `kill -9` does. Events in hand end with [`InvokeError::Ended`]; the next one starts a new
    /// process.
    pub async fn kill(&self) {
        let all = self.inner.environments().all.clone();
        for environment in all {
            environment.kill().await;
        }
    }

    /// The ids of the processes that wait for an event.
    pub fn idle_processes(&self) -> Vec<u32> {
        self.inner.environments().idle.iter().map(|environment| environment.process()).collect()
    }

    /// How many processes were started so far.
    pub fn starts(&self) -> usize {
        self.inner.environments().all.len()
    }

    /// What all its processes have printed, those that are gone included.
    pub fn output(&self) -> String {
        let environments = self.inner.environments();
        environments.all.iter().map(|one| one.output()).collect()
    }
}

impl Inner {
    async fn invoke(&self, event: Bytes) -> Outcome {
        let _permit = self.free.acquire().await;
        let idle = self.take_idle();
        let environment = match idle {
            Some(environment) => environment,
            None => self.start().await?,
        };
        let request_id = {
            let mut environments = self.environments();
            environments.events += 1;
            format!("00000000-0000-4000-8000-{:012}", environments.events)
        };
        let outcome = environment.invoke(request_id, event).await;
        self.environments().idle.push(environment);
        outcome
    }

    fn take_idle(&self) -> Option<Arc<Environment>> {
        let mut environments = self.environments();
        environments.idle.retain(|environment| environment.is_running());
        environments.idle.pop()
    }

    async fn start(&self) -> Result<Arc<Environment>, InvokeError> {
        let environment = Environment::start(&self.function).await;
        let environment = environment.map(Arc::new).map_err(|cause| InvokeError::NotInitialised(cause.to_string()))?;
        self.environments().all.push(Arc::clone(&environment));
        Ok(environment)
    }

    fn environments(&self) -> MutexGuard<'_, Environments> {
        self.environments.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
