//! The envelope: a secret under its own data key, and that data key under somebody else's.
//!
//! As bytes: version (1), length of the wrapping (2, big-endian), the wrapping, nonce (12), ciphertext with tag. As text:
//! base64url without padding. The version says who reads the wrapping.

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use casebridge_app::ports::Ids;
use casebridge_app::ports::vault::SecretKind;
use casebridge_domain::{AccountId, Sealed};
use zeroize::Zeroizing;

/// 256 bits that are wiped when they are no longer needed.
pub(crate) type Key = Zeroizing<[u8; 32]>;

/// Must never be used twice with one key.
pub(crate) type Nonce = [u8; 12];

/// What was changed, cut off, or sealed with another key or for another place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unreadable;

/// What is bound to a secret without being in its envelope: it opens at this place only.
pub(crate) struct Place(Vec<u8>);

impl Place {
    pub(crate) fn of(version: u8, account: &AccountId, kind: SecretKind) -> Self {
        let mut bytes = vec![version];
        for part in [account.as_str(), kind.label()] {
            bytes.extend((part.len() as u64).to_be_bytes());
            bytes.extend(part.as_bytes());
        }
        Self(bytes)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// An envelope, taken apart.
pub(crate) struct Envelope {
    pub(crate) version: u8,
    /// The wrapped data key, as its wrapper wrote it.
    pub(crate) wrapping: Vec<u8>,
    pub(crate) nonce: Nonce,
    pub(crate) ciphertext: Vec<u8>,
}

impl Envelope {
    pub(crate) fn to_sealed(&self) -> Result<Sealed, Unreadable> {
        let length = u16::try_from(self.wrapping.len()).map_err(|_| Unreadable)?;
        let mut bytes = vec![self.version];
        bytes.extend(length.to_be_bytes());
        bytes.extend(&self.wrapping);
        bytes.extend(self.nonce);
        bytes.extend(&self.ciphertext);
        Ok(Sealed::new(URL_SAFE_NO_PAD.encode(bytes)))
    }

    pub(crate) fn of_sealed(sealed: &Sealed) -> Result<Self, Unreadable> {
        let bytes = URL_SAFE_NO_PAD.decode(sealed.as_str()).map_err(|_| Unreadable)?;
        let (&[version], rest) = bytes.split_first_chunk().ok_or(Unreadable)?;
        let (length, rest) = rest.split_first_chunk().ok_or(Unreadable)?;
        let (wrapping, rest) = rest.split_at_checked(u16::from_be_bytes(*length).into()).ok_or(Unreadable)?;
        let (nonce, ciphertext) = rest.split_first_chunk().ok_or(Unreadable)?;
        Ok(Self { version, wrapping: wrapping.to_vec(), nonce: *nonce, ciphertext: ciphertext.to_vec() })
    }
}

/// A random one.
pub(crate) fn nonce(ids: &dyn Ids) -> Nonce {
    let random = Zeroizing::new(ids.secret());
    std::array::from_fn(|byte| random[byte])
}

/// AES-256-GCM; the tag is at the end.
pub(crate) fn encrypt(key: &Key, nonce: &Nonce, plain: &[u8], bound: &[u8]) -> Result<Vec<u8>, Unreadable> {
    let payload = Payload { msg: plain, aad: bound };
    Aes256Gcm::new((&**key).into()).encrypt(nonce.into(), payload).map_err(|_| Unreadable)
}

/// The other way round; fails if key, nonce, tag or what is bound differ in any bit.
pub(crate) fn decrypt(
    key: &Key,
    nonce: &Nonce,
    ciphertext: &[u8],
    bound: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Unreadable> {
    let payload = Payload { msg: ciphertext, aad: bound };
    Aes256Gcm::new((&**key).into()).decrypt(nonce.into(), payload).map(Zeroizing::new).map_err(|_| Unreadable)
}
