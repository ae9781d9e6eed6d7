//! API keys.

use casebridge_app::ports::store::{Idempotency, Made, Revision, Stored};
use casebridge_domain::KeyId;
use casebridge_domain::journal::JournalEntry;
use casebridge_domain::key::{ApiKey, Owner};

use crate::codec::{self, Kind};
use crate::engine::{Engine, Guard, Item, Write, Written};
use crate::item_store::ItemStore;
use crate::keys;

/// The write that makes a key; one that works for a time only is removed after it.
pub(crate) fn put_key(key: &ApiKey, revision: Revision) -> Stored<Write> {
    let item = Item {
        expires: key.signed_in.as_ref().map(|signed_in| signed_in.until.timestamp()),
        ..codec::item(Kind::ApiKey, keys::api_key(&key.owner, &key.hash), revision, key)?
    };
    Ok(Write::Put(Box::new(item), Guard::Absent))
}

impl<E: Engine> ItemStore<E> {
    pub(crate) async fn make_key(
        &self,
        key: &ApiKey,
        entry: Option<&JournalEntry>,
        idempotency: Option<&Idempotency>,
    ) -> Stored<Made> {
        let revision = self.fresh_revision();
        let mut writes = vec![put_key(key, revision)?];
        writes.extend(self.leaving_for(&key.owner, entry, revision)?);
        self.make(writes, idempotency, revision).await
    }

    pub(crate) async fn keys(&self, owner: &Owner) -> Stored<Vec<ApiKey>> {
        let mut keys: Vec<ApiKey> = self.key_items(owner).await?.into_iter().map(|(key, _)| key).collect();
        keys.sort_by_key(|key| key.id);
        Ok(keys)
    }

    pub(crate) async fn delete_key(&self, owner: &Owner, id: KeyId, entry: Option<&JournalEntry>) -> Stored<bool> {
        let Some((_, item)) = self.key_items(owner).await?.into_iter().find(|(key, _)| key.id == id) else {
            return Ok(false);
        };
        let mut writes = vec![Write::Delete(item.key, Guard::Revision(item.revision))];
        writes.extend(self.leaving_for(owner, entry, self.fresh_revision())?);
        Ok(self.write(writes).await? == Written::Done)
    }

    /// What a step about a key leaves in the journal. A vendor has none.
    fn leaving_for(&self, owner: &Owner, entry: Option<&JournalEntry>, revision: Revision) -> Stored<Option<Write>> {
        match owner {
            Owner::Vendor(_) => Ok(None),
            Owner::Account(account) => self.leaving(account, entry, revision),
        }
    }

    async fn key_items(&self, owner: &Owner) -> Stored<Vec<(ApiKey, Item)>> {
        let items = self.all(None, keys::api_keys(owner)).await?;
        items.into_iter().map(|item| Ok((codec::value(Kind::ApiKey, &item)?, item))).collect()
    }
}
