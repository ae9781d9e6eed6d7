//! The system's randomness.

use casebridge_app::ports::Ids;
use casebridge_domain::Instant;
use uuid::Uuid;

/// Draws from the operating system's cryptographic source.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemIds;

impl Ids for SystemIds {
    fn time_ordered(&self, now: Instant) -> Uuid {
        let mut random = [0; 10];
        fill(&mut random);
        let milliseconds = u64::try_from(now.timestamp_millis()).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid()
    }

    fn secret(&self) -> [u8; 32] {
        let mut secret = [0; 32];
        fill(&mut secret);
        secret
    }

    fn fraction(&self) -> f64 {
        let mut random = [0; 4];
        fill(&mut random);
        f64::from(u32::from_le_bytes(random)) / (f64::from(u32::MAX) + 1.0)
    }
}

/// Without randomness nothing here is safe: neither keys nor ids.
#[expect(clippy::expect_used, reason = "an operating system without randomness can't be worked around")]
fn fill(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("the operating system gives randomness");
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone as _, Utc};

    use super::*;

    #[test]
    fn ids_sort_by_the_time_that_is_passed_in() {
        let at = |second| Utc.with_ymd_and_hms(2026, 11, 22, 12, 0, second).unwrap();
        let (early, late) = (SystemIds.time_ordered(at(1)), SystemIds.time_ordered(at(2)));
        assert!(early < late);
        assert_eq!(early.get_version_num(), 7);
    }

    #[test]
    fn a_fraction_is_below_one() {
        assert!((0..1000).map(|_| SystemIds.fraction()).all(|f| (0.0..1.0).contains(&f)));
    }
}
