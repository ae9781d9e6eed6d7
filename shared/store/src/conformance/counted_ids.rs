//! Ids that are the same in every run.

use std::sync::atomic::{AtomicU64, Ordering};

use casebridge_app::ports::Ids;
use casebridge_domain::Instant;
use uuid::{Builder, Uuid};

/// Counts instead of drawing lots.
#[derive(Debug, Default)]
pub(crate) struct CountedIds(AtomicU64);

impl CountedIds {
    fn next(&self) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}

impl Ids for CountedIds {
    fn time_ordered(&self, now: Instant) -> Uuid {
        let mut tail = [0; 10];
        tail[2..].copy_from_slice(&self.next().to_be_bytes());
        Builder::from_unix_timestamp_millis(u64::try_from(now.timestamp_millis()).unwrap_or(0), &tail).into_uuid()
    }

    fn secret(&self) -> [u8; 32] {
        // Spread over all 64 bits, so that an engine that loses some of them is found out.
        let spread = self.next().wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut secret = [0; 32];
        secret[..8].copy_from_slice(&spread.to_be_bytes());
        secret
    }

    fn fraction(&self) -> f64 {
        0.5
    }
}
