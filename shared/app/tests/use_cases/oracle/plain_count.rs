//! A plain count of records: a loop, and arithmetic by hand.

use casebridge_domain::record::Outcome;
use casebridge_domain::report::{Dimension, Measure, Scope, Tally};
use casebridge_domain::{Instant, SessionRecord};
use chrono::NaiveDate;

use crate::world::local_time::local_day;

/// What some sessions come to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) sessions: i64,
    pub(crate) closed: i64,
    pub(crate) seconds: i64,
    pub(crate) average_seconds: Option<i64>,
    pub(crate) expired: i64,
    pub(crate) joined: i64,
    pub(crate) never_joined: i64,
    pub(crate) waiting_seconds: i64,
    pub(crate) average_waiting_seconds: Option<i64>,
    pub(crate) excluded: i64,
}

impl Count {
    pub(crate) fn of<'a>(records: impl IntoIterator<Item = &'a SessionRecord>) -> Self {
        let mut count = Self::default();
        for record in records {
            count.see(record);
        }
        count.average_seconds = average(count.seconds, count.closed);
        count.average_waiting_seconds = average(count.waiting_seconds, count.joined);
        count
    }

    /// What a report says.
    pub(crate) fn told_by(tally: &Tally) -> Self {
        Self {
            sessions: tally.sessions(),
            closed: tally.get(Measure::Closed),
            seconds: tally.get(Measure::ClosedSeconds),
            average_seconds: tally.average_seconds(),
            expired: tally.get(Measure::Expired),
            joined: tally.get(Measure::Joined),
            never_joined: tally.never_joined(),
            waiting_seconds: tally.get(Measure::WaitingSeconds),
            average_waiting_seconds: tally.average_waiting_seconds(),
            excluded: tally.get(Measure::Excluded),
        }
    }

    fn see(&mut self, record: &SessionRecord) {
        if record.excluded.is_some() {
            self.excluded += 1;
            return;
        }
        self.sessions += 1;
        if record.outcome == Outcome::Expired {
            self.expired += 1;
        } else {
            self.closed += 1;
            self.seconds += shown_seconds(record.started_at, record.ended_at);
        }
        match record.online_at {
            None => self.never_joined += 1,
            Some(online_at) => {
                self.joined += 1;
                self.waiting_seconds += shown_seconds(record.started_at, online_at);
            }
        }
    }
}

/// Between two times as they are shown, to the second.
fn shown_seconds(from: Instant, to: Instant) -> i64 {
    to.timestamp_millis().div_euclid(1000) - from.timestamp_millis().div_euclid(1000)
}

/// Rounded to the nearest; half a second is one.
fn average(seconds: i64, count: i64) -> Option<i64> {
    let whole = seconds.checked_div(count)?;
    Some(if (seconds - whole * count) * 2 >= count { whole + 1 } else { whole })
}

/// The day it counts on.
pub(crate) fn day_of(record: &SessionRecord) -> NaiveDate {
    local_day(record.time_zone, record.ended_at)
}

/// Whether the session is one of the scope's.
pub(crate) fn is_of(record: &SessionRecord, scope: &Scope) -> bool {
    match scope {
        Scope::Everyone => true,
        Scope::Technician(None) => record.technician.is_none(),
        Scope::Technician(Some(id)) => record.technician.as_ref().is_some_and(|technician| technician.id == *id),
    }
}

/// Where the session stands.
pub(crate) fn value_of(record: &SessionRecord, dimension: Dimension) -> Option<String> {
    let ticket = record.subject.ticket();
    let device = record.subject.device();
    match dimension {
        Dimension::Technician => record.technician.as_ref().map(|technician| technician.id.to_string()),
        Dimension::Day => Some(day_of(record).format("%Y-%m-%d").to_string()),
        Dimension::Category => ticket?.category.as_ref().map(ToString::to_string),
        Dimension::Type => ticket?.kind.as_ref().map(ToString::to_string),
        Dimension::Priority => ticket?.priority.as_ref().map(ToString::to_string),
        Dimension::Source => ticket?.source.as_ref().map(ToString::to_string),
        Dimension::Platform => device.map(|device| format!("{:?}", device.platform()).to_lowercase()),
        Dimension::Mode => device.map(|device| format!("{:?}", device.mode()).to_lowercase()),
    }
}
