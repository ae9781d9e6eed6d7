//! The system's clock.

use casebridge_app::ports::Clock;
use casebridge_domain::Instant;

/// The system's clock, UTC.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the adapter behind the Clock port")]
    fn now(&self) -> Instant {
        chrono::Utc::now()
    }
}
