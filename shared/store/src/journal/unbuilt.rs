//! Steps that are not built yet.

use std::collections::{BTreeMap, BTreeSet};

use casebridge_app::ports::store::*;
use casebridge_domain::audit::AuditEntry;
use casebridge_domain::journal::{Event, JournalEntry};
use casebridge_domain::report::{Cover, Month, Scope};
use casebridge_domain::{AccountId, Instant, SessionCode, SessionRecord, VendorId};

use crate::engine::Engine;
use crate::item_store::ItemStore;

macro_rules! unbuilt {
    ($(fn $step:ident($($name:ident: $type:ty),*) -> $found:ty;)+) => {
        impl<E: Engine> ItemStore<E> {
            $(pub(crate) async fn $step(&self, $($name: $type),*) -> Stored<$found> {
                let _ = ($($name),*);
                Err(StoreError::Unavailable(concat!(stringify!($step), " is not built yet").into()))
            })+
        }
    };
}

unbuilt! {
    fn record_by_code(account: &AccountId, code: &SessionCode) -> Option<Versioned<SessionRecord>>;
    fn change_record(change: &RecordChange<'_>) -> Saved;
    fn figures(account: &AccountId, scope: &Scope, cover: &Cover) -> BTreeMap<Period, Figures>;
    fn monthly_figures(account: &AccountId, scope: &Scope, first: Month, last: Month) -> BTreeMap<Month, Figures>;
    fn sheet(account: &AccountId, period: Period) -> Sheet;
    fn periods(account: &AccountId) -> Vec<Period>;
    fn claim_rebuild(account: &AccountId, rebuilder: &str, now: Instant, until: Instant) -> bool;
    fn end_rebuild(account: &AccountId, rebuilder: &str, entry: Option<&JournalEntry>) -> ();
    fn correct(correction: &Correction<'_>) -> Saved;
    fn backlog(account: &AccountId, limit: usize) -> Backlog;
    fn number(numbering: &Numbering<'_>) -> Saved;
    fn journal_head(account: &AccountId) -> Option<JournalHead>;
    fn events(account: &AccountId, after: u64, limit: usize) -> Vec<Event>;
    fn vendor_backlog(vendor: &VendorId, limit: usize) -> VendorBacklog;
    fn number_for_vendor(numbering: &VendorNumbering<'_>) -> Saved;
    fn vendor_head(vendor: &VendorId) -> u64;
    fn vendor_events(vendor: &VendorId, after: u64, limit: usize) -> Vec<VendorEvent>;
    fn audit(account: &AccountId, after: u64, limit: usize) -> Vec<AuditEntry>;
    fn erase_audit(account: &AccountId, numbers: &BTreeSet<u64>) -> ();
}
