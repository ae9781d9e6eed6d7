//! Sending a technician to TeamViewer's page.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use casebridge_domain::hex::hex;
use casebridge_domain::key::KeyHash;
use casebridge_domain::technician_sign_in::{ASKING_MINUTES, AuthorizationRequest};
use casebridge_domain::{AccountId, Instant, TechnicianId};
use chrono::TimeDelta;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};

use crate::Desk;
use crate::oauth_app::redirect_uri;
use crate::outside::Outside;
use crate::ports::authorization::AuthorizeWish;
use crate::ports::vault::SecretKind;

/// What a `state` begins with. Never changes: who is under way holds one.
const PREFIX: &str = "cb_oauth_";

/// Where to send the technician.
#[derive(Debug)]
pub struct Begun {
    /// TeamViewer's page. Whoever opens it and consents signs this technician in.
    pub url: SecretString,
    /// Until when he may come back.
    pub until: Instant,
}

/// Why he can't be sent.
#[derive(Debug, thiserror::Error)]
pub enum BeginError {
    /// The account has no app in TeamViewer.
    #[error("the account has no OAuth app")]
    NoApp,
    /// There is no address that TeamViewer could send him back to.
    #[error("the installation has no public address")]
    NoAddress,
    /// Something else failed.
    #[error(transparent)]
    Outside(#[from] Outside),
}

/// Has a technician sent to TeamViewer's page: authorization code with `state` and a proof key (S256).
pub async fn begin(desk: &Desk, technician: TechnicianId) -> Result<Begun, BeginError> {
    let world = &desk.world;
    let client = desk.client().await?.ok_or(BeginError::NoApp)?;
    let redirect_uri = redirect_uri(world).ok_or(BeginError::NoAddress)?;
    let state = format!("{PREFIX}{}_{}", desk.id(), hex(&world.ids.secret()));
    let verifier = SecretString::from(URL_SAFE_NO_PAD.encode(world.ids.secret()));
    let until = desk.now() + TimeDelta::minutes(ASKING_MINUTES);
    let sealed = world.vault.seal(desk.id(), SecretKind::CodeVerifier, &verifier).await.map_err(Outside::from)?;
    let request = AuthorizationRequest {
        account: desk.id().clone(),
        technician,
        state: hash(&state),
        verifier: sealed,
        client_id: client.id.clone(),
        until,
        by: desk.by(),
    };
    world.store.make_authorization(&request).await.map_err(Outside::from)?;
    let challenge = challenge(&verifier);
    let wish = AuthorizeWish { client: &client.id, redirect_uri: &redirect_uri, state: &state, challenge: &challenge };
    Ok(Begun { url: SecretString::from(world.teamviewer.authorize_url(&wish)), until })
}

/// S256 of RFC 7636.
fn challenge(verifier: &SecretString) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.expose_secret().as_bytes()))
}

/// Whose `state` it claims to be.
pub(super) fn account_of(state: &str) -> Option<AccountId> {
    let (account, secret) = state.strip_prefix(PREFIX)?.split_once('_')?;
    let is_hex = secret.len() == 64 && secret.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex.then(|| AccountId::parse(account).ok()).flatten()
}

/// Looking a `state` up by its hash leaks nothing by timing, as with keys.
pub(super) fn hash(state: &str) -> KeyHash {
    KeyHash::new(hex(&Sha256::digest(state)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_says_whose_it_is_and_nothing_else_is_a_state() {
        let secret = "0".repeat(64);
        assert_eq!(account_of(&format!("cb_oauth_acme-2_{secret}")), AccountId::parse("acme-2").ok());
        for bad in ["", "cb_oauth_acme_", &format!("cb_signin_acme_{secret}"), &format!("cb_oauth_acme_{secret}0")] {
            assert_eq!(account_of(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_challenge_is_that_of_rfc_7636() {
        let verifier = SecretString::from("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(challenge(&verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }
}
