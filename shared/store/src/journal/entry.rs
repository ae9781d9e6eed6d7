//! What a step leaves in the journal: one item that waits for its numbers, in the step's own transaction.

use casebridge_app::ports::store::{Revision, Stored};
use casebridge_domain::AccountId;
use casebridge_domain::journal::JournalEntry;
use casebridge_domain::key::Owner;

use crate::codec::{self, Kind};
use crate::engine::{Engine, Guard, Item, Write};
use crate::item_store::ItemStore;
use crate::keys;

impl<E: Engine> ItemStore<E> {
    /// The write that leaves an entry, if it says anything. What happened to a case has a place of its own, so that the
    /// same thing can't happen twice.
    pub(crate) fn leaving(
        &self,
        account: &AccountId,
        entry: Option<&JournalEntry>,
        revision: Revision,
    ) -> Stored<Option<Write>> {
        let Some((entry, at)) = entry.and_then(|entry| Some((entry, entry.at()?))) else { return Ok(None) };
        let key = match entry {
            JournalEntry::Case { case, events, .. } => {
                let first = events.first().map_or(0, |event| event.sequence);
                keys::journal::waiting_of_case(account, case.id(), first)
            }
            JournalEntry::Account { .. } => keys::journal::waiting(account, self.fresh_id(at)),
        };
        let item = Item {
            indexed: vec![keys::due::unnumbered(&Owner::Account(account.clone()), at, &key.sort)],
            ..codec::item(Kind::Entry, key, revision, entry)?
        };
        Ok(Some(Write::Put(Box::new(item), Guard::Absent)))
    }

    pub(crate) async fn note(&self, account: &AccountId, entry: &JournalEntry) -> Stored<()> {
        let noted = self.leaving(account, Some(entry), self.fresh_revision())?;
        self.settle_all(noted.into_iter().collect()).await
    }
}
