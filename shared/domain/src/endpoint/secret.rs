//! What is pushed is signed with a secret of the endpoint's own.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use serde::{Deserialize, Serialize};

use crate::Malformed;

/// How what is pushed is signed (Standard Webhooks 1.0, "Signature scheme").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SigningMethod {
    /// HMAC-SHA256, `v1`: the receiver knows the same secret.
    Hmac,
    /// `v1a`: the receiver knows the public key only, and can sign nothing with it.
    Ed25519,
}

impl SigningMethod {
    /// Accepts the method's name.
    pub fn parse(raw: &str) -> Result<Self, Malformed> {
        match raw {
            "hmac" => Ok(Self::Hmac),
            "ed25519" => Ok(Self::Ed25519),
            _ => Err(Malformed::new("must be one of hmac, ed25519")),
        }
    }

    /// As it is called in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hmac => "hmac",
            Self::Ed25519 => "ed25519",
        }
    }
}

/// What an endpoint's messages are signed with. Neither printed nor compared.
#[derive(Clone)]
pub struct SigningSecret(Key);

#[derive(Clone)]
enum Key {
    Hmac { bytes: SecretSlice<u8>, key: hmac::Key },
    Ed25519 { seed: SecretSlice<u8>, pair: Arc<Ed25519KeyPair> },
}

impl SigningSecret {
    /// A secret of 32 bytes; they have to come from a cryptographic source.
    pub fn new(method: SigningMethod, bytes: [u8; 32]) -> Self {
        match method {
            SigningMethod::Hmac => Self::hmac(bytes.to_vec()),
            SigningMethod::Ed25519 => Self(Key::ed25519(bytes)),
        }
    }

    /// Reads what [`Self::to_text`] wrote, or another sender's secret of that form: `whsec_` and base64 of 24 to 64 bytes, or `whsk_`
    /// and base64 of an ed25519 private key's 32 bytes (its seed). The refusal doesn't repeat the value.
    pub fn parse(raw: &str) -> Result<Self, Malformed> {
        let malformed = || Malformed::new("must be a signing secret: whsec_ or whsk_, and base64");
        let decode = |text: &str| STANDARD.decode(text).map_err(|_| malformed());
        if let Some(text) = raw.strip_prefix("whsec_") {
            let bytes = decode(text)?;
            return if (24..=64).contains(&bytes.len()) { Ok(Self::hmac(bytes)) } else { Err(malformed()) };
        }
        let seed = decode(raw.strip_prefix("whsk_").ok_or_else(malformed)?)?;
        seed.try_into().map(|seed| Self(Key::ed25519(seed))).map_err(|_| malformed())
    }

    fn hmac(bytes: Vec<u8>) -> Self {
        Self(Key::Hmac { key: hmac::Key::new(hmac::HMAC_SHA256, &bytes), bytes: bytes.into() })
    }

    /// How it signs.
    pub const fn method(&self) -> SigningMethod {
        match self.0 {
            Key::Hmac { .. } => SigningMethod::Hmac,
            Key::Ed25519 { .. } => SigningMethod::Ed25519,
        }
    }

    /// The secret itself, to be sealed: `whsec_…` or `whsk_…`.
    pub fn to_text(&self) -> SecretString {
        match &self.0 {
            Key::Hmac { bytes, .. } => SecretString::from(written("whsec_", bytes.expose_secret())),
            Key::Ed25519 { seed, .. } => SecretString::from(written("whsk_", seed.expose_secret())),
        }
    }

    /// What the receiver verifies with: the secret itself, `whsec_…`, or the public key, `whpk_…`.
    pub fn for_receiver(&self) -> SecretString {
        match &self.0 {
            Key::Hmac { .. } => self.to_text(),
            Key::Ed25519 { pair, .. } => SecretString::from(written("whpk_", pair.public_key().as_ref())),
        }
    }

    /// The public key, `whpk_…`, of a pair.
    pub fn public_key(&self) -> Option<String> {
        match &self.0 {
            Key::Hmac { .. } => None,
            Key::Ed25519 { pair, .. } => Some(written("whpk_", pair.public_key().as_ref())),
        }
    }

    /// One signature over this text, with its version: `v1,…` or `v1a,…`.
    pub(super) fn sign(&self, text: &[u8]) -> String {
        match &self.0 {
            Key::Hmac { key, .. } => written("v1,", hmac::sign(key, text).as_ref()),
            Key::Ed25519 { pair, .. } => written("v1a,", pair.sign(text).as_ref()),
        }
    }

    /// Whether the signature, with its version, is this secret's. HMACs are compared in constant time.
    pub(super) fn signed(&self, text: &[u8], signature: &str) -> bool {
        let bytes = |text: &str| STANDARD.decode(text).ok();
        match &self.0 {
            Key::Hmac { key, .. } => signature
                .strip_prefix("v1,")
                .and_then(bytes)
                .is_some_and(|signature| hmac::verify(key, text, &signature).is_ok()),
            Key::Ed25519 { pair, .. } => signature.strip_prefix("v1a,").and_then(bytes).is_some_and(|signature| {
                let public = ring::signature::UnparsedPublicKey::new(&ring::signature::ED25519, pair.public_key());
                public.verify(text, &signature).is_ok()
            }),
        }
    }
}

impl Key {
    #[expect(clippy::expect_used, reason = "any 32 bytes are a seed; ring looks at their number only")]
    fn ed25519(seed: [u8; 32]) -> Self {
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).expect("a seed of 32 bytes");
        Self::Ed25519 { seed: seed.to_vec().into(), pair: Arc::new(pair) }
    }
}

fn written(prefix: &str, bytes: &[u8]) -> String {
    let mut text = prefix.to_owned();
    STANDARD.encode_string(bytes, &mut text);
    text
}

impl fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningSecret({})", self.method().name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const METHODS: [SigningMethod; 2] = [SigningMethod::Hmac, SigningMethod::Ed25519];

    #[test]
    fn a_secret_is_written_and_read_and_signs_the_same() {
        for method in METHODS {
            let secret = SigningSecret::new(method, [7; 32]);
            let read = SigningSecret::parse(secret.to_text().expose_secret()).unwrap();
            assert_eq!((read.method(), read.sign(b"x")), (method, secret.sign(b"x")));
        }
    }

    #[test]
    fn the_receiver_of_a_pair_gets_the_public_key_only() {
        // RFC 8032, 7.1, test 1.
        let seed = *b"\x9d\x61\xb1\x9d\xef\xfd\x5a\x60\xba\x84\x4a\xf4\x92\xec\x2c\xc4\x44\x49\xc5\x69\x7b\x32\x69\x19\x70\x3b\xac\x03\x1c\xae\x7f\x60";
        let secret = SigningSecret::new(SigningMethod::Ed25519, seed);
        let public = "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
        assert_eq!((secret.for_receiver().expose_secret(), secret.public_key().as_deref()), (public, Some(public)));
        let shared = SigningSecret::new(SigningMethod::Hmac, seed);
        assert_eq!(shared.for_receiver().expose_secret(), shared.to_text().expose_secret());
        assert_eq!(shared.public_key(), None);
    }

    #[test]
    fn what_is_no_secret_is_refused_without_repeating_it() {
        for bad in [
            "",
            "whsec_",
            "whsec_***",
            "whsec_c2hvcnQ=",
            "whsk_c2hvcnQ=",
            "whpk_AAAA",
            "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        ] {
            let refused = SigningSecret::parse(bad).unwrap_err().to_string();
            assert!(bad.len() < 7 || !refused.contains(bad), "{refused}");
        }
    }

    #[test]
    fn a_secret_is_not_printed() {
        for method in METHODS {
            let secret = SigningSecret::new(method, [7; 32]);
            assert_eq!(format!("{secret:?}"), format!("SigningSecret({})", method.name()));
        }
    }
}
