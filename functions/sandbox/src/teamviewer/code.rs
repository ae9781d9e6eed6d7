//! Session codes.

use std::fmt;

use serde::{Serialize, Serializer};

/// A session code: 9 digits as recorded in 2024, or 8 as in the manual (p.42-43).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionCode(String);

impl SessionCode {
    pub(crate) fn of_digits(digits: String) -> Self {
        Self(digits)
    }

    /// Reads a code with dashes, spaces or none, with or without the `s`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix(['s', 'S']).unwrap_or(text);
        let digits: String = text.chars().filter(|c| !matches!(c, '-' | ' ')).collect();
        let well_formed = matches!(digits.len(), 8 | 9) && digits.bytes().all(|b| b.is_ascii_digit());
        well_formed.then_some(Self(digits))
    }

    /// The code as it stands in links: no dashes (recorded: `s119457589`).
    pub fn in_links(&self) -> String {
        format!("s{}", self.0)
    }
}

impl fmt::Display for SessionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (head, tail) = self.0.split_at(self.0.len() - 6);
        let (middle, last) = tail.split_at(3);
        write!(f, "s{head}-{middle}-{last}")
    }
}

impl Serialize for SessionCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_in_every_spelling_seen_and_printed_with_dashes() {
        for spelling in ["s119-457-589", "s119457589", "s119 457 589", "119457589", " S119-457-589 "] {
            assert_eq!(SessionCode::parse(spelling).unwrap().to_string(), "s119-457-589");
        }
        assert_eq!(SessionCode::parse("s12-345-678").unwrap().to_string(), "s12-345-678");
        assert_eq!(SessionCode::parse("s12-345-678").unwrap().in_links(), "s12345678");
    }

    #[test]
    fn what_is_no_code_is_refused() {
        for text in ["", "s1234567", "s1234567890", "s12-345-67x", "g12345678"] {
            assert_eq!(SessionCode::parse(text), None, "{text}");
        }
    }
}
