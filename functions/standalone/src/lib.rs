//! Casebridge in one process: every function on the embedded store.

pub mod administration;
pub mod cli;
pub mod config;
mod demo;
mod installation;
mod log;
mod sandbox;
mod serve;
mod worker;

pub use cli::run;
pub use log::ExtraLayer;
