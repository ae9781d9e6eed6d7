//! Where nobody signs in: what is measured needs the account's own token only.

use async_trait::async_trait;
use casebridge_app::ports::AuthorizationServer;
use casebridge_app::ports::authorization::{AuthorizeWish, Client, NoTokens, TokenPair};
use casebridge_app::ports::teamviewer::{ScriptToken, TeamViewerError};
use secrecy::SecretString;

use super::instant_teamviewer::InstantTeamViewer;

#[async_trait]
impl AuthorizationServer for InstantTeamViewer {
    fn authorize_url(&self, wish: &AuthorizeWish<'_>) -> String {
        wish.redirect_uri.to_owned()
    }

    async fn exchange_code(
        &self,
        _: &Client,
        _: &SecretString,
        _: &str,
        _: &SecretString,
    ) -> Result<TokenPair, NoTokens> {
        Err(NoTokens::GrantRefused)
    }

    async fn refresh(&self, _: &Client, _: &SecretString) -> Result<TokenPair, NoTokens> {
        Err(NoTokens::GrantRefused)
    }

    async fn revoke(&self, _: &ScriptToken) -> Result<(), TeamViewerError> {
        Err(TeamViewerError::TokenRefused)
    }
}
