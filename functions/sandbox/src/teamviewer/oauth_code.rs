//! Authorization codes of OAuth 2, and the proof key that goes with them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// A code that a user's consent has given out. It serves once.
#[derive(Clone, Debug)]
pub(crate) struct OauthCode {
    pub(crate) client_id: String,
    pub(crate) userid: String,
    pub(crate) redirect_uri: Option<String>,
    pub(crate) challenge: Option<Challenge>,
    pub(crate) expires_at: DateTime<Utc>,
}

/// The challenge of RFC 7636.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Challenge {
    Plain(String),
    S256(String),
}

impl Challenge {
    pub(crate) fn is_met_by(&self, verifier: &str) -> bool {
        match self {
            Self::Plain(challenge) => challenge == verifier,
            Self::S256(challenge) => *challenge == URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes())),
        }
    }
}

/// A user's consent, as the page or a test gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// Who consents.
    pub userid: String,
    /// To which app.
    pub client_id: String,
    /// Has to be repeated at the token call, when given.
    #[serde(default)]
    pub redirect_uri: Option<String>,
    /// RFC 7636.
    #[serde(default)]
    pub code_challenge: Option<String>,
    /// `S256` or `plain`; `plain` when not given (RFC 7636).
    #[serde(default)]
    pub code_challenge_method: Option<String>,
}

impl Consent {
    pub(crate) fn challenge(&self) -> Option<Challenge> {
        let challenge = self.code_challenge.clone()?;
        Some(match self.code_challenge_method.as_deref() {
            Some("S256") => Challenge::S256(challenge),
            _ => Challenge::Plain(challenge),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_rfc_7636_is_met() {
        let challenge = Challenge::S256("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM".to_owned());
        assert!(challenge.is_met_by("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
        assert!(!challenge.is_met_by("another"));
    }
}
