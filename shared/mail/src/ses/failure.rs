//! Why SES did not take a letter, and whether that is the letter's fault.

use std::error::Error;
use std::iter::successors;

use aws_sdk_ses::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_ses::operation::RequestId;

use crate::said::without_addresses;

/// What went wrong. Keeps only texts, and none of the letter: an operator may read it in a log.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error("SES answered {code}: {said} (request {request})")]
    Answer { code: String, said: String, request: String },
    #[error("SES did not answer: {0}")]
    NoAnswer(String),
    #[error("SES can't send to an address with other than ASCII characters before the @")]
    UnicodeAddress,
}

impl Failure {
    pub(super) fn of<E: Error + ProvideErrorMetadata + 'static>(error: &SdkError<E>) -> Self {
        match error {
            SdkError::ServiceError(answer) => Self::Answer {
                code: answer.err().code().unwrap_or("an error without a code").to_owned(),
                said: without_addresses(answer.err().message().unwrap_or_default()),
                request: error.request_id().unwrap_or("unknown").to_owned(),
            },
            _ => Self::NoAnswer(chain(error)),
        }
    }

    /// Whether trying again is of no use, whatever the operator does.
    pub(super) fn is_final(&self) -> bool {
        match self {
            Self::UnicodeAddress => true,
            Self::Answer { code, said, .. } => match code.as_str() {
                "MessageRejected" | "InvalidParameterValue" => !is_operators(said),
                _ => false,
            },
            Self::NoAnswer(_) => false,
        }
    }
}

/// SES gives the same code for what is wrong with the letter and for what the operator has not set up: the sender's identity
/// not verified, sending paused or suspended, a wrong configuration set (API reference, `SendRawEmail`, "Errors").
fn is_operators(said: &str) -> bool {
    let said = said.to_ascii_lowercase();
    ["not verified", "suspended", "paused", "disabled", "configuration set", "not authorized"]
        .iter()
        .any(|sign| said.contains(sign))
}

fn chain(error: &dyn Error) -> String {
    let causes = successors(error.source(), |&cause| cause.source());
    without_addresses(&causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_final(code: &str, said: &str) -> bool {
        Failure::Answer { code: code.into(), said: said.into(), request: String::new() }.is_final()
    }

    #[test]
    fn only_what_is_about_the_letter_is_final() {
        for (code, said) in [
            ("MessageRejected", "Address blacklisted."),
            ("MessageRejected", "Email was rejected because it contains a virus"),
            ("InvalidParameterValue", "Missing final '@domain'"),
            ("InvalidParameterValue", "Message length is more than 41943040 bytes long: '41943041'."),
        ] {
            assert!(is_final(code, said), "{said}");
        }
        for (code, said) in [
            ("MessageRejected", "Email address is not verified. The following identities failed the check: …"),
            ("MessageRejected", "Sending suspended for this account"),
            ("InvalidParameterValue", "Invalid configuration set name"),
            ("ConfigurationSetDoesNotExist", "Configuration set <x> does not exist."),
            ("ConfigurationSetSendingPausedException", "paused"),
            ("AccountSendingPausedException", "paused"),
            ("MailFromDomainNotVerifiedException", "the MX record is missing"),
            ("Throttling", "Maximum sending rate exceeded."),
            ("Throttling", "Daily message quota exceeded."),
            ("AccessDenied", "User is not authorized to perform ses:SendRawEmail"),
            ("InternalFailure", ""),
            ("ServiceUnavailable", ""),
        ] {
            assert!(!is_final(code, said), "{code}: {said}");
        }
    }
}
