//! What the end-to-end tests stand on: our own programs as child processes, and stand-ins for the parts of AWS they talk to.
//!
//! `tests/run` builds and installs what these need; without it they say what is missing.

pub mod api;
pub mod binaries;
pub mod child;
pub mod customer_page;
pub mod dynamodb;
pub mod fault_proxy;
pub mod feed;
pub mod help_desk;
pub mod host;
pub mod http_api;
pub mod http_client;
pub mod kms;
pub mod lambda_runtime_api;
pub mod notice;
pub mod port;
pub mod receiver;
mod schedule;
mod server;
pub mod ses;
pub mod sqs;
pub mod stream_pump;
pub mod technician;
pub mod test_kit;
pub mod until;
mod wall_clock;
