//! The figures of some sessions.

use std::ops::{AddAssign, SubAssign};

use crate::SessionRecord;
use crate::record::Outcome;
use crate::time::seconds_between;

/// One kind of figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// Sessions that somebody closed.
    Closed,
    /// Their durations together, in seconds.
    ClosedSeconds,
    /// Sessions that reached their time.
    Expired,
    /// Sessions, closed or expired, whose customer was seen online.
    Joined,
    /// Play to first seen online, together, over those that were joined, in seconds.
    WaitingSeconds,
    /// Sessions that were taken out of the count.
    Excluded,
}

impl Measure {
    /// Every one.
    pub const ALL: [Self; 6] =
        [Self::Closed, Self::ClosedSeconds, Self::Expired, Self::Joined, Self::WaitingSeconds, Self::Excluded];
}

/// The figures of some sessions: whole numbers, so that what was added can be taken off again without a rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally([i64; Measure::ALL.len()]);

impl Tally {
    /// What one session counts for.
    pub fn of(record: &SessionRecord) -> Self {
        if record.excluded.is_some() {
            return Self::default().with(Measure::Excluded, 1);
        }
        let tally = match record.outcome {
            Outcome::Closed { .. } => {
                Self::default().with(Measure::Closed, 1).with(Measure::ClosedSeconds, record.duration_seconds())
            }
            Outcome::Expired => Self::default().with(Measure::Expired, 1),
        };
        match record.online_at {
            None => tally,
            Some(online_at) => {
                let waiting = seconds_between(record.started_at, online_at);
                tally.with(Measure::Joined, 1).with(Measure::WaitingSeconds, waiting)
            }
        }
    }

    /// The same figures but for one.
    #[must_use]
    pub fn with(mut self, measure: Measure, figure: i64) -> Self {
        self.0[measure as usize] = figure;
        self
    }

    /// One figure.
    pub const fn get(&self, measure: Measure) -> i64 {
        self.0[measure as usize]
    }

    /// Whether it says nothing.
    pub fn is_nothing(&self) -> bool {
        self.0.iter().all(|figure| *figure == 0)
    }

    /// Closed and expired ones.
    pub const fn sessions(&self) -> i64 {
        self.get(Measure::Closed) + self.get(Measure::Expired)
    }

    /// Sessions whose customer was never seen online.
    pub const fn never_joined(&self) -> i64 {
        self.sessions() - self.get(Measure::Joined)
    }

    /// The closed ones' average duration in seconds, rounded to the nearest; `None` if nothing was closed.
    pub const fn average_seconds(&self) -> Option<i64> {
        rounded(self.get(Measure::ClosedSeconds), self.get(Measure::Closed))
    }

    /// How long those who joined had let the technician wait on average, in seconds, rounded to the nearest.
    pub const fn average_waiting_seconds(&self) -> Option<i64> {
        rounded(self.get(Measure::WaitingSeconds), self.get(Measure::Joined))
    }
}

const fn rounded(total: i64, count: i64) -> Option<i64> {
    if count > 0 { Some((2 * total + count).div_euclid(2 * count)) } else { None }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        for (figure, more) in self.0.iter_mut().zip(other.0) {
            *figure += more;
        }
    }
}

impl SubAssign for Tally {
    fn sub_assign(&mut self, other: Self) {
        for (figure, less) in self.0.iter_mut().zip(other.0) {
            *figure -= less;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn averages_are_rounded_to_the_nearest_second_and_absent_over_nothing() {
        let closed =
            |count, seconds| Tally::default().with(Measure::Closed, count).with(Measure::ClosedSeconds, seconds);
        assert_eq!(closed(0, 0).average_seconds(), None);
        assert_eq!(closed(2, 3).average_seconds(), Some(2));
        assert_eq!(closed(3, 4).average_seconds(), Some(1));
        assert_eq!(closed(3, 5).average_seconds(), Some(2));
    }

    #[test]
    fn what_was_added_can_be_taken_off_again() {
        let mut sum = Tally::default();
        let one = Tally::default().with(Measure::Expired, 1).with(Measure::Joined, 1).with(Measure::WaitingSeconds, 7);
        sum += one;
        assert_eq!((sum.sessions(), sum.never_joined(), sum.average_waiting_seconds()), (1, 0, Some(7)));
        sum -= one;
        assert!(sum.is_nothing());
    }
}
