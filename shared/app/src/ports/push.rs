//! Events on their way to a vendor's endpoint.

use std::time::Duration;

use async_trait::async_trait;
use casebridge_domain::endpoint::{EndpointUrl, SigningSecret};
use casebridge_domain::journal::Event;
use casebridge_domain::key::Owner;
use casebridge_domain::{EndpointId, Instant};
use chrono::TimeDelta;

/// What is sent, once.
#[derive(Debug, Clone)]
pub struct Message<'a> {
    /// `webhook-id`: the same at each attempt, and on every replay.
    pub id: String,
    /// Where to.
    pub url: &'a EndpointUrl,
    /// `webhook-timestamp`: the time of this attempt.
    pub at: Instant,
    /// What it is signed with: one, or two while both live.
    pub secrets: &'a [SigningSecret],
    /// What it says.
    pub what: Pushed<'a>,
}

/// What a message says.
#[derive(Debug, Clone, Copy)]
pub enum Pushed<'a> {
    /// Something happened.
    Event {
        /// Its number in the vendor's feed, where the endpoint is the vendor's.
        number_in_vendor: Option<u64>,
        /// What.
        event: &'a Event,
    },
    /// Somebody tries the endpoint: `endpoint.test`.
    Test {
        /// When it was asked for.
        at: Instant,
    },
}

/// What the endpoint answered. Only 2xx means that it took the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status. Redirects are not followed.
    pub status: u16,
    /// When it wants to be called again, at the earliest.
    pub retry_after: Option<TimeDelta>,
    /// The beginning of its body as text, without control characters.
    pub beginning: String,
    /// From the beginning to the answer's end, or to where it was no longer read.
    pub took: Duration,
}

impl Answer {
    /// Whether the endpoint took the message.
    pub const fn is_success(&self) -> bool {
        matches!(self.status, 200..300)
    }
}

/// Why there is no answer. What is said names no address: it is shown to whoever manages the endpoint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PushError {
    /// The address is not allowed; nothing was sent.
    #[error("the address is not allowed: {0}")]
    Refused(String),
    /// There was no whole answer in time.
    #[error("there was no answer in time")]
    TimedOut,
    /// There was no connection, or it broke.
    #[error("the endpoint can't be reached: {0}")]
    Unreachable(String),
}

/// Sends messages: signed, once, with a time limit.
#[async_trait]
pub trait Pusher: Send + Sync {
    /// One attempt.
    async fn push(&self, message: &Message<'_>) -> Result<Answer, PushError>;
}

/// Tells those who push that somebody asked something of a lane, where the store's own writes don't tell them.
///
/// The lane is due in the store: what gets lost here is found there, later.
#[async_trait]
pub trait LaneNotifier: Send + Sync {
    /// This endpoint's lane has something to do.
    async fn notify(&self, owner: &Owner, endpoint: EndpointId);
}
