//! Whether a session is open.

use casebridge_app::ports::teamviewer::SessionState;
use chrono::{DateTime, Datelike, NaiveDateTime};

use super::Fields;

/// Reads `state`: `open` and `closed` in the manual, `Open` recorded, an integer from 0 to 3 in the schema.
///
/// No source says what the integers mean, so none of them ends a case: with a number, with a name we don't know, or with
/// nothing at all (the manual's own list has no state), a session is closed only if it carries the time at which it was.
pub(crate) fn state(session: Fields<'_>) -> SessionState {
    let name = session.text("state").map(str::trim).unwrap_or_default();
    if name.eq_ignore_ascii_case("open") {
        SessionState::Open
    } else if name.eq_ignore_ascii_case("closed") || session.text("closed_at").is_some_and(is_a_real_date) {
        SessionState::Closed
    } else {
        SessionState::Open
    }
}

/// ISO 8601 with or without a fraction or zone. The year 1 is how .NET writes that there is no date.
fn is_a_real_date(text: &str) -> bool {
    let text = text.trim();
    let year = DateTime::parse_from_rfc3339(text).map(|at| at.year()).ok().or_else(|| {
        let local = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"];
        local.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok()).map(|at| at.year())
    });
    year.is_some_and(|year| year > 1970)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn read(session: &Value) -> SessionState {
        state(Fields::of(session).unwrap())
    }

    #[test]
    fn a_name_is_read_in_any_casing_and_wins_over_the_date() {
        for name in ["open", "Open", "OPEN", " open "] {
            assert_eq!(read(&json!({ "state": name, "closed_at": "2024-04-16T20:40:38Z" })), SessionState::Open);
        }
        for name in ["closed", "Closed", "CLOSED"] {
            assert_eq!(read(&json!({ "state": name })), SessionState::Closed);
        }
    }

    #[test]
    fn an_unknown_state_never_ends_a_session_by_itself() {
        for unknown in [json!(0), json!(1), json!(2), json!(3), json!(99), json!("1"), json!("Expired"), json!(null)] {
            assert_eq!(read(&json!({ "state": unknown })), SessionState::Open, "{unknown}");
            let closed = json!({ "state": unknown, "closed_at": "2024-04-16T20:40:38Z" });
            assert_eq!(read(&closed), SessionState::Closed, "{unknown}");
        }
        assert_eq!(read(&json!({})), SessionState::Open);
    }

    #[test]
    fn dates_are_read_in_every_form_and_no_date_is_none() {
        for date in
            ["2024-12-03T22:25:44.414Z", "2024-12-03T22:25:44+01:00", "2024-12-03T22:25:44", "2024-12-03 22:25:44"]
        {
            assert_eq!(read(&json!({ "closed_at": date })), SessionState::Closed, "{date}");
        }
        for none in [json!("0001-01-01T00:00:00"), json!("0001-01-01T00:00:00Z"), json!(""), json!("soon"), json!(0)] {
            assert_eq!(read(&json!({ "closed_at": none })), SessionState::Open, "{none}");
        }
    }
}
