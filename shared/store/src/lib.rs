//! The Store port over items.
//!
//! The port's steps are put into items, guards and indexes once, in [`ItemStore`]; an [`Engine`] only has to read items
//! and write a handful of them atomically. So the engines can't drift apart in what a step means, only in how they
//! keep bytes, and one conformance suite holds them together.

pub mod engine;

pub use engine::{Engine, EngineError, Guard, Index, IndexEntry, Item, Key, Order, Query, Rows, Write, Written};
