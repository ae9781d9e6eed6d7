//! The activation. It goes only while the counts of devices stand as they were read.

use casebridge_app::ports::store::{Fleet, Revision, Saved, Stored};
use casebridge_domain::AccountId;
use casebridge_domain::device::Activation;
use casebridge_domain::journal::JournalEntry;

use super::fleet_of;
use crate::codec::{self, Kind};
use crate::engine::{Engine, Guard, Item, Write};
use crate::item_store::ItemStore;
use crate::keys::devices as keys;

fn guard(read_at: Option<Revision>) -> Guard {
    read_at.map_or(Guard::Absent, |revision| Guard::Revision(revision.0))
}

/// Refuses a step unless the activation is as it was read.
pub(crate) fn activated(account: &AccountId, read_at: Revision) -> Write {
    Write::Check(keys::activation(account), guard(Some(read_at)))
}

impl<E: Engine> ItemStore<E> {
    pub(crate) async fn fleet(&self, account: &AccountId) -> Stored<Fleet> {
        let mut wanted = vec![crate::keys::account(account), keys::activation(account)];
        wanted.extend(keys::counts(account));
        let mut found = self.read(&wanted).await?.into_iter();
        let (settings, activation) = (found.next().flatten(), found.next().flatten());
        let counted: Vec<Option<Item>> = found.collect();
        fleet_of(settings, activation.as_ref(), &counted)
    }

    pub(crate) async fn save_activation(
        &self,
        account: &AccountId,
        activation: &Activation,
        read_at: Option<Revision>,
        entry: &JournalEntry,
    ) -> Stored<Saved> {
        let revision = self.fresh_revision();
        let item = codec::item(Kind::Activation, keys::activation(account), revision, activation)?;
        let mut writes = vec![Write::Put(Box::new(item), guard(read_at))];
        writes.extend(self.leaving(account, Some(entry), revision)?);
        self.save(writes, revision).await
    }

    pub(crate) async fn delete_activation(
        &self,
        account: &AccountId,
        fleet: &Fleet,
        entry: &JournalEntry,
    ) -> Stored<Saved> {
        let revision = self.fresh_revision();
        let read_at = fleet.activation.as_ref().map(|activation| activation.revision);
        let mut writes = vec![Write::Delete(keys::activation(account), guard(read_at))];
        let counted = keys::counts(account).into_iter().zip(&fleet.counted_at);
        writes.extend(counted.map(|(key, counted_at)| Write::Check(key, guard(*counted_at))));
        writes.extend(self.leaving(account, Some(entry), revision)?);
        self.save(writes, revision).await
    }
}
