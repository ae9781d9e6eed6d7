//! Why there was no answer, in words that tell nothing about the network.

use std::error::Error;
use std::io;

use casebridge_app::ports::push::PushError;
use casebridge_domain::endpoint::NotAllowed;
use rustls::CertificateError;

use crate::resolver::LeadsNowhere;

/// What a failed call is called.
pub(crate) fn with(error: &reqwest::Error) -> PushError {
    if let Some(why) = cause::<NotAllowed>(error) {
        return PushError::Refused(why.to_string());
    }
    if error.is_timeout() {
        return PushError::TimedOut;
    }
    PushError::Unreachable(words(error).to_owned())
}

fn words(error: &reqwest::Error) -> &'static str {
    if cause::<LeadsNowhere>(error).is_some() {
        return "its name leads nowhere";
    }
    if let Some(error) = cause::<rustls::Error>(error) {
        return match error {
            rustls::Error::InvalidCertificate(error) => of_certificate(error),
            _ => "it does not speak TLS as it should",
        };
    }
    match cause::<io::Error>(error).map(io::Error::kind) {
        Some(io::ErrorKind::ConnectionRefused) => "it takes no connections",
        Some(io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable) => "there is no way to it",
        _ if error.is_connect() => "no connection comes about",
        _ => "the connection broke before it answered",
    }
}

fn of_certificate(error: &CertificateError) -> &'static str {
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "its certificate has expired",
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "its certificate is for another name"
        }
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            "its certificate is from nobody who is trusted"
        }
        _ => "its certificate is not accepted",
    }
}

/// The error of that kind among those underneath, also where it was wrapped by one of the operating system's.
fn cause<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if let Some(found) = wrapped.and_then(|inner| cause(inner)) {
            return Some(found);
        }
        next = error.source();
    }
    None
}
