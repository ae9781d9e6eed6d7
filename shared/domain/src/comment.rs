//! The comment that stands on the ticket after stop.

use crate::time::seconds_between;
use crate::{Instant, Language, SessionCode, TimeZone};

/// What the comment tells.
#[derive(Debug, Clone, Copy)]
pub struct CommentFacts<'a> {
    /// Which session.
    pub code: Option<&'a SessionCode>,
    /// Play.
    pub started_at: Instant,
    /// Stop.
    pub ended_at: Instant,
    /// The technician's words.
    pub note: Option<&'a str>,
}

struct Words {
    session: &'static str,
    start: &'static str,
    end: &'static str,
    duration: &'static str,
    note: &'static str,
    colon: &'static str,
}

const fn words(language: Language) -> Words {
    match language {
        Language::English => Words {
            session: "TeamViewer session",
            start: "Start",
            end: "End",
            duration: "Duration",
            note: "Note",
            colon: ": ",
        },
        Language::Portuguese => Words {
            session: "Sessão do TeamViewer",
            start: "Início",
            end: "Fim",
            duration: "Duração",
            note: "Nota",
            colon: ": ",
        },
        Language::Spanish => Words {
            session: "Sesión de TeamViewer",
            start: "Inicio",
            end: "Fin",
            duration: "Duración",
            note: "Nota",
            colon: ": ",
        },
        Language::French => Words {
            session: "Session TeamViewer",
            start: "Début",
            end: "Fin",
            duration: "Durée",
            note: "Note",
            colon: " : ",
        },
        Language::Chinese => Words {
            session: "TeamViewer 会话",
            start: "开始",
            end: "结束",
            duration: "时长",
            note: "备注",
            colon: "：",
        },
    }
}

/// Start, end and duration in the account's language and time zone. Times are the server's, as in the guide.
pub fn comment(language: Language, zone: TimeZone, facts: &CommentFacts<'_>) -> String {
    let words = words(language);
    let colon = words.colon;
    let local = |at: Instant| at.with_timezone(&zone.rules()).format("%Y-%m-%d %H:%M:%S %Z").to_string();
    let mut lines = Vec::with_capacity(5);
    lines.push(match facts.code {
        Some(code) => format!("{}{colon}{code}", words.session),
        None => words.session.to_owned(),
    });
    lines.push(format!("{}{colon}{}", words.start, local(facts.started_at)));
    lines.push(format!("{}{colon}{}", words.end, local(facts.ended_at)));
    lines.push(format!("{}{colon}{}", words.duration, duration(facts.started_at, facts.ended_at)));
    if let Some(note) = facts.note {
        lines.push(format!("{}{colon}{note}", words.note));
    }
    lines.join("\n")
}

/// Hours, minutes and seconds: `1:02:03`.
fn duration(from: Instant, to: Instant) -> String {
    let seconds = seconds_between(from, to);
    format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;

    use super::*;

    fn at(hour: u32, minute: u32, second: u32) -> Instant {
        chrono::Utc.with_ymd_and_hms(2026, 10, 25, hour, minute, second).unwrap()
    }

    #[test]
    fn times_are_local_and_the_duration_is_true_over_a_clock_change() {
        let code = SessionCode::parse("s119457589").unwrap();
        let facts =
            CommentFacts { code: Some(&code), started_at: at(0, 30, 0), ended_at: at(1, 32, 5), note: Some("printer") };
        let zone = TimeZone::parse("Europe/Paris").unwrap();
        assert_eq!(
            comment(Language::English, zone, &facts),
            "TeamViewer session: s119-457-589\nStart: 2026-10-25 02:30:00 CEST\nEnd: 2026-10-25 02:32:05 CET\n\
             Duration: 1:02:05\nNote: printer"
        );
        assert!(comment(Language::Chinese, zone, &facts).contains("时长：1:02:05"));
    }
}
