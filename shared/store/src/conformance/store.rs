//! What is asked of the store over an engine.

pub mod accounts;
pub mod claims;
pub mod connections;
pub mod holds;
pub mod installation;
pub mod keys;
pub mod letters;
pub mod lists;
pub mod memories;
pub mod records;
pub mod settling;
pub mod steps;
pub mod ticks;
