//! Limits per function, token and licence (manual p.9).

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

/// Counts calls in windows that begin with the first call. The manual says "per API call (function)"; that each token has
/// a count of its own, and that windows do not slide, is our assumption.
#[derive(Debug, Default)]
pub(crate) struct RateLimits(BTreeMap<(String, String), Window>);

#[derive(Clone, Copy, Debug)]
struct Window {
    since: DateTime<Utc>,
    calls: u32,
}

impl RateLimits {
    /// Counts a call, and says whether it is within the allowance.
    pub(crate) fn allow(
        &mut self,
        token: &str,
        function: &str,
        allowance: (u32, TimeDelta),
        now: DateTime<Utc>,
    ) -> bool {
        let (most, within) = allowance;
        let key = (token.to_owned(), function.to_owned());
        let window = self.0.entry(key).or_insert(Window { since: now, calls: 0 });
        if now - window.since >= within {
            *window = Window { since: now, calls: 0 };
        }
        window.calls = window.calls.saturating_add(1);
        window.calls <= most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_fills_per_function_and_token_and_opens_again() {
        let noon: DateTime<Utc> = "2024-04-16T12:00:00Z".parse().unwrap();
        let hour = TimeDelta::hours(1);
        let mut limits = RateLimits::default();
        assert!(limits.allow("a", "GET /sessions", (2, hour), noon));
        assert!(limits.allow("a", "GET /sessions", (2, hour), noon));
        assert!(!limits.allow("a", "GET /sessions", (2, hour), noon));
        assert!(limits.allow("b", "GET /sessions", (2, hour), noon));
        assert!(limits.allow("a", "POST /sessions", (2, hour), noon));
        assert!(limits.allow("a", "GET /sessions", (2, hour), noon + hour));
    }
}
