//! A mail catcher: takes every mail over SMTP, keeps it, and shows it over HTTP.
//!
//! What it can be told to do wrong is in [`MailFault`].

mod fault;
mod folder;
mod http;
mod kept;
mod message;
mod smtp;

pub use fault::{MailFault, MailFaultKind};
pub use http::router;
pub use kept::Mailbox;
pub use message::{Header, Message};
pub use smtp::serve_smtp;

#[cfg(test)]
mod tests;
