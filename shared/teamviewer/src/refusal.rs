//! What a 4xx or 5xx of TeamViewer means.

use casebridge_app::ports::teamviewer::{ScriptToken, TeamViewerError};
use chrono::DateTime;
use reqwest::StatusCode;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use secrecy::ExposeSecret;
use serde_json::Value;

/// A call that did not succeed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    error: TeamViewerError,
    unknown_id: bool,
    /// The manual's name of the error, if the body has one.
    said: String,
}

impl Refusal {
    /// Reads a refusal. Errors come as the manual's object (p. 111), or as anything else: a bare text or JSON string was
    /// met by Deskpro's client, gateways send pages, and some answers have no body.
    pub(crate) fn read(status: StatusCode, headers: &HeaderMap, body: Option<&[u8]>, token: &ScriptToken) -> Self {
        let said = Said::read(body.unwrap_or_default());
        let refused = || TeamViewerError::Refused { status: status.as_u16(), words: said.for_people(token) };
        let error = match status.as_u16() {
            401 => TeamViewerError::TokenRefused,
            // Deskpro's client gets itself a new token on 400 as well as on 401: a stale one may show as either.
            400 | 403 if said.is("invalid_token") || said.is("token_expired") => TeamViewerError::TokenRefused,
            400 if said.tells_of_licence() => TeamViewerError::LicenceLimit,
            403 if said.is("rate_limit_reached") => TeamViewerError::RateLimited { retry_after: retry_after(headers) },
            // `blocked` is about the caller's IP address (manual, p. 111); no permission would mend it.
            403 if said.is("blocked") => refused(),
            403 => TeamViewerError::PermissionMissing,
            // The manual knows no 429; a gateway may.
            429 => TeamViewerError::RateLimited { retry_after: retry_after(headers) },
            400..=499 => refused(),
            _ => TeamViewerError::OutcomeUnknown,
        };
        let refused = matches!(error, TeamViewerError::Refused { .. });
        let unknown_id = refused && (status == StatusCode::NOT_FOUND || (status == 400 && said.is("invalid_request")));
        Self { error, unknown_id, said: said.error }
    }

    /// Whether this may be the answer to an id that TeamViewer does not know: 404, or 400 `invalid_request`, since the
    /// manual lists no 404.
    pub(crate) fn unknown_id(&self) -> bool {
        self.unknown_id
    }

    /// Whether the same call may well succeed a moment later.
    pub(crate) fn may_pass(&self) -> bool {
        matches!(self.error, TeamViewerError::Unreachable | TeamViewerError::OutcomeUnknown)
    }

    /// Whether the body names this error.
    pub(crate) fn says(&self, error: &str) -> bool {
        self.said.eq_ignore_ascii_case(error)
    }

    /// Whether the call can't have had an effect since it never got there.
    pub(crate) fn never_arrived(&self) -> bool {
        self.error == TeamViewerError::Unreachable
    }

    /// What the use cases are told.
    pub(crate) fn error(&self) -> &TeamViewerError {
        &self.error
    }
}

impl From<TeamViewerError> for Refusal {
    fn from(error: TeamViewerError) -> Self {
        Self { error, unknown_id: false, said: String::new() }
    }
}

impl From<Refusal> for TeamViewerError {
    fn from(refusal: Refusal) -> Self {
        refusal.error
    }
}

/// What the body of a refusal says. `error_code` and `error_signature` decide nothing, so their forms do not matter.
#[derive(Debug, Default)]
struct Said {
    error: String,
    words: String,
}

impl Said {
    fn read(body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body);
        let text = text.trim_start_matches('\u{feff}').trim();
        match serde_json::from_str(text) {
            Ok(Value::Object(fields)) => {
                let field = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
                let error = field("error");
                let description = field("error_description");
                let words = if description.is_empty() { error.clone() } else { description };
                Self { error, words }
            }
            Ok(Value::String(words)) => Self { words, ..Self::default() },
            Ok(_) => Self::default(),
            // A gateway's page tells people nothing.
            Err(_) if text.starts_with('<') => Self::default(),
            Err(_) => Self { words: text.to_owned(), ..Self::default() },
        }
    }

    fn is(&self, error: &str) -> bool {
        self.error.eq_ignore_ascii_case(error)
    }

    /// Deskpro's client tells the licence's limit by these two words in a 400 whose body is a string. An object with
    /// the same words would mean the same.
    fn tells_of_licence(&self) -> bool {
        self.words.to_lowercase().contains("license limitations")
    }

    /// One line of at most 200 characters, the token struck out should TeamViewer repeat it.
    fn for_people(&self, token: &ScriptToken) -> String {
        let token = token.expose_secret();
        let without = if token.is_empty() { self.words.clone() } else { self.words.replace(token, "[token]") };
        let line: String = without.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        line.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(200).collect()
    }
}

/// Seconds, or a date that is told against the answer's own `Date`: our clock may differ from theirs.
fn retry_after(headers: &HeaderMap) -> Option<u32> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let wanted = text(RETRY_AFTER)?.trim();
    if !wanted.is_empty() && wanted.bytes().all(|b| b.is_ascii_digit()) {
        return Some(wanted.parse().unwrap_or(u32::MAX));
    }
    let until = DateTime::parse_from_rfc2822(wanted).ok()?;
    let sent = DateTime::parse_from_rfc2822(text(DATE)?).ok()?;
    u32::try_from((until - sent).num_seconds().max(0)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(status: u16, body: &str) -> Refusal {
        read_with(status, &[], body)
    }

    fn read_with(status: u16, headers: &[(&str, &str)], body: &str) -> Refusal {
        let headers: HeaderMap =
            headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        let token = ScriptToken::from("1234-secretsecretsecret1");
        Refusal::read(StatusCode::from_u16(status).unwrap(), &headers, Some(body.as_bytes()), &token)
    }

    fn words(refusal: &Refusal) -> &str {
        match refusal.error() {
            TeamViewerError::Refused { words, .. } => words,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_stale_token_is_told_by_401_and_by_its_name_in_a_400() {
        let expired = include_str!("../shapes/error-token-expired.json");
        for (status, body) in [(401, ""), (401, "<html>"), (401, expired), (400, expired), (403, expired)] {
            assert_eq!(read(status, body).error(), &TeamViewerError::TokenRefused, "{status} {body}");
        }
        assert_eq!(read(400, r#"{"error":"invalid_token","error_code":"2"}"#).error(), &TeamViewerError::TokenRefused);
    }

    #[test]
    fn a_403_is_a_lack_of_permission_unless_it_is_the_rate_limit_or_a_blocked_address() {
        for body in ["", "Forbidden", r#""Forbidden""#, r#"{"error":"insufficient_scope"}"#, r#"{"error_code":3}"#] {
            assert_eq!(read(403, body).error(), &TeamViewerError::PermissionMissing, "{body}");
        }
        let limit = read(403, r#"{"error":"rate_limit_reached","error_code":"403"}"#);
        assert_eq!(limit.error(), &TeamViewerError::RateLimited { retry_after: None });
        assert_eq!(words(&read(403, r#"{"error":"blocked"}"#)), "blocked");
    }

    #[test]
    fn the_time_to_wait_is_read_as_seconds_or_as_a_date() {
        let wait = |headers: &[(&str, &str)]| match read_with(429, headers, "Too Many Requests").error() {
            TeamViewerError::RateLimited { retry_after } => *retry_after,
            other => panic!("{other:?}"),
        };
        let date = ("date", "Tue, 16 Apr 2024 20:40:00 GMT");
        assert_eq!(wait(&[("retry-after", "30")]), Some(30));
        assert_eq!(wait(&[("retry-after", "99999999999")]), Some(u32::MAX));
        assert_eq!(wait(&[("retry-after", "Tue, 16 Apr 2024 20:40:38 GMT"), date]), Some(38));
        assert_eq!(wait(&[("retry-after", "Tue, 16 Apr 2024 20:39:00 GMT"), date]), Some(0));
        assert_eq!(wait(&[("retry-after", "Tue, 16 Apr 2024 20:40:38 GMT")]), None);
        assert_eq!(wait(&[("retry-after", "soon"), date]), None);
        assert_eq!(wait(&[]), None);
    }

    #[test]
    fn the_licences_limit_is_told_by_its_words_alone() {
        for body in [
            "The session could not be created due to license limitations.",
            "\u{feff}\"Due to License Limitations …\"",
            r#"{"error":"invalid_request","error_description":"LICENSE LIMITATIONS"}"#,
        ] {
            assert_eq!(read(400, body).error(), &TeamViewerError::LicenceLimit, "{body}");
        }
        assert_eq!(words(&read(400, "your license")), "your license");
        assert_eq!(words(&read(404, "license limitations")), "license limitations");
    }

    #[test]
    fn an_unknown_id_may_show_as_404_or_as_the_manuals_400() {
        assert!(read(404, "<html>").unknown_id());
        assert!(read(404, "").unknown_id());
        assert!(read(400, include_str!("../shapes/error-body.json")).unknown_id());
        for (status, body) in [(400, "nonsense"), (400, ""), (403, r#"{"error":"invalid_request"}"#), (410, "")] {
            assert!(!read(status, body).unknown_id(), "{status} {body}");
        }
    }

    #[test]
    fn what_a_server_could_not_do_may_have_happened_all_the_same() {
        for status in [500, 502, 503, 504, 599] {
            assert_eq!(read(status, r#"{"error":"internal_error"}"#).error(), &TeamViewerError::OutcomeUnknown);
        }
    }

    #[test]
    fn words_are_one_short_line_without_the_token() {
        assert_eq!(words(&read(400, include_str!("../shapes/error-body.json"))), "Bad Request");
        assert_eq!(words(&read(422, "a\u{1b}[31m\r\n b\t\tc")), "a [31m b c");
        assert_eq!(words(&read(400, "<html><body>Bad</body></html>")), "");
        assert_eq!(words(&read(400, "[1]")), "");
        assert_eq!(words(&read(400, &"ä".repeat(300))).chars().count(), 200);
        let echo = format!("{} token 1234-secretsecretsecret1", "x".repeat(180));
        let told = read(400, &echo);
        assert!(!words(&told).contains("secret"), "{told:?}");
    }
}
