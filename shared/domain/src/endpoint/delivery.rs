//! What became of an attempt.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::Instant;

/// What a test of an endpoint is called; it has no number and is in no feed.
pub const TEST_EVENT: &str = "endpoint.test";

/// Attempts that are remembered of each endpoint.
const REMEMBERED: usize = 20;

/// The most characters that are kept of an answer.
const KEPT_OF_ANSWER: usize = 200;

/// How an answer begins, without control characters.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Beginning(String);

impl Beginning {
    /// The first characters of an answer.
    pub fn of(answer: &str) -> Self {
        let shown = |c: char| if c.is_control() { ' ' } else { c };
        Self(answer.chars().take(KEPT_OF_ANSWER).map(shown).collect())
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Outcome {
    /// The endpoint answered.
    Answered {
        /// HTTP's status.
        status: u16,
        /// How the answer begins.
        beginning: Beginning,
    },
    /// Its address is one that nothing is sent to.
    Refused {
        /// Why.
        why: Beginning,
    },
    /// It did not answer in time.
    TimedOut,
    /// It could not be reached.
    Unreachable {
        /// Why.
        why: Beginning,
    },
}

impl Outcome {
    /// Whether the endpoint took it: with a status of 2xx, and nothing else (Standard Webhooks 1.0).
    pub const fn is_taken(&self) -> bool {
        matches!(self, Self::Answered { status: 200..=299, .. })
    }

    /// Whether the endpoint says that it wants nothing any more.
    pub const fn is_gone(&self) -> bool {
        matches!(self, Self::Answered { status: 410, .. })
    }
}

/// An attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The event's number in the feed of the endpoint's owner; a test has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u64>,
    /// The event's type.
    pub kind: String,
    /// Which attempt.
    pub attempt: u32,
    /// When.
    pub at: Instant,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// How it ended.
    pub outcome: Outcome,
    /// When the next one is due; `None` if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Instant>,
}

/// The last attempts, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Recent(VecDeque<Delivery>);

impl Recent {
    /// Remembers one more, and forgets the oldest where there are too many.
    pub fn add(&mut self, delivery: Delivery) {
        self.0.push_back(delivery);
        while self.0.len() > REMEMBERED {
            self.0.pop_front();
        }
    }

    /// The newest first.
    pub fn newest_first(&self) -> impl Iterator<Item = &Delivery> {
        self.0.iter().rev()
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn answered(status: u16) -> Outcome {
        Outcome::Answered { status, beginning: Beginning::default() }
    }

    #[test]
    fn only_a_status_of_2xx_says_that_it_was_taken() {
        assert!([200, 204, 299].map(answered).iter().all(Outcome::is_taken));
        assert!(![199, 301, 302, 400, 410, 500].map(answered).iter().any(Outcome::is_taken));
        assert!(!Outcome::TimedOut.is_taken());
    }

    #[test]
    fn the_oldest_attempts_are_forgotten() {
        let mut recent = Recent::default();
        for number in 1..=30 {
            let at = DateTime::UNIX_EPOCH;
            let kind = "case.closed".to_owned();
            recent.add(Delivery {
                number: Some(number),
                kind,
                attempt: 1,
                at,
                took_ms: 1,
                outcome: answered(200),
                next: None,
            });
        }
        let numbers: Vec<_> = recent.newest_first().filter_map(|delivery| delivery.number).collect();
        assert_eq!((numbers.len(), numbers[0], numbers[19]), (20, 30, 11));
    }

    #[test]
    fn of_an_answer_the_beginning_is_kept_on_one_line() {
        let answer = format!("<html>\n\u{1b}[31m{}", "é".repeat(500));
        let kept = Beginning::of(&answer);
        assert_eq!(kept.as_str().chars().count(), 200);
        assert!(kept.as_str().starts_with("<html>  [31mé"));
    }
}
