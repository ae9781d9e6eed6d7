//! How often an account is looked at, within what its licence allows.

use casebridge_domain::service_case::State;
use casebridge_domain::{Instant, ServiceCase};
use chrono::TimeDelta;

use super::makers::makers_of;
use crate::Desk;
use crate::ports::store::{Tick, Versioned, WatchNotes};
use crate::ports::teamviewer::TeamViewerError;

/// Share of the licence's calls that the watch may use; the rest is for people who press buttons.
const SHARE: f64 = 0.8;

/// Calls that may be saved up, so that the minutes after play can be quick.
const BUCKET: f64 = 120.0;

/// Seconds between looks while a customer is likely to come.
const QUICK_SECONDS: i64 = 5;

/// Minutes after play or resend in which that is so.
const QUICK_MINUTES: i64 = 10;

/// Seconds between looks in the first hour, or while a customer is there.
const STEADY_SECONDS: i64 = 15;

/// Seconds between looks otherwise.
const SLOW_SECONDS: i64 = 60;

/// Longest pause after TeamViewer asked to be left alone, in seconds.
const LONGEST_PAUSE_SECONDS: i64 = 900;

/// What decides when the next look is due.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    interval: Option<TimeDelta>,
    soonest_change: Option<Instant>,
    calls_a_second: f64,
    /// Listings that the next look takes: one for each token.
    calls_a_look: f64,
}

impl Pace {
    /// The pace that an account's cases call for.
    pub(super) fn of(desk: &Desk, tick: &Tick, cases: &[Versioned<ServiceCase>]) -> Self {
        let now = desk.now();
        let seen_there = cases.iter().filter(|case| case.value.host().is_none());
        let intervals = seen_there.map(|case| interval(&case.value, now));
        let interval = intervals.min().or_else(|| (now < tick.keep_until).then(|| TimeDelta::seconds(SLOW_SECONDS)));
        let soonest_change = cases.iter().map(|case| soonest_change(&case.value)).min();
        let calls_a_day = desk.connection().map_or(7_200, |connection| connection.value.licence.calls_a_day());
        let calls_a_second = f64::from(calls_a_day) * SHARE / 86_400.0;
        Self { interval, soonest_change, calls_a_second, calls_a_look: calls(makers_of(cases).len()) }
    }

    /// Something else than a listing is due then.
    #[must_use]
    pub(super) fn no_later_than(self, at: Option<Instant>) -> Self {
        Self { soonest_change: self.soonest_change.into_iter().chain(at).min(), ..self }
    }

    /// There is to be another look, whatever is left to look at.
    #[must_use]
    pub(super) fn again(self) -> Self {
        Self { interval: self.interval.or(Some(TimeDelta::seconds(SLOW_SECONDS))), ..self }
    }

    /// When the account is due again; `None` when nothing is left to look at.
    pub(super) fn next(&self, notes: &mut WatchNotes, now: Instant) -> Option<Instant> {
        notes.fill(self.calls_a_second, now);
        let Some(interval) = self.interval else {
            // A device where nobody is: TeamViewer has nothing to show, but the session reaches its time.
            return self.soonest_change.filter(|change| *change > now);
        };
        let wished = now + interval;
        let allowed = notes.allowed_at(self.calls_a_second, self.calls_a_look, now);
        let look = wished.max(allowed);
        // A case that reaches its time, or a worker's lease that lapses, needs no call: it is looked at when it does.
        Some(self.soonest_change.filter(|change| *change > now).map_or(look, |change| look.min(change)))
    }
}

fn interval(case: &ServiceCase, now: Instant) -> TimeDelta {
    let waited = now - case.eager_since();
    let waiting = case.first_online_at().is_none();
    TimeDelta::seconds(match case.state() {
        State::Opening(_) | State::Closing(_) => QUICK_SECONDS,
        _ if waiting && waited < TimeDelta::minutes(QUICK_MINUTES) => QUICK_SECONDS,
        _ if !waiting || waited < TimeDelta::hours(1) => STEADY_SECONDS,
        _ => SLOW_SECONDS,
    })
}

fn soonest_change(case: &ServiceCase) -> Instant {
    case.lease().map_or(case.valid_until(), |lease| lease.until.min(case.valid_until()))
}

/// Calls, as the bucket counts them: a look that takes more than there is room for waits until it is full.
fn calls(listings: usize) -> f64 {
    u32::try_from(listings.max(1)).map_or(BUCKET, f64::from).min(BUCKET)
}

impl WatchNotes {
    /// Takes so many calls out of the bucket, if they are there and TeamViewer did not ask for a pause. No source says whether
    /// the limit is each token's or the company's: all tokens of an account share its bucket.
    pub(super) fn may_call(&mut self, desk: &Desk, listings: usize, now: Instant) -> bool {
        let calls_a_day = desk.connection().map_or(7_200, |connection| connection.value.licence.calls_a_day());
        self.fill(f64::from(calls_a_day) * SHARE / 86_400.0, now);
        if self.pause_until.is_some_and(|until| now < until) {
            return false;
        }
        let calls = calls(listings);
        match &mut self.budget {
            Some(left) if *left >= calls => {
                *left -= calls;
                true
            }
            _ => false,
        }
    }

    /// TeamViewer answered: no reason to pause.
    pub(super) fn answered(&mut self) {
        self.pause_until = None;
        self.pauses = 0;
    }

    /// TeamViewer limited the calls, or did not answer: the pause doubles from 5 s to a quarter of an hour.
    pub(super) fn not_answered(&mut self, error: &TeamViewerError, now: Instant, fraction: f64) {
        self.pauses = self.pauses.saturating_add(1);
        let doubled = (QUICK_SECONDS << self.pauses.min(10)).min(LONGEST_PAUSE_SECONDS);
        let asked = match error {
            TeamViewerError::RateLimited { retry_after: Some(seconds) } => i64::from(*seconds),
            _ => 0,
        };
        #[expect(clippy::cast_possible_truncation, reason = "at most 1000")]
        let jitter = TimeDelta::milliseconds((fraction * 1000.0) as i64);
        self.pause_until = Some(now + TimeDelta::seconds(doubled.max(asked.min(LONGEST_PAUSE_SECONDS))) + jitter);
    }

    fn fill(&mut self, calls_a_second: f64, now: Instant) {
        let since = self.filled_at.map_or(0, |at| (now - at).num_milliseconds().max(0));
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of a few years")]
        let earned = since as f64 / 1000.0 * calls_a_second;
        self.budget = Some((self.budget.unwrap_or(BUCKET / 2.0) + earned).min(BUCKET));
        self.filled_at = Some(now);
    }

    fn allowed_at(&self, calls_a_second: f64, calls: f64, now: Instant) -> Instant {
        let lacking = (calls - self.budget.unwrap_or(0.0)).max(0.0);
        #[expect(clippy::cast_possible_truncation, reason = "at most an hour")]
        let earned_at = now + TimeDelta::milliseconds((lacking / calls_a_second * 1000.0).ceil() as i64);
        self.pause_until.map_or(earned_at, |until| earned_at.max(until))
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;

    use super::*;

    fn noon() -> Instant {
        chrono::Utc.with_ymd_and_hms(2026, 11, 22, 12, 0, 0).unwrap()
    }

    fn pace(calls_a_day: u32, seconds: i64) -> Pace {
        Pace {
            interval: Some(TimeDelta::seconds(seconds)),
            soonest_change: None,
            calls_a_second: f64::from(calls_a_day) * SHARE / 86_400.0,
            calls_a_look: 1.0,
        }
    }

    fn sustained_seconds(calls_a_day: u32) -> f64 {
        sustained_seconds_of(calls_a_day, 1.0)
    }

    /// The longest wait between looks once the saved-up calls are spent.
    fn sustained_seconds_of(calls_a_day: u32, calls_a_look: f64) -> f64 {
        let pace = Pace { calls_a_look, ..pace(calls_a_day, QUICK_SECONDS) };
        let mut notes = WatchNotes::default();
        let (mut now, mut longest) = (noon(), TimeDelta::zero());
        for look in 0..2000 {
            let next = pace.next(&mut notes, now).unwrap();
            if look > 1000 {
                longest = longest.max(next - now);
            }
            now = next;
            notes.fill(pace.calls_a_second, now);
            notes.budget = notes.budget.map(|left| left - calls_a_look);
        }
        #[expect(clippy::cast_precision_loss, reason = "a test")]
        let seconds = longest.num_milliseconds() as f64 / 1000.0;
        seconds
    }

    #[test]
    fn the_watch_keeps_within_four_fifths_of_the_licence() {
        assert!((sustained_seconds(14_400) - 7.5).abs() < 0.1, "{}", sustained_seconds(14_400));
        assert!((sustained_seconds(7_200) - 15.0).abs() < 0.1, "{}", sustained_seconds(7_200));
        assert!((sustained_seconds(36_000) - 5.0).abs() < 0.1, "{}", sustained_seconds(36_000));
    }

    #[test]
    fn looks_that_take_several_listings_are_the_rarer_for_it() {
        assert!((sustained_seconds_of(14_400, 2.0) - 15.0).abs() < 0.1, "{}", sustained_seconds_of(14_400, 2.0));
        assert_eq!((calls(0), calls(3), calls(1000)), (1.0, 3.0, BUCKET));
    }

    #[test]
    fn pauses_double_and_what_teamviewer_asks_for_is_kept() {
        let mut notes = WatchNotes::default();
        let waits: Vec<i64> = (0..9)
            .map(|_| {
                notes.not_answered(&TeamViewerError::RateLimited { retry_after: None }, noon(), 0.0);
                (notes.pause_until.unwrap() - noon()).num_seconds()
            })
            .collect();
        assert_eq!(waits, [10, 20, 40, 80, 160, 320, 640, 900, 900]);
        notes.answered();
        notes.not_answered(&TeamViewerError::RateLimited { retry_after: Some(77) }, noon(), 0.0);
        assert_eq!((notes.pause_until.unwrap() - noon()).num_seconds(), 77);
    }

    #[test]
    fn a_case_that_reaches_its_time_is_looked_at_then() {
        let soon = noon() + TimeDelta::seconds(3);
        let pace = Pace { soonest_change: Some(soon), ..pace(14_400, 60) };
        assert_eq!(pace.next(&mut WatchNotes::default(), noon()), Some(soon));
    }
}
