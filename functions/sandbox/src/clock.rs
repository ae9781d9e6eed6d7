//! The sandbox's own clock: real time until it is set, advanced or frozen.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// A clock that everything in one sandbox reads. Clones are the same clock.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Mutex<Reading>>);

#[derive(Clone, Copy, Debug)]
enum Reading {
    Running { ahead: TimeDelta },
    Frozen { at: DateTime<Utc> },
}

/// What the clock shows, as the control routes print it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockView {
    /// The sandbox's time.
    pub now: DateTime<Utc>,
    /// Whether it stands still.
    pub frozen: bool,
}

impl Clock {
    /// A clock that shows real time.
    pub fn real() -> Self {
        Self::starting(Reading::Running { ahead: TimeDelta::zero() })
    }

    /// A clock that stands still at `at`.
    pub fn frozen_at(at: DateTime<Utc>) -> Self {
        Self::starting(Reading::Frozen { at })
    }

    fn starting(reading: Reading) -> Self {
        Self(Arc::new(Mutex::new(reading)))
    }

    /// The sandbox's time.
    pub fn now(&self) -> DateTime<Utc> {
        self.change(|_| {}).now
    }

    /// The sandbox's time, and whether it stands still.
    pub fn view(&self) -> ClockView {
        self.change(|_| {})
    }

    /// Puts the clock to `at`; it goes on running, or stays frozen.
    pub fn set(&self, at: DateTime<Utc>) -> ClockView {
        self.change(|reading| {
            *reading = match *reading {
                Reading::Running { .. } => Reading::Running { ahead: at - real_now() },
                Reading::Frozen { .. } => Reading::Frozen { at },
            };
        })
    }

    /// Moves the clock by `by`.
    pub fn advance(&self, by: TimeDelta) -> ClockView {
        self.change(|reading| match reading {
            Reading::Running { ahead } => *ahead += by,
            Reading::Frozen { at } => *at += by,
        })
    }

    /// Stops the clock where it is.
    pub fn freeze(&self) -> ClockView {
        self.change(|reading| *reading = Reading::Frozen { at: reading.now() })
    }

    /// Lets the clock run from where it is.
    pub fn run(&self) -> ClockView {
        self.change(|reading| *reading = Reading::Running { ahead: reading.now() - real_now() })
    }

    fn change(&self, change: impl FnOnce(&mut Reading)) -> ClockView {
        let mut reading = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut reading);
        ClockView { now: reading.now(), frozen: matches!(*reading, Reading::Frozen { .. }) }
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::real()
    }
}

impl Reading {
    fn now(self) -> DateTime<Utc> {
        match self {
            Self::Running { ahead } => real_now() + ahead,
            Self::Frozen { at } => at,
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the sandbox's clock; everything else in it asks here")]
fn real_now() -> DateTime<Utc> {
    Utc::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> DateTime<Utc> {
        "2024-04-16T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_frozen_clock_moves_only_when_told() {
        let clock = Clock::frozen_at(noon());
        assert_eq!(clock.now(), noon());
        assert_eq!(clock.advance(TimeDelta::hours(24)).now, noon() + TimeDelta::hours(24));
        assert_eq!(clock.set(noon()).now, noon());
    }

    #[test]
    fn a_running_clock_runs_on_from_where_it_was_set() {
        let clock = Clock::real();
        let view = clock.set(noon());
        assert!(!view.frozen);
        assert!(view.now >= noon() && view.now < noon() + TimeDelta::hours(1));
        assert!(clock.now() >= view.now);
    }

    #[test]
    fn clones_are_the_same_clock() {
        let clock = Clock::frozen_at(noon());
        let other = clock.clone();
        other.advance(TimeDelta::minutes(1));
        assert_eq!(clock.now(), noon() + TimeDelta::minutes(1));
    }
}
