//! TeamViewer's session code.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text::Malformed;

/// `s` and 8 digits (manual, p. 42) or 9 digits (recorded in 2024). Kept without separators, shown with dashes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SessionCode(String);

impl SessionCode {
    /// Accepts dashes, spaces or neither between the digits, with or without the leading `s`: the manual itself
    /// prints `s12-345-678` and `s31 328 542`, links carry `s119457589`.
    pub fn parse(raw: &str) -> Result<Self, Malformed> {
        let trimmed = raw.trim();
        let body = trimmed.strip_prefix(['s', 'S']).unwrap_or(trimmed);
        let digits: String = body.chars().filter(|c| !matches!(c, '-' | ' ')).collect();
        if matches!(digits.len(), 8 | 9) && digits.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(digits))
        } else {
            Err(Malformed::new("must be a session code such as s123-456-789"))
        }
    }

    /// The form used in links: `s119457589`.
    pub fn compact(&self) -> String {
        format!("s{}", self.0)
    }
}

impl TryFrom<String> for SessionCode {
    type Error = Malformed;
    fn try_from(raw: String) -> Result<Self, Malformed> {
        Self::parse(&raw)
    }
}

impl From<SessionCode> for String {
    fn from(code: SessionCode) -> Self {
        code.to_string()
    }
}

impl fmt::Display for SessionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (head, tail) = self.0.split_at(self.0.len() - 6);
        let (middle, tail) = tail.split_at(3);
        write!(f, "s{head}-{middle}-{tail}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_printed_form_is_the_same_code() {
        for form in ["s119-457-589", "s119457589", "s119 457 589", "119-457-589", "S119-457-589 "] {
            let code = SessionCode::parse(form).unwrap();
            assert_eq!(code.to_string(), "s119-457-589");
            assert_eq!(code.compact(), "s119457589");
        }
        assert_eq!(SessionCode::parse("s31 328 542").unwrap().to_string(), "s31-328-542");
    }

    #[test]
    fn anything_else_is_refused() {
        for bad in ["", "s", "s1234567", "s1234567890", "s12-345-67x", "x12-345-678", "s１２345678"] {
            assert!(SessionCode::parse(bad).is_err(), "{bad}");
        }
    }
}
