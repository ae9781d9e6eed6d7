//! What a step leaves in the journal: one item that waits for its numbers, in the step's own transaction.

use casebridge_app::ports::store::{Revision, Stored};
use casebridge_domain::AccountId;
use casebridge_domain::journal::JournalEntry;

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
        let place = match entry {
            JournalEntry::Case { case, events, .. } => {
                let first = events.first().map_or(0, |event| event.sequence);
                keys::waiting_of_case(case.id(), first)
            }
            JournalEntry::Account { .. } => keys::waiting(self.fresh_id(at)),
        };
        let item = Item {
            indexed: vec![keys::journal_due(account, at, &place)],
            ..codec::item(Kind::Entry, keys::in_journal(account, &place), revision, entry)?
        };
        Ok(Some(Write::Put(Box::new(item), Guard::Absent)))
    }

    pub(crate) async fn note(&self, account: &AccountId, entry: &JournalEntry) -> Stored<()> {
        self.settle_all(self.leaving(account, Some(entry), self.fresh_revision())?.into_iter().collect()).await
    }
}
