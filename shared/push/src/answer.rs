//! What an endpoint answered.

use std::time::Duration;

use casebridge_domain::Instant;
use chrono::{DateTime, TimeDelta};
use reqwest::Response;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use tokio::time::timeout;

/// Bytes of a body that are kept.
const KEPT: usize = 1000;

/// When the endpoint wants to be called again, counted from `at`: in seconds, or a date (RFC 9110, 10.2.3).
pub(crate) fn retry_after(headers: &HeaderMap, at: Instant) -> Option<TimeDelta> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More seconds than fit are more than anybody waits.
        return Some(TimeDelta::seconds(text.parse().unwrap_or(i64::from(i32::MAX)).min(i64::from(i32::MAX))));
    }
    let date = DateTime::parse_from_rfc2822(text).ok()?.to_utc();
    Some((date - at).max(TimeDelta::zero()))
}

/// The beginning of the body, for people to read; what can't be read in time is left out. The rest is never read.
pub(crate) async fn beginning(mut response: Response, limit: Duration) -> String {
    let mut kept = Vec::new();
    let reading = async {
        while kept.len() < KEPT {
            let Ok(Some(chunk)) = response.chunk().await else { break };
            kept.extend_from_slice(&chunk[..chunk.len().min(KEPT - kept.len())]);
        }
    };
    // What came until then counts.
    let _ = timeout(limit, reading).await;
    readable(&kept)
}

/// Text without control characters; what was cut in the middle of a character ends before it.
fn readable(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let text = if bytes.len() == KEPT { text.trim_end_matches('\u{fffd}') } else { &text };
    let plain = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>();
    plain.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    fn after(text: &str) -> Option<TimeDelta> {
        let at = DateTime::parse_from_rfc3339("2026-11-22T08:00:00Z").unwrap().to_utc();
        retry_after(&HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_str(text).unwrap())]), at)
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        assert_eq!(after("120"), Some(TimeDelta::minutes(2)));
        assert_eq!(after(" 0 "), Some(TimeDelta::zero()));
        assert_eq!(after("Sun, 22 Nov 2026 09:00:00 GMT"), Some(TimeDelta::hours(1)));
        assert_eq!(after("Sun, 22 Nov 2026 07:00:00 GMT"), Some(TimeDelta::zero()));
        assert!(after("99999999999999999999999").is_some_and(|long| long > TimeDelta::days(365)));
        for bad in ["", "soon", "-1", "1.5", "2026-11-22"] {
            assert_eq!(after(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_is_kept_of_a_body_can_be_read() {
        assert_eq!(readable(b" {\"a\":\r\n1}\x00\x1b[31m "), "{\"a\":  1}  [31m");
        let mut cut = vec![b'x'; KEPT - 1];
        cut.push("é".as_bytes()[0]);
        assert_eq!(readable(&cut), "x".repeat(KEPT - 1));
        assert_eq!(readable(b"\xff"), "\u{fffd}");
    }
}
