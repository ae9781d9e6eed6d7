//! Accounts.

use casebridge_app::ports::store::{Admission, Idempotency, Made, Page, Revision, Saved, Stored, Versioned};
use casebridge_domain::branding::Logo;
use casebridge_domain::journal::JournalEntry;
use casebridge_domain::key::{KeyHash, Owner};
use casebridge_domain::{Account, AccountId, Instant, VendorId};
use serde::{Deserialize, Serialize};

use crate::codec::{self, Kind};
use crate::engine::{Engine, Guard, Item, Order, Write, Written};
use crate::item_store::ItemStore;
use crate::stretch::{just_after, last_place};
use crate::ticks::watch_at;
use crate::{cursor, keys};

/// What stays of a deleted account, so that its id is never given out again.
#[derive(Debug, Serialize, Deserialize)]
struct Tombstone {
    vendor: VendorId,
}

/// An entry of the vendor's list.
#[derive(Debug, Serialize, Deserialize)]
struct AccountOfVendor {
    account: AccountId,
}

/// How many writes a deletion puts into one step.
const DELETED_AT_ONCE: usize = 25;

fn put_account(account: &Account, revision: Revision, guard: Guard) -> Stored<Write> {
    let item = codec::item(Kind::Account, keys::account(&account.id), revision, account)?;
    Ok(Write::Put(Box::new(item), guard))
}

/// Whose account it is, or was.
pub(crate) fn vendor_of(item: &Item) -> Stored<VendorId> {
    if Kind::DeletedAccount.is(item) {
        return Ok(codec::value::<Tombstone>(Kind::DeletedAccount, item)?.vendor);
    }
    Ok(codec::value::<Account>(Kind::Account, item)?.vendor)
}

pub(crate) fn account_of(item: Option<Item>) -> Stored<Option<Versioned<Account>>> {
    item.filter(|item| !Kind::DeletedAccount.is(item)).map(|item| codec::versioned(Kind::Account, &item)).transpose()
}

impl<E: Engine> ItemStore<E> {
    pub(crate) async fn admission(
        &self,
        key: Option<(&Owner, &KeyHash)>,
        account: Option<&AccountId>,
    ) -> Stored<Admission> {
        let mut wanted = Vec::with_capacity(3);
        wanted.extend(key.map(|(owner, hash)| keys::api_key(owner, hash)));
        wanted.extend(account.map(keys::account));
        wanted.extend(account.map(keys::connection));
        if wanted.is_empty() {
            return Ok(Admission::default());
        }
        let mut found = self.read(&wanted).await?.into_iter();
        let key = key.and_then(|_| found.next().flatten());
        let account = account_of(found.next().flatten())?;
        let connection = found.next().flatten().filter(|_| account.is_some());
        Ok(Admission {
            key: key.map(|item| codec::value(Kind::ApiKey, &item)).transpose()?,
            account,
            connection: connection.map(|item| codec::versioned(Kind::Connection, &item)).transpose()?,
        })
    }

    pub(crate) async fn make_account(
        &self,
        account: &Account,
        entry: &JournalEntry,
        idempotency: Option<&Idempotency>,
    ) -> Stored<Made> {
        let revision = self.fresh_revision();
        let listed = AccountOfVendor { account: account.id.clone() };
        let place = keys::account_of_vendor(&account.vendor, &account.id);
        let listed = codec::item(Kind::AccountOfVendor, place, revision, &listed)?;
        let mut writes = vec![put_account(account, revision, Guard::Absent)?, Write::Put(Box::new(listed), Guard::Any)];
        writes.extend(self.leaving(&account.id, Some(entry), revision)?);
        self.make(writes, idempotency, revision).await
    }

    pub(crate) async fn save_account(
        &self,
        account: &Account,
        read_at: Revision,
        entry: &JournalEntry,
    ) -> Stored<Saved> {
        let revision = self.fresh_revision();
        let mut writes = vec![put_account(account, revision, Guard::Revision(read_at.0))?];
        writes.extend(self.leaving(&account.id, Some(entry), revision)?);
        self.save(writes, revision).await
    }

    pub(crate) async fn save_account_and_logo(
        &self,
        account: &Account,
        logo: Option<&Logo>,
        read_at: Revision,
        entry: &JournalEntry,
    ) -> Stored<Saved> {
        let revision = self.fresh_revision();
        let place = keys::logo(&account.id);
        let logo = match logo {
            Some(logo) => Write::Put(Box::new(codec::item(Kind::Logo, place, revision, logo)?), Guard::Any),
            None => Write::Delete(place, Guard::Any),
        };
        let mut writes = vec![put_account(account, revision, Guard::Revision(read_at.0))?, logo];
        writes.extend(self.leaving(&account.id, Some(entry), revision)?);
        self.save(writes, revision).await
    }

    pub(crate) async fn keep_link_key(&self, account: &Account, read_at: Revision) -> Stored<Saved> {
        let revision = self.fresh_revision();
        self.save(vec![put_account(account, revision, Guard::Revision(read_at.0))?], revision).await
    }

    pub(crate) async fn logo(&self, account: &AccountId) -> Stored<Option<Logo>> {
        let item = self.read_one(keys::logo(account)).await?;
        item.map(|item| codec::value(Kind::Logo, &item)).transpose()
    }

    /// The account goes in the first step, with as many of its things as fit; nothing of it can be reached from then
    /// on. What is left follows in steps of its own; devices, of which there may be a hundred thousand, in the account's turns.
    pub(crate) async fn delete_account(
        &self,
        account: &Versioned<Account>,
        now: Instant,
        entry: &JournalEntry,
    ) -> Stored<Saved> {
        let revision = self.fresh_revision();
        let Account { id, vendor, .. } = &account.value;
        let tombstone = Tombstone { vendor: vendor.clone() };
        let tombstone = codec::item(Kind::DeletedAccount, keys::account(id), revision, &tombstone)?;
        let mut writes = vec![
            Write::Put(Box::new(tombstone), Guard::Revision(account.revision.0)),
            Write::Delete(keys::account_of_vendor(vendor, id), Guard::Any),
            watch_at(id, now, revision)?,
        ];
        writes.extend(self.leaving(id, Some(entry), revision)?);
        let room = DELETED_AT_ONCE - writes.len();
        writes.extend(self.doors_of(id).await?.take(room));
        if let Written::Refused(_) = self.write(writes).await? {
            return Ok(Saved::Lost);
        }
        loop {
            let left: Vec<Write> = self.doors_of(id).await?.take(DELETED_AT_ONCE).collect();
            if left.is_empty() {
                return Ok(Saved::Done(revision));
            }
            // Nothing is refused under `Guard::Any`.
            let _ = self.write(left).await?;
        }
    }

    /// Deletes each of the account's settings but for the account itself, and its turn, in which the rest goes.
    async fn things_of(&self, id: &AccountId) -> Stored<impl Iterator<Item = Write>> {
        let staying = [keys::account(id), keys::tick(id)];
        let things = self.all(None, keys::settings(id)).await?.into_iter().map(|item| item.key);
        Ok(things.filter(move |key| !staying.contains(key)).map(|key| Write::Delete(key, Guard::Any)))
    }

    /// The same but for technicians' sign-ins: TeamViewer is asked first to end their tokens.
    async fn doors_of(&self, id: &AccountId) -> Stored<impl Iterator<Item = Write>> {
        Ok(self.things_of(id).await?.filter(|thing| !keys::is_technician_sign_in(thing.key())))
    }

    /// Whether there was an account of that id, and is none any more.
    pub(crate) async fn is_deleted(&self, id: &AccountId) -> Stored<bool> {
        Ok(self.read_one(keys::account(id)).await?.is_some_and(|item| Kind::DeletedAccount.is(&item)))
    }

    /// What of its settings a deletion that was cut short has left.
    pub(crate) async fn sweep_settings(&self, id: &AccountId) -> Stored<()> {
        let left: Vec<Write> = self.things_of(id).await?.collect();
        for some in left.chunks(DELETED_AT_ONCE) {
            self.settle_all(some.to_vec()).await?;
        }
        Ok(())
    }

    pub(crate) async fn accounts(
        &self,
        vendor: &VendorId,
        after: Option<&str>,
        limit: usize,
    ) -> Stored<Page<AccountId>> {
        let mut stretch = keys::accounts_of_vendor(vendor);
        if let Some(after) = after {
            let last = cursor::place(after, keys::is_account_of_vendor)?;
            stretch.from = Some(just_after(&last));
        }
        let rows = self.rows(None, &stretch, Order::Ascending, limit).await?;
        let next = last_place(None, &rows).map(cursor::after);
        let listed = |item: &Item| Ok(codec::value::<AccountOfVendor>(Kind::AccountOfVendor, item)?.account);
        Ok(Page { items: rows.items.iter().map(listed).collect::<Stored<_>>()?, next })
    }
}
