//! Instants as the Web API writes them.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

/// ISO-8601, UTC with `Z` and no fraction (manual, "Date and time"; recorded).
pub(crate) fn instant(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Reads an ISO-8601 instant. No zone is read as UTC and no time as 00:00:00Z (manual p.47 for reports; for
/// `valid_until` our assumption).
pub(crate) fn parse_instant(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(at.to_utc());
    }
    if let Ok(at) = text.trim_end_matches('Z').parse::<NaiveDateTime>() {
        return Some(at.and_utc());
    }
    let day = text.parse::<NaiveDate>().ok()?;
    Some(day.and_hms_opt(0, 0, 0)?.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_has_a_z_and_no_fraction() {
        let at: DateTime<Utc> = "2024-04-16T20:40:38.914Z".parse().unwrap();
        assert_eq!(instant(at), "2024-04-16T20:40:38Z");
    }

    #[test]
    fn a_day_alone_starts_at_midnight() {
        assert_eq!(parse_instant("2024-04-16"), parse_instant("2024-04-16T00:00:00Z"));
        assert_eq!(parse_instant("2024-04-16T02:00:00+02:00"), parse_instant("2024-04-16"));
        assert_eq!(parse_instant("yesterday"), None);
    }
}
