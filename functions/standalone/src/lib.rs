//! Casebridge in one process: every function on the embedded store.

pub mod administration;
pub mod cli;
pub mod config;
mod demo;
mod installation;
mod log;
mod numbering;
mod sandbox;
mod serve;
mod wakes;
mod worker;

pub use cli::run;
pub use log::ExtraLayer;
