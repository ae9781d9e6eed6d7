//! `oauth2`.

use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use crate::teamviewer::answer::{Answer, Refusal};
use crate::teamviewer::call::{Call, Fields};
use crate::teamviewer::seed::OauthApp;
use crate::teamviewer::token::{Level, Token};
use crate::teamviewer::world::{Caller, World};

/// How long an access token lives (recorded: `expires_in` 86400).
const LIFETIME_SECONDS: i64 = 86_400;

/// `POST /oauth2/token` (manual p.10, schema). A code is used up by the first try, as RFC 6749 wants it.
pub(super) fn token(world: &mut World, call: &Call, now: DateTime<Utc>) -> Result<Answer, Refusal> {
    let fields = call.fields()?;
    match fields.required("grant_type")?.as_str() {
        "authorization_code" => by_code(world, &fields, now),
        "refresh_token" => by_refresh_token(world, &fields, now),
        _ => Err(Refusal::invalid("grant_type is neither authorization_code nor refresh_token")),
    }
}

fn by_code(world: &mut World, fields: &Fields, now: DateTime<Utc>) -> Result<Answer, Refusal> {
    let code =
        world.oauth_codes.remove(&fields.required("code")?).ok_or(Refusal::InvalidGrant("The code is unknown"))?;
    if code.expires_at <= now {
        return Err(Refusal::InvalidGrant("The code has expired"));
    }
    let verifier = fields.text("code_verifier")?;
    if let Some(challenge) = &code.challenge
        && !verifier.as_deref().is_some_and(|verifier| challenge.is_met_by(verifier))
    {
        return Err(Refusal::InvalidGrant("code_verifier does not fit the challenge"));
    }
    let app = app(world, fields, code.challenge.is_some())?;
    if app.client_id != code.client_id || fields.text("redirect_uri")? != code.redirect_uri {
        return Err(Refusal::InvalidGrant("The code was given for another client or redirect_uri"));
    }
    Ok(issue(world, &app, code.userid, now))
}

/// A refresh token serves once, and the pair it belongs to ends with it (the first by the manual, the second our
/// assumption).
fn by_refresh_token(world: &mut World, fields: &Fields, now: DateTime<Utc>) -> Result<Answer, Refusal> {
    let refresh_token = fields.required("refresh_token")?;
    let old = world
        .tokens
        .values()
        .find(|token| token.refresh_token.as_ref() == Some(&refresh_token) && !token.revoked)
        .cloned()
        .ok_or(Refusal::InvalidGrant("The refresh token is unknown or was used"))?;
    let app = app(world, fields, true)?;
    if old.client_id.as_ref() != Some(&app.client_id) {
        return Err(Refusal::InvalidGrant("The refresh token was given to another client"));
    }
    if let Some(token) = world.tokens.get_mut(&old.value) {
        token.refresh_token = None;
        token.revoked = true;
    }
    Ok(issue(world, &app, old.owner, now))
}

/// The app that calls. With a proof key, or a refresh token, the secret may be left out (our assumption); a wrong one
/// never passes.
fn app(world: &World, fields: &Fields, secret_is_optional: bool) -> Result<OauthApp, Refusal> {
    let app = world.apps.get(&fields.required("client_id")?).ok_or(Refusal::InvalidClient)?;
    match fields.text("client_secret")? {
        Some(secret) if secret == app.client_secret => Ok(app.clone()),
        None if secret_is_optional => Ok(app.clone()),
        _ => Err(Refusal::InvalidClient),
    }
}

/// A new pair; the answer is of the recorded shape. App tokens are at user level (our assumption).
fn issue(world: &mut World, app: &OauthApp, userid: String, now: DateTime<Utc>) -> Answer {
    let mut token = Token::script(world.random.token(), userid, app.permissions.iter().copied());
    let refresh_token = world.random.token();
    token.level = Level::User;
    token.client_id = Some(app.client_id.clone());
    token.refresh_token = Some(refresh_token.clone());
    token.expires_at = Some(now + TimeDelta::seconds(LIFETIME_SECONDS));
    let answer = Answer::json(json!({
        "access_token": token.value,
        "token_type": "bearer",
        "expires_in": LIFETIME_SECONDS,
        "refresh_token": refresh_token,
    }));
    world.tokens.insert(token.value.clone(), token);
    answer
}

/// `POST /oauth2/revoke`: ends the bearer's token and its refresh token (manual p.16-17).
#[expect(clippy::unnecessary_wraps, reason = "every function of the Web API has this type")]
pub(super) fn revoke(world: &mut World, caller: &Caller, _: &Call) -> Result<Answer, Refusal> {
    end(world, caller);
    Ok(Answer::success(world.unknowns.revoke))
}

/// `POST /OAuth2/accessToken`: a permanent token (schema). That it has the bearer's permissions is our assumption.
pub(super) fn create_access_token(world: &mut World, caller: &Caller, call: &Call) -> Result<Answer, Refusal> {
    let name = call.fields()?.required("name")?;
    if !(5..=20).contains(&name.chars().count()) {
        return Err(Refusal::invalid("name is not 5 to 20 characters long"));
    }
    let token = Token {
        value: world.random.token(),
        expires_at: None,
        refresh_token: None,
        client_id: None,
        ..caller.token.clone()
    };
    let answer = Answer::json(json!({ "AccessToken": token.value }));
    world.tokens.insert(token.value.clone(), token);
    Ok(answer)
}

/// `DELETE /OAuth2/accessToken` (schema). That it is the bearer's token which ends is our assumption.
#[expect(clippy::unnecessary_wraps, reason = "every function of the Web API has this type")]
pub(super) fn delete_access_token(world: &mut World, caller: &Caller, _: &Call) -> Result<Answer, Refusal> {
    end(world, caller);
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}

fn end(world: &mut World, caller: &Caller) {
    if let Some(token) = world.tokens.get_mut(&caller.token.value) {
        token.revoked = true;
        token.refresh_token = None;
    }
}
