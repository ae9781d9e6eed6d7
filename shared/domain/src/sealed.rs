//! Secrets as they are kept.

use serde::{Deserialize, Serialize};

/// A secret under envelope encryption: only the vault that sealed it can open it. Safe to store and to print.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sealed(String);

impl Sealed {
    /// Wraps what a vault produced.
    pub fn new(envelope: String) -> Self {
        Self(envelope)
    }

    /// The envelope as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
