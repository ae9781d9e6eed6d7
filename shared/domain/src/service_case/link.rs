//! How the link to a case's page is recognised.

use serde::{Deserialize, Serialize};

/// SHA-256 of the link's secret, in hex: all that is kept of it. The secret has 160 random bits, so a plain hash suffices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LinkHash(String);

impl LinkHash {
    /// Wraps a computed hash.
    pub fn new(hex: String) -> Self {
        Self(hex)
    }

    /// The hash in hex.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
