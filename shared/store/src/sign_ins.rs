//! Links that sign somebody in.

use casebridge_app::ports::store::{Saved, Stored, Versioned};
use casebridge_domain::AccountId;
use casebridge_domain::journal::JournalEntry;
use casebridge_domain::key::{ApiKey, KeyHash};
use casebridge_domain::sign_in::SignIn;

use crate::api_keys::put_key;
use crate::codec::{self, Kind};
use crate::engine::{Engine, Guard, Item, Write};
use crate::item_store::ItemStore;
use crate::keys;

impl<E: Engine> ItemStore<E> {
    pub(crate) async fn make_sign_in(&self, sign_in: &SignIn) -> Stored<()> {
        let place = keys::sign_in(&sign_in.account, &sign_in.hash);
        let item = codec::item(Kind::SignIn, place, self.fresh_revision(), sign_in)?;
        let item = Item { expires: Some(sign_in.until.timestamp()), ..item };
        self.settle_all(vec![Write::Put(Box::new(item), Guard::Any)]).await
    }

    pub(crate) async fn sign_in(&self, account: &AccountId, hash: &KeyHash) -> Stored<Option<Versioned<SignIn>>> {
        let item = self.read_one(keys::sign_in(account, hash)).await?;
        item.map(|item| codec::versioned(Kind::SignIn, &item)).transpose()
    }

    pub(crate) async fn use_sign_in(
        &self,
        link: &Versioned<SignIn>,
        key: &ApiKey,
        entry: &JournalEntry,
    ) -> Stored<Saved> {
        let revision = self.fresh_revision();
        let SignIn { account, hash, .. } = &link.value;
        let used = Write::Delete(keys::sign_in(account, hash), Guard::Revision(link.revision.0));
        let mut writes = vec![used, put_key(key, revision)?];
        writes.extend(self.leaving(account, Some(entry), revision)?);
        self.save(writes, revision).await
    }
}
