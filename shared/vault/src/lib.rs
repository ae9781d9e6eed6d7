//! Keeps secrets under envelope encryption.
//!
//! Each secret has a data key of its own (`envelope.rs`); a vault differs from another only in who wraps that key.
//! That is the installation's key file, or AWS KMS; callers see [`casebridge_app::ports::Vault`] either way.

mod envelope;
mod key_file;
mod key_file_vault;
mod key_ring;
#[cfg(feature = "kms")]
mod kms_vault;

pub use key_file::KeyFileError;
pub use key_file_vault::KeyFileVault;
pub use key_ring::{KeyRing, MasterKey};
#[cfg(feature = "kms")]
pub use kms_vault::{KmsConfig, KmsVault};
