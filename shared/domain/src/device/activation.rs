//! The activation: an account's leave to start sessions for devices, and under which terms.

use serde::{Deserialize, Serialize};

use super::Mode;
use crate::journal::Principal;
use crate::people::PersonName;
use crate::{Instant, Malformed, TechnicianId, Text};

/// Whose terms have to be agreed to.
pub const TERMS: Terms = Terms {
    // TeamViewer publishes one agreement at this address and names no version that could be read by a program. The version
    // is the date at which the text was taken up here: our own choice.
    version: "2026-11",
    link: "https://www.teamviewer.com/en/legal/eula/",
};

/// TeamViewer's licence terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// Which text.
    pub version: &'static str,
    /// Where it can be read.
    pub link: &'static str,
}

/// Which modes are activated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Extent {
    /// With the user at the device.
    Attended,
    /// That, and by the Host app on Android.
    AttendedAndUnattended,
}

impl Extent {
    /// Accepts its name.
    pub fn parse(raw: &str) -> Result<Self, Malformed> {
        match raw {
            "attended" => Ok(Self::Attended),
            "attended_and_unattended" => Ok(Self::AttendedAndUnattended),
            _ => Err(Malformed::new("must be one of attended, attended_and_unattended")),
        }
    }

    /// As it is called in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Attended => "attended",
            Self::AttendedAndUnattended => "attended_and_unattended",
        }
    }

    /// Whether sessions of that mode may be started.
    pub const fn includes(self, mode: Mode) -> bool {
        matches!((self, mode), (_, Mode::Attended) | (Self::AttendedAndUnattended, Mode::Unattended))
    }
}

/// Who agreed, for the vendor's customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreed {
    /// The vendor's id of him.
    pub id: TechnicianId,
    /// His name.
    pub name: PersonName,
}

/// That the terms were agreed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    terms_version: Text<40>,
    agreed_by: Agreed,
    agreed_at: Instant,
}

impl Agreement {
    /// Accepts an agreement to the terms as they are now; who agrees to another text has to read this one.
    pub fn to(terms_version: &str, agreed_by: Agreed, agreed_at: Instant) -> Result<Self, Malformed> {
        if terms_version == TERMS.version {
            Ok(Self { terms_version: Text::parse(terms_version)?, agreed_by, agreed_at })
        } else {
            Err(Malformed::new(format!("must be the version of the terms as they are now, {}", TERMS.version)))
        }
    }

    /// To which text.
    pub fn terms_version(&self) -> &Text<40> {
        &self.terms_version
    }

    /// Who.
    pub fn agreed_by(&self) -> &Agreed {
        &self.agreed_by
    }

    /// When, by the server's clock.
    pub fn agreed_at(&self) -> Instant {
        self.agreed_at
    }
}

/// By which identification TeamViewer knows the vendor's customer.
pub type CustomerId = Text<200>;

/// An activation as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activation {
    /// For which modes.
    pub extent: Extent,
    /// Under which terms.
    pub agreement: Agreement,
    /// By which identification TeamViewer knows the customer; `None` is the account's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<CustomerId>,
    /// When this account was activated first since it was not; a change of the modes keeps it.
    pub activated_at: Instant,
    /// On whose behalf it was activated last.
    pub by: Principal,
}

/// The unattended licences of an account: one for each device that the Host app is distributed to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Licences {
    /// Devices that the Host app is distributed to.
    pub used: u64,
    /// As many as the account says it has; `None` where it doesn't say.
    pub limit: Option<u32>,
}

impl Licences {
    /// Whether more are used than there are; `None` where the account doesn't say how many there are.
    pub fn are_used_up(self) -> Option<bool> {
        self.limit.map(|limit| self.used > u64::from(limit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jane() -> Agreed {
        Agreed { id: TechnicianId::parse("7").unwrap(), name: Text::parse("Jane").unwrap() }
    }

    #[test]
    fn only_the_terms_as_they_are_now_can_be_agreed_to() {
        let at = chrono::DateTime::UNIX_EPOCH;
        assert_eq!(Agreement::to(TERMS.version, jane(), at).unwrap().terms_version().as_str(), TERMS.version);
        assert!(Agreement::to("1999-01", jane(), at).is_err());
    }

    #[test]
    fn unattended_includes_attended_and_not_the_other_way_round() {
        assert!(Extent::Attended.includes(Mode::Attended) && !Extent::Attended.includes(Mode::Unattended));
        assert!(Mode::ALL.into_iter().all(|mode| Extent::AttendedAndUnattended.includes(mode)));
    }

    #[test]
    fn as_many_devices_as_licences_are_not_too_many() {
        let licences = |used, limit| Licences { used, limit }.are_used_up();
        assert_eq!(licences(5, Some(5)), Some(false));
        assert_eq!(licences(6, Some(5)), Some(true));
        assert_eq!(licences(6, None), None);
    }
}
