//! Casebridge in one process: every function on the embedded store.

pub mod administration;
pub mod cli;
pub mod config;
mod demo;
pub mod growth;
mod installation;
mod log;
pub mod looks;
pub mod numbering;
pub mod push;
mod sandbox;
mod serve;
pub mod wakes;
pub mod worker;

pub use cli::run;
pub use log::ExtraLayer;
