//! Signing in to the console: whoever may manage the account has a link made, and whoever uses it first gets a key of his own.

use casebridge_domain::hex::hex;
use casebridge_domain::journal::{AccountMatter, JournalEntry};
use casebridge_domain::key::{ApiKey, KeyHash, Owner, Scope};
use casebridge_domain::people::{PersonName, Technician};
use casebridge_domain::sign_in::{LinkLifetime, SIGNED_IN_HOURS, SignIn, SignedIn};
use casebridge_domain::{Account, AccountId, Instant, KeyId};
use chrono::TimeDelta;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};

use crate::admission::KeyText;
use crate::ports::store::Saved;
use crate::{Desk, Outside, World};

/// For whom a link is made.
#[derive(Debug, Clone)]
pub struct SignInWish {
    /// What he may: `Admin` or `Technician`.
    pub scope: Scope,
    /// His name, for the console and the audit trail.
    pub name: PersonName,
    /// Which support user he is, if he is one: cases that he takes are his.
    pub technician: Option<Technician>,
    /// How long the link waits.
    pub lifetime: LinkLifetime,
}

/// A link's code, which is given out this once.
#[derive(Debug)]
pub struct SignInCode {
    /// `cb_signin_<account>_` and 64 hex digits: 256 random bits.
    pub text: SecretString,
    /// Until when it works.
    pub until: Instant,
}

/// Somebody signed in.
#[derive(Debug)]
pub struct SignedInAs {
    /// His key, as it is kept.
    pub key: ApiKey,
    /// Its text.
    pub text: SecretString,
    /// His account.
    pub account: Account,
}

/// Why nobody is signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The link was used, is too old, or never was one.
    #[error("the link does not work (any more)")]
    UnknownLink,
    /// Something else failed.
    #[error(transparent)]
    Outside(#[from] Outside),
}

const PREFIX: &str = "cb_signin_";

/// Makes a link's code.
pub async fn make_link(desk: &Desk, wish: SignInWish) -> Result<SignInCode, Outside> {
    let SignInWish { scope, name, technician, lifetime } = wish;
    let text = format!("{PREFIX}{}_{}", desk.id(), hex(&desk.world.ids.secret()));
    let until = desk.now() + lifetime.span();
    let account = desk.id().clone();
    let link = SignIn { account, hash: hash(&text), scope, name, technician, until, by: desk.by() };
    desk.world.store.make_sign_in(&link).await?;
    Ok(SignInCode { text: SecretString::from(text), until })
}

/// Uses a link: it works once. The key that it gives is in the audit trail as made by whoever made the link.
pub async fn sign_in(world: &World, code: &str) -> Result<SignedInAs, SignInError> {
    let account = account_of(code).ok_or(SignInError::UnknownLink)?;
    let now = world.now();
    let link = world.store.sign_in(&account, &hash(code)).await.map_err(Outside::from)?;
    let link = link.filter(|link| now < link.value.until).ok_or(SignInError::UnknownLink)?;
    let admission = world.store.admission(None, Some(&account)).await.map_err(Outside::from)?;
    let account = admission.account.ok_or(SignInError::UnknownLink)?.value;
    let SignIn { scope, name, technician, by, .. } = link.value.clone();
    let owner = Owner::Account(account.id.clone());
    let text = KeyText::fresh(&owner, &*world.ids);
    let label = Some(name.clone());
    let signed_in = SignedIn { name, technician, until: now + TimeDelta::hours(SIGNED_IN_HOURS) };
    let id = KeyId::new(world.ids.time_ordered(now));
    let matter = AccountMatter::KeyMade { key: id, scope, label: label.clone() };
    let entry = JournalEntry::Account { by, at: now, matter };
    let hash = text.hash();
    let key = ApiKey { id, owner, scope, label, created_at: now, hash, signed_in: Some(signed_in) };
    match world.store.use_sign_in(&link, &key, &entry).await.map_err(Outside::from)? {
        Saved::Done(_) => Ok(SignedInAs { key, text: text.into_secret(), account }),
        Saved::Lost => Err(SignInError::UnknownLink),
    }
}

/// Whose code it claims to be.
fn account_of(code: &str) -> Option<AccountId> {
    let (account, secret) = code.strip_prefix(PREFIX)?.split_once('_')?;
    let is_hex = secret.len() == 64 && secret.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex.then(|| AccountId::parse(account).ok()).flatten()
}

/// Looking a code up by its hash leaks nothing by timing, as with keys.
fn hash(code: &str) -> KeyHash {
    KeyHash::new(hex(&Sha256::digest(code)))
}

impl SignInCode {
    /// Where it leads, below the installation's address. What stands behind `#` is sent to no server.
    pub fn path(&self) -> SecretString {
        SecretString::from(format!("/console/sign-in#{}", self.text.expose_secret()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_says_whose_it_is_and_nothing_else_is_a_code() {
        let secret = "0".repeat(64);
        assert_eq!(account_of(&format!("cb_signin_acme-2_{secret}")), AccountId::parse("acme-2").ok());
        for bad in ["", "cb_signin_acme_", &format!("cb_account_acme_{secret}"), &format!("cb_signin_acme_{secret}0")] {
            assert_eq!(account_of(bad), None, "{bad}");
        }
    }
}
