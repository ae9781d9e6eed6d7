//! What an operator says about his mail server.

use std::time::Duration;

use secrecy::SecretString;

use crate::Sender;

/// Which server, and how.
#[derive(Debug, Clone)]
pub struct SmtpConfig {
    /// A name, which the server's certificate must bear, or an address.
    pub host: String,
    /// Usually 587 for STARTTLS, 465 for TLS, 25 for a relay of one's own.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// Certificate authorities to trust besides the public ones, in PEM; for a server inside the company.
    pub extra_roots: Option<Vec<u8>>,
    /// Where the server asks who sends.
    pub credentials: Option<Credentials>,
    /// Who the letters come from.
    pub sender: Sender,
    /// How long it may take.
    pub limits: Limits,
}

/// How a connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// Not at all: for a relay on the same machine or network.
    None,
    /// Begins in the clear and changes to TLS before anything is said; without TLS nothing is sent.
    StartTls,
    /// TLS from the first byte.
    Tls,
}

/// A name and a password.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// Often the sender's address.
    pub username: String,
    /// Only ever sent over TLS, or to this machine.
    pub password: SecretString,
}

/// Time limits.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// For the connection with TLS and log-in.
    pub connect: Duration,
    /// For each answer of the server.
    pub command: Duration,
    /// For all of one letter, waiting for a free connection included.
    pub whole: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connect: Duration::from_secs(10), command: Duration::from_secs(15), whole: Duration::from_secs(30) }
    }
}

/// What is wrong with the configuration, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum SmtpConfigError {
    /// A password would be readable on the network.
    #[error("a password would travel readable to {0}; set the security to starttls or tls, or leave the password out")]
    PasswordInTheClear(String),
    /// The extra certificate authorities can't be read.
    #[error("the extra certificate authorities for the mail server can't be read; they must be certificates in PEM")]
    Roots(#[source] Option<lettre::transport::smtp::Error>),
    /// TLS can't be set up.
    #[error("TLS to the mail server can't be set up")]
    Tls(#[source] lettre::transport::smtp::Error),
}
