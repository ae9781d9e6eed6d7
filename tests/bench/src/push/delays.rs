//! How long things took.

use std::fmt;
use std::time::Duration;

/// Many of them, the shortest first.
#[derive(Debug, Clone, Default)]
pub(super) struct Delays(Vec<Duration>);

impl Delays {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Duration> {
        self.0.iter().copied()
    }

    /// What so many in a hundred do not exceed; nothing where there are none.
    pub(super) fn percentile(&self, percent: usize) -> Duration {
        let place = (self.0.len() * percent).div_ceil(100).saturating_sub(1);
        self.0.get(place).copied().unwrap_or_default()
    }

    pub(super) fn longest(&self) -> Duration {
        self.0.last().copied().unwrap_or_default()
    }
}

impl FromIterator<Duration> for Delays {
    fn from_iter<T: IntoIterator<Item = Duration>>(delays: T) -> Self {
        let mut delays: Vec<_> = delays.into_iter().collect();
        delays.sort_unstable();
        Self(delays)
    }
}

impl fmt::Display for Delays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ms = |delay: Duration| delay.as_secs_f64() * 1000.0;
        let [half, most, longest] = [self.percentile(50), self.percentile(99), self.longest()].map(ms);
        write!(f, "p50 {half:.0} ms, p99 {most:.0} ms, at most {longest:.0} ms")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ninety_nine_of_a_hundred_do_not_exceed_the_percentile() {
        let delays: Delays = (1..=200).rev().map(Duration::from_millis).collect();
        assert_eq!(delays.percentile(99), Duration::from_millis(198));
        assert_eq!(delays.percentile(50), Duration::from_millis(100));
        assert_eq!(delays.longest(), Duration::from_millis(200));
        assert_eq!(Delays::default().percentile(99), Duration::ZERO);
    }
}
