//! Where technicians are sent, and what they come back with.

use casebridge_app::ports::AuthorizationServer;
use casebridge_app::ports::authorization::{AuthorizeWish, Client, NoTokens, TokenPair};
use casebridge_app::ports::teamviewer::TeamViewerError;
use casebridge_domain::oauth::ClientId;
use chrono::TimeDelta;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use url::Url;

use crate::fake::{Fake, Reply, TOKEN, error, ok, status, text, token};

fn app() -> Client {
    Client { id: ClientId::parse("1029384-App").unwrap(), secret: SecretString::from("hush") }
}

fn secret(text: &str) -> SecretString {
    SecretString::from(text)
}

async fn exchanged(fake: &Fake) -> Result<TokenPair, NoTokens> {
    let redirect = "https://help.acme.example/oauth/teamviewer";
    fake.client().exchange_code(&app(), &secret("the-code"), redirect, &secret("the-verifier")).await
}

async fn refreshed(reply: Reply) -> Result<TokenPair, NoTokens> {
    Fake::with(reply).await.client().refresh(&app(), &secret("the-refresh-token")).await
}

fn recorded() -> Reply {
    text(200, include_str!("../../shapes/access-token.json"))
}

#[tokio::test]
async fn a_technician_is_sent_with_the_app_the_state_and_the_challenge() {
    let fake = Fake::with(status(500)).await;
    let wish = AuthorizeWish {
        client: &app().id,
        redirect_uri: "https://help.acme.example/oauth/teamviewer",
        state: "cb_oauth_acme_00",
        challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    };
    let url = Url::parse(&fake.client().authorize_url(&wish)).unwrap();
    assert_eq!((url.origin().ascii_serialization(), url.path()), (fake.origin(), "/oauth2/authorize"));
    let asked: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let expected = [
        ("response_type", "code"),
        ("client_id", "1029384-App"),
        ("redirect_uri", "https://help.acme.example/oauth/teamviewer"),
        ("state", "cb_oauth_acme_00"),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
    ];
    assert_eq!(asked, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert_eq!(fake.lines(), [] as [&str; 0], "nobody was asked");
}

#[tokio::test]
async fn a_code_is_exchanged_as_a_form_without_a_token_and_once() {
    let fake = Fake::with(recorded()).await;
    let pair = exchanged(&fake).await.unwrap();
    assert_eq!(pair.access.expose_secret(), "this-is-access-token");
    assert_eq!(pair.refresh.expose_secret(), "this-is-refresh-token");
    assert_eq!(pair.lasts, TimeDelta::days(1));
    assert_eq!(fake.lines(), ["POST /oauth2/token"]);
    let seen = &fake.seen()[0];
    assert!(!seen.headers.contains_key("authorization"));
    assert_eq!(seen.headers["content-type"], "application/x-www-form-urlencoded");
    let sent = [
        ("client_id", "1029384-App"),
        ("client_secret", "hush"),
        ("code", "the-code"),
        ("code_verifier", "the-verifier"),
        ("grant_type", "authorization_code"),
        ("redirect_uri", "https://help.acme.example/oauth/teamviewer"),
    ];
    assert_eq!(seen.form, sent.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
}

#[tokio::test]
async fn a_refresh_token_is_exchanged_with_the_apps_own_secret() {
    let fake = Fake::with(recorded()).await;
    fake.client().refresh(&app(), &secret("the-refresh-token")).await.unwrap();
    let sent = [
        ("client_id", "1029384-App"),
        ("client_secret", "hush"),
        ("grant_type", "refresh_token"),
        ("refresh_token", "the-refresh-token"),
    ];
    assert_eq!(fake.seen()[0].form, sent.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
}

#[tokio::test]
async fn a_grant_that_is_refused_is_told_from_an_app_that_is_and_from_a_teamviewer_that_fails() {
    for refused in [error(400, "invalid_grant"), error(401, "invalid_token"), status(400), text(401, "<html>")] {
        assert_eq!(refreshed(refused.clone()).await.unwrap_err(), NoTokens::GrantRefused, "{refused:?}");
    }
    for refused in [error(400, "invalid_client"), error(401, "INVALID_CLIENT"), error(400, "unauthorized_client")] {
        assert_eq!(refreshed(refused.clone()).await.unwrap_err(), NoTokens::ClientRefused, "{refused:?}");
    }
    let limited = TeamViewerError::RateLimited { retry_after: None };
    assert_eq!(refreshed(error(403, "rate_limit_reached")).await.unwrap_err(), limited.into());
    for lost in [status(500), status(502), text(200, "<html>"), ok(&json!({ "access_token": "only" })), status(204)] {
        assert_eq!(refreshed(lost.clone()).await.unwrap_err(), TeamViewerError::OutcomeUnknown.into(), "{lost:?}");
    }
}

#[tokio::test]
async fn a_token_call_is_never_repeated_and_its_secrets_are_repeated_nowhere() {
    let echo = text(404, "the-code hush the-verifier");
    let fake = Fake::with(echo).await;
    let refused = exchanged(&fake).await.unwrap_err();
    assert!(matches!(&refused, NoTokens::TeamViewer(TeamViewerError::Refused { status: 404, .. })), "{refused:?}");
    for hidden in ["the-code", "hush", "the-verifier"] {
        assert!(!format!("{refused:?} {refused}").contains(hidden), "{refused:?}");
    }
    let fake = Fake::with(status(503)).await;
    exchanged(&fake).await.unwrap_err();
    assert_eq!(fake.lines().len(), 1);
}

#[tokio::test]
async fn how_long_a_token_serves_is_read_in_every_form_and_a_day_where_it_is_not_said() {
    for (said, seconds) in [(json!(3600), 3600), (json!("3600"), 3600), (json!(null), 86_400), (json!("soon"), 86_400)]
    {
        let pair = ok(&json!({ "access_token": "a", "refresh_token": "r", "expires_in": said }));
        assert_eq!(refreshed(pair).await.unwrap().lasts, TimeDelta::seconds(seconds), "{said}");
    }
}

#[tokio::test]
async fn a_token_is_revoked_by_itself_and_any_success_will_do() {
    for success in [200, 204] {
        let fake = Fake::with(status(success)).await;
        fake.client().revoke(&token()).await.unwrap();
        assert_eq!(fake.lines(), ["POST /oauth2/revoke"]);
        assert_eq!(fake.seen()[0].headers["authorization"], format!("Bearer {TOKEN}"));
    }
    let gone = Fake::with(error(401, "invalid_token")).await;
    assert_eq!(gone.client().revoke(&token()).await, Err(TeamViewerError::TokenRefused));
}
