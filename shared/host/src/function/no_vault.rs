//! The vault of a function that was given no key.

use async_trait::async_trait;
use casebridge_app::ports::Vault;
use casebridge_app::ports::vault::{SecretKind, VaultError};
use casebridge_domain::{AccountId, Sealed};
use secrecy::SecretString;

/// Seals and opens nothing: a function that needs no secret can then give none away.
#[derive(Debug, Clone, Copy)]
pub(super) struct NoVault;

#[derive(Debug, thiserror::Error)]
#[error("this function has no key")]
struct NoKey;

#[async_trait]
impl Vault for NoVault {
    async fn seal(&self, _: &AccountId, _: SecretKind, _: &SecretString) -> Result<Sealed, VaultError> {
        Err(VaultError::Unavailable(Box::new(NoKey)))
    }

    async fn open(&self, _: &AccountId, _: SecretKind, _: &Sealed) -> Result<SecretString, VaultError> {
        Err(VaultError::Unavailable(Box::new(NoKey)))
    }
}
