//! Figures as they are shown.

use casebridge_domain::report::{Measure, Tally};
use serde::Serialize;
use utoipa::ToSchema;

use crate::spreadsheet::Cell;

/// The figures of some sessions. What each means is told in `definitions`.
#[derive(Debug, Serialize, ToSchema)]
pub struct FiguresView {
    /// Closed and expired ones.
    #[schema(example = 42)]
    sessions: i64,
    /// Those that somebody closed.
    #[schema(example = 40)]
    closed: i64,
    /// Their durations together.
    #[schema(example = 30_160)]
    total_seconds: i64,
    /// Their duration on average, to the nearest second; null if none was closed.
    #[schema(example = 754)]
    average_seconds: Option<i64>,
    /// Those that reached their time.
    #[schema(example = 2)]
    expired: i64,
    /// Those whose customer was seen online.
    #[schema(example = 39)]
    joined: i64,
    /// Those whose customer was never seen online.
    #[schema(example = 3)]
    never_joined: i64,
    /// `never_joined` divided by `sessions`, to four decimals; null if there are none.
    #[schema(example = 0.0714)]
    no_show_rate: Option<f64>,
    /// Play to first seen online, together, over those that were joined.
    #[schema(example = 2_340)]
    waiting_seconds: i64,
    /// The same on average, to the nearest second; null if none was joined.
    #[schema(example = 60)]
    average_waiting_seconds: Option<i64>,
    /// Those that were taken out of the count; in none of the other figures.
    #[schema(example = 1)]
    excluded: i64,
    /// The address of the sessions behind `sessions`. Those behind another figure are at the same address with its name
    /// as `counted`: `closed`, `expired`, `joined`, `never_joined`, `excluded`.
    #[schema(example = "/v1/accounts/acme/reports/sessions/records?from=2026-11-01&to=2026-12-01&counted=sessions")]
    records: String,
}

impl FiguresView {
    /// The names of the columns that they are in a table.
    pub(super) const COLUMNS: [&'static str; 11] = [
        "sessions",
        "closed",
        "total_seconds",
        "average_seconds",
        "expired",
        "joined",
        "never_joined",
        "no_show_rate",
        "waiting_seconds",
        "average_waiting_seconds",
        "excluded",
    ];

    /// A tally, and where the sessions behind it are.
    pub(super) fn new(tally: &Tally, records: String) -> Self {
        Self {
            sessions: tally.sessions(),
            closed: tally.get(Measure::Closed),
            total_seconds: tally.get(Measure::ClosedSeconds),
            average_seconds: tally.average_seconds(),
            expired: tally.get(Measure::Expired),
            joined: tally.get(Measure::Joined),
            never_joined: tally.never_joined(),
            no_show_rate: rate(tally.never_joined(), tally.sessions()),
            waiting_seconds: tally.get(Measure::WaitingSeconds),
            average_waiting_seconds: tally.average_waiting_seconds(),
            excluded: tally.get(Measure::Excluded),
            records,
        }
    }

    /// In the columns of a table.
    pub(super) fn cells(&self) -> [Cell; Self::COLUMNS.len()] {
        let count = |count: i64| Cell::number(Some(count));
        [
            count(self.sessions),
            count(self.closed),
            count(self.total_seconds),
            Cell::number(self.average_seconds),
            count(self.expired),
            count(self.joined),
            count(self.never_joined),
            Cell::number(self.no_show_rate),
            count(self.waiting_seconds),
            Cell::number(self.average_waiting_seconds),
            count(self.excluded),
        ]
    }
}

/// A part of a whole, to the nearest of four decimals; `None` over nothing.
fn rate(part: i64, whole: i64) -> Option<f64> {
    if whole <= 0 {
        return None;
    }
    let ten_thousandths = (20_000 * part + whole).div_euclid(2 * whole);
    i32::try_from(ten_thousandths).ok().map(|rate| f64::from(rate) / 10_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_has_four_decimals_and_is_absent_over_nothing() {
        let shown = |part, whole| serde_json::to_string(&rate(part, whole)).unwrap();
        assert_eq!(shown(0, 0), "null");
        assert_eq!(shown(0, 7), "0.0");
        assert_eq!(shown(1, 3), "0.3333");
        assert_eq!(shown(2, 3), "0.6667");
        assert_eq!(shown(1, 20_000), "0.0001");
        assert_eq!(shown(7, 7), "1.0");
    }
}
