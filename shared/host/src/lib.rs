//! What every host brings along: the real clock and the real randomness; and what all functions share.
//!
//! The only place where the system's clock is read and ids are drawn; everything else takes them through ports.

#[cfg(feature = "function")]
pub mod function;
mod system_clock;
mod system_ids;

pub use system_clock::SystemClock;
pub use system_ids::SystemIds;
