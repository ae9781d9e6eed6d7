//! API keys: who calls, and what they may.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::sign_in::SignedIn;
use crate::{AccountId, Instant, KeyId, Malformed, Text, VendorId};

/// Whose key it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// All accounts of the vendor.
    Vendor(VendorId),
    /// One account.
    Account(AccountId),
}

/// What a key may do. Each includes what is listed after it, but `Notify`, which stands alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Settings, connection, keys.
    Admin,
    /// Play, stop, supporter links.
    Technician,
    /// Cases and reports, without supporter links.
    Read,
    /// Inbound notices only.
    Notify,
}

impl Scope {
    /// Accepts the scope's name.
    pub fn parse(raw: &str) -> Result<Self, Malformed> {
        match raw {
            "admin" => Ok(Self::Admin),
            "technician" => Ok(Self::Technician),
            "read" => Ok(Self::Read),
            "notify" => Ok(Self::Notify),
            _ => Err(Malformed::new("must be one of admin, technician, read, notify")),
        }
    }

    /// Whether a key of this scope may do what asks for `needed`.
    pub fn allows(self, needed: Self) -> bool {
        match needed {
            Self::Admin => self == Self::Admin,
            Self::Technician => matches!(self, Self::Admin | Self::Technician),
            Self::Read => matches!(self, Self::Admin | Self::Technician | Self::Read),
            Self::Notify => matches!(self, Self::Admin | Self::Notify),
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Admin => "admin",
            Self::Technician => "technician",
            Self::Read => "read",
            Self::Notify => "notify",
        })
    }
}

/// SHA-256 of a key's text, in hex: all that is kept of it. The text has 256 random bits, so a plain hash suffices.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeyHash(String);

impl KeyHash {
    /// Wraps a computed hash.
    pub fn new(hex: String) -> Self {
        Self(hex)
    }

    /// The hash in hex.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A key as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    /// Names the key in lists and in the audit trail.
    pub id: KeyId,
    /// Whose it is.
    pub owner: Owner,
    /// What it may.
    pub scope: Scope,
    /// What it is for, in the maker's words.
    pub label: Option<Text<100>>,
    /// When it was made.
    pub created_at: Instant,
    /// How it is recognised.
    pub hash: KeyHash,
    /// The person whom it was made for by signing in; absent: it is a program's, and works until it is removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_in: Option<SignedIn>,
}

impl ApiKey {
    /// Whether it lets anybody in at this time.
    pub fn works(&self, now: Instant) -> bool {
        self.signed_in.as_ref().is_none_or(|signed_in| now < signed_in.until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_includes_the_weaker_ones_and_notify_stands_alone() {
        use Scope::{Admin, Notify, Read, Technician};
        let allowed = [
            (Admin, vec![Admin, Technician, Read, Notify]),
            (Technician, vec![Technician, Read]),
            (Read, vec![Read]),
            (Notify, vec![Notify]),
        ];
        for (scope, may) in allowed {
            for needed in [Admin, Technician, Read, Notify] {
                assert_eq!(scope.allows(needed), may.contains(&needed), "{scope} for {needed}");
            }
        }
    }
}
