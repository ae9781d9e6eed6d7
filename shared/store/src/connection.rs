//! The account's connection.

use casebridge_app::ports::store::{Revision, Saved, Stored, Versioned};
use casebridge_domain::journal::JournalEntry;
use casebridge_domain::{AccountId, Connection, Instant, RegistrationId};

use crate::codec::{self, Kind};
use crate::engine::{Engine, Guard, Item, Write};
use crate::item_store::ItemStore;
use crate::keys;
use crate::ticks::watch_at;

/// Refuses a step unless the connection serves under this registration.
pub(crate) fn serving(account: &AccountId, registration: RegistrationId) -> Write {
    Write::Check(keys::connection(account), Guard::HeldBy(registration.to_string()))
}

impl<E: Engine> ItemStore<E> {
    pub(crate) async fn connection(&self, account: &AccountId) -> Stored<Option<Versioned<Connection>>> {
        let item = self.read_one(keys::connection(account)).await?;
        item.map(|item| codec::versioned(Kind::Connection, &item)).transpose()
    }

    pub(crate) async fn save_connection(
        &self,
        connection: &Connection,
        read_at: Option<Revision>,
        entry: Option<&JournalEntry>,
    ) -> Stored<Saved> {
        let revision = self.fresh_revision();
        let mut writes = vec![put(connection, read_at, revision)?];
        writes.extend(self.leaving(&connection.account, entry, revision)?);
        self.save(writes, revision).await
    }

    pub(crate) async fn save_serving_connection(
        &self,
        connection: &Connection,
        read_at: Option<Revision>,
        now: Instant,
        entry: &JournalEntry,
    ) -> Stored<Saved> {
        let revision = self.fresh_revision();
        let account = &connection.account;
        let mut writes = vec![put(connection, read_at, revision)?, watch_at(account, now, revision)?];
        writes.extend(self.leaving(account, Some(entry), revision)?);
        self.save(writes, revision).await
    }

    pub(crate) async fn delete_connection(
        &self,
        account: &AccountId,
        read_at: Revision,
        entry: &JournalEntry,
    ) -> Stored<Saved> {
        let mut writes = vec![Write::Delete(keys::connection(account), Guard::Revision(read_at.0))];
        writes.extend(self.leaving(account, Some(entry), self.fresh_revision())?);
        self.save(writes, read_at).await
    }
}

fn put(connection: &Connection, read_at: Option<Revision>, revision: Revision) -> Stored<Write> {
    let item = Item {
        holder: connection.serves().then(|| connection.registration.to_string()),
        ..codec::item(Kind::Connection, keys::connection(&connection.account), revision, connection)?
    };
    let guard = read_at.map_or(Guard::Absent, |read_at| Guard::Revision(read_at.0));
    Ok(Write::Put(Box::new(item), guard))
}
