//! Failures of the world outside, shared by all use cases.

use crate::ports::store::StoreError;
use crate::ports::teamviewer::TeamViewerError;
use crate::ports::vault::VaultError;

/// Something outside did not do its part.
#[derive(Debug, thiserror::Error)]
pub enum Outside {
    /// The store.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// The vault.
    #[error("the vault failed")]
    Vault(#[from] VaultError),
    /// TeamViewer.
    #[error("TeamViewer failed")]
    TeamViewer(#[from] TeamViewerError),
    /// The same thing kept being changed by others while we tried.
    #[error("too many others changed the same thing")]
    Contention,
}
