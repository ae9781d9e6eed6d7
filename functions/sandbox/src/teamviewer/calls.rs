//! The log of calls.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

/// How many calls the log keeps; the counts go on.
const KEPT: usize = 20_000;

/// One call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CallRecord {
    /// Counts up from 1.
    pub number: u64,
    /// When, by the sandbox's clock.
    pub at: DateTime<Utc>,
    /// The method.
    pub method: String,
    /// The path after `/api/v1`.
    pub path: String,
    /// What the limits count by, such as `GET /sessions` or `PUT /sessions/{code}`; nothing for an unknown path.
    pub function: Option<String>,
    /// The owner of the token, where it is a known one.
    pub user: Option<String>,
    /// The status; nothing where no answer was given.
    pub status: Option<u16>,
    /// Whether a fault struck.
    pub faulty: bool,
}

/// The calls and how many there were.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Calls {
    /// The newest calls, oldest first.
    pub calls: Vec<CallRecord>,
    /// How many calls of each function there were.
    pub counts: BTreeMap<String, u64>,
    /// How many calls there were.
    pub total: u64,
}

impl Calls {
    /// How often a function was called, such as `POST /sessions`.
    pub fn count(&self, function: &str) -> u64 {
        self.counts.get(function).copied().unwrap_or(0)
    }

    pub(crate) fn record(&mut self, mut call: CallRecord) {
        self.total += 1;
        call.number = self.total;
        if let Some(function) = &call.function {
            *self.counts.entry(function.clone()).or_default() += 1;
        }
        if self.calls.len() >= KEPT {
            self.calls.drain(..KEPT / 2);
        }
        self.calls.push(call);
    }
}
