//! A clock that is set and ids that are counted.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use casebridge_app::ports::{Clock, Ids};
use casebridge_domain::Instant;
use chrono::{DateTime, TimeDelta};
use uuid::{Builder, Uuid};

/// Stands at noon on 1 March 2100 until it is moved.
pub(crate) struct SetClock(Mutex<Instant>);

impl Default for SetClock {
    fn default() -> Self {
        Self(Mutex::new(DateTime::from_timestamp(4_107_585_600, 0).unwrap()))
    }
}

impl SetClock {
    pub(crate) fn advance(&self, by: TimeDelta) {
        *self.0.lock().unwrap() += by;
    }

    /// Sets it to a time in RFC 3339.
    pub(crate) fn set(&self, at: &str) {
        *self.0.lock().unwrap() = at.parse().unwrap();
    }
}

impl Clock for SetClock {
    fn now(&self) -> Instant {
        *self.0.lock().unwrap()
    }
}

/// Counts instead of drawing lots.
#[derive(Default)]
pub(crate) struct CountedIds(AtomicU64);

impl Ids for CountedIds {
    fn time_ordered(&self, now: Instant) -> Uuid {
        let mut tail = [0; 10];
        tail[2..].copy_from_slice(&self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes());
        Builder::from_unix_timestamp_millis(u64::try_from(now.timestamp_millis()).unwrap(), &tail).into_uuid()
    }

    fn secret(&self) -> [u8; 32] {
        let mut secret = [0; 32];
        secret[..8].copy_from_slice(&(self.0.fetch_add(1, Ordering::Relaxed) + 1).to_be_bytes());
        secret.rotate_left(7);
        secret
    }

    fn fraction(&self) -> f64 {
        0.5
    }
}
