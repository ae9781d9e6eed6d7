//! How it goes with an endpoint.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::Instant;

/// An endpoint that failed in so many hours, without one success between them, is disabled (as Svix does).
pub const DISABLED_AFTER_HOURS: u32 = 120;

/// A warning at each of these percents (as Outpost does).
const WARNED_AT: [u32; 4] = [50, 70, 90, 100];

/// Failures in a row after which an endpoint is asked less often (our own choice: one event that it can't take is no reason,
/// and its own attempts are spread).
const PATIENCE: u32 = 5;

/// The first pause, doubled from failure to failure, and the longest: so long after an endpoint is back it gets everything.
const FIRST_PAUSE: TimeDelta = TimeDelta::seconds(5);
const LONGEST_PAUSE: TimeDelta = TimeDelta::minutes(5);

/// A part of the failures that disable an endpoint is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Warning {
    /// 50, 70, 90 or 100.
    pub percent: u8,
}

impl Warning {
    /// Whether the endpoint is to be disabled.
    pub const fn is_the_last(self) -> bool {
        self.percent >= 100
    }
}

/// Failures since the last success.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// Of attempts, one after the other.
    #[serde(default)]
    in_a_row: u32,
    /// Hours with a failure.
    #[serde(default)]
    hours: u32,
    /// When the last of these hours began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    counted_at: Option<Instant>,
    /// When the first failure was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    since: Option<Instant>,
}

impl Health {
    /// The endpoint took something.
    pub fn succeeded(&mut self) {
        *self = Self::default();
    }

    /// The endpoint did not take something; what there is to warn of by that.
    pub fn failed(&mut self, at: Instant) -> Option<Warning> {
        self.in_a_row = self.in_a_row.saturating_add(1);
        self.since.get_or_insert(at);
        if self.counted_at.is_some_and(|counted_at| at < counted_at + TimeDelta::hours(1)) {
            return None;
        }
        self.counted_at = Some(at);
        let before = self.percent();
        self.hours = self.hours.saturating_add(1);
        let now = self.percent();
        let reached = WARNED_AT.into_iter().rfind(|percent| before < *percent && *percent <= now)?;
        Some(Warning { percent: u8::try_from(reached).unwrap_or(100) })
    }

    /// How far it is from being disabled, in percent.
    pub fn percent(&self) -> u32 {
        self.hours.saturating_mul(100) / DISABLED_AFTER_HOURS
    }

    /// Since when it takes nothing; `None` if it took the last thing that was pushed.
    pub const fn failing_since(&self) -> Option<Instant> {
        self.since
    }

    /// Whether the last attempt failed: then one thing is pushed at a time.
    pub const fn is_failing(&self) -> bool {
        self.in_a_row > 0
    }

    /// How long it is left alone after the last failure, if at all.
    pub fn pause(&self) -> Option<TimeDelta> {
        let doublings = self.in_a_row.checked_sub(PATIENCE)?.min(16);
        Some((FIRST_PAUSE * (1 << doublings)).min(LONGEST_PAUSE))
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn hour(n: i64) -> Instant {
        DateTime::UNIX_EPOCH + TimeDelta::hours(n)
    }

    #[test]
    fn steady_failure_is_warned_of_four_times_and_counted_once_an_hour() {
        let mut health = Health::default();
        let mut warned = Vec::new();
        for n in 0..120 {
            warned.extend(health.failed(hour(n)).map(|warning| (n + 1, warning.percent)));
            assert_eq!(health.failed(hour(n) + TimeDelta::minutes(59)), None);
        }
        assert_eq!(warned, [(60, 50), (84, 70), (108, 90), (120, 100)]);
        assert_eq!(health.failing_since(), Some(hour(0)));
    }

    #[test]
    fn a_success_forgives_everything() {
        let mut health = Health::default();
        for n in 0..119 {
            health.failed(hour(n));
        }
        health.succeeded();
        assert_eq!(health, Health::default());
        assert_eq!(health.failed(hour(120)), None);
    }

    #[test]
    fn an_endpoint_that_takes_nothing_is_asked_less_and_less_often() {
        let mut health = Health::default();
        let pauses: Vec<_> = (0..13)
            .map(|n| {
                health.failed(hour(n));
                health.pause().map(|pause| pause.num_seconds())
            })
            .collect();
        let expected = [5, 10, 20, 40, 80, 160, 300, 300, 300].map(Some);
        assert_eq!((&pauses[..4], &pauses[4..]), (&[None; 4][..], &expected[..]));
    }
}
