//! Mail addresses.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text::Malformed;

/// A mail address that can be put into an envelope and a header: at most 254 characters (RFC 5321; TeamViewer's
/// limit for the end customer too), one `@`, no spaces, no quoting, no control characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Accepts `local@domain`. Whether a mailbox exists is the mail server's to say.
    pub fn parse(raw: &str) -> Result<Self, Malformed> {
        let refused = || Malformed::new("must be a mail address such as jane@example.com");
        let raw = raw.trim();
        if raw.len() > 254 {
            return Err(Malformed::new("must have at most 254 characters"));
        }
        let (local, domain) = raw.split_once('@').ok_or_else(refused)?;
        let local_ok = (1..=64).contains(&local.len())
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..")
            && local.chars().all(|c| c.is_alphanumeric() || ".!#$%&'*+-/=?^_`{|}~".contains(c));
        let label_ok = |label: &str| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        };
        if local_ok && domain.split('.').all(label_ok) { Ok(Self(raw.to_owned())) } else { Err(refused()) }
    }

    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = Malformed;
    fn try_from(raw: String) -> Result<Self, Malformed> {
        Self::parse(&raw)
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.0
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_addresses_are_accepted() {
        for good in ["jane@example.com", "o'neil+help@mail.example.co.uk", "root@localhost", "zoë@bücher.example"] {
            assert!(EmailAddress::parse(good).is_ok(), "{good}");
        }
    }

    #[test]
    fn what_could_break_out_of_a_header_is_refused() {
        let long = format!("{}@example.com", "x".repeat(65));
        for bad in [
            "",
            "jane",
            "@example.com",
            "jane@",
            "a b@example.com",
            "jane@example.com\r\nBcc: x@y.z",
            "<jane@example.com>",
            "a@b@c",
            "jane@-x.com",
            "jane@example..com",
            &long,
        ] {
            assert!(EmailAddress::parse(bad).is_err(), "{bad}");
        }
    }
}
