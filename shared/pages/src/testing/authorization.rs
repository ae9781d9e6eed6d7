//! Where technicians sign in: a code serves once, and only with the secret of the account's app.

use async_trait::async_trait;
use casebridge_app::ports::AuthorizationServer;
use casebridge_app::ports::authorization::{AuthorizeWish, Client, NoTokens, TokenPair};
use casebridge_app::ports::teamviewer::{ScriptToken, TeamViewerError};
use chrono::TimeDelta;
use secrecy::{ExposeSecret as _, SecretString};

use super::teamviewer::GivingTeamViewer;

fn pair(client: &Client, grant: &SecretString) -> Result<TokenPair, NoTokens> {
    match (client.secret.expose_secret(), grant.expose_secret()) {
        ("hush", "away") => Err(TeamViewerError::Unreachable.into()),
        ("hush", "good") => Ok(TokenPair {
            access: SecretString::from("ACCESS"),
            refresh: SecretString::from("good"),
            lasts: TimeDelta::days(1),
        }),
        ("hush", _) => Err(NoTokens::GrantRefused),
        _ => Err(NoTokens::ClientRefused),
    }
}

#[async_trait]
impl AuthorizationServer for GivingTeamViewer {
    fn authorize_url(&self, wish: &AuthorizeWish<'_>) -> String {
        wish.state.to_owned()
    }

    async fn exchange_code(
        &self,
        client: &Client,
        code: &SecretString,
        redirect_uri: &str,
        _: &SecretString,
    ) -> Result<TokenPair, NoTokens> {
        assert_eq!(redirect_uri, format!("{}/oauth/teamviewer", super::URL));
        pair(client, code)
    }

    async fn refresh(&self, client: &Client, refresh_token: &SecretString) -> Result<TokenPair, NoTokens> {
        pair(client, refresh_token)
    }

    async fn revoke(&self, _: &ScriptToken) -> Result<(), TeamViewerError> {
        Ok(())
    }
}
