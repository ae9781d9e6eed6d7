//! Versions of systems and apps.

use serde::{Deserialize, Serialize};

use crate::{Malformed, Text};

/// A version as somebody wrote it, that begins with a number: `11`, `17.4.1`, `15.50.112 QS`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Version(Text<40>);

impl Version {
    /// Accepts up to 40 characters that begin with a number.
    pub fn parse(raw: &str) -> Result<Self, Malformed> {
        let version = Self(Text::parse(raw)?);
        if version.numbers().next().is_some() {
            Ok(version)
        } else {
            Err(Malformed::new("must begin with a number, such as 17.4"))
        }
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The first number.
    pub fn major(&self) -> u32 {
        self.numbers().next().unwrap_or_default()
    }

    /// The first two numbers, which say what goes together; later ones count builds of one client (our own choice).
    pub fn release(&self) -> (u32, u32) {
        let mut numbers = self.numbers();
        (numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default())
    }

    fn numbers(&self) -> impl Iterator<Item = u32> {
        self.0.as_str().split('.').map_while(|part| {
            let digits = part.find(|c: char| !c.is_ascii_digit()).map_or(part, |end| &part[..end]);
            digits.parse().ok()
        })
    }
}

impl TryFrom<String> for Version {
    type Error = Malformed;
    fn try_from(raw: String) -> Result<Self, Malformed> {
        Self::parse(&raw)
    }
}

impl From<Version> for String {
    fn from(version: Version) -> Self {
        version.0.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(raw: &str) -> Version {
        Version::parse(raw).unwrap()
    }

    #[test]
    fn a_version_is_read_by_its_numbers() {
        assert_eq!(version("11").release(), (11, 0));
        assert_eq!(version("15.50.112 QS").release(), (15, 50));
        assert_eq!(version("9.3.6").major(), 9);
        assert_eq!(version("12 (API 31)").release(), (12, 0));
        assert!(version("15.9").release() < version("15.50").release());
    }

    #[test]
    fn what_begins_with_no_number_is_no_version() {
        let long = "1".repeat(41);
        for bad in ["", "v11", "Tiramisu", ".1", "99999999999", long.as_str()] {
            assert!(Version::parse(bad).is_err(), "{bad}");
        }
    }
}
