//! The vault on AWS KMS.

mod data_keys;
mod key_service;

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use async_trait::async_trait;
use casebridge_app::ports::vault::{SecretKind, VaultError};
use casebridge_app::ports::{Ids, Vault};
use casebridge_aws::SharedHttpClient;
use casebridge_domain::{AccountId, Sealed};
use secrecy::{ExposeSecret, SecretString};

use self::data_keys::DataKeys;
use self::key_service::{Failure, KeyService};
use crate::KeyFileVault;
use crate::envelope::{self, Envelope, Place, Unreadable};

pub use self::key_service::KmsConfig;

/// Says that the data key is wrapped by KMS.
const VERSION: u8 = 2;

/// Seals and opens with data keys that KMS wraps: the key that wraps them never leaves KMS.
///
/// Each secret has a data key of its own, which stands wrapped in its envelope. Account and kind of the secret are bound to it
/// twice: as KMS's encryption context and as the cipher's associated data.
pub struct KmsVault {
    kms: KeyService,
    opened: DataKeys,
    before: Option<KeyFileVault>,
    ids: Arc<dyn Ids>,
}

impl KmsVault {
    /// A vault on that key. Connects when it is first used, over the connections that all services of the process share.
    pub fn new(config: KmsConfig, http: SharedHttpClient, ids: Arc<dyn Ids>) -> Self {
        Self { kms: KeyService::new(config, http), opened: DataKeys::default(), before: None, ids }
    }

    /// Also opens what was sealed with a key ring before; seals nothing with it.
    #[must_use]
    pub fn and_opens_of(self, before: KeyFileVault) -> Self {
        Self { before: Some(before), ..self }
    }
}

impl fmt::Debug for KmsVault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KmsVault").field("kms", &self.kms).field("before", &self.before).finish_non_exhaustive()
    }
}

#[async_trait]
impl Vault for KmsVault {
    async fn seal(&self, account: &AccountId, kind: SecretKind, secret: &SecretString) -> Result<Sealed, VaultError> {
        let (key, wrapping) = self.kms.fresh_key(account, kind).await.map_err(unavailable)?;
        let place = Place::of(VERSION, account, kind);
        let nonce = envelope::nonce(self.ids.as_ref());
        let sealed = envelope::encrypt(&key, &nonce, secret.expose_secret().as_bytes(), place.bytes())
            .and_then(|ciphertext| Envelope { version: VERSION, wrapping, nonce, ciphertext }.to_sealed());
        sealed.map_err(|Unreadable| VaultError::Unavailable("the secret is too long for the cipher".into()))
    }

    async fn open(&self, account: &AccountId, kind: SecretKind, sealed: &Sealed) -> Result<SecretString, VaultError> {
        let envelope = Envelope::of_sealed(sealed).map_err(cannot_open)?;
        if envelope.version != VERSION {
            let before = self.before.as_ref().ok_or(VaultError::CannotOpen)?;
            return before.open(account, kind, sealed).await;
        }
        let place = Place::of(VERSION, account, kind);
        let id = data_keys::id(&place, &envelope.wrapping);
        let key = if let Some(key) = self.opened.get(&id, Instant::now()) {
            key
        } else {
            let key = Arc::new(self.kms.open_key(account, kind, envelope.wrapping).await.map_err(not_opened)?);
            self.opened.keep(id, Arc::clone(&key), Instant::now());
            key
        };
        let plain =
            envelope::decrypt(&key, &envelope.nonce, &envelope.ciphertext, place.bytes()).map_err(cannot_open)?;
        let secret = str::from_utf8(&plain).map_err(|_| VaultError::CannotOpen)?;
        Ok(SecretString::from(secret))
    }
}

fn cannot_open(Unreadable: Unreadable) -> VaultError {
    VaultError::CannotOpen
}

fn not_opened(failure: Failure) -> VaultError {
    if failure.is_about_the_wrapping() { VaultError::CannotOpen } else { unavailable(failure) }
}

fn unavailable(failure: Failure) -> VaultError {
    VaultError::Unavailable(Box::new(failure))
}
