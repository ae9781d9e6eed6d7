//! Ids that are the same in every run.

use std::sync::atomic::{AtomicU64, Ordering};

use casebridge_app::ports::Ids;
use casebridge_domain::Instant;
use uuid::{Builder, Uuid};

/// Numbers that look random and are not.
#[derive(Debug)]
pub(crate) struct SeededIds {
    state: AtomicU64,
    /// No jitter, no pauses between a client's repetitions.
    hasty: bool,
}

impl SeededIds {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: AtomicU64::new(seed), hasty: false }
    }

    pub(crate) fn hasty(seed: u64) -> Self {
        Self { hasty: true, ..Self::new(seed) }
    }

    /// `SplitMix64`.
    fn next(&self) -> u64 {
        let step = 0x9e37_79b9_7f4a_7c15;
        let mut mixed = self.state.fetch_add(step, Ordering::Relaxed).wrapping_add(step);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

impl Ids for SeededIds {
    fn time_ordered(&self, now: Instant) -> Uuid {
        let mut tail = [0; 10];
        tail[2..].copy_from_slice(&self.next().to_be_bytes());
        Builder::from_unix_timestamp_millis(u64::try_from(now.timestamp_millis()).unwrap_or(0), &tail).into_uuid()
    }

    fn secret(&self) -> [u8; 32] {
        let mut secret = [0; 32];
        for part in secret.chunks_exact_mut(8) {
            part.copy_from_slice(&self.next().to_be_bytes());
        }
        secret
    }

    fn fraction(&self) -> f64 {
        if self.hasty { 0.0 } else { f64::from(u32::try_from(self.next() >> 32).unwrap()) / 4_294_967_296.0 }
    }
}
