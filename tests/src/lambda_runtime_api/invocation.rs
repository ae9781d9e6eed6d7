//! One event and what came of it.

use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;
use tokio::sync::oneshot;

/// The most that an event or an answer may have, in bytes.
pub(super) const LARGEST_PAYLOAD: usize = 6 * 1024 * 1024;

/// An event has no answer.
#[derive(Debug, thiserror::Error)]
pub enum InvokeError {
    /// The function answered with an error.
    #[error("{kind}: {message}")]
    Failed {
        /// Its `errorType`.
        kind: String,
        /// Its `errorMessage`.
        message: String,
    },
    /// The function never asked for its first event.
    #[error("not initialised: {0}")]
    NotInitialised(String),
    /// The process ended while it had the event: by itself, or killed.
    #[error("ended with the event in hand:\n{0}")]
    Ended(String),
    /// The function's time ran out, and with it its process.
    #[error("timed out after {0:?}")]
    TimedOut(Duration),
    /// The event has too many bytes.
    #[error("an event of {0} bytes is too large")]
    EventTooLarge(usize),
    /// The answer has too many bytes.
    #[error("an answer of {0} bytes is too large")]
    AnswerTooLarge(usize),
}

pub(super) type Outcome = Result<Value, InvokeError>;

#[derive(Debug)]
pub(super) struct Invocation {
    pub(super) request_id: String,
    pub(super) event: Bytes,
    pub(super) outcome: oneshot::Sender<Outcome>,
}
