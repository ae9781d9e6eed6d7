//! Where everything is: the only place that puts partitions and sort keys together.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use casebridge_app::ports::store::IdempotencyKey;
use casebridge_domain::key::{KeyHash, Owner};
use casebridge_domain::{
    AccountId, CaseId, DeviceId, Instant, Language, LetterId, SessionCode, SubjectId, TechnicianId, TicketId, VendorId,
};
use sha2::{Digest, Sha256};

use crate::engine::{Index, IndexEntry, Key};
use crate::stretch::Stretch;

pub(crate) mod devices;
pub(crate) mod due;
pub(crate) mod endpoints;
pub(crate) mod figures;
pub(crate) mod journal;

pub use due::{Chore, chores};
pub use endpoints::tells;
pub use journal::woken_by;

const KEY_PREFIX: &str = "KEY#";
const TECHNICIAN_PREFIX: &str = "TECHNICIAN#";
const MAKER_PREFIX: &str = "MAKER#";
const ACCOUNT_PREFIX: &str = "ACCOUNT#";
const ACCOUNT: &str = "ACCOUNT";
const SYSTEM: &str = "SYSTEM";
const HOLD: &str = "HOLD";
const NEWEST: &str = "NEWEST";

// An account and its settings.

pub(crate) fn account(id: &AccountId) -> Key {
    Key { partition: account_partition(id), sort: ACCOUNT.to_owned() }
}

/// Everything of the account's settings, the account itself included.
pub(crate) fn settings(id: &AccountId) -> Stretch {
    Stretch::whole(account_partition(id))
}

pub(crate) fn connection(account: &AccountId) -> Key {
    Key { partition: account_partition(account), sort: "CONNECTION".to_owned() }
}

/// The picture above the account's pages.
pub(crate) fn logo(account: &AccountId) -> Key {
    Key { partition: account_partition(account), sort: "LOGO".to_owned() }
}

pub(crate) fn template(account: &AccountId, language: Language) -> Key {
    Key { partition: account_partition(account), sort: format!("TEMPLATE#{}", language.code()) }
}

pub(crate) fn tick(account: &AccountId) -> Key {
    Key { partition: account_partition(account), sort: "TICK".to_owned() }
}

pub(crate) fn watch_notes(account: &AccountId) -> Key {
    Key { partition: account_partition(account), sort: "WATCH".to_owned() }
}

/// Who may put figures right.
pub(crate) fn rebuild(account: &AccountId) -> Key {
    Key { partition: account_partition(account), sort: "REBUILD".to_owned() }
}

pub(crate) fn api_key(owner: &Owner, hash: &KeyHash) -> Key {
    Key { partition: owner_partition(owner), sort: format!("{KEY_PREFIX}{}", hash.as_str()) }
}

pub(crate) fn api_keys(owner: &Owner) -> Stretch {
    Stretch::prefixed(owner_partition(owner), KEY_PREFIX)
}

pub(crate) fn sign_in(account: &AccountId, hash: &KeyHash) -> Key {
    Key { partition: account_partition(account), sort: format!("SIGNIN#{}", hash.as_str()) }
}

/// A technician who was sent to TeamViewer's page.
pub(crate) fn authorization(account: &AccountId, state: &KeyHash) -> Key {
    Key { partition: account_partition(account), sort: format!("AUTHORIZATION#{}", state.as_str()) }
}

pub(crate) fn technician_sign_in(account: &AccountId, technician: &TechnicianId) -> Key {
    Key { partition: account_partition(account), sort: format!("{TECHNICIAN_PREFIX}{technician}") }
}

pub(crate) fn is_technician_sign_in(key: &Key) -> bool {
    key.sort.starts_with(TECHNICIAN_PREFIX)
}

pub(crate) fn technician_sign_ins(account: &AccountId) -> Stretch {
    of_technicians(account, TECHNICIAN_PREFIX, "TECHNICIAN$")
}

/// Their ids may begin with letters of any language, which come after every tilde.
fn of_technicians(account: &AccountId, from: &str, to: &str) -> Stretch {
    Stretch { partition: account_partition(account), from: Some(from.to_owned()), to: Some(to.to_owned()) }
}

/// Whose sign-in has made sessions lately.
pub(crate) fn maker(account: &AccountId, technician: &TechnicianId) -> Key {
    Key { partition: account_partition(account), sort: format!("{MAKER_PREFIX}{technician}") }
}

pub(crate) fn makers(account: &AccountId) -> Stretch {
    of_technicians(account, MAKER_PREFIX, "MAKER$")
}

pub(crate) fn account_of_vendor(vendor: &VendorId, id: &AccountId) -> Key {
    Key { partition: vendor_partition(vendor), sort: format!("{ACCOUNT_PREFIX}{id}") }
}

pub(crate) fn accounts_of_vendor(vendor: &VendorId) -> Stretch {
    Stretch::prefixed(vendor_partition(vendor), ACCOUNT_PREFIX)
}

// Cases, tickets, records.

pub(crate) fn case(account: &AccountId, id: CaseId) -> Key {
    Key { partition: cases_partition(account), sort: id.to_string() }
}

pub(crate) fn cases(account: &AccountId) -> Stretch {
    Stretch::whole(cases_partition(account))
}

pub(crate) fn unsettled_case(account: &AccountId, id: CaseId) -> IndexEntry {
    IndexEntry { index: Index::Unsettled, partition: account_partition(account), sort: id.to_string() }
}

pub(crate) fn unsettled_cases(account: &AccountId) -> Stretch {
    Stretch::whole(account_partition(account))
}

pub(crate) fn case_of_code(account: &AccountId, code: &SessionCode, id: CaseId) -> IndexEntry {
    IndexEntry { index: Index::Code, partition: code_partition(account, code), sort: id.to_string() }
}

pub(crate) fn cases_of_code(account: &AccountId, code: &SessionCode) -> Stretch {
    Stretch::whole(code_partition(account, code))
}

pub(crate) fn hold(account: &AccountId, ticket: &TicketId) -> Key {
    Key { partition: ticket_partition(account, ticket), sort: HOLD.to_owned() }
}

pub(crate) fn hold_of(account: &AccountId, subject: &SubjectId) -> Key {
    match subject {
        SubjectId::Ticket(ticket) => hold(account, ticket),
        SubjectId::Device(device) => Key { partition: sessions_of_device(account, device), sort: HOLD.to_owned() },
    }
}

/// Whose ticket or device the item of this key holds, if it is a hold. Whoever hears that the table itself removed one, at the end
/// of its time to live, knows by it in which account a case ended and nobody settled it.
pub fn account_of_hold(key: &Key) -> Option<AccountId> {
    let (account, subject) = subject_of(key)?;
    (hold_of(&account, &subject) == *key).then_some(account)
}

fn subject_of(key: &Key) -> Option<(AccountId, SubjectId)> {
    if let Some((account, ticket)) = ticket_of(key) {
        return Some((account, SubjectId::Ticket(ticket)));
    }
    let (account, device) = key.partition.strip_prefix("A#")?.split_once("#S#")?;
    Some((AccountId::parse(account).ok()?, SubjectId::Device(DeviceId::parse(device).ok()?)))
}

/// Whose ticket the item of this key is about, if it is kept with a ticket.
pub(crate) fn ticket_of(key: &Key) -> Option<(AccountId, TicketId)> {
    let (account, ticket) = key.partition.strip_prefix("A#")?.split_once("#T#")?;
    Some((AccountId::parse(account).ok()?, TicketId::parse(ticket).ok()?))
}

pub(crate) fn newest_case(account: &AccountId, ticket: &TicketId) -> Key {
    Key { partition: ticket_partition(account, ticket), sort: NEWEST.to_owned() }
}

pub(crate) fn newest_case_of(account: &AccountId, subject: &SubjectId) -> Key {
    match subject {
        SubjectId::Ticket(ticket) => newest_case(account, ticket),
        SubjectId::Device(device) => Key { partition: sessions_of_device(account, device), sort: NEWEST.to_owned() },
    }
}

pub(crate) fn record(account: &AccountId, ended_at: Instant, case: CaseId) -> Key {
    Key { partition: records_partition(account), sort: format!("{}#{case}", millis(ended_at)) }
}

pub(crate) fn records(account: &AccountId, from: Instant, to: Instant) -> Stretch {
    Stretch { partition: records_partition(account), from: Some(millis(from)), to: Some(millis(to)) }
}

/// Where the case's record is; that there is one such item for a case makes its record unique.
pub(crate) fn record_place(account: &AccountId, case: CaseId) -> Key {
    Key { partition: format!("A#{account}#P"), sort: case.to_string() }
}

/// A record by its code: found long after its case is gone, and never for a case.
pub(crate) fn record_of_code(account: &AccountId, code: &SessionCode, case: CaseId) -> IndexEntry {
    IndexEntry { index: Index::Code, partition: recorded_code_partition(account, code), sort: case.to_string() }
}

pub(crate) fn records_of_code(account: &AccountId, code: &SessionCode) -> Stretch {
    Stretch::whole(recorded_code_partition(account, code))
}

// Letters, memories.

pub(crate) fn letter(account: &AccountId, id: LetterId) -> Key {
    Key { partition: format!("A#{account}#L"), sort: id.to_string() }
}

/// The key's text and route may be long: their hash stands for them.
pub(crate) fn memory(key: &IdempotencyKey) -> Key {
    let mut hash = Sha256::new();
    hash.update(key.route.as_bytes());
    hash.update([0]);
    hash.update(key.key.as_bytes());
    let digest = URL_SAFE_NO_PAD.encode(hash.finalize());
    Key { partition: format!("{}#I", owner_partition(&key.owner)), sort: format!("{}#{digest}", key.principal) }
}

// The installation.

pub(crate) fn installation() -> Key {
    Key { partition: SYSTEM.to_owned(), sort: "INSTALLATION".to_owned() }
}

pub(crate) fn deliveries() -> Key {
    Key { partition: SYSTEM.to_owned(), sort: "DELIVERIES".to_owned() }
}

// Places.

/// Whether a cursor's place is one of [`accounts_of_vendor`].
pub(crate) fn is_account_of_vendor(place: &str) -> bool {
    place.strip_prefix(ACCOUNT_PREFIX).is_some_and(|id| AccountId::parse(id).is_ok())
}

/// Whether a cursor's place is one of [`cases`].
pub(crate) fn is_case(place: &str) -> bool {
    CaseId::parse(place).is_ok()
}

/// Whether a cursor's place is one of [`records`].
pub(crate) fn is_record(place: &str) -> bool {
    let is_time = |time: &str| time.len() == 16 && time.bytes().all(|byte| byte.is_ascii_digit());
    place.split_once('#').is_some_and(|(time, case)| is_time(time) && is_case(case))
}

/// Milliseconds since 1970, so that the order of texts is the order of times. Earlier times don't occur.
fn millis(at: Instant) -> String {
    format!("{:016}", at.timestamp_millis().max(0))
}

fn owner_partition(owner: &Owner) -> String {
    match owner {
        Owner::Vendor(vendor) => vendor_partition(vendor),
        Owner::Account(account) => account_partition(account),
    }
}

fn vendor_partition(vendor: &VendorId) -> String {
    format!("V#{vendor}")
}

fn account_partition(account: &AccountId) -> String {
    format!("A#{account}")
}

fn cases_partition(account: &AccountId) -> String {
    format!("A#{account}#C")
}

fn records_partition(account: &AccountId) -> String {
    format!("A#{account}#R")
}

fn ticket_partition(account: &AccountId, ticket: &TicketId) -> String {
    format!("A#{account}#T#{ticket}")
}

/// Who holds a device, and its newest case.
fn sessions_of_device(account: &AccountId, device: &DeviceId) -> String {
    format!("A#{account}#S#{device}")
}

fn code_partition(account: &AccountId, code: &SessionCode) -> String {
    format!("A#{account}#{}", code.compact())
}

fn recorded_code_partition(account: &AccountId, code: &SessionCode) -> String {
    format!("A#{account}#RC#{}", code.compact())
}

#[cfg(test)]
mod tests {
    use casebridge_domain::KeyId;
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;

    fn acme() -> AccountId {
        AccountId::parse("acme").unwrap()
    }

    fn memory_of(route: &str, key: &str) -> Key {
        memory(&IdempotencyKey {
            owner: Owner::Account(acme()),
            principal: KeyId::new(Uuid::from_u128(7)),
            route: route.to_owned(),
            key: key.to_owned(),
        })
    }

    #[test]
    fn times_sort_as_texts() {
        let at = |millis| DateTime::from_timestamp_millis(millis).unwrap();
        let places = [0, 9, 10, 1_700_000_000_000, 8_210_266_876_799_999].map(|time| millis(at(time)));
        assert!(places.is_sorted());
        assert!(places.iter().all(|place| place.len() == 16));
    }

    #[test]
    fn long_routes_and_keys_fit_and_are_told_apart() {
        let long = memory_of(&"/x".repeat(2000), &"é".repeat(255));
        assert!(long.sort.len() <= 1024);
        assert_ne!(memory_of("POST /a", "b").sort, memory_of("POST /", "ab").sort);
        assert_eq!(memory_of("POST /a", "b"), memory_of("POST /a", "b"));
    }

    #[test]
    fn a_hold_is_told_from_everything_else() {
        for ticket in ["INC-1", "INC 4711-β:2", "HOLD"].map(|ticket| TicketId::parse(ticket).unwrap()) {
            assert_eq!(account_of_hold(&hold(&acme(), &ticket)), Some(acme()), "{ticket}");
            assert_eq!(account_of_hold(&newest_case(&acme(), &ticket)), None);
        }
        let device = SubjectId::Device(DeviceId::parse("A T:1").unwrap());
        assert_eq!(account_of_hold(&hold_of(&acme(), &device)), Some(acme()));
        assert_eq!(account_of_hold(&newest_case_of(&acme(), &device)), None);
        let odd = |partition: &str| Key { partition: partition.into(), sort: "HOLD".into() };
        for other in ["A#acme", "A#acme#T#", "A##T#x", "V#acme#T#x", "SYSTEM"].map(odd) {
            assert_eq!(account_of_hold(&other), None, "{other:?}");
        }
    }

    #[test]
    fn the_longest_ids_fit_into_a_key() {
        let ticket = TicketId::parse(&"\u{10348}".repeat(128)).unwrap();
        let account = AccountId::parse(&"a".repeat(63)).unwrap();
        assert!(hold(&account, &ticket).partition.len() <= 2048);
        let technician = TechnicianId::parse(&"\u{10348}".repeat(128)).unwrap();
        assert!(technician_sign_in(&account, &technician).sort.len() <= 1024);
    }
}
