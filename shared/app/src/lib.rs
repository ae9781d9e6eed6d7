//! The use cases of Casebridge over ports.
//!
//! Nothing here names a database, a mail server or HTTP: those come in through [`World`].

pub mod ports;
pub mod world;

pub use world::World;
