//! Somebody who numbers journals, as plainly as it can be done.

use casebridge_app::ports::store::{
    AccountStretch, JournalHead, Numbering, Revision, Saved, Store, VendorNumbering, Versioned,
};
use casebridge_domain::audit::{AuditEntry, AuditHash};
use casebridge_domain::journal::{JournalEntry, Numbered};
use casebridge_domain::{AccountId, Instant, VendorId};

use super::Stage;
use super::fixtures::noon;

/// More than any sentence leaves waiting.
const ALL: usize = 1000;

/// What is about to be written of a journal.
pub(crate) struct Draft {
    pub(crate) account: AccountId,
    pub(crate) head: JournalHead,
    pub(crate) read_at: Option<Revision>,
    pub(crate) numbered: Vec<Numbered>,
    pub(crate) audit: Vec<AuditEntry>,
    pub(crate) places: Vec<String>,
}

impl Draft {
    /// The next step, of at most `limit` entries; `None` if nothing waits.
    pub(crate) async fn of(store: &dyn Store, account: &AccountId, limit: usize) -> Option<Self> {
        let mut backlog = store.backlog(account, limit).await.unwrap();
        assert!(backlog.pending.len() <= limit);
        backlog.pending.sort_by_key(|pending| order(&pending.entry));
        let read_at = backlog.head.as_ref().map(|head| head.revision);
        let head = backlog.head.map(|head| head.value);
        let vendor = backlog.vendor?;
        let beginning = || JournalHead { vendor, last: 0, hash: AuditHash::beginning(), followed: false };
        let mut head = head.unwrap_or_else(beginning);
        let (mut numbered, mut audit, mut places) = (Vec::new(), Vec::new(), Vec::new());
        for pending in backlog.pending {
            let first = head.last + 1;
            for event in pending.entry.events(account, first) {
                let text = event.details().to_string();
                let link = AuditEntry::linked(&head.hash, event.number, event.at, event.kind(), text, &[7; 32]);
                head = JournalHead { last: event.number, hash: link.hash.clone(), ..head };
                audit.push(link);
            }
            numbered.push(Numbered { first, entry: pending.entry });
            places.push(pending.place);
        }
        let draft = Self { account: account.clone(), head, read_at, numbered, audit, places };
        (!draft.places.is_empty()).then_some(draft)
    }

    pub(crate) fn numbering(&self) -> Numbering<'_> {
        let Self { account, head, read_at, numbered, audit, places } = self;
        Numbering { account, head, read_at: *read_at, numbered, audit, places, now: noon() }
    }

    pub(crate) async fn write(&self, store: &dyn Store) -> Saved {
        store.number(&self.numbering()).await.unwrap()
    }
}

/// By time, then by what happened first to a case.
fn order(entry: &JournalEntry) -> (Option<Instant>, u32) {
    let sequence = match entry {
        JournalEntry::Case { events, .. } => events.first().map_or(0, |event| event.sequence),
        JournalEntry::Account { .. } => 0,
    };
    (entry.at(), sequence)
}

impl Stage {
    /// What waits for its numbers.
    pub(crate) async fn waiting(&self, account: &AccountId) -> Vec<JournalEntry> {
        let backlog = self.store().backlog(account, ALL).await.unwrap();
        assert!(!backlog.more);
        let mut waiting: Vec<_> = backlog.pending.into_iter().map(|pending| pending.entry).collect();
        waiting.sort_by_key(order);
        waiting
    }

    /// Everything that waits gets its numbers, at most `limit` entries in a step.
    pub(crate) async fn number(&self, account: &AccountId, limit: usize) {
        while let Some(draft) = Draft::of(self.store(), account, limit).await {
            assert!(matches!(draft.write(self.store()).await, Saved::Done(_)));
        }
    }

    /// Everything that waits in the vendor's feed gets its numbers, at most `limit` stretches in a step.
    pub(crate) async fn number_vendor(&self, vendor: &VendorId, limit: usize) {
        loop {
            let backlog = self.store().vendor_backlog(vendor, limit).await.unwrap();
            assert!(backlog.pending.len() <= limit);
            if backlog.pending.is_empty() {
                return;
            }
            let (places, stretches): (Vec<String>, Vec<AccountStretch>) =
                backlog.pending.into_iter().map(|pending| (pending.place, pending.stretch)).unzip();
            let (before, read_at) = match backlog.head {
                Some(Versioned { value, revision }) => (value, Some(revision)),
                None => (0, None),
            };
            let last = before + stretches.iter().map(AccountStretch::count).sum::<u64>();
            let (stretches, places, followed) = (&stretches, &places, backlog.followed);
            let numbering = VendorNumbering { vendor, last, followed, read_at, stretches, places, now: noon() };
            assert!(matches!(self.store().number_for_vendor(&numbering).await.unwrap(), Saved::Done(_)));
        }
    }
}
