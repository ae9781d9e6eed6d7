//! Links to the account's own page about a case.
//!
//! A link's secret is not kept: it is made anew, from a key of the account and the case's id, by whoever may open that key. The
//! case keeps its hash, by which it is recognised.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use casebridge_domain::branding::CustomerLink;
use casebridge_domain::hex::hex;
use casebridge_domain::service_case::LinkHash;
use casebridge_domain::session::Link;
use casebridge_domain::{AccountId, CaseId, Sealed, ServiceCase};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq as _;

use crate::Desk;
use crate::outside::Outside;
use crate::ports::store::Saved;
use crate::ports::vault::SecretKind;
use crate::settle::TRIES;

/// Bytes of a secret: 160 bits, 27 characters of base64url.
const SECRET_BYTES: usize = 20;

/// What the hash is taken over besides the case's id; must never change.
const PURPOSE: &[u8] = b"customer-link:";

/// The same of links to the page on which a requester asks for help, so that neither stands for the other.
const REQUEST_PURPOSE: &[u8] = b"request-link:";

/// What an account's links are made with.
#[derive(Debug)]
pub(crate) struct LinkKey(SecretString);

impl LinkKey {
    /// The secret of a case's link.
    fn secret(&self, case: CaseId) -> Option<String> {
        let mac = Hmac::<Sha256>::new_from_slice(self.0.expose_secret().as_bytes()).ok()?;
        let made = mac.chain_update(PURPOSE).chain_update(case.to_string()).finalize().into_bytes();
        made.get(..SECRET_BYTES).map(|bytes| URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Signs what a link to the page says on which a requester asks for help.
    pub(crate) fn sign_request(&self, account: &AccountId, claims: &str) -> Option<Vec<u8>> {
        Some(self.over_request(account, claims)?.finalize().into_bytes().to_vec())
    }

    /// Whether it was signed with this key. Compares in constant time.
    pub(crate) fn signed_request(&self, account: &AccountId, claims: &str, mac: &[u8]) -> bool {
        self.over_request(account, claims).is_some_and(|over| over.verify_slice(mac).is_ok())
    }

    fn over_request(&self, account: &AccountId, claims: &str) -> Option<Hmac<Sha256>> {
        let mac = Hmac::<Sha256>::new_from_slice(self.0.expose_secret().as_bytes()).ok()?;
        Some(mac.chain_update(REQUEST_PURPOSE).chain_update(account.as_str()).chain_update(".").chain_update(claims))
    }

    /// What a new case keeps of its link's secret.
    pub(crate) fn hash(&self, case: CaseId) -> Option<LinkHash> {
        self.secret(case).map(|secret| hash(&secret))
    }
}

fn hash(secret: &str) -> LinkHash {
    LinkHash::new(hex(&Sha256::digest(secret)))
}

/// Whether this is the link's secret. Takes as long for a case that has none, or is not there.
pub(crate) fn is_secret_of(case: Option<&ServiceCase>, secret: &str) -> bool {
    let given = hash(secret);
    let nobodys = LinkHash::new("0".repeat(given.as_str().len()));
    let kept = case.and_then(ServiceCase::link).unwrap_or(&nobodys);
    kept.as_str().as_bytes().ct_eq(given.as_str().as_bytes()).into()
}

impl Desk {
    /// The link that the case's requester is mailed: to the account's page, or TeamViewer's own; `None` as long as there is no
    /// session, and where the page's link can't be made any more.
    pub async fn customer_link(&self, case: &ServiceCase) -> Result<Option<Link>, Outside> {
        let Some(session) = case.session() else { return Ok(None) };
        if case.link().is_none() {
            return Ok(Some(session.customer_link.clone()));
        }
        self.page_link(case).await
    }

    /// The link to the account's page about the case; `None` if it has none.
    pub(crate) async fn page_link(&self, case: &ServiceCase) -> Result<Option<Link>, Outside> {
        let (Some(kept), Some(url)) = (case.link(), &self.world.public_url) else { return Ok(None) };
        let Some(sealed) = self.sealed_link_key().await? else { return Ok(None) };
        let key = LinkKey(self.world.vault.open(self.id(), SecretKind::LinkKey, &sealed).await?);
        let secret = key.secret(case.id()).filter(|secret| hash(secret) == *kept);
        Ok(secret.and_then(|secret| url.page(&format!("/c/{}/{}/{secret}", self.id(), case.id())).ok()))
    }

    /// The account's key, which may have been made since the request was let in.
    async fn sealed_link_key(&self) -> Result<Option<Sealed>, Outside> {
        if self.account().link_key.is_some() {
            return Ok(self.account().link_key.clone());
        }
        let fresh = Self::open(&self.world, self.id(), self.by()).await?;
        Ok(fresh.and_then(|fresh| fresh.account().link_key.clone()))
    }

    /// What new cases' links are made with; `None` where requesters get TeamViewer's own. The account's first case makes it.
    pub(crate) async fn link_key(&self) -> Result<Option<LinkKey>, Outside> {
        if self.world.public_url.is_none() || self.account().customer_link == CustomerLink::Direct {
            return Ok(None);
        }
        self.account_link_key().await
    }

    /// The account's key, if it has one.
    pub(crate) async fn present_link_key(&self) -> Result<Option<LinkKey>, Outside> {
        let Some(sealed) = self.sealed_link_key().await? else { return Ok(None) };
        Ok(Some(LinkKey(self.world.vault.open(self.id(), SecretKind::LinkKey, &sealed).await?)))
    }

    /// The account's key, made if it has none yet; `None` if the account is gone.
    pub(crate) async fn account_link_key(&self) -> Result<Option<LinkKey>, Outside> {
        let sealed = match &self.account().link_key {
            Some(sealed) => sealed.clone(),
            None => match self.make_link_key().await? {
                Some(sealed) => sealed,
                None => return Ok(None),
            },
        };
        Ok(Some(LinkKey(self.world.vault.open(self.id(), SecretKind::LinkKey, &sealed).await?)))
    }

    /// Makes the key, unless somebody else did since the request was let in; `None` if the account is gone.
    async fn make_link_key(&self) -> Result<Option<Sealed>, Outside> {
        let mut made = None;
        for _ in 0..TRIES {
            let Some(fresh) = Self::open(&self.world, self.id(), self.by()).await? else { return Ok(None) };
            if fresh.account().link_key.is_some() {
                return Ok(fresh.account().link_key.clone());
            }
            let sealed = if let Some(sealed) = made.take() {
                sealed
            } else {
                let key = SecretString::from(hex(&self.world.ids.secret()));
                self.world.vault.seal(self.id(), SecretKind::LinkKey, &key).await?
            };
            let mut account = fresh.account().clone();
            account.link_key = Some(sealed.clone());
            if let Saved::Done(_) = self.world.store.keep_link_key(&account, fresh.account_read_at()).await? {
                return Ok(Some(sealed));
            }
            made = Some(sealed);
        }
        Err(Outside::Contention)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn case(number: u128) -> CaseId {
        CaseId::new(Uuid::from_u128(number))
    }

    #[test]
    fn each_case_and_each_key_has_a_secret_of_its_own_of_160_bits() {
        let key = |text: &str| LinkKey(SecretString::from(text));
        let secrets =
            [key("a").secret(case(1)), key("a").secret(case(2)), key("b").secret(case(1))].map(Option::unwrap);
        assert!(secrets[0] != secrets[1] && secrets[0] != secrets[2] && secrets[1] != secrets[2]);
        assert_eq!(key("a").secret(case(1)).unwrap(), secrets[0], "it can be made again");
        for secret in &secrets {
            assert_eq!(URL_SAFE_NO_PAD.decode(secret).unwrap().len(), 20);
        }
    }

    #[test]
    fn nobody_has_the_secret_of_a_case_that_is_not_there() {
        assert!(!is_secret_of(None, ""));
        assert!(!is_secret_of(None, "0"));
    }
}
