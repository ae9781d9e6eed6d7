//! Time.

use casebridge_domain::Instant;

/// Tells the time. The only way in for it.
pub trait Clock: Send + Sync {
    /// The current time, UTC.
    fn now(&self) -> Instant;
}
