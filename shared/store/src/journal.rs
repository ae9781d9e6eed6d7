//! The account's journal.

mod entry;
mod unbuilt;
