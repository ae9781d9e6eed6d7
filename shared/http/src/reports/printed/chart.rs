//! Sessions by day, as bars.

use casebridge_app::reports::Group;
use casebridge_domain::report::{Days, Tally};
use chrono::{Datelike, NaiveDate, Weekday};
use maud::{Markup, html};

/// In units of the drawing; it is stretched to the page's width.
const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 150.0;
const BASE: f64 = 132.0;

/// Most days that are told apart; beyond that a bar is a month.
const MOST_BARS: usize = 92;

struct Bar {
    first: NaiveDate,
    sessions: i64,
}

/// Whether there are too many days for a bar each.
pub(super) fn is_by_month(days: Days) -> bool {
    days.iter().nth(MOST_BARS).is_some()
}

/// A bar for each day, or for each month where there are many. `said` is what it shows, for who can't see it.
pub(super) fn by_day(days: Days, groups: &[Group], said: &str) -> Markup {
    let bars = bars(days, groups);
    let most = bars.iter().map(|bar| bar.sessions).max().unwrap_or(0).max(1);
    #[expect(clippy::cast_precision_loss, reason = "a few hundred bars, and heights in pixels")]
    let (stride, height) =
        (WIDTH / bars.len().max(1) as f64, |sessions: i64| sessions as f64 / most as f64 * (BASE - 18.0));
    let by_month = is_by_month(days);
    html! {
        svg viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img" aria-label=(said) {
            line x1="0" x2=(WIDTH) y1=(BASE) y2=(BASE) class="axis" {}
            @for (bar, left) in bars.iter().zip((0_u32..).map(|place| f64::from(place) * stride)) {
                @let high = height(bar.sessions);
                @if bar.sessions > 0 {
                    rect x=(round(left + stride * 0.12)) width=(round(stride * 0.76)) y=(round(BASE - high)) height=(round(high)) rx="2" {
                        title { (name(bar.first, by_month)) ": " (bar.sessions) }
                    }
                    @if bars.len() <= 31 {
                        text x=(round(left + stride / 2.0)) y=(round(BASE - high - 4.0)) class="value" { (bar.sessions) }
                    }
                }
                @if is_named(bar.first, by_month, bars.len()) {
                    text x=(round(left + stride / 2.0)) y=(HEIGHT - 3.0) { (short(bar.first, by_month)) }
                }
            }
        }
    }
}

fn bars(days: Days, groups: &[Group]) -> Vec<Bar> {
    let by_month = is_by_month(days);
    let mut bars: Vec<Bar> = Vec::new();
    for day in days.iter() {
        let goes_on = bars
            .last()
            .is_some_and(|bar| by_month && (bar.first.year(), bar.first.month()) == (day.year(), day.month()));
        if !goes_on {
            bars.push(Bar { first: day, sessions: 0 });
        }
    }
    for group in groups {
        let Some(day) = group.value.as_ref().and_then(|day| day.parse::<NaiveDate>().ok()) else { continue };
        let place = bars.partition_point(|bar| bar.first <= day);
        if let Some(bar) = place.checked_sub(1).and_then(|place| bars.get_mut(place)) {
            bar.sessions += Tally::sessions(&group.tally);
        }
    }
    bars
}

/// Names must not run into each other.
fn is_named(first: NaiveDate, by_month: bool, bars: usize) -> bool {
    match bars {
        ..=31 => true,
        _ if by_month => bars <= 36 || first.month() == 1,
        _ => first.weekday() == Weekday::Mon,
    }
}

fn name(first: NaiveDate, by_month: bool) -> String {
    if by_month { first.format("%Y-%m").to_string() } else { first.to_string() }
}

fn short(first: NaiveDate, by_month: bool) -> String {
    let form = if by_month { "%Y-%m" } else { "%-d" };
    first.format(form).to_string()
}

fn round(place: f64) -> String {
    format!("{place:.1}")
}

#[cfg(test)]
mod tests {
    use casebridge_domain::report::Measure;

    use super::*;

    fn days(from: &str, to: &str) -> Days {
        Days::new(from.parse().unwrap(), to.parse().unwrap()).unwrap()
    }

    fn of(day: &str, sessions: i64) -> Group {
        let tally = Tally::default().with(Measure::Closed, sessions);
        Group { value: Some(day.to_owned()), name: None, tally }
    }

    #[test]
    fn a_month_has_a_bar_for_each_day() {
        let bars = bars(days("2026-11-01", "2026-12-01"), &[of("2026-11-01", 2), of("2026-11-30", 3)]);
        let sessions: Vec<i64> = bars.iter().map(|bar| bar.sessions).collect();
        assert_eq!((bars.len(), sessions[0], sessions[29], sessions.iter().sum::<i64>()), (30, 2, 3, 5));
    }

    #[test]
    fn a_year_has_a_bar_for_each_month() {
        let bars =
            bars(days("2026-01-15", "2027-01-15"), &[of("2026-01-15", 1), of("2026-02-28", 2), of("2027-01-14", 3)]);
        let sessions: Vec<i64> = bars.iter().map(|bar| bar.sessions).collect();
        assert_eq!(sessions, [1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3]);
    }
}
