//! What is asked of an engine.

pub mod guards;
pub mod indexes;
mod items;
pub mod queries;
pub mod reads;
pub mod transactions;
