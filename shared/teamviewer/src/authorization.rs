//! OAuth 2.0: where technicians sign in, and what their consent is exchanged for.

use async_trait::async_trait;
use casebridge_app::ports::AuthorizationServer;
use casebridge_app::ports::authorization::{AuthorizeWish, Client, NoTokens, TokenPair};
use casebridge_app::ports::teamviewer::{ScriptToken, TeamViewerError};
use chrono::TimeDelta;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use url::Url;

use crate::WebApi;
use crate::refusal::Refusal;
use crate::transport::Call;
use crate::wire::Fields;

/// The page of TeamViewer's own (its article for integrators; older clients used a path of the API).
const TEAMVIEWERS_PAGE: &str = "https://login.teamviewer.com/oauth2/authorize";

/// How long an access token serves where the answer does not say: as long as was recorded.
const USUAL_SECONDS: u32 = 86_400;

#[async_trait]
impl AuthorizationServer for WebApi {
    fn authorize_url(&self, wish: &AuthorizeWish<'_>) -> String {
        let mut url = page(self.transport.base());
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", wish.client.as_str())
            .append_pair("redirect_uri", wish.redirect_uri)
            .append_pair("state", wish.state)
            .append_pair("code_challenge", wish.challenge)
            .append_pair("code_challenge_method", "S256");
        url.into()
    }

    async fn exchange_code(
        &self,
        client: &Client,
        code: &SecretString,
        redirect_uri: &str,
        verifier: &SecretString,
    ) -> Result<TokenPair, NoTokens> {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code.expose_secret()),
            ("redirect_uri", redirect_uri),
            ("client_id", client.id.as_str()),
            ("client_secret", client.secret.expose_secret()),
            ("code_verifier", verifier.expose_secret()),
        ];
        self.tokens("exchange_code", &fields, code).await
    }

    async fn refresh(&self, client: &Client, refresh_token: &SecretString) -> Result<TokenPair, NoTokens> {
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token.expose_secret()),
            ("client_id", client.id.as_str()),
            ("client_secret", client.secret.expose_secret()),
        ];
        self.tokens("refresh_token", &fields, refresh_token).await
    }

    /// 200 in the manual, 204 in the schema: any success will do.
    async fn revoke(&self, token: &ScriptToken) -> Result<(), TeamViewerError> {
        let call = Call::post("revoke_token", self.transport.url(&["oauth2", "revoke"]), json!({}));
        self.transport.once(token, &call).await?.success()
    }
}

impl WebApi {
    /// `POST /oauth2/token`, form-urlencoded, once: what is exchanged serves once.
    async fn tokens(
        &self,
        function: &'static str,
        fields: &[(&str, &str)],
        grant: &SecretString,
    ) -> Result<TokenPair, NoTokens> {
        let url = self.transport.url(&["oauth2", "token"]);
        let answer = self.transport.post_form(function, url, fields, grant).await.map_err(no_tokens)?;
        let content = answer.content()?;
        pair(Fields::of(&content)).ok_or(NoTokens::TeamViewer(TeamViewerError::OutcomeUnknown))
    }
}

/// `{access_token, token_type, expires_in, refresh_token}` (recorded).
fn pair(fields: Option<Fields<'_>>) -> Option<TokenPair> {
    let fields = fields?;
    let secret = |name| fields.text(name).filter(|text| !text.trim().is_empty()).map(SecretString::from);
    let seconds = fields.text_or_number("expires_in").and_then(|seconds| seconds.trim().parse::<u32>().ok());
    Some(TokenPair {
        access: secret("access_token")?,
        refresh: secret("refresh_token")?,
        lasts: TimeDelta::seconds(i64::from(seconds.unwrap_or(USUAL_SECONDS))),
    })
}

/// `invalid_grant` is RFC 6749's; the manual lists only `invalid_client`, without its status. What else a 400 or 401 says at this
/// call can only be about the code or the refresh token, since the rest of it never changes.
fn no_tokens(refusal: Refusal) -> NoTokens {
    if refusal.says("invalid_client") || refusal.says("unauthorized_client") {
        return NoTokens::ClientRefused;
    }
    match TeamViewerError::from(refusal) {
        TeamViewerError::TokenRefused | TeamViewerError::LicenceLimit => NoTokens::GrantRefused,
        TeamViewerError::Refused { status: 400 | 401, .. } => NoTokens::GrantRefused,
        // What it says may repeat what was sent.
        TeamViewerError::Refused { status, .. } => {
            NoTokens::TeamViewer(TeamViewerError::Refused { status, words: String::new() })
        }
        error => NoTokens::TeamViewer(error),
    }
}

/// A stand-in has its page beside its API.
fn page(base: &Url) -> Url {
    let own = |url: &Url| url.host_str().is_some_and(|host| host.ends_with(".teamviewer.com"));
    let mut page = base.clone();
    page.set_path("/oauth2/authorize");
    match Url::parse(TEAMVIEWERS_PAGE) {
        Ok(teamviewers) if own(base) => teamviewers,
        _ => page,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn technicians_are_sent_to_teamviewers_page_or_to_the_stand_ins() {
        let sent_to = |base: &str| page(&Url::parse(base).unwrap()).to_string();
        assert_eq!(sent_to("https://webapi.teamviewer.com/api/v1"), TEAMVIEWERS_PAGE);
        assert_eq!(sent_to("http://127.0.0.1:4010/api/v1/"), "http://127.0.0.1:4010/oauth2/authorize");
        assert_eq!(
            sent_to("https://teamviewer.com.evil.example/api/v1"),
            "https://teamviewer.com.evil.example/oauth2/authorize"
        );
    }
}
