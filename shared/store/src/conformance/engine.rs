//! What is asked of an engine.

pub mod additions;
pub mod guards;
pub mod indexes;
mod items;
pub mod limits;
pub mod queries;
pub mod reads;
pub mod transactions;
