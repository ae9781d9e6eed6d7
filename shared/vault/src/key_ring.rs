//! The installation's master keys.

use std::fmt;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::envelope::{self, Key, Nonce, Unreadable};

const ID: usize = 8;

/// A key that wraps data keys. Its id is the first eight bytes of its SHA-256; only the id is ever printed.
#[derive(Clone)]
pub struct MasterKey {
    id: [u8; ID],
    key: Key,
}

impl MasterKey {
    /// Takes 256 random bits.
    pub fn new(bytes: [u8; 32]) -> Self {
        let key = Zeroizing::new(bytes);
        let mut id = [0; ID];
        for (to, from) in id.iter_mut().zip(Sha256::digest(key.as_slice())) {
            *to = from;
        }
        Self { id, key }
    }

    pub(crate) fn bytes(&self) -> &Key {
        &self.key
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(")?;
        self.id.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        f.write_str(")")
    }
}

/// The newest key, which wraps, and those before it, which only unwrap what they once wrapped.
#[derive(Debug, Clone)]
pub struct KeyRing {
    newest: MasterKey,
    older: Vec<MasterKey>,
}

impl KeyRing {
    /// A ring of one key.
    pub const fn new(newest: MasterKey) -> Self {
        Self { newest, older: Vec::new() }
    }

    /// Keeps an older key for what was sealed with it.
    #[must_use]
    pub fn and_older(mut self, older: MasterKey) -> Self {
        self.older.push(older);
        self
    }

    /// From now on wraps with another key.
    #[must_use]
    pub fn and_newer(mut self, newest: MasterKey) -> Self {
        self.older.insert(0, std::mem::replace(&mut self.newest, newest));
        self
    }

    #[cfg(test)]
    pub(crate) const fn newest(&self) -> &MasterKey {
        &self.newest
    }

    /// Newest first.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &MasterKey> {
        std::iter::once(&self.newest).chain(&self.older)
    }

    pub(crate) fn holds(&self, key: &MasterKey) -> bool {
        self.keys().any(|known| known.id == key.id)
    }

    /// Key id (8), nonce (12), the data key's ciphertext with tag (48).
    pub(crate) fn wrap(&self, data_key: &Key, nonce: &Nonce, place: &[u8]) -> Result<Vec<u8>, Unreadable> {
        let MasterKey { id, key } = &self.newest;
        let wrapped = envelope::encrypt(key, nonce, &**data_key, &bound(place, *id))?;
        Ok([id.as_slice(), nonce, &wrapped].concat())
    }

    pub(crate) fn unwrap(&self, wrapping: &[u8], place: &[u8]) -> Result<Key, Unreadable> {
        let (id, rest) = wrapping.split_first_chunk::<ID>().ok_or(Unreadable)?;
        let (nonce, wrapped) = rest.split_first_chunk().ok_or(Unreadable)?;
        let master = self.keys().find(|key| key.id == *id).ok_or(Unreadable)?;
        let plain = envelope::decrypt(&master.key, nonce, wrapped, &bound(place, *id))?;
        Ok(Zeroizing::new(plain.as_slice().try_into().map_err(|_| Unreadable)?))
    }
}

fn bound(place: &[u8], id: [u8; ID]) -> Vec<u8> {
    [&id, place].concat()
}
