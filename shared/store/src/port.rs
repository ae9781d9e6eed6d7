//! The port, forwarded to where each of its steps is written.
//!
//! `Self::step` is the store's own method of that name, which comes before the trait's.

use std::collections::BTreeSet;

use async_trait::async_trait;
use casebridge_app::ports::Store;
use casebridge_app::ports::store::{
    Admission, Backlog, CaseChange, CaseFilter, Claim, ClaimOutcome, Commit, Correction, DeviceCounts, DeviceFilter,
    Due, Figures, Fleet, Idempotency, IdempotencyKey, Inspection, JournalHead, Kept, LetterChange, Made, Maker,
    Numbering, Page, Posting, RecordChange, Remembered, Revision, Saved, Sheet, Stored, Tick, VendorBacklog,
    VendorEvent, VendorNumbering, Versioned, Visit, WatchNotes,
};
use casebridge_domain::audit::AuditEntry;
use casebridge_domain::branding::Logo;
use casebridge_domain::device::{Activation, Device};
use casebridge_domain::journal::{Event, JournalEntry};
use casebridge_domain::key::{ApiKey, KeyHash, Owner};
use casebridge_domain::mail_template::MailTemplate;
use casebridge_domain::report::{Cover, Dimension, Period, Scope};
use casebridge_domain::sign_in::SignIn;
use casebridge_domain::technician_sign_in::{AuthorizationRequest, TechnicianSignIn};
use casebridge_domain::{
    Account, AccountId, CaseId, Connection, DeviceId, InstallationId, Instant, KeyId, Language, Letter, LetterId,
    ServiceCase, SessionCode, SessionRecord, TechnicianId, TicketHold, TicketId, VendorId,
};
use chrono::NaiveDate;

use crate::engine::Engine;
use crate::item_store::ItemStore;

/// The steps as the port names them, without what all of them have in common.
macro_rules! port {
    ($(fn $step:ident($($name:ident: $type:ty),*) -> $found:ty;)+) => {
        #[async_trait]
        impl<E: Engine> Store for ItemStore<E> {
            $(async fn $step(&self, $($name: $type),*) -> Stored<$found> {
                Self::$step(self, $($name),*).await
            })+
        }
    };
}

port! {
    fn admission(key: Option<(&Owner, &KeyHash)>, account: Option<&AccountId>) -> Admission;
    fn make_account(account: &Account, entry: &JournalEntry, idempotency: Option<&Idempotency>) -> Made;
    fn save_account(account: &Account, read_at: Revision, entry: &JournalEntry) -> Saved;
    fn save_account_and_logo(
        account: &Account, logo: Option<&Logo>, read_at: Revision, entry: &JournalEntry
    ) -> Saved;
    fn keep_link_key(account: &Account, read_at: Revision) -> Saved;
    fn logo(account: &AccountId) -> Option<Logo>;
    fn delete_account(account: &Versioned<Account>, now: Instant, entry: &JournalEntry) -> Saved;
    fn accounts(vendor: &VendorId, after: Option<&str>, limit: usize) -> Page<AccountId>;
    fn make_key(key: &ApiKey, entry: Option<&JournalEntry>, idempotency: Option<&Idempotency>) -> Made;
    fn keys(owner: &Owner) -> Vec<ApiKey>;
    fn delete_key(owner: &Owner, id: KeyId, entry: Option<&JournalEntry>) -> bool;
    fn make_sign_in(sign_in: &SignIn) -> ();
    fn sign_in(account: &AccountId, hash: &KeyHash) -> Option<Versioned<SignIn>>;
    fn use_sign_in(link: &Versioned<SignIn>, key: &ApiKey, entry: &JournalEntry) -> Saved;

    fn connection(account: &AccountId) -> Option<Versioned<Connection>>;
    fn save_connection(connection: &Connection, read_at: Option<Revision>, entry: Option<&JournalEntry>) -> Saved;
    fn save_serving_connection(
        connection: &Connection, read_at: Option<Revision>, now: Instant, entry: &JournalEntry
    ) -> Saved;
    fn delete_connection(account: &AccountId, read_at: Revision, entry: &JournalEntry) -> Saved;

    fn make_authorization(request: &AuthorizationRequest) -> ();
    fn authorization(account: &AccountId, state: &KeyHash) -> Option<Versioned<AuthorizationRequest>>;
    fn use_authorization(request: &Versioned<AuthorizationRequest>) -> Saved;
    fn technician_sign_in(account: &AccountId, technician: &TechnicianId) -> Option<Versioned<TechnicianSignIn>>;
    fn save_technician_sign_in(
        sign_in: &TechnicianSignIn, read_at: Option<Revision>, watch_at: Option<Instant>, entry: Option<&JournalEntry>
    ) -> Saved;
    fn delete_technician_sign_in(
        account: &AccountId, technician: &TechnicianId, read_at: Revision, entry: &JournalEntry
    ) -> Saved;
    fn makers(account: &AccountId, now: Instant) -> Vec<Maker>;

    fn template(account: &AccountId, language: Language) -> Option<MailTemplate>;
    fn save_template(account: &AccountId, template: &MailTemplate, entry: &JournalEntry) -> ();
    fn delete_template(account: &AccountId, language: Language, entry: &JournalEntry) -> ();

    fn claim(claim: &Claim<'_>) -> ClaimOutcome;
    fn commit(change: &CaseChange<'_>) -> Commit;
    fn case(account: &AccountId, case: CaseId) -> Option<Versioned<ServiceCase>>;
    fn visit(account: &AccountId, case: CaseId) -> Visit;
    fn newest_case(account: &AccountId, ticket: &TicketId) -> Option<Versioned<ServiceCase>>;
    fn newest_device_case(account: &AccountId, device: &DeviceId) -> Option<Versioned<ServiceCase>>;
    fn case_by_code(account: &AccountId, code: &SessionCode) -> Option<Versioned<ServiceCase>>;
    fn unsettled_cases(account: &AccountId) -> Vec<Versioned<ServiceCase>>;
    fn unsettled_cases_for_certain(account: &AccountId) -> Vec<Versioned<ServiceCase>>;
    fn cases(account: &AccountId, filter: &CaseFilter, after: Option<&str>, limit: usize) -> Page<ServiceCase>;

    fn record(account: &AccountId, case: CaseId) -> Option<Versioned<SessionRecord>>;
    fn record_by_code(account: &AccountId, code: &SessionCode) -> Option<Versioned<SessionRecord>>;
    fn change_record(change: &RecordChange<'_>) -> Saved;
    fn records(
        account: &AccountId, from: Instant, to: Instant, after: Option<&str>, limit: usize
    ) -> Page<Versioned<SessionRecord>>;
    fn figures(account: &AccountId, scope: &Scope, cover: &Cover, by: Option<Dimension>) -> Figures;
    fn sheet(account: &AccountId, day: NaiveDate) -> Sheet;
    fn kept(account: &AccountId, scope: &str, periods: &[Period]) -> Vec<Kept>;
    fn counted_days(account: &AccountId) -> Vec<NaiveDate>;
    fn counted_wholes(account: &AccountId) -> Vec<(Period, String)>;
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
    fn note(account: &AccountId, entry: &JournalEntry) -> ();

    fn hold(account: &AccountId, ticket: &TicketId) -> Option<TicketHold>;
    fn take_hold(
        account: &AccountId, ticket: &TicketId, hold: &TicketHold, replacing: Option<&TicketHold>, now: Instant,
        entry: Option<&JournalEntry>
    ) -> Result<(), TicketHold>;
    fn release_hold(account: &AccountId, ticket: &TicketId, hold: &TicketHold, entry: Option<&JournalEntry>) -> ();

    fn remembered(key: &IdempotencyKey, now: Instant) -> Option<Remembered>;
    fn remember(idempotency: &Idempotency) -> Option<Remembered>;

    fn due(now: Instant, limit: usize) -> Vec<Due>;
    fn lease_letter(letter: &Versioned<Letter>, until: Instant) -> Saved;
    fn lease_tick(tick: &Versioned<Tick>, until: Instant) -> Saved;
    fn letter(account: &AccountId, letter: LetterId) -> Option<Versioned<Letter>>;
    fn due_letter(account: &AccountId, letter: LetterId, now: Instant) -> Option<Versioned<Letter>>;
    fn due_tick(account: &AccountId, now: Instant) -> Option<Versioned<Tick>>;
    fn posting(letter: &Letter) -> Posting;
    fn save_letter(change: &LetterChange) -> Saved;
    fn queue_letter(
        letter: &Letter, due_at: Instant, entry: &JournalEntry, idempotency: Option<&Idempotency>
    ) -> Made;
    fn watch_notes(account: &AccountId) -> WatchNotes;
    fn end_tick(tick: &Versioned<Tick>, notes: &WatchNotes, next: Option<Instant>) -> Saved;

    fn save_devices(account: &AccountId, devices: &[Device]) -> ();
    fn delete_device(account: &AccountId, device: &DeviceId) -> bool;
    fn device(account: &AccountId, device: &DeviceId) -> Option<Device>;
    fn devices(account: &AccountId, filter: &DeviceFilter, after: Option<&str>, limit: usize) -> Page<Device>;
    fn inspection(account: &AccountId, device: &DeviceId) -> Inspection;
    fn recount_devices(account: &AccountId) -> DeviceCounts;
    fn fleet(account: &AccountId) -> Fleet;
    fn save_activation(
        account: &AccountId, activation: &Activation, read_at: Option<Revision>, entry: &JournalEntry
    ) -> Saved;
    fn delete_activation(account: &AccountId, fleet: &Fleet, entry: &JournalEntry) -> Saved;

    fn installation(fresh: InstallationId) -> InstallationId;
    fn deliveries_held_since() -> Option<Instant>;
    fn hold_deliveries(since: Option<Instant>) -> ();
}
