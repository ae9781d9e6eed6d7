//! Fresh ids and randomness.

use casebridge_domain::Instant;
use uuid::Uuid;

/// Makes ids. The only way in for randomness.
pub trait Ids: Send + Sync {
    /// A UUID version 7 that carries `now`.
    fn time_ordered(&self, now: Instant) -> Uuid;

    /// 256 bits from a cryptographic source.
    fn secret(&self) -> [u8; 32];

    /// A number from 0 (included) to 1 (excluded), for jitter; needs no cryptographic quality.
    fn fraction(&self) -> f64;
}
