//! When it is midnight somewhere, and when the clocks change.

use casebridge_domain::{Instant, TimeZone};
use chrono::{NaiveDate, Offset, TimeDelta, TimeZone as _};

/// The clocks of no zone stand for less.
const LOOK: TimeDelta = TimeDelta::minutes(15);

/// A moment at which the clocks of a zone are changed, or a midnight where they never are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Turn {
    pub(crate) zone: &'static str,
    at: &'static str,
}

/// Where a day is shorter or longer than another, begins at an odd moment, twice, or not at all.
pub(crate) const TURNS: [Turn; 15] = [
    Turn { zone: "America/Sao_Paulo", at: "2026-11-23T03:00:00Z" },
    Turn { zone: "Europe/Berlin", at: "2026-03-29T01:00:00Z" },
    Turn { zone: "Europe/Berlin", at: "2026-10-25T01:00:00Z" },
    Turn { zone: "America/New_York", at: "2026-03-08T07:00:00Z" },
    Turn { zone: "America/New_York", at: "2026-11-01T06:00:00Z" },
    Turn { zone: "Australia/Lord_Howe", at: "2026-04-04T15:00:00Z" },
    Turn { zone: "Australia/Lord_Howe", at: "2026-10-03T15:30:00Z" },
    Turn { zone: "Asia/Kathmandu", at: "2026-12-31T18:15:00Z" },
    Turn { zone: "Pacific/Apia", at: "2020-09-26T14:00:00Z" },
    Turn { zone: "Pacific/Apia", at: "2021-04-03T14:00:00Z" },
    Turn { zone: "Pacific/Apia", at: "2011-12-30T10:00:00Z" },
    Turn { zone: "America/Havana", at: "2026-03-08T05:00:00Z" },
    Turn { zone: "America/Havana", at: "2026-11-01T05:00:00Z" },
    Turn { zone: "Asia/Beirut", at: "2026-03-28T22:00:00Z" },
    Turn { zone: "Asia/Beirut", at: "2026-10-24T21:00:00Z" },
];

impl Turn {
    pub(crate) fn at(self) -> Instant {
        self.at.parse().unwrap()
    }

    pub(crate) fn zone(self) -> TimeZone {
        TimeZone::parse(self.zone).unwrap()
    }
}

/// The first moment of another local day, to the millisecond.
pub(crate) fn next_midnight(zone: TimeZone, now: Instant) -> Instant {
    next_change(now, |at| local_day(zone, at))
}

/// The first moment at which the clocks show another distance from UTC, to the millisecond, if it is near.
pub(crate) fn next_clock_change(zone: TimeZone, now: Instant) -> Option<Instant> {
    let is_near = |at: Instant| seconds_ahead(zone, at) != seconds_ahead(zone, now);
    is_near(now + TimeDelta::days(3)).then(|| next_change(now, |at| seconds_ahead(zone, at)))
}

/// The day that a calendar on the wall shows.
pub(crate) fn local_day(zone: TimeZone, at: Instant) -> NaiveDate {
    (at.naive_utc() + TimeDelta::seconds(seconds_ahead(zone, at))).date()
}

fn seconds_ahead(zone: TimeZone, at: Instant) -> i64 {
    zone.rules().offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc().into()
}

fn next_change<T: PartialEq>(now: Instant, shown: impl Fn(Instant) -> T) -> Instant {
    let before = shown(now);
    let mut same = now;
    while shown(same + LOOK) == before {
        same += LOOK;
    }
    let mut other = same + LOOK;
    while other - same > TimeDelta::milliseconds(1) {
        let middle = same + TimeDelta::milliseconds((other - same).num_milliseconds() / 2);
        if shown(middle) == before {
            same = middle;
        } else {
            other = middle;
        }
    }
    other
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_every_turn_the_clocks_are_changed_or_a_day_begins() {
        for turn in TURNS {
            let (zone, at, before) = (turn.zone(), turn.at(), turn.at() - TimeDelta::milliseconds(1));
            let changed = seconds_ahead(zone, at) != seconds_ahead(zone, before);
            assert!(changed || local_day(zone, at) != local_day(zone, before), "{turn:?}");
        }
    }

    #[test]
    fn the_next_midnight_is_found_to_the_millisecond() {
        for turn in TURNS {
            let midnight = next_midnight(turn.zone(), turn.at() - TimeDelta::milliseconds(40_000_250));
            let before = midnight - TimeDelta::milliseconds(1);
            assert_ne!(local_day(turn.zone(), midnight), local_day(turn.zone(), before), "{turn:?}");
            assert_eq!(midnight.timestamp_subsec_millis(), 0, "{turn:?}");
        }
    }

    #[test]
    fn beirut_goes_back_to_the_day_before() {
        let turn = TURNS[14];
        let day = |seconds| local_day(turn.zone(), turn.at() + TimeDelta::seconds(seconds)).to_string();
        assert_eq!((day(-1), day(0), day(3600)), ("2026-10-24".into(), "2026-10-24".into(), "2026-10-25".into()));
    }
}
