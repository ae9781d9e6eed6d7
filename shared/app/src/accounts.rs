//! Accounts and their keys: how a vendor brings its customers on.

use casebridge_domain::account::{CaseLifetime, WhoIsTold};
use casebridge_domain::branding::{Branding, CustomerLink};
use casebridge_domain::journal::{AccountMatter, JournalEntry, Principal};
use casebridge_domain::key::{ApiKey, Owner, Scope};
use casebridge_domain::policy::{CloseGuard, NotePolicy};
use casebridge_domain::{Account, AccountId, KeyId, Language, ServiceCase, Text, TimeZone, VendorId};
use secrecy::{ExposeSecret, SecretString};

use crate::admission::KeyText;
use crate::open_case::RequestMemory;
use crate::outside::Outside;
use crate::ports::store::{Made, Page, Saved, StoreError, Subject};
use crate::ports::vault::SecretKind;
use crate::settle::TRIES;
use crate::{Desk, World};

mod delete;

pub use delete::delete_account;

/// What a vendor says about a new account.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Named by the vendor.
    pub id: AccountId,
    /// As the customer reads it.
    pub name: Text<100>,
    /// In which comment and reports are written.
    pub time_zone: TimeZone,
    /// For requesters who name none of ours.
    pub language: Language,
    /// Play to expiry.
    pub case_lifetime: CaseLifetime,
    /// Who is told that a customer is online.
    pub told: WhoIsTold,
}

/// Why an account or key is not made or changed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The id is taken, or was.
    #[error("the account exists, or existed")]
    Exists,
    /// The same `Idempotency-Key` came with another body.
    #[error("the Idempotency-Key was used for another request")]
    KeyReused,
    /// The account has a connection: revoke it first.
    #[error("the account has a TeamViewer connection")]
    Connected,
    /// Cases are live: close them first.
    #[error("cases are live")]
    LiveCases(Vec<ServiceCase>),
    /// Somebody else changed the account at the same time.
    #[error("the account was changed at the same time")]
    Overtaken,
    /// Something else failed.
    #[error(transparent)]
    Outside(#[from] Outside),
}

impl From<StoreError> for AccountError {
    fn from(error: StoreError) -> Self {
        Self::Outside(error.into())
    }
}

/// Makes an account for a vendor.
pub async fn make_account(
    world: &World,
    vendor: &VendorId,
    wish: NewAccount,
    by: Principal,
    memory: Option<&RequestMemory>,
) -> Result<Account, AccountError> {
    let now = world.now();
    let account = Account {
        id: wish.id,
        vendor: vendor.clone(),
        name: wish.name,
        time_zone: wish.time_zone,
        language: wish.language,
        case_lifetime: wish.case_lifetime,
        told: wish.told,
        note: NotePolicy::default(),
        close_guard: CloseGuard::default(),
        inbound_secret: None,
        customer_link: CustomerLink::default(),
        branding: Branding::default(),
        link_key: None,
        widget_secret: None,
        device_configuration: None,
        unattended_licences: None,
        oauth_app: None,
        created_at: now,
    };
    let memory = memory.map(|memory| memory.of(201, Subject::Account(account.id.clone()), now));
    let entry = JournalEntry::Account { by, at: now, matter: AccountMatter::AccountMade };
    match world.store.make_account(&account, &entry, memory.as_ref()).await? {
        Made::New => Ok(account),
        Made::Exists => Err(AccountError::Exists),
        Made::Remembered(remembered) => {
            if memory.is_none_or(|memory| memory.remembered.fingerprint != remembered.fingerprint) {
                return Err(AccountError::KeyReused);
            }
            let admission = world.store.admission(None, Some(&account.id)).await?;
            admission.account.map(|account| account.value).ok_or(AccountError::Exists)
        }
    }
}

/// Changes an account's settings, as they are now.
pub async fn change_account(desk: &Desk, change: impl Fn(&mut Account)) -> Result<Account, AccountError> {
    for _ in 0..TRIES {
        let fresh = Desk::open(&desk.world, desk.id(), desk.by()).await?.ok_or(AccountError::Overtaken)?;
        let mut account = fresh.account().clone();
        change(&mut account);
        let fields = fresh.account().differences(&account);
        if fields.is_empty() {
            return Ok(account);
        }
        let entry = desk.entry(AccountMatter::AccountChanged { fields });
        if let Saved::Done(_) = desk.world.store.save_account(&account, fresh.account_read_at(), &entry).await? {
            return Ok(account);
        }
    }
    Err(AccountError::Overtaken)
}

/// A new key; its text is given out this once and can't be had again.
#[derive(Debug)]
pub struct NewKey {
    /// What is kept.
    pub key: ApiKey,
    /// The text; `None` when a remembered request is answered again.
    pub text: Option<SecretString>,
}

/// Makes a key.
pub async fn make_key(
    world: &World,
    owner: &Owner,
    scope: Scope,
    label: Option<Text<100>>,
    by: Principal,
    memory: Option<&RequestMemory>,
) -> Result<NewKey, AccountError> {
    let now = world.now();
    let text = KeyText::fresh(owner, &*world.ids);
    let id = KeyId::new(world.ids.time_ordered(now));
    let matter = AccountMatter::KeyMade { key: id, scope, label: label.clone() };
    let entry = matches!(owner, Owner::Account(_)).then(|| JournalEntry::Account { by, at: now, matter });
    let key = ApiKey { id, owner: owner.clone(), scope, label, created_at: now, hash: text.hash(), signed_in: None };
    let memory = memory.map(|memory| memory.of(201, Subject::Key(id), now));
    match world.store.make_key(&key, entry.as_ref(), memory.as_ref()).await? {
        Made::New => Ok(NewKey { key, text: Some(text.into_secret()) }),
        Made::Exists => Err(AccountError::Exists),
        Made::Remembered(remembered) => {
            let same = memory.is_some_and(|memory| memory.remembered.fingerprint == remembered.fingerprint);
            let Subject::Key(id) = remembered.subject else { return Err(AccountError::KeyReused) };
            if !same {
                return Err(AccountError::KeyReused);
            }
            let kept = world.store.keys(owner).await?.into_iter().find(|kept| kept.id == id);
            kept.map(|key| NewKey { key, text: None }).ok_or(AccountError::Exists)
        }
    }
}

/// A vendor's accounts by id.
pub async fn accounts(
    world: &World,
    vendor: &VendorId,
    after: Option<&str>,
    limit: usize,
) -> Result<Page<AccountId>, Outside> {
    Ok(world.store.accounts(vendor, after, limit).await?)
}

/// The account's keys, without their texts.
pub async fn keys(desk: &Desk) -> Result<Vec<ApiKey>, Outside> {
    Ok(desk.world.store.keys(&Owner::Account(desk.id().clone())).await?)
}

/// Removes one of the account's keys; `false` if there is none.
pub async fn delete_key(desk: &Desk, id: KeyId) -> Result<bool, Outside> {
    let entry = desk.entry(AccountMatter::KeyDeleted { key: id });
    Ok(desk.world.store.delete_key(&Owner::Account(desk.id().clone()), id, Some(&entry)).await?)
}

/// Makes the secret that inbound notices are signed with, in the form of Standard Webhooks (`whsec_` and base64 of 32
/// bytes). The one before stops working.
pub async fn renew_inbound_secret(desk: &Desk) -> Result<SecretString, AccountError> {
    let secret = inbound_secret(desk.world.ids.secret());
    let sealed = desk.world.vault.seal(desk.id(), SecretKind::InboundSecret, &secret).await.map_err(Outside::from)?;
    change_account(desk, |account| account.inbound_secret = Some(sealed.clone())).await?;
    Ok(secret)
}

/// The secret that inbound notices are signed with; `None` if none was made.
pub async fn inbound_secret_of(desk: &Desk) -> Result<Option<SecretString>, Outside> {
    match &desk.account().inbound_secret {
        None => Ok(None),
        Some(sealed) => Ok(Some(desk.world.vault.open(desk.id(), SecretKind::InboundSecret, sealed).await?)),
    }
}

fn inbound_secret(bytes: [u8; 32]) -> SecretString {
    use base64::Engine as _;
    let secret = SecretString::from(base64::engine::general_purpose::STANDARD.encode(bytes));
    SecretString::from(format!("whsec_{}", secret.expose_secret()))
}
