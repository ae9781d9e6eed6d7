//! What is asked of the store over an engine.

pub mod accounts;
pub mod audit;
pub mod claims;
pub mod connections;
pub mod device_sessions;
pub mod devices;
pub mod due;
pub mod feeds;
pub mod figures;
pub mod holds;
pub mod installation;
pub mod journal;
pub mod keys;
pub mod letters;
pub mod lists;
pub mod memories;
pub mod numbering;
pub mod rebuilding;
pub mod record_changes;
pub mod records;
pub mod room;
pub mod settling;
pub mod sign_ins;
pub mod steps;
pub mod technician_sign_ins;
pub mod ticks;
