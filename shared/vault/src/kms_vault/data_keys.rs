//! Data keys that KMS has opened, kept in the process so that a warm request asks it nothing.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use crate::envelope::{Key, Place};

/// More accounts than one process serves in an hour, in less than 200 KB.
const AT_MOST: usize = 1024;

/// A key that is taken away in KMS opens nothing after this.
const KEPT_FOR: Duration = Duration::from_hours(1);

/// Which data key, and of which secret.
pub(super) type Id = [u8; 32];

/// The place says where it ends, so that nothing else has the same id.
pub(super) fn id(place: &Place, wrapping: &[u8]) -> Id {
    Sha256::new().chain_update(place.bytes()).chain_update(wrapping).finalize().into()
}

/// The newest ones. A key is wiped when the last one that uses it lets go; shared, so that no copies are left behind when the
/// map grows.
#[derive(Default)]
pub(super) struct DataKeys(Mutex<HashMap<Id, Kept>>);

struct Kept {
    key: Arc<Key>,
    since: Instant,
}

impl DataKeys {
    pub(super) fn get(&self, id: &Id, now: Instant) -> Option<Arc<Key>> {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys.retain(|_, kept| now.duration_since(kept.since) < KEPT_FOR);
        keys.get(id).map(|kept| Arc::clone(&kept.key))
    }

    pub(super) fn keep(&self, id: Id, key: Arc<Key>, now: Instant) {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if keys.len() >= AT_MOST {
            let oldest = keys.iter().min_by_key(|(_, kept)| kept.since).map(|(id, _)| *id);
            oldest.and_then(|id| keys.remove(&id));
        }
        keys.insert(id, Kept { key, since: now });
    }
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;

    fn key(byte: u8) -> Arc<Key> {
        Arc::new(Zeroizing::new([byte; 32]))
    }

    #[test]
    fn a_key_is_kept_for_an_hour_and_no_longer() {
        let (keys, then) = (DataKeys::default(), Instant::now());
        keys.keep([1; 32], key(7), then);
        let kept = |after| keys.get(&[1; 32], then + after);
        assert_eq!(kept(Duration::from_mins(59)).map(|key| **key), Some([7; 32]));
        assert!(kept(Duration::from_hours(1)).is_none());
        assert!(keys.0.lock().unwrap().is_empty());
    }

    #[test]
    fn the_oldest_makes_room() {
        let (keys, then) = (DataKeys::default(), Instant::now());
        let id = |number: usize| std::array::from_fn(|byte| number.to_be_bytes()[byte % 8]);
        for number in 0..=AT_MOST {
            keys.keep(id(number), key(1), then + Duration::from_millis(number as u64));
        }
        let now = then + Duration::from_secs(2);
        assert!(keys.get(&id(0), now).is_none());
        assert!(keys.get(&id(1), now).is_some() && keys.get(&id(AT_MOST), now).is_some());
        assert_eq!(keys.0.lock().unwrap().len(), AT_MOST);
    }
}
