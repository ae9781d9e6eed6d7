//! The port, forwarded to where each of its steps is written.
//!
//! `Self::step` is the store's own method of that name, which comes before the trait's.

use async_trait::async_trait;
use casebridge_app::ports::Store;
use casebridge_app::ports::store::{
    Admission, CaseChange, CaseFilter, Claim, ClaimOutcome, Commit, Due, Idempotency, IdempotencyKey, LetterChange,
    Made, Page, Remembered, Revision, Saved, Stored, Tick, Versioned, WatchNotes,
};
use casebridge_domain::key::{ApiKey, KeyHash, Owner};
use casebridge_domain::mail_template::MailTemplate;
use casebridge_domain::{
    Account, AccountId, CaseId, Connection, InstallationId, Instant, KeyId, Language, Letter, LetterId, ServiceCase,
    SessionCode, SessionRecord, TicketHold, TicketId, VendorId,
};

use crate::engine::Engine;
use crate::item_store::ItemStore;

#[async_trait]
impl<E: Engine> Store for ItemStore<E> {
    async fn admission(&self, key: Option<(&Owner, &KeyHash)>, account: Option<&AccountId>) -> Stored<Admission> {
        Self::admission(self, key, account).await
    }

    async fn make_account(&self, account: &Account, idempotency: Option<&Idempotency>) -> Stored<Made> {
        Self::make_account(self, account, idempotency).await
    }

    async fn save_account(&self, account: &Account, read_at: Revision) -> Stored<Saved> {
        Self::save_account(self, account, read_at).await
    }

    async fn delete_account(&self, account: &Versioned<Account>) -> Stored<Saved> {
        Self::delete_account(self, account).await
    }

    async fn accounts(&self, vendor: &VendorId, after: Option<&str>, limit: usize) -> Stored<Page<AccountId>> {
        Self::accounts(self, vendor, after, limit).await
    }

    async fn make_key(&self, key: &ApiKey, idempotency: Option<&Idempotency>) -> Stored<Made> {
        Self::make_key(self, key, idempotency).await
    }

    async fn keys(&self, owner: &Owner) -> Stored<Vec<ApiKey>> {
        Self::keys(self, owner).await
    }

    async fn delete_key(&self, owner: &Owner, id: KeyId) -> Stored<bool> {
        Self::delete_key(self, owner, id).await
    }

    async fn connection(&self, account: &AccountId) -> Stored<Option<Versioned<Connection>>> {
        Self::connection(self, account).await
    }

    async fn save_connection(&self, connection: &Connection, read_at: Option<Revision>) -> Stored<Saved> {
        Self::save_connection(self, connection, read_at).await
    }

    async fn save_serving_connection(
        &self,
        connection: &Connection,
        read_at: Option<Revision>,
        now: Instant,
    ) -> Stored<Saved> {
        Self::save_serving_connection(self, connection, read_at, now).await
    }

    async fn delete_connection(&self, account: &AccountId, read_at: Revision) -> Stored<Saved> {
        Self::delete_connection(self, account, read_at).await
    }

    async fn template(&self, account: &AccountId, language: Language) -> Stored<Option<MailTemplate>> {
        Self::template(self, account, language).await
    }

    async fn save_template(&self, account: &AccountId, template: &MailTemplate) -> Stored<()> {
        Self::save_template(self, account, template).await
    }

    async fn delete_template(&self, account: &AccountId, language: Language) -> Stored<()> {
        Self::delete_template(self, account, language).await
    }

    async fn claim(&self, claim: &Claim<'_>) -> Stored<ClaimOutcome> {
        Self::claim(self, claim).await
    }

    async fn commit(&self, change: &CaseChange<'_>) -> Stored<Commit> {
        Self::commit(self, change).await
    }

    async fn case(&self, account: &AccountId, case: CaseId) -> Stored<Option<Versioned<ServiceCase>>> {
        Self::case(self, account, case).await
    }

    async fn newest_case(&self, account: &AccountId, ticket: &TicketId) -> Stored<Option<Versioned<ServiceCase>>> {
        Self::newest_case(self, account, ticket).await
    }

    async fn case_by_code(&self, account: &AccountId, code: &SessionCode) -> Stored<Option<Versioned<ServiceCase>>> {
        Self::case_by_code(self, account, code).await
    }

    async fn unsettled_cases(&self, account: &AccountId) -> Stored<Vec<Versioned<ServiceCase>>> {
        Self::unsettled_cases(self, account).await
    }

    async fn unsettled_cases_for_certain(&self, account: &AccountId) -> Stored<Vec<Versioned<ServiceCase>>> {
        Self::unsettled_cases_for_certain(self, account).await
    }

    async fn cases(
        &self,
        account: &AccountId,
        filter: &CaseFilter,
        after: Option<&str>,
        limit: usize,
    ) -> Stored<Page<ServiceCase>> {
        Self::cases(self, account, filter, after, limit).await
    }

    async fn record(&self, account: &AccountId, case: CaseId) -> Stored<Option<SessionRecord>> {
        Self::record(self, account, case).await
    }

    async fn records(
        &self,
        account: &AccountId,
        from: Instant,
        to: Instant,
        after: Option<&str>,
        limit: usize,
    ) -> Stored<Page<SessionRecord>> {
        Self::records(self, account, from, to, after, limit).await
    }

    async fn hold(&self, account: &AccountId, ticket: &TicketId) -> Stored<Option<TicketHold>> {
        Self::hold(self, account, ticket).await
    }

    async fn take_hold(
        &self,
        account: &AccountId,
        ticket: &TicketId,
        hold: &TicketHold,
        replacing: Option<&TicketHold>,
        now: Instant,
    ) -> Stored<Result<(), TicketHold>> {
        Self::take_hold(self, account, ticket, hold, replacing, now).await
    }

    async fn release_hold(&self, account: &AccountId, ticket: &TicketId, hold: &TicketHold) -> Stored<()> {
        Self::release_hold(self, account, ticket, hold).await
    }

    async fn remembered(&self, key: &IdempotencyKey, now: Instant) -> Stored<Option<Remembered>> {
        Self::remembered(self, key, now).await
    }

    async fn remember(&self, idempotency: &Idempotency) -> Stored<Option<Remembered>> {
        Self::remember(self, idempotency).await
    }

    async fn due(&self, now: Instant, limit: usize) -> Stored<Vec<Due>> {
        Self::due(self, now, limit).await
    }

    async fn lease(&self, due: &Due, until: Instant) -> Stored<Saved> {
        Self::lease(self, due, until).await
    }

    async fn letter(&self, account: &AccountId, letter: LetterId) -> Stored<Option<Versioned<Letter>>> {
        Self::letter(self, account, letter).await
    }

    async fn save_letter(&self, change: &LetterChange) -> Stored<Saved> {
        Self::save_letter(self, change).await
    }

    async fn queue_letter(&self, letter: &Letter, due_at: Instant, idempotency: Option<&Idempotency>) -> Stored<Made> {
        Self::queue_letter(self, letter, due_at, idempotency).await
    }

    async fn watch_notes(&self, account: &AccountId) -> Stored<WatchNotes> {
        Self::watch_notes(self, account).await
    }

    async fn end_tick(&self, tick: &Versioned<Tick>, notes: &WatchNotes, next: Option<Instant>) -> Stored<Saved> {
        Self::end_tick(self, tick, notes, next).await
    }

    async fn installation(&self, fresh: InstallationId) -> Stored<InstallationId> {
        Self::installation(self, fresh).await
    }

    async fn deliveries_held_since(&self) -> Stored<Option<Instant>> {
        Self::deliveries_held_since(self).await
    }

    async fn hold_deliveries(&self, since: Option<Instant>) -> Stored<()> {
        Self::hold_deliveries(self, since).await
    }
}
