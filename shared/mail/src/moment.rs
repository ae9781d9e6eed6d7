//! Points in time as people read them: the day in words, the zone named.

use casebridge_domain::{Instant, TimeZone};
use chrono::{Datelike, Offset};

use crate::phrases::{Phrases, fill};

/// A point in time in words of a language, to the minute.
pub fn said_moment(language: casebridge_domain::Language, at: Instant, zone: TimeZone) -> String {
    moment(Phrases::of(language), at, zone)
}

/// To the minute, rounded down: who comes at that minute is in time.
pub(crate) fn moment(phrases: &Phrases, at: Instant, zone: TimeZone) -> String {
    let local = at.with_timezone(&zone.rules());
    let day = if local.day() == 1 { phrases.first_day.to_owned() } else { local.day().to_string() };
    let month = phrases.months.get(local.month0() as usize).copied().unwrap_or_default();
    fill(
        phrases.moment,
        &[
            ("day", &day),
            ("month", month),
            ("year", &local.year().to_string()),
            ("time", &local.format("%H:%M").to_string()),
            ("zone", &zone.to_string()),
            // A real minus sign: a line may break after a hyphen.
            ("offset", &format!("UTC{}", local.offset().fix()).replace('-', "\u{2212}")),
        ],
    )
}

#[cfg(test)]
mod tests {
    use casebridge_domain::Language;

    use super::*;

    fn shown(language: Language, at: &str, zone: &str) -> String {
        moment(Phrases::of(language), at.parse().unwrap(), TimeZone::parse(zone).unwrap())
    }

    #[test]
    fn every_language_says_the_day_in_its_own_way_and_names_the_zone() {
        let said = Language::ALL.map(|language| shown(language, "2026-08-05T14:05:59Z", "Europe/Paris"));
        assert_eq!(
            said,
            [
                "5 August 2026 at 16:05 (Europe/Paris, UTC+02:00)",
                "5 de agosto de 2026, às 16:05 (Europe/Paris, UTC+02:00)",
                "5 de agosto de 2026 a las 16:05 (Europe/Paris, UTC+02:00)",
                "5 août 2026 à 16:05 (Europe/Paris, UTC+02:00)",
                "2026年8月5日 16:05（Europe/Paris，UTC+02:00）",
            ]
        );
    }

    #[test]
    fn the_day_is_that_of_the_zone() {
        let said = shown(Language::French, "2027-01-01T02:30:00Z", "America/Sao_Paulo");
        assert_eq!(said, "31 décembre 2026 à 23:30 (America/Sao_Paulo, UTC−03:00)");
        let first = shown(Language::French, "2026-12-31T23:30:00Z", "Asia/Shanghai");
        assert_eq!(first, "1er janvier 2027 à 07:30 (Asia/Shanghai, UTC+08:00)");
    }

    #[test]
    fn the_hour_that_comes_twice_is_told_by_its_offset() {
        let before = shown(Language::English, "2026-10-25T00:30:00Z", "Europe/Paris");
        let after = shown(Language::English, "2026-10-25T01:30:00Z", "Europe/Paris");
        assert_eq!(before, "25 October 2026 at 02:30 (Europe/Paris, UTC+02:00)");
        assert_eq!(after, "25 October 2026 at 02:30 (Europe/Paris, UTC+01:00)");
    }
}
