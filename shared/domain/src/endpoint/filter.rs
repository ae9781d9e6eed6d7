//! Which events an endpoint wants.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Malformed;

/// The most patterns that one filter may have (our own choice; there are fewer types of events).
pub const MOST_PATTERNS: usize = 100;

/// One type of events, or all of a kind: `case.closed`, `case.*`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EventPattern(String);

impl EventPattern {
    /// Accepts `kind.type` and `kind.*`, in lower-case letters and underscores. Whether there are such events is not asked, as what is
    /// kept may have been made by a later version; who makes one asks [`EventTypes`](super::EventTypes).
    pub fn parse(raw: &str) -> Result<Self, Malformed> {
        let is_word = |word: &str| {
            (1..=40).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        };
        match raw.split_once('.') {
            Some((kind, what)) if is_word(kind) && (what == "*" || is_word(what)) => Ok(Self(raw.to_owned())),
            _ => Err(Malformed::new("must be the type of an event, like case.closed, or all of a kind, like case.*")),
        }
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn takes(&self, kind: &str) -> bool {
        match self.0.strip_suffix('*') {
            Some(prefix) => kind.starts_with(prefix),
            None => self.0 == kind,
        }
    }
}

impl TryFrom<String> for EventPattern {
    type Error = Malformed;
    fn try_from(raw: String) -> Result<Self, Malformed> {
        Self::parse(&raw)
    }
}

impl From<EventPattern> for String {
    fn from(pattern: EventPattern) -> Self {
        pattern.0
    }
}

impl fmt::Display for EventPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which events are pushed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventFilter {
    /// All of them, also those that a later version brings.
    #[default]
    All,
    /// Those that one of these takes.
    Of(Vec<EventPattern>),
}

impl EventFilter {
    /// Of these patterns; of none at all, everything.
    pub fn of(mut patterns: Vec<EventPattern>) -> Result<Self, Malformed> {
        if patterns.len() > MOST_PATTERNS {
            return Err(Malformed::new(format!("must have at most {MOST_PATTERNS} entries")));
        }
        patterns.sort();
        patterns.dedup();
        Ok(if patterns.is_empty() { Self::All } else { Self::Of(patterns) })
    }

    /// Whether it lets events of this type through.
    pub fn takes(&self, kind: &str) -> bool {
        match self {
            Self::All => true,
            Self::Of(patterns) => patterns.iter().any(|pattern| pattern.takes(kind)),
        }
    }

    /// The patterns; none where everything is let through.
    pub fn patterns(&self) -> &[EventPattern] {
        match self {
            Self::All => &[],
            Self::Of(patterns) => patterns,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(patterns: &[&str]) -> EventFilter {
        EventFilter::of(patterns.iter().map(|raw| EventPattern::parse(raw).unwrap()).collect()).unwrap()
    }

    #[test]
    fn a_pattern_takes_its_type_or_all_of_its_kind_and_nothing_beside() {
        let wanted = filter(&["case.closed", "customer.*"]);
        for kind in ["case.closed", "customer.online", "customer.left"] {
            assert!(wanted.takes(kind), "{kind}");
        }
        for kind in ["case.closed_late", "case.opened", "customers.online", "customer"] {
            assert!(!wanted.takes(kind), "{kind}");
        }
    }

    #[test]
    fn without_a_pattern_everything_is_wanted() {
        assert_eq!(filter(&[]), EventFilter::All);
        assert!(EventFilter::All.takes("whatever.comes"));
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        for raw in
            ["", "case", "*", "case.", ".closed", "case.*.x", "case.clos*", "Case.closed", "case closed", "*.closed"]
        {
            assert!(EventPattern::parse(raw).is_err(), "{raw}");
        }
    }
}
