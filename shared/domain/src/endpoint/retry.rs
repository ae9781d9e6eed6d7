//! When what could not be delivered is tried again.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::Instant;

/// Attempts altogether, the first one included (Standard Webhooks 1.0, "Deliverability and reliability").
pub const ATTEMPTS: u32 = 10;

/// From one attempt to the next: 75 hours, 35 minutes and 5 seconds together (the same place).
const WAITS: [TimeDelta; 9] = [
    TimeDelta::seconds(5),
    TimeDelta::minutes(5),
    TimeDelta::minutes(30),
    TimeDelta::hours(2),
    TimeDelta::hours(5),
    TimeDelta::hours(10),
    TimeDelta::hours(14),
    TimeDelta::hours(20),
    TimeDelta::hours(24),
];

/// How far a wait may be off, either way, so that what failed together is not tried together again.
const JITTER: f64 = 0.2;

/// The longest that a receiver's `Retry-After` is honoured (our own choice: the longest wait of the schedule).
pub const LONGEST_RETRY_AFTER: TimeDelta = TimeDelta::hours(24);

/// An event that an endpoint did not take yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retry {
    /// Its number in the feed of the endpoint's owner.
    pub number: u64,
    /// Attempts so far.
    pub attempts: u32,
    /// When the next one is due; of what was given up, when that was.
    pub due: Instant,
}

/// When the next attempt is due after so many that failed, the last one at `failed_at`; `None` if that was the last.
/// `fraction` is from 0 to 1. A receiver that asks for more time gets it.
pub fn due_after(attempts: u32, failed_at: Instant, fraction: f64, retry_after: Option<TimeDelta>) -> Option<Instant> {
    let place = usize::try_from(attempts.checked_sub(1)?).ok()?;
    let wait = WAITS.get(place)?;
    let asked = retry_after.unwrap_or_default().min(LONGEST_RETRY_AFTER);
    Some(failed_at + jittered(*wait, fraction).max(asked))
}

/// The wait, a fifth shorter at 0 and a fifth longer at 1.
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "at most 104 million milliseconds")]
fn jittered(wait: TimeDelta, fraction: f64) -> TimeDelta {
    let factor = 1.0 + JITTER * (2.0 * fraction.clamp(0.0, 1.0) - 1.0);
    TimeDelta::milliseconds((wait.num_milliseconds() as f64 * factor).round() as i64)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    #[test]
    fn ten_attempts_are_made_within_some_seventy_five_hours() {
        let mut at = DateTime::UNIX_EPOCH;
        let mut attempts = 1;
        while let Some(next) = due_after(attempts, at, 0.5, None) {
            (at, attempts) = (next, attempts + 1);
        }
        assert_eq!(attempts, ATTEMPTS);
        assert_eq!((at - DateTime::UNIX_EPOCH).num_seconds(), 75 * 3600 + 35 * 60 + 5);
    }

    #[test]
    fn a_wait_is_off_by_a_fifth_at_most() {
        let at = DateTime::UNIX_EPOCH;
        let waited = |fraction| (due_after(2, at, fraction, None).unwrap() - at).num_seconds();
        assert_eq!([0.0, 0.5, 1.0].map(waited), [240, 300, 360]);
    }

    #[test]
    fn a_receiver_that_asks_for_more_time_gets_it_within_reason_and_one_that_asks_for_less_does_not() {
        let at = DateTime::UNIX_EPOCH;
        let waited = |asked| due_after(1, at, 0.5, Some(asked)).unwrap() - at;
        assert_eq!(waited(TimeDelta::minutes(7)), TimeDelta::minutes(7));
        assert_eq!(waited(TimeDelta::seconds(1)), TimeDelta::seconds(5));
        assert_eq!(waited(TimeDelta::days(400)), LONGEST_RETRY_AFTER);
    }
}
