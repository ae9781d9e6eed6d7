//! Faults that can be ordered.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use tokio::time::{Duration, Instant};

use super::call::Call;

/// A fault and the calls it strikes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// `GET`, `POST`, …; any method when not given.
    #[serde(default)]
    pub method: Option<String>,
    /// A path such as `/sessions` or `/sessions/*` (`*` is one segment, `**` any rest); any path when not given.
    #[serde(default)]
    pub path: Option<String>,
    /// Only calls that carry this token.
    #[serde(default)]
    pub token: Option<String>,
    /// Lets so many matching calls pass before it strikes.
    #[serde(default)]
    pub skip: u32,
    /// Strikes so often; for ever when not given.
    #[serde(default)]
    pub times: Option<u32>,
    /// What happens.
    #[serde(flatten)]
    pub kind: FaultKind,
}

/// What a fault does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FaultKind {
    /// No effect, and no answer: the connection is held open.
    TimeoutBefore,
    /// The effect takes place, and there is no answer.
    TimeoutAfter,
    /// The effect takes place later. The answer is a time-out or a 500.
    LateEffect {
        /// After how many seconds of the sandbox's clock.
        #[serde(default)]
        clock_seconds: Option<i64>,
        /// After how many milliseconds of real time; read when `clock_seconds` is not given.
        #[serde(default)]
        real_milliseconds: Option<u64>,
        /// What the caller sees meanwhile.
        #[serde(default)]
        answer: LateAnswer,
    },
    /// 403 `rate_limit_reached` (manual).
    RateLimitReached,
    /// 429 with `Retry-After`. Not in the manual; a gateway in between may send it.
    TooManyRequests {
        /// Seconds.
        retry_after: u32,
    },
    /// 401 `invalid_token`, though the token stays as it is.
    TokenRevoked,
    /// 500 `internal_error`, before or after the effect.
    InternalError {
        /// Whether the effect takes place.
        #[serde(default)]
        after_effect: bool,
    },
    /// 400 with a plain string that has "license limitations" in it, as a help desk's client expects it.
    LicenseLimitation {
        /// As a JSON string literal instead of bare text.
        #[serde(default)]
        as_json: bool,
    },
    /// The effect takes place, and the answer is a redirect without a body.
    Redirect {
        /// 302, 303, 307, …; 303 when not given.
        #[serde(default = "see_other")]
        status: u16,
    },
    /// The connection is closed without an answer.
    ConnectionClosed {
        /// Whether the effect takes place.
        #[serde(default)]
        after_effect: bool,
    },
    /// The connection is reset (RST) without an answer.
    ConnectionReset {
        /// Whether the effect takes place.
        #[serde(default)]
        after_effect: bool,
    },
    /// 502 with a page of HTML.
    BadGateway,
    /// The right answer, one byte at a time.
    SlowBody {
        /// Real milliseconds between two bytes.
        milliseconds_per_byte: u64,
    },
}

fn see_other() -> u16 {
    303
}

/// What the caller of a late effect sees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LateAnswer {
    /// Nothing: the connection is held open.
    #[default]
    Timeout,
    /// 500 `internal_error`.
    InternalError,
}

impl Fault {
    /// A fault that strikes every call, for ever.
    pub fn always(kind: FaultKind) -> Self {
        Self { method: None, path: None, token: None, skip: 0, times: None, kind }
    }

    /// A fault that strikes the next call.
    pub fn once(kind: FaultKind) -> Self {
        Self::always(kind).times(1)
    }

    /// Only calls of this method and path; `*` is one segment, `**` any rest.
    #[must_use]
    pub fn on(mut self, method: &str, path: &str) -> Self {
        self.method = Some(method.to_owned());
        self.path = Some(path.to_owned());
        self
    }

    /// Only calls that carry this token.
    #[must_use]
    pub fn for_token(mut self, token: &str) -> Self {
        self.token = Some(token.to_owned());
        self
    }

    /// Lets so many matching calls pass first.
    #[must_use]
    pub fn after(mut self, skip: u32) -> Self {
        self.skip = skip;
        self
    }

    /// Strikes so often.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    fn is_met_by(&self, call: &Call) -> bool {
        let method =
            self.method.as_deref().is_none_or(|method| method == "*" || method.eq_ignore_ascii_case(&call.method));
        let path = self.path.as_deref().is_none_or(|pattern| path_matches(pattern, &call.path));
        let token = self.token.is_none() || self.token == call.bearer;
        method && path && token
    }
}

fn path_matches(pattern: &str, path: &str) -> bool {
    let pattern = pattern.strip_prefix("/api/v1").unwrap_or(pattern);
    let mut segments = path.split('/').filter(|segment| !segment.is_empty());
    for wanted in pattern.split('/').filter(|segment| !segment.is_empty()) {
        match (wanted, segments.next()) {
            ("**", _) => return true,
            ("*", Some(_)) => {}
            (wanted, Some(segment)) if wanted.eq_ignore_ascii_case(segment) => {}
            _ => return false,
        }
    }
    segments.next().is_none()
}

/// The faults that are ordered, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    pub(crate) fn list(&self) -> Vec<Fault> {
        self.0.clone()
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// The first fault that strikes this call; it is used up by one.
    pub(crate) fn strike(&mut self, call: &Call) -> Option<FaultKind> {
        let at = self.0.iter_mut().position(|fault| {
            let met = fault.is_met_by(call);
            if met && fault.skip > 0 {
                fault.skip -= 1;
                return false;
            }
            met
        })?;
        let fault = self.0.get_mut(at)?;
        let kind = fault.kind;
        if let Some(left) = &mut fault.times {
            *left = left.saturating_sub(1);
            if *left == 0 {
                self.0.remove(at);
            }
        }
        Some(kind)
    }
}

/// An effect that is still to come.
#[derive(Debug)]
pub(crate) struct LateCall {
    pub(crate) due: Due,
    pub(crate) call: Call,
}

#[derive(Debug)]
pub(crate) enum Due {
    Clock(DateTime<Utc>),
    Real(Instant),
}

impl Due {
    pub(crate) fn of(clock_seconds: Option<i64>, real_milliseconds: Option<u64>, now: DateTime<Utc>) -> Self {
        match (clock_seconds, real_milliseconds) {
            (Some(seconds), _) => Self::Clock(now + TimeDelta::seconds(seconds)),
            (None, milliseconds) => Self::Real(Instant::now() + Duration::from_millis(milliseconds.unwrap_or(0))),
        }
    }

    /// When the effect took place, once it has.
    pub(crate) fn reached(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match self {
            Self::Clock(due) => (*due <= now).then_some(*due),
            Self::Real(due) => (*due <= Instant::now()).then_some(now),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_matches_segment_by_segment() {
        assert!(path_matches("/sessions", "/sessions"));
        assert!(path_matches("/api/v1/sessions/*", "/sessions/s1"));
        assert!(!path_matches("/sessions/*", "/sessions"));
        assert!(!path_matches("/sessions", "/sessions/s1"));
        assert!(path_matches("/reports/**", "/reports/connections/1"));
        assert!(path_matches("/oauth2/token", "/OAuth2/token"));
    }

    #[test]
    fn a_fault_is_written_flat() {
        let fault: Fault = serde_json::from_str(
            r#"{"method":"POST","path":"/sessions","times":2,"kind":"too_many_requests","retry_after":7}"#,
        )
        .unwrap();
        assert_eq!(
            fault,
            Fault::always(FaultKind::TooManyRequests { retry_after: 7 }).on("POST", "/sessions").times(2)
        );
    }
}
