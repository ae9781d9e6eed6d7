//! The Host app on a device, as the technician's client finds it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::session::Link;
use crate::Malformed;

/// The TeamViewer id of a Host, as it shows it: 8 to 10 digits in practice; up to 19 are taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HostId(String);

impl HostId {
    /// Accepts digits, with the spaces that TeamViewer prints between them.
    pub fn parse(raw: &str) -> Result<Self, Malformed> {
        let digits: String = raw.chars().filter(|c| *c != ' ').collect();
        if (6..=19).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(digits))
        } else {
            Err(Malformed::new("must be 6 to 19 digits"))
        }
    }

    /// Its digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Opens the technician's client on the Host, which then asks for its password unless the technician's account may enter without.
    /// No document of TeamViewer's has the form: it is one that its clients are known to take (launch-URI lists), and our reading.
    pub fn link(&self) -> Result<Link, Malformed> {
        Link::parse(&format!("teamviewer10://control?device={}&authorization=password", self.0))
    }
}

impl TryFrom<String> for HostId {
    type Error = Malformed;
    fn try_from(raw: String) -> Result<Self, Malformed> {
        Self::parse(&raw)
    }
}

impl From<HostId> for String {
    fn from(id: HostId) -> Self {
        id.0
    }
}

impl fmt::Display for HostId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_taken_as_teamviewer_prints_it_and_named_in_the_link() {
        let id = HostId::parse("1 234 567 890").unwrap();
        assert_eq!(id.as_str(), "1234567890");
        assert_eq!(id.link().unwrap().as_str(), "teamviewer10://control?device=1234567890&authorization=password");
    }

    #[test]
    fn what_could_turn_the_link_into_another_one_is_no_id() {
        for bad in ["", "12345", "123456789&x=1", "r12345678", "-12345678"] {
            assert!(HostId::parse(bad).is_err(), "{bad}");
        }
    }
}
