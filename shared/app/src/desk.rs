//! An account-scoped handle: what a use case may reach.

use casebridge_domain::journal::{AccountMatter, JournalEntry, Principal};
use casebridge_domain::{Account, AccountId, Connection, Instant, ServiceCase};

use crate::ports::store::{Admission, CaseChange, Revision, Versioned};
use crate::ports::teamviewer::ScriptToken;
use crate::ports::vault::SecretKind;
use crate::{Outside, World};

/// One account's desk. Use cases take it instead of an account's id, so that none can reach another account.
#[derive(Clone)]
pub struct Desk {
    pub(crate) world: World,
    by: Principal,
    account: Versioned<Account>,
    connection: Option<Versioned<Connection>>,
}

impl Desk {
    /// The desk of an account that was let in; `None` if there is no such account.
    pub fn of(world: World, admission: Admission, by: Principal) -> Option<Self> {
        Some(Self { world, by, account: admission.account?, connection: admission.connection })
    }

    /// The desk of an account, as it is now; `None` if there is no such account.
    pub async fn open(world: &World, account: &AccountId, by: Principal) -> Result<Option<Self>, Outside> {
        let admission = world.store.admission(None, Some(account)).await?;
        Ok(Self::of(world.clone(), admission, by))
    }

    /// On whose behalf it works.
    pub fn by(&self) -> Principal {
        self.by
    }

    /// A step of a case, on this desk's behalf.
    pub(crate) fn step<'a>(&self, case: &'a ServiceCase, from: &Versioned<ServiceCase>) -> CaseChange<'a> {
        CaseChange { by: self.by, ..CaseChange::of(case, from) }
    }

    /// What the journal says of something that happens to the account now, on this desk's behalf.
    pub(crate) fn entry(&self, matter: AccountMatter) -> JournalEntry {
        JournalEntry::Account { by: self.by, at: self.now(), matter }
    }

    /// The account with its settings.
    pub fn account(&self) -> &Account {
        &self.account.value
    }

    /// The account's id.
    pub fn id(&self) -> &AccountId {
        &self.account.value.id
    }

    pub(crate) fn account_read_at(&self) -> Revision {
        self.account.revision
    }

    pub(crate) fn versioned_account(&self) -> &Versioned<Account> {
        &self.account
    }

    /// The connection as it was when the request was let in; may be up to a minute old.
    pub fn connection(&self) -> Option<&Versioned<Connection>> {
        self.connection.as_ref()
    }

    /// The same desk with the connection as it is now.
    pub async fn with_fresh_connection(&self) -> Result<Self, Outside> {
        let connection = self.world.store.connection(self.id()).await?;
        Ok(Self { connection, ..self.clone() })
    }

    /// The same desk with the connection as it is now, if another token serves by now than the one this desk knows.
    pub(crate) async fn with_newer_token(&self) -> Result<Option<Self>, Outside> {
        let fresh = self.with_fresh_connection().await?;
        let token = |desk: &Self| desk.connection().map(|connection| connection.value.token.clone());
        Ok((fresh.connection().is_some() && token(&fresh) != token(self)).then_some(fresh))
    }

    /// The current time.
    pub fn now(&self) -> Instant {
        self.world.now()
    }

    /// The connection's token in the clear.
    pub(crate) async fn token(&self, connection: &Connection) -> Result<ScriptToken, Outside> {
        Ok(self.world.vault.open(self.id(), SecretKind::ScriptToken, &connection.token).await?)
    }
}
