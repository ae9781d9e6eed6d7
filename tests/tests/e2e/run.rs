//! Runs a scenario on a host, and shows what the host printed when it fails.

use std::time::Duration;

use casebridge_tests::{host::Host, until::until};

/// What a scenario ends with.
pub type Outcome = anyhow::Result<()>;

/// How long something may take that happens by itself within a few seconds; busy machines are slow.
pub const SOON: Duration = Duration::from_secs(30);

/// Which host is asked.
#[derive(Debug, Clone, Copy)]
pub enum Side {
    OnPrem,
    Cloud,
    Stack,
}

/// Starts the host and plays the scenario on it.
#[expect(clippy::panic, reason = "how a test fails")]
pub async fn run(side: Side, scenario: impl AsyncFnOnce(&Host) -> Outcome) {
    let host = match side {
        Side::OnPrem => Host::on_prem().await,
        Side::Cloud => Host::cloud().await,
        Side::Stack => Host::stack().await,
    };
    let host = host.unwrap();
    let _shown = ShownOnFailure(&host);
    if let Err(error) = scenario(&host).await {
        panic!("{error:?}");
    }
}

struct ShownOnFailure<'a>(&'a Host);

impl Drop for ShownOnFailure<'_> {
    #[expect(clippy::print_stderr, reason = "what a failed test shows")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}", self.0.output());
        }
    }
}

/// Waits until it holds, or fails saying what was waited for.
pub async fn soon(what: &str, holds: impl AsyncFnMut() -> anyhow::Result<bool>) -> Outcome {
    within(SOON, what, holds).await
}

/// The same, for something that takes its time.
pub async fn within(time: Duration, what: &str, mut holds: impl AsyncFnMut() -> anyhow::Result<bool>) -> Outcome {
    let looked = until(time, async || match holds().await {
        Ok(false) => None,
        Ok(true) => Some(Ok(())),
        Err(error) => Some(Err(error)),
    });
    looked.await.unwrap_or_else(|| Err(anyhow::anyhow!("not within {time:?}: {what}")))
}

/// Makes one test of each scenario on every host.
macro_rules! on_every_host {
    ($($scenario:ident),+ $(,)?) => {
        crate::run::on_prem![$($scenario),+];
        crate::run::cloud![$($scenario),+];
    };
}

/// Makes one test of each scenario on the one process.
macro_rules! on_prem {
    ($($scenario:ident),+ $(,)?) => {
        mod on_prem {
            $(#[tokio::test] async fn $scenario() { crate::run::run(crate::run::Side::OnPrem, super::$scenario).await; })+
        }
    };
}

/// Makes one test of each scenario on the functions.
macro_rules! cloud {
    ($($scenario:ident),+ $(,)?) => {
        mod cloud {
            $(#[tokio::test] async fn $scenario() { crate::run::run(crate::run::Side::Cloud, super::$scenario).await; })+
        }
    };
}

/// Makes one test of each scenario on the deployed stack.
macro_rules! stack {
    ($($scenario:ident),+ $(,)?) => {
        mod stack {
            $(#[tokio::test] async fn $scenario() { crate::run::run(crate::run::Side::Stack, super::$scenario).await; })+
        }
    };
}

pub(crate) use {cloud, on_every_host, on_prem, stack};
