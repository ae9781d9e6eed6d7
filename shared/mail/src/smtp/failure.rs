//! Why a letter could not be handed over, and whether that is the letter's fault.

use std::error::Error as _;

use lettre::transport::smtp;

use crate::said::without_addresses;

/// How far the talk with the server had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    Connect,
    Encrypt,
    LogIn,
    Sender,
    Recipient,
    Content,
}

impl Stage {
    const fn words(self) -> &'static str {
        match self {
            Self::Connect => "connecting to the mail server",
            Self::Encrypt => "changing to TLS",
            Self::LogIn => "logging in to the mail server",
            Self::Sender => "naming the sender",
            Self::Recipient => "naming the recipient",
            Self::Content => "handing over the mail",
        }
    }
}

/// What went wrong. Says nothing of the letter: an operator may read it in a log.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error("{} failed with {code}: {said}", stage.words())]
    Answer { stage: Stage, code: u16, said: String },
    #[error("{} failed: {what}", stage.words())]
    Broken { stage: Stage, what: String },
    #[error("the mail server took too long")]
    TooSlow,
    #[error(
        "the mail server offers no STARTTLS on this port; set the security to tls (usually port 465), or to none for a relay of your own"
    )]
    NoStartTls,
    #[error(
        "the mail server offers no way to log in that is known here (PLAIN, LOGIN); leave user name and password out if it needs none"
    )]
    NoLogIn,
    #[error("the mail server can't send to an address with other than ASCII characters before the @ (no SMTPUTF8)")]
    NoUnicodeAddress,
}

impl Failure {
    pub(super) fn new(stage: Stage, error: &smtp::Error) -> Self {
        let said = error.source().map(ToString::to_string).unwrap_or_default();
        match error.status() {
            Some(code) => Self::Answer { stage, code: code.into(), said: without_addresses(&said) },
            None => Self::Broken { stage, what: without_addresses(&error.to_string()) },
        }
    }

    /// Whether trying again is of no use, whatever the operator does.
    pub(super) fn is_final(&self) -> bool {
        match self {
            Self::NoUnicodeAddress => true,
            Self::Answer { stage, code, said } => {
                (500..600).contains(code) && *stage >= Stage::Recipient && !is_operators(*code, said)
            }
            Self::Broken { .. } | Self::TooSlow | Self::NoStartTls | Self::NoLogIn => false,
        }
    }
}

/// Permanent answers that are about us and not about the letter: not logged in (RFC 4954), out of turn, not allowed to
/// relay, out of quota (5.4.5), too weak a log-in.
fn is_operators(code: u16, said: &str) -> bool {
    let said = said.to_ascii_lowercase();
    let enhanced = said.split_ascii_whitespace().next().unwrap_or_default();
    matches!(code, 500 | 502 | 503 | 530 | 534 | 535 | 538)
        || matches!(enhanced, "5.4.5" | "5.7.8" | "5.7.9" | "5.7.11" | "5.7.14")
        || said.contains("relay")
        || said.contains("authentication required")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_final(stage: Stage, code: u16, said: &str) -> bool {
        Failure::Answer { stage, code, said: said.to_owned() }.is_final()
    }

    #[test]
    fn only_what_is_about_the_letter_is_final() {
        for (stage, code, said) in [
            (Stage::Recipient, 501, "5.1.3 bad recipient address syntax"),
            (Stage::Recipient, 550, "5.1.1 no such user"),
            (Stage::Recipient, 553, "5.1.3 bad address"),
            (Stage::Recipient, 552, "5.2.2 mailbox full"),
            (Stage::Content, 554, "5.7.1 rejected as spam"),
        ] {
            assert!(is_final(stage, code, said), "{said}");
        }
        for (stage, code, said) in [
            (Stage::Connect, 554, "no service for you"),
            (Stage::LogIn, 535, "5.7.8 wrong password"),
            (Stage::Sender, 550, "5.7.60 not allowed to send as this sender"),
            (Stage::Sender, 530, "5.7.0 authentication required"),
            (Stage::Recipient, 554, "5.7.1 Relay access denied"),
            (Stage::Recipient, 530, "must issue STARTTLS first"),
            (Stage::Recipient, 550, "5.4.5 daily quota exceeded"),
            (Stage::Recipient, 451, "4.7.1 greylisted"),
            (Stage::Content, 452, "4.3.1 disk full"),
        ] {
            assert!(!is_final(stage, code, said), "{said}");
        }
    }
}
