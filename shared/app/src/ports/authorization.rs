//! TeamViewer as an authorization server: how a technician's consent becomes tokens (OAuth 2.0, RFC 6749, with the proof key of
//! RFC 7636).

use async_trait::async_trait;
use casebridge_domain::oauth::ClientId;
use chrono::TimeDelta;
use secrecy::SecretString;

use super::teamviewer::{ScriptToken, TeamViewerError};

/// The account's app, with its secret in the clear for as long as a call takes.
#[derive(Debug, Clone)]
pub struct Client {
    /// Public.
    pub id: ClientId,
    /// Not.
    pub secret: SecretString,
}

/// Where a technician is sent.
#[derive(Debug, Clone)]
pub struct AuthorizeWish<'a> {
    /// Through which app.
    pub client: &'a ClientId,
    /// Where he comes back; has to be the app's own in the Management Console.
    pub redirect_uri: &'a str,
    /// Comes back with him.
    pub state: &'a str,
    /// SHA-256 of the verifier in base64url.
    pub challenge: &'a str,
}

/// What a code or a refresh token is exchanged for.
#[derive(Debug, Clone)]
pub struct TokenPair {
    /// What calls are made with.
    pub access: SecretString,
    /// Gives the next pair, once (manual, p. 10).
    pub refresh: SecretString,
    /// How long the first one serves (recorded: a day).
    pub lasts: TimeDelta,
}

/// Why there are no tokens.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoTokens {
    /// The code or the refresh token is unknown, was used, or was revoked.
    #[error("TeamViewer does not accept the code or the refresh token")]
    GrantRefused,
    /// The app is unknown, or its secret another one.
    #[error("TeamViewer does not accept the app's client id and secret")]
    ClientRefused,
    /// TeamViewer failed.
    #[error(transparent)]
    TeamViewer(#[from] TeamViewerError),
}

/// The calls. Each has a time limit, and none is repeated: codes and refresh tokens serve once.
#[async_trait]
pub trait AuthorizationServer: Send + Sync {
    /// The address of TeamViewer's page on which a technician signs in and consents.
    fn authorize_url(&self, wish: &AuthorizeWish<'_>) -> String;

    /// `POST /oauth2/token` with `grant_type=authorization_code`.
    async fn exchange_code(
        &self,
        client: &Client,
        code: &SecretString,
        redirect_uri: &str,
        verifier: &SecretString,
    ) -> Result<TokenPair, NoTokens>;

    /// `POST /oauth2/token` with `grant_type=refresh_token`.
    async fn refresh(&self, client: &Client, refresh_token: &SecretString) -> Result<TokenPair, NoTokens>;

    /// `POST /oauth2/revoke`: ends the token and its refresh token (manual, p. 16-17).
    async fn revoke(&self, token: &ScriptToken) -> Result<(), TeamViewerError>;
}
