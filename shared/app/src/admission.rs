//! Letting a request in: whose key it is, what it may, and the account it is about.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use casebridge_domain::hex::hex;
use casebridge_domain::journal::Principal;
use casebridge_domain::key::{ApiKey, KeyHash, Owner, Scope};
use casebridge_domain::{AccountId, Instant, Sealed, VendorId};
use chrono::TimeDelta;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use crate::ports::Ids;
use crate::ports::store::Admission;
use crate::ports::vault::{SecretKind, VaultError};
use crate::widget::TokenKey;
use crate::{Desk, Outside, World};

/// Seconds that an admission is kept in the process; so long may a deleted key or an old setting live on.
pub const KEPT_SECONDS: i64 = 60;

/// Admissions kept at most; beyond that all are forgotten.
const KEPT_AT_MOST: usize = 10_000;

/// The text of a key: `cb_vendor_<vendor>_<secret>` or `cb_account_<account>_<secret>`, the secret 64 hex digits.
///
/// The prefix is what secret scanners look for, and the owner in it makes key, account and connection one read: it may
/// never change.
#[derive(Debug)]
pub struct KeyText {
    owner: Owner,
    text: SecretString,
}

impl KeyText {
    /// Reads a key as it is sent. Nothing is looked up yet.
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, rest) = text.strip_prefix("cb_")?.split_once('_')?;
        let (owner, secret) = rest.split_once('_')?;
        let owner = match kind {
            "vendor" => Owner::Vendor(VendorId::parse(owner).ok()?),
            "account" => Owner::Account(AccountId::parse(owner).ok()?),
            _ => return None,
        };
        let hex = secret.len() == 64 && secret.bytes().all(|b| b.is_ascii_hexdigit());
        hex.then(|| Self { owner, text: SecretString::from(text) })
    }

    /// A new key's text.
    pub fn fresh(owner: &Owner, ids: &dyn Ids) -> Self {
        let secret = hex(&ids.secret());
        let text = match owner {
            Owner::Vendor(vendor) => format!("cb_vendor_{vendor}_{secret}"),
            Owner::Account(account) => format!("cb_account_{account}_{secret}"),
        };
        Self { owner: owner.clone(), text: SecretString::from(text) }
    }

    /// What is kept of it. Looking a key up by its hash leaks nothing by timing: the hash of a guess says nothing
    /// about the hash that is kept.
    pub fn hash(&self) -> KeyHash {
        KeyHash::new(hex(&Sha256::digest(self.text.expose_secret())))
    }

    /// The text itself.
    pub fn into_secret(self) -> SecretString {
        self.text
    }
}

/// Why a request is not let in.
#[derive(Debug, thiserror::Error)]
pub enum NotAdmitted {
    /// No key, or none that is known.
    #[error("the key is not known")]
    UnknownKey,
    /// The key is known, but may not do this.
    #[error("the key may not do this")]
    NotAllowed {
        /// What it would have to be.
        needed: Scope,
    },
    /// There is no such account, or it is not the key's.
    #[error("there is no such account")]
    UnknownAccount,
    /// Something else failed.
    #[error(transparent)]
    Outside(#[from] Outside),
}

/// A request that was let in to an account.
#[derive(Clone)]
pub struct Admitted {
    /// The account-scoped handle.
    pub desk: Desk,
    /// Who asks.
    pub key: ApiKey,
}

/// By key and account: until when it is kept, and what.
type Kept = HashMap<(KeyHash, Option<AccountId>), (Instant, Arc<Admission>)>;

/// The same without a key, for widgets: their tokens need no reading.
type KeptAccounts = HashMap<AccountId, (Instant, Arc<Admission>)>;

/// What widget tokens are signed with, beside the sealed secret that it was opened from.
type TokenKeys = HashMap<AccountId, (Sealed, TokenKey)>;

/// Lets requests in, and keeps what it read for a minute.
pub struct Admissions {
    world: World,
    kept: Mutex<Kept>,
    accounts: Mutex<KeptAccounts>,
    token_keys: Mutex<TokenKeys>,
}

impl Admissions {
    /// Begins with nothing kept.
    pub fn new(world: World) -> Self {
        Self { world, kept: Mutex::default(), accounts: Mutex::default(), token_keys: Mutex::default() }
    }

    /// The world behind it.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// Lets a request in to an account. Another account's things are as if they did not exist.
    pub async fn to_account(&self, key: &str, account: &AccountId, needed: Scope) -> Result<Admitted, NotAdmitted> {
        let text = KeyText::parse(key).ok_or(NotAdmitted::UnknownKey)?;
        let admission = self.admission(&text, Some(account)).await?;
        let key = self.working(&admission)?;
        let of_the_vendor =
            |vendor: &VendorId| admission.account.as_ref().is_some_and(|account| account.value.vendor == *vendor);
        let its_own = match &key.owner {
            Owner::Account(own) => own == account,
            Owner::Vendor(vendor) => of_the_vendor(vendor),
        };
        if !its_own {
            return Err(NotAdmitted::UnknownAccount);
        }
        if !key.scope.allows(needed) {
            return Err(NotAdmitted::NotAllowed { needed });
        }
        let desk = Desk::of(self.world.clone(), (*admission).clone(), Principal::Key { id: key.id })
            .ok_or(NotAdmitted::UnknownAccount)?;
        Ok(Admitted { desk, key })
    }

    /// Lets a request in to the account whose key it is.
    pub async fn to_its_account(&self, key: &str, needed: Scope) -> Result<Admitted, NotAdmitted> {
        match KeyText::parse(key).map(|text| text.owner) {
            Some(Owner::Account(account)) => self.to_account(key, &account, needed).await,
            Some(Owner::Vendor(_)) | None => Err(NotAdmitted::UnknownKey),
        }
    }

    /// Lets a vendor in.
    pub async fn to_vendor(&self, key: &str, needed: Scope) -> Result<(VendorId, ApiKey), NotAdmitted> {
        let text = KeyText::parse(key).ok_or(NotAdmitted::UnknownKey)?;
        let admission = self.admission(&text, None).await?;
        let key = self.working(&admission)?;
        match &key.owner {
            Owner::Vendor(vendor) if key.scope.allows(needed) => Ok((vendor.clone(), key)),
            Owner::Vendor(_) | Owner::Account(_) => Err(NotAdmitted::NotAllowed { needed }),
        }
    }

    /// Forgets what is kept about an account, after its settings, keys or connection were changed through this process.
    pub fn forget(&self, account: &AccountId) {
        lock(&self.accounts).remove(account);
        lock(&self.kept).retain(|(_, about), (_, admission)| {
            about.as_ref() != Some(account)
                && admission.key.as_ref().is_none_or(|key| key.owner != Owner::Account(account.clone()))
        });
    }

    /// The key, if it still is one.
    fn working(&self, admission: &Admission) -> Result<ApiKey, NotAdmitted> {
        let key = admission.key.clone().filter(|key| key.works(self.world.now()));
        key.ok_or(NotAdmitted::UnknownKey)
    }

    async fn admission(&self, key: &KeyText, account: Option<&AccountId>) -> Result<Arc<Admission>, Outside> {
        let place = (key.hash(), account.cloned());
        let now = self.world.now();
        if let Some((until, kept)) = lock(&self.kept).get(&place)
            && now < *until
        {
            return Ok(kept.clone());
        }
        let admission = Arc::new(self.world.store.admission(Some((&key.owner, &place.0)), account).await?);
        // Only what was found: an unknown key must not fill the memory, nor be refused after it was made.
        if admission.key.is_some() && (account.is_none() || admission.account.is_some()) {
            keep(&self.kept, place, (now + TimeDelta::seconds(KEPT_SECONDS), admission.clone()));
        }
        Ok(admission)
    }

    /// An account and its connection as they were within the last minute, if they were read.
    pub(crate) fn kept_account(&self, account: &AccountId) -> Option<Arc<Admission>> {
        let now = self.world.now();
        lock(&self.accounts).get(account).filter(|(until, _)| now < *until).map(|(_, kept)| kept.clone())
    }

    /// An account and its connection as they are now.
    pub(crate) async fn account(&self, account: &AccountId) -> Result<Arc<Admission>, Outside> {
        let until = self.world.now() + TimeDelta::seconds(KEPT_SECONDS);
        let admission = Arc::new(self.world.store.admission(None, Some(account)).await?);
        if admission.account.is_some() {
            keep(&self.accounts, account.clone(), (until, admission.clone()));
        }
        Ok(admission)
    }

    /// What the account's widget tokens are signed with; opened once in a process.
    pub(crate) async fn token_key(&self, account: &AccountId, sealed: &Sealed) -> Result<TokenKey, Outside> {
        if let Some((of, key)) = lock(&self.token_keys).get(account)
            && of == sealed
        {
            return Ok(key.clone());
        }
        let secret = self.world.vault.open(account, SecretKind::WidgetSecret, sealed).await?;
        let key = TokenKey::of(&secret).ok_or(VaultError::CannotOpen)?;
        keep(&self.token_keys, account.clone(), (sealed.clone(), key.clone()));
        Ok(key)
    }
}

fn lock<T>(kept: &Mutex<T>) -> MutexGuard<'_, T> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

fn keep<K: Eq + Hash, V>(kept: &Mutex<HashMap<K, V>>, place: K, value: V) {
    let mut kept = lock(kept);
    if kept.len() >= KEPT_AT_MOST {
        kept.clear();
    }
    kept.insert(place, value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_says_whose_it_is_and_nothing_else_is_a_key() {
        let secret = "0".repeat(64);
        let key = KeyText::parse(&format!("cb_account_acme-2_{secret}")).unwrap();
        assert_eq!(key.owner, Owner::Account(AccountId::parse("acme-2").unwrap()));
        assert_eq!(key.hash().as_str().len(), 64);
        for bad in ["", "cb_", "cb_account_acme_", "cb_account__x", "cb_other_acme_0", "Bearer x"] {
            assert!(KeyText::parse(bad).is_none(), "{bad}");
        }
        assert!(KeyText::parse(&format!("cb_account_Acme_{secret}")).is_none());
    }

    #[test]
    fn a_keys_text_is_not_printed() {
        let key = KeyText::parse(&format!("cb_vendor_boss_{}", "a1".repeat(32))).unwrap();
        assert!(!format!("{key:?}").contains("a1a1"));
    }
}
