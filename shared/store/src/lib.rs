//! The Store port over items.
//!
//! The port's steps are put into items, guards and indexes once, in [`ItemStore`]; an [`Engine`] only has to read items
//! and write a handful of them atomically. So the engines can't drift apart in what a step means, only in how they
//! keep bytes, and one conformance suite holds them together.

mod accounts;
mod api_keys;
mod case_list;
mod cases;
mod claim;
mod codec;
mod commit;
#[cfg(any(test, feature = "conformance"))]
pub mod conformance;
mod connection;
mod cursor;
mod deletion;
mod devices;
mod due;
mod endpoints;
pub mod engine;
mod figures;
mod help_requests;
mod holds;
mod idempotency;
mod installation;
#[cfg(test)]
mod interleavings;
mod item_store;
mod journal;
mod keys;
mod letters;
#[cfg(any(test, feature = "conformance"))]
pub mod memory;
mod port;
mod records;
#[cfg(test)]
mod recounts;
#[cfg(test)]
mod report_size;
#[cfg(test)]
mod round_trips;
mod sign_ins;
mod stretch;
mod technician_sign_ins;
mod templates;
mod ticks;
mod touched;

pub use endpoints::lane_due_at_once;
pub use engine::{Engine, EngineError, Guard, Index, IndexEntry, Item, Key, Order, Query, Rows, Write, Written};
pub use item_store::ItemStore;
pub use keys::{Chore, account_of_hold, chores, tells, woken_by};
pub use letters::new_letter;
#[cfg(feature = "loading")]
pub use records::loading;
pub use touched::{Touched, touched};
