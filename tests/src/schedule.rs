//! A stand-in for an `EventBridge` rule with a schedule.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::{
    task::JoinHandle,
    time::{Instant, interval_at},
};

use crate::lambda_runtime_api::Deployed;

/// As the stack sets it.
const EVERY: Duration = Duration::from_mins(1);

/// Strikes until dropped.
#[derive(Debug)]
pub(crate) struct Schedule {
    striking: JoinHandle<()>,
}

impl Schedule {
    /// Invokes the function every minute, for the first time in a minute.
    pub(crate) fn start(function: Deployed) -> Self {
        let striking = tokio::spawn(async move {
            let mut clock = interval_at(Instant::now() + EVERY, EVERY);
            loop {
                clock.tick().await;
                // An error is in the function's output, and the schedule comes again.
                let _ = function.invoke(&event()).await;
            }
        });
        Self { striking }
    }

    /// Strikes no more.
    pub(crate) fn stop(&self) {
        self.striking.abort();
    }
}

impl Drop for Schedule {
    fn drop(&mut self) {
        self.stop();
    }
}

/// What a function is told by a rule.
pub(crate) fn event() -> Value {
    json!({ "detail-type": "Scheduled Event", "source": "aws.events", "resources": [], "detail": {} })
}
