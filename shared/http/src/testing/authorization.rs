//! Where technicians of the fake TeamViewer sign in: codes and refresh tokens that serve once.

use async_trait::async_trait;
use casebridge_app::ports::AuthorizationServer;
use casebridge_app::ports::authorization::{AuthorizeWish, Client, NoTokens, TokenPair};
use casebridge_app::ports::teamviewer::{ScriptToken, TeamViewerError};
use chrono::TimeDelta;
use secrecy::{ExposeSecret as _, SecretString};

use super::TOKEN;
use super::teamviewer::FakeTeamViewer;

/// What the fake TeamViewer takes for the app's secret.
pub(crate) const CLIENT_SECRET: &str = "hush";

impl FakeTeamViewer {
    /// The pair that is good now; another `grant` than the last one that was given is refused.
    fn pair(&self, client: &Client, grant: &str, call: &'static str) -> Result<TokenPair, NoTokens> {
        let mut company = self.company();
        if let Some(error) = company.faults.get(call) {
            return Err(error.clone().into());
        }
        if client.secret.expose_secret() != CLIENT_SECRET {
            return Err(NoTokens::ClientRefused);
        }
        if grant != company.grant {
            return Err(NoTokens::GrantRefused);
        }
        company.given += 1;
        company.grant = format!("refresh-{}", company.given);
        let refresh = SecretString::from(company.grant.as_str());
        Ok(TokenPair { access: SecretString::from(TOKEN), refresh, lasts: TimeDelta::days(1) })
    }
}

#[async_trait]
impl AuthorizationServer for FakeTeamViewer {
    fn authorize_url(&self, wish: &AuthorizeWish<'_>) -> String {
        let AuthorizeWish { client, state, challenge, .. } = wish;
        format!(
            "https://login.teamviewer.com/oauth2/authorize?client_id={}&state={state}&code_challenge={challenge}",
            client.as_str()
        )
    }

    async fn exchange_code(
        &self,
        client: &Client,
        code: &SecretString,
        _: &str,
        _: &SecretString,
    ) -> Result<TokenPair, NoTokens> {
        self.company().grant = "good-code".to_owned();
        self.pair(client, code.expose_secret(), "exchange_code")
    }

    async fn refresh(&self, client: &Client, refresh_token: &SecretString) -> Result<TokenPair, NoTokens> {
        self.pair(client, refresh_token.expose_secret(), "refresh")
    }

    async fn revoke(&self, token: &ScriptToken) -> Result<(), TeamViewerError> {
        self.called("revoke", token).map(drop)
    }
}
