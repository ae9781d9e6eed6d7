//! One attempt, and what became of it.

use casebridge_domain::Instant;
use casebridge_domain::endpoint::{Beginning, Delivery, Endpoint, Outcome, SigningSecret};
use chrono::TimeDelta;

use crate::ports::Pusher;
use crate::ports::push::{Message, PushError, Pushed};

/// Milliseconds that are told of an attempt whose time is not known to be longer.
const MOST_MS: u64 = u64::MAX;

/// What became of an attempt; when the next one is due is for others to say.
pub(super) struct Attempted {
    pub(super) delivery: Delivery,
    /// How long the receiver wants to be left alone.
    pub(super) retry_after: Option<TimeDelta>,
}

/// What is pushed, and as what.
pub(super) struct Attempt<'a> {
    pub(super) id: String,
    pub(super) what: Pushed<'a>,
    pub(super) number: Option<u64>,
    pub(super) kind: &'a str,
    /// From 1.
    pub(super) nth: u32,
}

impl Attempt<'_> {
    pub(super) async fn push(
        self,
        pusher: &dyn Pusher,
        endpoint: &Endpoint,
        secrets: &[SigningSecret],
        now: impl Fn() -> Instant + Send + Sync,
    ) -> Attempted {
        let at = now();
        let Self { id, what, number, kind, nth: attempt } = self;
        let answer = pusher.push(&Message { id, url: &endpoint.url, at, secrets, what }).await;
        let waited = u64::try_from((now() - at).num_milliseconds()).unwrap_or_default();
        let (outcome, took_ms, retry_after) = match answer {
            Ok(answer) => {
                let outcome = Outcome::Answered { status: answer.status, beginning: Beginning::of(&answer.beginning) };
                let took = u64::try_from(answer.took.as_millis()).unwrap_or(MOST_MS);
                (outcome, took, answer.retry_after)
            }
            Err(PushError::Refused(why)) => (Outcome::Refused { why: Beginning::of(&why) }, waited, None),
            Err(PushError::TimedOut) => (Outcome::TimedOut, waited, None),
            Err(PushError::Unreachable(why)) => (Outcome::Unreachable { why: Beginning::of(&why) }, waited, None),
        };
        let kind = kind.to_owned();
        let delivery = Delivery { number, kind, attempt, at, took_ms, outcome, next: None };
        Attempted { delivery, retry_after }
    }
}
