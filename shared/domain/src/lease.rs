//! Who works on something, and until when.

use serde::{Deserialize, Serialize};

use crate::time::Instant;

/// A right to work that ends by itself. The generation tells an overtaken worker that it lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// Counts the holders; each new one is larger.
    pub generation: u32,
    /// From then on somebody else may take over.
    pub until: Instant,
}

impl Lease {
    /// The first lease of its kind.
    pub const fn first(until: Instant) -> Self {
        Self { generation: 1, until }
    }

    /// Whether its holder may be presumed gone.
    pub fn lapsed(&self, now: Instant) -> bool {
        now >= self.until
    }

    /// The lease of whoever takes over.
    #[must_use]
    pub const fn taken_over(&self, until: Instant) -> Self {
        Self { generation: self.generation + 1, until }
    }
}
