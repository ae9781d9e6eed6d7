//! Secrets under envelope encryption.

use async_trait::async_trait;
use casebridge_domain::{AccountId, Sealed};
use secrecy::SecretString;

/// Which secret of an account it is; bound into the envelope, so that one can't be passed off as the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretKind {
    /// The TeamViewer token of the connection.
    ScriptToken,
    /// The secret that inbound notices are signed with.
    InboundSecret,
    /// What the secrets of links to the customer page are made from.
    LinkKey,
    /// The secret that widget tokens are signed with.
    WidgetSecret,
    /// The client secret of the account's app in TeamViewer.
    ClientSecret,
    /// What a technician who signed in to TeamViewer calls with.
    AccessToken,
    /// What renews that.
    RefreshToken,
    /// What proves at the end of a sign-in that we began it.
    CodeVerifier,
    /// What an account's endpoint knows our events by.
    EndpointSecret,
    /// The same of a vendor's endpoint: the vendor's id stands in for the account's.
    VendorEndpointSecret,
}

impl SecretKind {
    /// The name that is bound into the envelope; must never change.
    pub const fn label(self) -> &'static str {
        match self {
            Self::ScriptToken => "script-token",
            Self::InboundSecret => "inbound-secret",
            Self::LinkKey => "link-key",
            Self::WidgetSecret => "widget-secret",
            Self::ClientSecret => "client-secret",
            Self::AccessToken => "access-token",
            Self::RefreshToken => "refresh-token",
            Self::CodeVerifier => "code-verifier",
            Self::EndpointSecret => "endpoint-secret",
            Self::VendorEndpointSecret => "vendor-endpoint-secret",
        }
    }
}

/// Why a secret could not be sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The envelope was made by another key, for another account, or was changed.
    #[error("the secret can't be opened with this installation's key")]
    CannotOpen,
    /// The key service does not answer.
    #[error("the key service does not answer")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Seals and opens secrets: AES-256-GCM, account and kind as associated data.
#[async_trait]
pub trait Vault: Send + Sync {
    /// Seals a secret for one place.
    async fn seal(&self, account: &AccountId, kind: SecretKind, secret: &SecretString) -> Result<Sealed, VaultError>;

    /// Opens what was sealed for that place.
    async fn open(&self, account: &AccountId, kind: SecretKind, sealed: &Sealed) -> Result<SecretString, VaultError>;
}
