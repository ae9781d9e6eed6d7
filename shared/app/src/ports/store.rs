//! What is kept. Each method is one atomic step of a use case: it happens whole, or not at all.

use std::collections::BTreeSet;

use async_trait::async_trait;
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
    Account, AccountId, CaseId, Connection, DeviceId, Instant, KeyId, Language, Letter, LetterId, ServiceCase,
    SessionCode, SessionRecord, TechnicianId, TicketHold, TicketId, VendorId,
};
use chrono::NaiveDate;

mod case_change;
mod deletion;
mod devices;
mod due;
mod endpoints;
mod figures;
mod help_requests;
mod idempotency;
mod journal;
mod makers;

pub use case_change::{CaseChange, Claim, ClaimOutcome, Commit, LetterChange};
pub use deletion::Deletion;
pub use devices::{DeviceCounts, DeviceFilter, Fleet, Inspection};
pub use due::{Due, Listed, Tick, WatchNotes};
pub use endpoints::{EndpointMade, Endpoints, FeedHead, LaneSaved, LaneStep, Outbox, PushDue, Serving, Untold};
pub use figures::{Correction, Figures, Kept, RecordChange, Sheet};
pub use help_requests::{Asking, HelpRequests};
pub use idempotency::{Idempotency, IdempotencyKey, REMEMBERED_DAYS, Remembered, Subject};
pub use journal::{
    AccountStretch, Backlog, JournalHead, Numbering, Pending, VendorBacklog, VendorEvent, VendorNumbering,
    VendorPending,
};
pub use makers::Maker;

/// Why the store could not do it. Nothing was written, or it is safe to ask again.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It does not answer, throttles, or keeps conflicting.
    #[error("the store does not answer")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The disk is full, or a quota is reached.
    #[error("the store has no room left")]
    Full(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A cursor that no list gave out.
    #[error("the cursor belongs to no list")]
    BadCursor,
    /// Something is kept that can't be read.
    #[error("the store holds something that can't be read: {0}")]
    Unreadable(String),
}

/// What a store method gives.
pub type Stored<T> = Result<T, StoreError>;

/// Identifies one version of an item. Opaque: only equality matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revision(pub u64);

/// A value together with the version it was read at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versioned<T> {
    /// What was read.
    pub value: T,
    /// At which version.
    pub revision: Revision,
}

/// What came of a write that another one may have overtaken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Saved {
    /// It is kept, at this version.
    Done(Revision),
    /// Somebody was faster: read again.
    Lost,
}

/// What came of making something that must be new.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Made {
    /// It is new.
    New,
    /// It exists, or existed: an id is never given out twice.
    Exists,
    /// The same request was made before.
    Remembered(Remembered),
}

/// Everything that has to be known before a request is let in: one read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Admission {
    /// The key, if it exists.
    pub key: Option<ApiKey>,
    /// The account, if it exists.
    pub account: Option<Versioned<Account>>,
    /// Its connection, if it has one.
    pub connection: Option<Versioned<Connection>>,
}

/// Everything that has to be known to send a letter: one read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Posting {
    /// The account and its connection.
    pub admission: Admission,
    /// The case that it is about.
    pub case: Option<Versioned<ServiceCase>>,
    /// The account's own template for the letter's language.
    pub template: Option<MailTemplate>,
}

/// Everything that has to be known to show a customer his page: one read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Visit {
    /// The account and its connection.
    pub admission: Admission,
    /// The case that the link is about.
    pub case: Option<Versioned<ServiceCase>>,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// In the list's order.
    pub items: Vec<T>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<String>,
}

/// Which cases are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaseFilter {
    /// Only those that are not settled, or only those that are.
    pub unsettled: Option<bool>,
    /// Only this technician's.
    pub technician: Option<TechnicianId>,
    /// Only those without a technician: the team's queue.
    pub unassigned: bool,
}

/// The store.
#[async_trait]
pub trait Store: Deletion + Endpoints + HelpRequests + Send + Sync {
    // Accounts and keys.

    /// Key, account and connection in one read. `key` says whose it claims to be.
    async fn admission(&self, key: Option<(&Owner, &KeyHash)>, account: Option<&AccountId>) -> Stored<Admission>;

    /// Makes an account, unless one of that id exists or ever existed.
    async fn make_account(
        &self,
        account: &Account,
        entry: &JournalEntry,
        idempotency: Option<&Idempotency>,
    ) -> Stored<Made>;

    /// Saves changed settings.
    async fn save_account(&self, account: &Account, read_at: Revision, entry: &JournalEntry) -> Stored<Saved>;

    /// Saves changed settings together with the logo: the one that there is from now on, or none.
    async fn save_account_and_logo(
        &self,
        account: &Account,
        logo: Option<&Logo>,
        read_at: Revision,
        entry: &JournalEntry,
    ) -> Stored<Saved>;

    /// Saves an account that got its link key. Nobody needs to hear of that.
    async fn keep_link_key(&self, account: &Account, read_at: Revision) -> Stored<Saved>;

    /// The account's logo, if it has one.
    async fn logo(&self, account: &AccountId) -> Stored<Option<Logo>>;

    /// Removes the account with its keys, templates and connection, and makes it due at once: what is left goes by
    /// [`sweep`](Deletion::sweep). Its id stays taken.
    async fn delete_account(&self, account: &Versioned<Account>, now: Instant, entry: &JournalEntry) -> Stored<Saved>;

    /// A vendor's accounts by id.
    async fn accounts(&self, vendor: &VendorId, after: Option<&str>, limit: usize) -> Stored<Page<AccountId>>;

    /// Makes a key. A vendor's has no journal to be in: `entry` is for an account's.
    async fn make_key(
        &self,
        key: &ApiKey,
        entry: Option<&JournalEntry>,
        idempotency: Option<&Idempotency>,
    ) -> Stored<Made>;

    /// All keys of an owner, without their texts, which are not kept.
    async fn keys(&self, owner: &Owner) -> Stored<Vec<ApiKey>>;

    /// Removes a key; `false` if there is none.
    async fn delete_key(&self, owner: &Owner, id: KeyId, entry: Option<&JournalEntry>) -> Stored<bool>;

    /// Keeps a link that signs somebody in, until its time is up.
    async fn make_sign_in(&self, sign_in: &SignIn) -> Stored<()>;

    /// A link that was not used yet, by the hash of its code. Its time may be up.
    async fn sign_in(&self, account: &AccountId, hash: &KeyHash) -> Stored<Option<Versioned<SignIn>>>;

    /// Uses a link up and makes the key of whoever used it, in one step; lost if somebody was faster.
    async fn use_sign_in(&self, link: &Versioned<SignIn>, key: &ApiKey, entry: &JournalEntry) -> Stored<Saved>;

    // Connection.

    /// The connection, read from where it was last written.
    async fn connection(&self, account: &AccountId) -> Stored<Option<Versioned<Connection>>>;

    /// Saves the connection; `read_at: None` says that there must not be one yet. What nobody needs to hear of (a lease
    /// on making the group) has no entry.
    async fn save_connection(
        &self,
        connection: &Connection,
        read_at: Option<Revision>,
        entry: Option<&JournalEntry>,
    ) -> Stored<Saved>;

    /// Saves a connection that serves (again), perhaps under another token, and makes the account due: what was left
    /// behind while TeamViewer could not be asked is looked at.
    async fn save_serving_connection(
        &self,
        connection: &Connection,
        read_at: Option<Revision>,
        now: Instant,
        entry: &JournalEntry,
    ) -> Stored<Saved>;

    /// Removes the connection.
    async fn delete_connection(&self, account: &AccountId, read_at: Revision, entry: &JournalEntry) -> Stored<Saved>;

    // Technicians who sign in to TeamViewer.

    /// Keeps that a technician was sent to TeamViewer's page, until his time is up.
    async fn make_authorization(&self, request: &AuthorizationRequest) -> Stored<()>;

    /// One who has not come back yet, by the hash of his `state`. His time may be up.
    async fn authorization(
        &self,
        account: &AccountId,
        state: &KeyHash,
    ) -> Stored<Option<Versioned<AuthorizationRequest>>>;

    /// He came back: it can't be used again. Lost if it was used.
    async fn use_authorization(&self, request: &Versioned<AuthorizationRequest>) -> Stored<Saved>;

    /// A technician's sign-in, read from where it was last written.
    async fn technician_sign_in(
        &self,
        account: &AccountId,
        technician: &TechnicianId,
    ) -> Stored<Option<Versioned<TechnicianSignIn>>>;

    /// Saves a sign-in; `read_at: None` says that there must not be one yet. `watch_at` makes the account due: what was left
    /// behind while TeamViewer could not be asked is looked at.
    async fn save_technician_sign_in(
        &self,
        sign_in: &TechnicianSignIn,
        read_at: Option<Revision>,
        watch_at: Option<Instant>,
        entry: Option<&JournalEntry>,
    ) -> Stored<Saved>;

    /// Removes a sign-in.
    async fn delete_technician_sign_in(
        &self,
        account: &AccountId,
        technician: &TechnicianId,
        read_at: Revision,
        entry: &JournalEntry,
    ) -> Stored<Saved>;

    /// Technicians whose sign-ins have made sessions that may still be there, whatever became of their cases.
    async fn makers(&self, account: &AccountId, now: Instant) -> Stored<Vec<Maker>>;

    // Mail templates.

    /// The account's own template for a language.
    async fn template(&self, account: &AccountId, language: Language) -> Stored<Option<MailTemplate>>;

    /// Keeps a template.
    async fn save_template(&self, account: &AccountId, template: &MailTemplate, entry: &JournalEntry) -> Stored<()>;

    /// Goes back to the default; nothing happens if there is no template.
    async fn delete_template(&self, account: &AccountId, language: Language, entry: &JournalEntry) -> Stored<()>;

    // Cases.

    /// Claims the ticket or the device for a new case: one winner, whatever races.
    ///
    /// In one transaction: its hold, case, its newest case, idempotency, the account's watch tick (due at
    /// once), and a check that the connection still serves under the case's registration; or the sign-in of the technician who
    /// makes it, who is then one of the [`makers`](Self::makers).
    async fn claim(&self, claim: &Claim<'_>) -> Stored<ClaimOutcome>;

    /// Moves a case on, with everything that belongs to the step, if nobody moved it since it was read.
    async fn commit(&self, change: &CaseChange<'_>) -> Stored<Commit>;

    /// One case.
    async fn case(&self, account: &AccountId, case: CaseId) -> Stored<Option<Versioned<ServiceCase>>>;

    /// What has to be known to show a customer his page.
    async fn visit(&self, account: &AccountId, case: CaseId) -> Stored<Visit>;

    /// The ticket's newest case.
    async fn newest_case(&self, account: &AccountId, ticket: &TicketId) -> Stored<Option<Versioned<ServiceCase>>>;

    /// The device's newest case.
    async fn newest_device_case(
        &self,
        account: &AccountId,
        device: &DeviceId,
    ) -> Stored<Option<Versioned<ServiceCase>>>;

    /// The case of a session code. May lag behind a write by moments.
    async fn case_by_code(&self, account: &AccountId, code: &SessionCode) -> Stored<Option<Versioned<ServiceCase>>>;

    /// All cases of the account that are not settled. May lag behind a write by moments.
    async fn unsettled_cases(&self, account: &AccountId) -> Stored<Vec<Versioned<ServiceCase>>>;

    /// The same, read from where they were last written, for decisions that can't be taken back. Slower.
    async fn unsettled_cases_for_certain(&self, account: &AccountId) -> Stored<Vec<Versioned<ServiceCase>>>;

    /// Cases, newest first. A page may be short, or even empty, though more follow.
    async fn cases(
        &self,
        account: &AccountId,
        filter: &CaseFilter,
        after: Option<&str>,
        limit: usize,
    ) -> Stored<Page<ServiceCase>>;

    // Records and figures.

    /// The record of an ended case.
    async fn record(&self, account: &AccountId, case: CaseId) -> Stored<Option<Versioned<SessionRecord>>>;

    /// The newest record of a session code. May lag behind a write by moments.
    async fn record_by_code(&self, account: &AccountId, code: &SessionCode)
    -> Stored<Option<Versioned<SessionRecord>>>;

    /// Changes a record, and the figures with it.
    async fn change_record(&self, change: &RecordChange<'_>) -> Stored<Saved>;

    /// Records by the time they ended, `from` included, `to` excluded.
    async fn records(
        &self,
        account: &AccountId,
        from: Instant,
        to: Instant,
        after: Option<&str>,
        limit: usize,
    ) -> Stored<Page<Versioned<SessionRecord>>>;

    /// The figures of a scope's sessions on the days of a cover: all together, and by one dimension or by every one. By
    /// day they are of whole months, whatever days are added or taken off: only months know their days.
    async fn figures(
        &self,
        account: &AccountId,
        scope: &Scope,
        cover: &Cover,
        by: Option<Dimension>,
    ) -> Stored<Figures>;

    /// Everything that is kept of one day, for holding it against the records.
    async fn sheet(&self, account: &AccountId, day: NaiveDate) -> Stored<Sheet>;

    /// What is kept of one scope, by its key, and these periods, in their order: for holding the larger ones against the
    /// smaller.
    async fn kept(&self, account: &AccountId, scope: &str, periods: &[Period]) -> Stored<Vec<Kept>>;

    /// Days of which figures are kept, in order.
    async fn counted_days(&self, account: &AccountId) -> Stored<Vec<NaiveDate>>;

    /// Months and years of which figures are kept, and the keys of the scopes, in any order, each once.
    async fn counted_wholes(&self, account: &AccountId) -> Stored<Vec<(Period, String)>>;

    /// Takes the right to put figures right, unless another one has it until later than `now`.
    async fn claim_rebuild(&self, account: &AccountId, rebuilder: &str, now: Instant, until: Instant) -> Stored<bool>;

    /// Lets it go again.
    async fn end_rebuild(&self, account: &AccountId, rebuilder: &str, entry: Option<&JournalEntry>) -> Stored<()>;

    /// Puts figures right, in as many steps as it takes; [`Saved::Lost`] once somebody else rebuilds.
    async fn correct(&self, correction: &Correction<'_>) -> Stored<Saved>;

    // Devices and the activation.

    /// Keeps devices as they were reported: each replaces what was known of it before. Every device is there once. Not one
    /// step, but one for every few dozen devices; where one fails, keeping all of them again does no harm.
    async fn save_devices(&self, account: &AccountId, devices: &[Device]) -> Stored<()>;

    /// Forgets a device; `false` if there is none.
    async fn delete_device(&self, account: &AccountId, device: &DeviceId) -> Stored<bool>;

    /// One device.
    async fn device(&self, account: &AccountId, device: &DeviceId) -> Stored<Option<Device>>;

    /// Devices, each once, in an order that stays. A page may be short, or even empty, though more follow.
    async fn devices(
        &self,
        account: &AccountId,
        filter: &DeviceFilter,
        after: Option<&str>,
        limit: usize,
    ) -> Stored<Page<Device>>;

    /// A device with what else its readiness depends on: one read.
    async fn inspection(&self, account: &AccountId, device: &DeviceId) -> Stored<Inspection>;

    /// Counts the devices one by one. Slow: for holding what is kept of them against it.
    async fn recount_devices(&self, account: &AccountId) -> Stored<DeviceCounts>;

    /// The activation and how many devices there are: one read.
    async fn fleet(&self, account: &AccountId) -> Stored<Fleet>;

    /// Keeps the activation; `read_at: None` says that there must not be one yet.
    async fn save_activation(
        &self,
        account: &AccountId,
        activation: &Activation,
        read_at: Option<Revision>,
        entry: &JournalEntry,
    ) -> Stored<Saved>;

    /// Removes the activation, if neither it nor any count of devices changed since they were read.
    async fn delete_activation(&self, account: &AccountId, fleet: &Fleet, entry: &JournalEntry) -> Stored<Saved>;

    // The journal.

    /// What of an account's journal is still to be numbered, at most `limit` entries.
    async fn backlog(&self, account: &AccountId, limit: usize) -> Stored<Backlog>;

    /// Numbers entries: they are in the feed and the audit trail from then on.
    async fn number(&self, numbering: &Numbering<'_>) -> Stored<Saved>;

    /// How far an account's journal is numbered.
    async fn journal_head(&self, account: &AccountId) -> Stored<Option<JournalHead>>;

    /// Numbered events after a number, in order, as far as they are kept.
    async fn events(&self, account: &AccountId, after: u64, limit: usize) -> Stored<Vec<Event>>;

    /// What of a vendor's feed is still to be numbered, at most `limit` stretches.
    async fn vendor_backlog(&self, vendor: &VendorId, limit: usize) -> Stored<VendorBacklog>;

    /// Numbers a vendor's feed.
    async fn number_for_vendor(&self, numbering: &VendorNumbering<'_>) -> Stored<Saved>;

    /// How far a vendor's feed is numbered.
    async fn vendor_head(&self, vendor: &VendorId) -> Stored<u64>;

    /// Numbered events of all the vendor's accounts after a number, in order, as far as they are kept.
    async fn vendor_events(&self, vendor: &VendorId, after: u64, limit: usize) -> Stored<Vec<VendorEvent>>;

    /// Links of the audit trail after a number, in order.
    async fn audit(&self, account: &AccountId, after: u64, limit: usize) -> Stored<Vec<AuditEntry>>;

    /// Takes the details out of these links.
    async fn erase_audit(&self, account: &AccountId, numbers: &BTreeSet<u64>) -> Stored<()>;

    /// Keeps an entry that belongs to no other step.
    async fn note(&self, account: &AccountId, entry: &JournalEntry) -> Stored<()>;

    // The ticket's hold.

    /// Who holds the ticket. A hold that lapsed may still be returned.
    async fn hold(&self, account: &AccountId, ticket: &TicketId) -> Stored<Option<TicketHold>>;

    /// Takes the ticket if nobody holds it, or if `replacing` does. Otherwise gives the one who does. A case's hold is
    /// not for replacing: only its end lets go.
    async fn take_hold(
        &self,
        account: &AccountId,
        ticket: &TicketId,
        hold: &TicketHold,
        replacing: Option<&TicketHold>,
        now: Instant,
        entry: Option<&JournalEntry>,
    ) -> Stored<Result<(), TicketHold>>;

    /// Lets go, if `hold` is still the holder.
    async fn release_hold(
        &self,
        account: &AccountId,
        ticket: &TicketId,
        hold: &TicketHold,
        entry: Option<&JournalEntry>,
    ) -> Stored<()>;

    // Idempotency.

    /// What is remembered of a request.
    async fn remembered(&self, key: &IdempotencyKey, now: Instant) -> Stored<Option<Remembered>>;

    /// Remembers a request that needed no write of its own. The first one stays: its memory is returned.
    async fn remember(&self, idempotency: &Idempotency) -> Stored<Option<Remembered>>;

    // What is due: letters, ticks, journals.

    /// What is due by `now`, oldest first, at most `limit`. May lag behind a write by moments.
    async fn due(&self, now: Instant, limit: usize) -> Stored<Vec<Due>>;

    /// One letter, if it is due by `now`; for whoever was told of it, and certain where [`due`](Self::due) may lag.
    async fn due_letter(
        &self,
        account: &AccountId,
        letter: LetterId,
        now: Instant,
    ) -> Stored<Option<Versioned<Letter>>>;

    /// The same for an account's turn.
    async fn due_tick(&self, account: &AccountId, now: Instant) -> Stored<Option<Versioned<Tick>>>;

    /// Takes a due letter by moving its due time to `until`; [`Saved::Lost`] if somebody else did, or it is done.
    async fn lease_letter(&self, letter: &Versioned<Letter>, until: Instant) -> Stored<Saved>;

    /// The same for an account's turn.
    async fn lease_tick(&self, tick: &Versioned<Tick>, until: Instant) -> Stored<Saved>;

    /// One letter.
    async fn letter(&self, account: &AccountId, letter: LetterId) -> Stored<Option<Versioned<Letter>>>;

    /// What has to be known to send a letter.
    async fn posting(&self, letter: &Letter) -> Stored<Posting>;

    /// Changes a letter by itself; `due_at: None` says that it is done.
    async fn save_letter(&self, change: &LetterChange) -> Stored<Saved>;

    /// Keeps a letter that belongs to no case change (a template's test mail).
    async fn queue_letter(
        &self,
        letter: &Letter,
        due_at: Instant,
        entry: &JournalEntry,
        idempotency: Option<&Idempotency>,
    ) -> Stored<Made>;

    /// What the watch noted about the account.
    async fn watch_notes(&self, account: &AccountId) -> Stored<WatchNotes>;

    /// Ends a turn of the watch: notes, and the next tick or none. Lost if play made the tick due again meanwhile,
    /// which is as good; the notes are kept all the same.
    async fn end_tick(&self, tick: &Versioned<Tick>, notes: &WatchNotes, next: Option<Instant>) -> Stored<Saved>;

    // The installation.

    /// The installation's id, made at the first call from `fresh`.
    async fn installation(&self, fresh: casebridge_domain::InstallationId)
    -> Stored<casebridge_domain::InstallationId>;

    /// Whether deliveries are held (after a restore), and since when.
    async fn deliveries_held_since(&self) -> Stored<Option<Instant>>;

    /// Holds deliveries, or lets them go.
    async fn hold_deliveries(&self, since: Option<Instant>) -> Stored<()>;
}
