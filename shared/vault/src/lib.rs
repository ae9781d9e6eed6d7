//! Keeps secrets under envelope encryption.
//!
//! Each secret has a data key of its own (`envelope.rs`); a vault differs from another only in who wraps that key.
//! Here it is the installation's key file. A vault on a key service takes its own version byte, its own wrapping, and
//! nothing else; callers see [`casebridge_app::ports::Vault`] either way.

mod envelope;
mod key_file;
mod key_file_vault;
mod key_ring;

pub use key_file::KeyFileError;
pub use key_file_vault::KeyFileVault;
pub use key_ring::{KeyRing, MasterKey};
