//! A help desk to play with: accounts, a connection, tickets, cases, letters.

use casebridge_app::ports::store::{
    CaseChange, Claim, ClaimOutcome, Commit, Due, Idempotency, IdempotencyKey, Made, Remembered, Revision, Saved,
    Subject, Versioned,
};
use casebridge_domain::account::{CaseLifetime, WhoIsTold};
use casebridge_domain::branding::{Branding, CustomerLink};
use casebridge_domain::connection::{ConnectionState, Group, Licence, Permissions, Registrar};
use casebridge_domain::journal::{AccountMatter, JournalEntry, Principal};
use casebridge_domain::key::Owner;
use casebridge_domain::letter::{LetterKind, LetterState};
use casebridge_domain::policy::{CloseGuard, NotePolicy};
use casebridge_domain::service_case::{Actor, Play, TicketVoice};
use casebridge_domain::{
    Account, AccountId, CaseId, CaseSubject, Connection, EmailAddress, Instant, KeyId, Language, Lease, Letter,
    LetterId, RegistrationId, Requester, Sealed, ServiceCase, Session, SessionCode, SessionRecord, SessionType,
    Technician, Text, Ticket, TicketId, TimeZone, VendorId,
};
use chrono::{DateTime, TimeDelta};
use uuid::Uuid;

use super::Stage;

/// Noon on 1 March 2100: so far ahead that no engine forgets anything by its own clock meanwhile.
pub(crate) fn noon() -> Instant {
    DateTime::from_timestamp(4_107_585_600, 0).unwrap()
}

/// So many minutes after noon.
pub(crate) fn after_noon(minutes: i64) -> Instant {
    noon() + TimeDelta::minutes(minutes)
}

pub(crate) fn acme() -> AccountId {
    AccountId::parse("acme").unwrap()
}

pub(crate) fn globex() -> AccountId {
    AccountId::parse("globex").unwrap()
}

pub(crate) fn vendor() -> VendorId {
    VendorId::parse("boss").unwrap()
}

pub(crate) fn ticket(id: &str) -> TicketId {
    TicketId::parse(id).unwrap()
}

pub(crate) fn account(id: &AccountId) -> Account {
    Account {
        id: id.clone(),
        vendor: vendor(),
        name: Text::parse("Acme Ltd").unwrap(),
        time_zone: TimeZone::UTC,
        language: Language::English,
        case_lifetime: CaseLifetime::default(),
        told: WhoIsTold::default(),
        note: NotePolicy::default(),
        close_guard: CloseGuard::default(),
        inbound_secret: None,
        customer_link: CustomerLink::default(),
        branding: Branding::default(),
        link_key: None,
        widget_secret: None,
        device_configuration: None,
        unattended_licences: None,
        oauth_app: None,
        created_at: noon(),
    }
}

/// The only registration of the help desk.
pub(crate) fn registration() -> RegistrationId {
    RegistrationId::new(Uuid::from_u128(0x0197_0000_0000_7000_8000_0000_0000_0001))
}

pub(crate) fn connection(account: &AccountId) -> Connection {
    Connection {
        account: account.clone(),
        registration: registration(),
        registered_at: noon(),
        registrar: Registrar { user: None, name: None, email: None, company: None },
        token: Sealed::new("sealed".to_owned()),
        licence: Licence::Premium,
        permissions: Permissions::found([]),
        checked_at: noon(),
        group_name: Text::parse(Connection::DEFAULT_GROUP_NAME).unwrap(),
        group: Group::Unmade,
        shares: Vec::new(),
        module: None,
        state: ConnectionState::Active,
    }
}

pub(crate) fn code(digits: u32) -> SessionCode {
    SessionCode::parse(&format!("{digits:09}")).unwrap()
}

pub(crate) fn session(code: SessionCode) -> Session {
    let customer_link = Text::parse(&format!("https://get.teamviewer.com/{}", code.compact())).unwrap();
    Session { code, customer_link, supporter_link: None, webclient_supporter_link: None }
}

pub(crate) fn voice() -> TicketVoice {
    TicketVoice { language: Language::English, zone: TimeZone::UTC }
}

pub(crate) fn opened(case: &ServiceCase, code: SessionCode) -> ServiceCase {
    let at = case.started_at() + TimeDelta::seconds(1);
    case.clone().opened(session(code), 1, at).unwrap()
}

pub(crate) fn closed(case: &ServiceCase, at: Instant) -> ServiceCase {
    let stopped = case.clone().stop(at, Actor::Vendor, None, at + TimeDelta::minutes(1)).unwrap();
    stopped.closed(1, at, voice()).unwrap()
}

/// The step that ends a case, with its record.
pub(crate) fn ending<'a>(case: &'a ServiceCase, from: &Versioned<ServiceCase>) -> CaseChange<'a> {
    CaseChange { record: SessionRecord::of(case, TimeZone::UTC), ..CaseChange::of(case, from) }
}

/// Something that is said of an account, in years: so it does not come between what is due before.
pub(crate) fn entry() -> JournalEntry {
    said(noon() + TimeDelta::days(10_000), AccountMatter::AccountMade)
}

pub(crate) fn said(at: Instant, matter: AccountMatter) -> JournalEntry {
    JournalEntry::Account { by: Principal::Operator, at, matter }
}

pub(crate) fn claim(case: &ServiceCase) -> Claim<'_> {
    Claim { case, now: case.started_at(), idempotency: None, forgetting: false, settling: None, activation: None }
}

pub(crate) fn letter(id: Uuid, account: &AccountId, case: CaseId) -> Letter {
    Letter {
        id: LetterId::new(id),
        account: account.clone(),
        case: Some(case),
        kind: LetterKind::Invitation,
        to: EmailAddress::parse("jane@example.com").unwrap(),
        to_name: None,
        language: Language::English,
        queued_at: noon(),
        link: None,
        state: LetterState::Queued { attempts: 0 },
    }
}

/// A request by the account's key: remembered from `at` on for 7 days.
pub(crate) fn request(key: &str, about: CaseId, at: Instant) -> Idempotency {
    Idempotency {
        key: IdempotencyKey {
            owner: Owner::Account(acme()),
            principal: KeyId::new(Uuid::from_u128(7)),
            route: "POST /v1/accounts/acme/tickets/T1/case".to_owned(),
            key: key.to_owned(),
        },
        remembered: Remembered { fingerprint: "00".repeat(32), status: 201, subject: Subject::Case(about) },
        now: at,
        until: at + TimeDelta::days(7),
    }
}

pub(crate) fn letters_of(due: &[Due]) -> Vec<Versioned<Letter>> {
    due.iter()
        .filter_map(|due| match due {
            Due::Letter(letter) => Some(letter.clone()),
            _ => None,
        })
        .collect()
}

impl Stage {
    /// A play on a ticket of acme's, not yet claimed.
    pub(crate) fn play(&self, on: &str, at: Instant) -> ServiceCase {
        self.play_of(&acme(), on, at)
    }

    pub(crate) fn play_of(&self, account: &AccountId, on: &str, at: Instant) -> ServiceCase {
        let ticket = Ticket {
            id: ticket(on),
            number: Text::parse("INC-1").unwrap(),
            title: Text::parse("Drucker druckt nicht 🖨").unwrap(),
            category: None,
            kind: None,
            priority: None,
            source: None,
        };
        self.play_with(account, ticket, None, at)
    }

    pub(crate) fn play_with(
        &self,
        account: &AccountId,
        subject: impl Into<CaseSubject>,
        technician: Option<Technician>,
        at: Instant,
    ) -> ServiceCase {
        ServiceCase::claim(self.playing(account, subject, technician, at))
    }

    pub(crate) fn playing(
        &self,
        account: &AccountId,
        subject: impl Into<CaseSubject>,
        technician: Option<Technician>,
        at: Instant,
    ) -> Play {
        Play {
            account: account.clone(),
            id: CaseId::new(self.fresh_id(at)),
            registration: registration(),
            made_by: None,
            subject: subject.into(),
            requester: Requester { name: Text::parse("Jane Doe").unwrap(), email: None, language: None },
            technician,
            session_type: SessionType::Default,
            language: Language::English,
            invited: true,
            link: None,
            started_at: at,
            valid_until: at + TimeDelta::hours(24),
            joined_until: None,
            configuration: None,
            lease: Lease::first(at + TimeDelta::minutes(1)),
        }
    }

    /// The account's connection serves.
    pub(crate) async fn connect(&self, account: &AccountId) -> Revision {
        let saved = self.store().save_connection(&connection(account), None, None).await.unwrap();
        let Saved::Done(revision) = saved else { panic!("there is a connection already") };
        revision
    }

    /// The account is made.
    pub(crate) async fn sign_up(&self, id: &AccountId) -> Versioned<Account> {
        assert_eq!(self.store().make_account(&account(id), &entry(), None).await.unwrap(), Made::New);
        self.store().admission(None, Some(id)).await.unwrap().account.unwrap()
    }

    /// The case has won its ticket.
    pub(crate) async fn claimed(&self, case: ServiceCase) -> Versioned<ServiceCase> {
        let outcome = self.store().claim(&claim(&case)).await.unwrap();
        let ClaimOutcome::Ours(revision) = outcome else { panic!("the claim was not won: {outcome:?}") };
        Versioned { value: case, revision }
    }

    /// The step is taken.
    pub(crate) async fn stepped(&self, change: CaseChange<'_>) -> Versioned<ServiceCase> {
        let outcome = self.store().commit(&change).await.unwrap();
        let Commit::Done(revision) = outcome else { panic!("the step was not taken: {outcome:?}") };
        Versioned { value: change.case.clone(), revision }
    }

    /// What is on record of the case.
    pub(crate) async fn on_record(&self, case: &ServiceCase) -> Option<SessionRecord> {
        self.store().record(case.account(), case.id()).await.unwrap().map(|record| record.value)
    }

    /// A case that is open on a ticket of acme's.
    pub(crate) async fn open(&self, on: &str, digits: u32, at: Instant) -> Versioned<ServiceCase> {
        let claimed = self.claimed(self.play(on, at)).await;
        self.stepped(CaseChange::of(&opened(&claimed.value, code(digits)), &claimed)).await
    }

    /// A case that was opened and closed, with its record.
    pub(crate) async fn ended(&self, on: &str, digits: u32, from: Instant, to: Instant) -> Versioned<ServiceCase> {
        let open = self.open(on, digits, from).await;
        self.stepped(ending(&closed(&open.value, to), &open)).await
    }
}
