//! Items in one SQLite file: the engine of a server that runs on its own.
//!
//! One thread writes, and makes one durable commit for all that waits (`writer`); a few connections read beside it
//! (`readers`). A write is answered only after its commit is on the disk. [`backup`] and [`SqliteEngine::open_beside`] work
//! beside a running server or without one, [`restore`] only without.

mod connection;
mod copy;
mod engine;
mod failure;
mod file;
mod item_row;
mod lease;
mod options;
mod query;
mod readers;
mod schema;
mod transaction;
mod writer;

pub use copy::{CopyError, IfThere, backup, restore};
pub use engine::SqliteEngine;
pub use options::{OpenError, Options};
