//! Identifiers: one type per kind, parsed at the edge.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::text::Malformed;

/// A textual id with its own grammar.
macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $check:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Accepts the id if it follows the grammar of its kind.
            pub fn parse(raw: &str) -> Result<Self, Malformed> {
                let check: fn(&str) -> Result<(), Malformed> = $check;
                check(raw)?;
                Ok(Self(raw.to_owned()))
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = Malformed;
            fn try_from(raw: String) -> Result<Self, Malformed> {
                Self::parse(&raw)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

/// A UUID version 7, made by the `Ids` port: sorts by time of making.
macro_rules! time_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a fresh UUID version 7.
            pub const fn new(id: Uuid) -> Self {
                Self(id)
            }

            /// Accepts the hyphenated text form.
            pub fn parse(raw: &str) -> Result<Self, Malformed> {
                Uuid::try_parse(raw).map(Self).map_err(|_| Malformed::new("must be a UUID"))
            }

            /// The UUID itself.
            pub const fn uuid(&self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }
    };
}

text_id!(
    /// One customer organisation of a vendor, named by the vendor.
    AccountId,
    slug
);
text_id!(
    /// Who calls the API: an ITSM or MDM product.
    VendorId,
    slug
);
text_id!(
    /// The vendor's own id of a ticket, taken as it is. It stands in a path, and gateways decode those: an id can't
    /// contain what would then read as another path.
    TicketId,
    |raw| opaque(raw, 128).and_then(|()| fits_a_path(raw))
);
text_id!(
    /// The vendor's own id of a managed device. It stands in a path, like a ticket's.
    DeviceId,
    |raw| opaque(raw, 128).and_then(|()| fits_a_path(raw))
);
text_id!(
    /// The vendor's own id of a support user.
    TechnicianId,
    |raw| opaque(raw, 128)
);
text_id!(
    /// A TeamViewer user, `u` and digits (manual, p. 42).
    TeamViewerUserId,
    |raw| prefixed(raw, 'u')
);
text_id!(
    /// A group in Computers & Contacts, `g` and digits (manual, p. 42).
    GroupId,
    |raw| prefixed(raw, 'g')
);
text_id!(
    /// A custom QuickSupport module as the Management Console shows it.
    ModuleId,
    |raw| opaque(raw, 64)
);
time_id!(
    /// A service case.
    CaseId
);
time_id!(
    /// An API key (not its secret).
    KeyId
);
time_id!(
    /// A letter; also the left half of its `Message-ID`.
    LetterId
);
time_id!(
    /// A vendor's endpoint that events are pushed to.
    EndpointId
);
time_id!(
    /// One registration of a TeamViewer token; the next administrator's is another one.
    RegistrationId
);
time_id!(
    /// One deployment of Casebridge: marks the TeamViewer sessions that are ours.
    InstallationId
);

impl TechnicianId {
    /// Accepts the id if it can stand in a path: not every vendor's can.
    pub fn parse_in_path(raw: &str) -> Result<Self, Malformed> {
        fits_a_path(raw)?;
        Self::parse(raw)
    }
}

fn slug(raw: &str) -> Result<(), Malformed> {
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let edge = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    if (1..=63).contains(&raw.len()) && raw.chars().all(inner) && raw.starts_with(edge) && raw.ends_with(edge) {
        Ok(())
    } else {
        Err(Malformed::new("must be 1 to 63 lower-case letters, digits or inner hyphens"))
    }
}

fn opaque(raw: &str, max: usize) -> Result<(), Malformed> {
    let length = raw.chars().count();
    if length == 0 || length > max {
        return Err(Malformed::new(format!("must have 1 to {max} characters")));
    }
    if raw.chars().any(char::is_control) {
        return Err(Malformed::new("must not contain control characters"));
    }
    if raw.trim() != raw {
        return Err(Malformed::new("must not begin or end with a space"));
    }
    Ok(())
}

fn fits_a_path(raw: &str) -> Result<(), Malformed> {
    if raw.contains(['/', '?', '#', '%', '\\']) || matches!(raw, "." | "..") {
        Err(Malformed::new(r"must not contain / ? # % or \, nor be . or .."))
    } else {
        Ok(())
    }
}

fn prefixed(raw: &str, prefix: char) -> Result<(), Malformed> {
    match raw.strip_prefix(prefix) {
        Some(digits) if (1..=19).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) => Ok(()),
        _ => Err(Malformed::new(format!("must be {prefix} followed by digits"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_id_is_a_slug() {
        for good in ["a", "acme", "acme-2", "0x"] {
            assert_eq!(AccountId::parse(good).unwrap().as_str(), good);
        }
        let long = "a".repeat(64);
        for bad in ["", "-a", "a-", "Acme", "a_b", "a#b", "ä", long.as_str()] {
            assert!(AccountId::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_ticket_id_is_the_vendors_text() {
        assert!(TicketId::parse("INC 4711-β:2").is_ok());
        for bad in ["", " a", "a\n", "a/b", "a?b", "a%2Fb", "..", &"x".repeat(129)] {
            assert!(TicketId::parse(bad).is_err());
        }
    }

    #[test]
    fn a_technician_whose_id_would_read_as_another_path_has_none() {
        for id in ["u-42", "anna@acme.example", "Anna Becker"] {
            assert_eq!(TechnicianId::parse_in_path(id), TechnicianId::parse(id));
        }
        assert!(TechnicianId::parse("acme/anna").is_ok());
        for bad in ["acme/anna", "50%", "", ".."] {
            assert!(TechnicianId::parse_in_path(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn teamviewer_ids_carry_their_prefix() {
        assert!(TeamViewerUserId::parse("u11293276").is_ok());
        assert!(GroupId::parse("g272032545").is_ok());
        for bad in ["11293276", "u", "u1x", "g1"] {
            assert!(TeamViewerUserId::parse(bad).is_err(), "{bad}");
        }
    }
}
