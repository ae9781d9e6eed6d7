//! What steps leave in the journal.

use casebridge_app::ports::store::{CaseChange, Claim, ClaimOutcome, Commit, Made, Saved, Versioned};
use casebridge_domain::journal::{AccountMatter, JournalEntry, Principal};
use casebridge_domain::key::{ApiKey, KeyHash, Owner, Scope};
use casebridge_domain::mail_template::MailTemplate;
use casebridge_domain::service_case::CaseEvent;
use casebridge_domain::text::Paragraph;
use casebridge_domain::{CaseId, KeyId, Language, ServiceCase, Text, TicketHold};
use uuid::Uuid;

use crate::conformance::Stage;
use crate::conformance::fixtures::{
    account, acme, after_noon, claim, closed, code, connection, ending, entry, globex, letter, noon, opened, said,
    ticket, vendor, voice,
};

/// An entry of its own for every number.
fn nth(n: i64) -> JournalEntry {
    said(after_noon(n), AccountMatter::AccountChanged { fields: vec![n.to_string()] })
}

fn of_case(by: Principal, case: &ServiceCase, events: &[CaseEvent]) -> JournalEntry {
    JournalEntry::Case { by, case: Box::new(case.clone()), events: events.to_vec() }
}

fn key(owner: Owner) -> ApiKey {
    let (id, hash) = (KeyId::new(Uuid::from_u128(1)), KeyHash::new("00".repeat(32)));
    ApiKey { id, owner, scope: Scope::Admin, label: None, created_at: noon(), hash, signed_in: None }
}

fn template() -> MailTemplate {
    let (subject, text) = (Text::parse("Bonjour").unwrap(), Paragraph::parse("{{ticket.title}}").unwrap());
    MailTemplate { language: Language::French, subject, text, html: None }
}

/// The case as it then stood, what was new, and on whose behalf: each thing once.
pub async fn what_happens_to_a_case_is_left_by_the_step(stage: &Stage) {
    stage.connect(&acme()).await;
    let claimed = stage.claimed(stage.play("T1", noon())).await;
    assert_eq!(stage.waiting(&acme()).await, [], "a claim is nothing that happened to the customer yet");
    let open = opened(&claimed.value, code(1));
    let by = Principal::Key { id: KeyId::new(Uuid::from_u128(7)) };
    let open = stage.stepped(CaseChange { by, ..CaseChange::of(&open, &claimed) }).await;
    let ended = closed(&open.value, after_noon(2));
    stage.stepped(ending(&ended, &open)).await;
    let [first, rest @ ..] = ended.events() else { panic!("{:?}", ended.events()) };
    assert!(rest.len() > 1);
    let left = [of_case(by, &open.value, std::slice::from_ref(first)), of_case(Principal::Casebridge, &ended, rest)];
    assert_eq!(stage.waiting(&acme()).await, left);
    assert_eq!(stage.waiting(&globex()).await, []);
}

/// With the claim that settles it.
pub async fn what_a_claim_settles_is_left_by_the_claim(stage: &Stage) {
    let store = stage.store();
    stage.connect(&acme()).await;
    let open = stage.open("T1", 1, noon()).await;
    let before = stage.waiting(&acme()).await;
    let ended = open.value.clone().expired(open.value.valid_until(), voice()).unwrap();
    let (first, second) = (stage.play("T1", ended.valid_until()), stage.play("T1", ended.valid_until()));
    let settling = |next| Claim { settling: Some(ending(&ended, &open)), ..claim(next) };
    assert!(matches!(store.claim(&settling(&first)).await.unwrap(), ClaimOutcome::Ours(_)));
    assert_eq!(store.claim(&settling(&second)).await.unwrap(), ClaimOutcome::Lost);
    let expired = of_case(
        Principal::Casebridge,
        &ended,
        ended.events().split_last().map(|(last, _)| std::slice::from_ref(last)).unwrap(),
    );
    assert_eq!(stage.waiting(&acme()).await, [before, vec![expired]].concat());
}

/// Each with its own, and all of them in the account's journal, the removed account's too.
pub async fn every_step_that_changes_an_account_leaves_its_entry(stage: &Stage) {
    let store = stage.store();
    let mut told = (0..15_i32).map(|n| nth(n.into()));
    let mut next = || told.next().unwrap();
    assert_eq!(store.make_account(&account(&acme()), &next(), None).await.unwrap(), Made::New);
    let there = store.admission(None, Some(&acme())).await.unwrap().account.unwrap();
    let Saved::Done(read_at) = store.save_account(&there.value, there.revision, &next()).await.unwrap() else {
        panic!("lost")
    };
    let owner = Owner::Account(acme());
    assert_eq!(store.make_key(&key(owner.clone()), Some(&next()), None).await.unwrap(), Made::New);
    assert!(store.delete_key(&owner, key(owner.clone()).id, Some(&next())).await.unwrap());
    let connected = store.save_connection(&connection(&acme()), None, Some(&next())).await.unwrap();
    let Saved::Done(connected) = connected else { panic!("lost") };
    let serving = store.save_serving_connection(&connection(&acme()), Some(connected), noon(), &next()).await.unwrap();
    let Saved::Done(serving) = serving else { panic!("lost") };
    assert!(matches!(store.delete_connection(&acme(), serving, &next()).await.unwrap(), Saved::Done(_)));
    store.save_template(&acme(), &template(), &next()).await.unwrap();
    store.delete_template(&acme(), Language::French, &next()).await.unwrap();
    let hold = TicketHold::Closed { since: noon() };
    store.take_hold(&acme(), &ticket("T1"), &hold, None, noon(), Some(&next())).await.unwrap().unwrap();
    store.release_hold(&acme(), &ticket("T1"), &hold, Some(&next())).await.unwrap();
    let test = letter(Uuid::from_u128(1), &acme(), CaseId::new(Uuid::from_u128(1)));
    assert_eq!(store.queue_letter(&test, noon(), &next(), None).await.unwrap(), Made::New);
    store.note(&acme(), &next()).await.unwrap();
    assert!(store.claim_rebuild(&acme(), "me", noon(), after_noon(1)).await.unwrap());
    store.end_rebuild(&acme(), "me", Some(&next())).await.unwrap();
    let there = Versioned { value: there.value, revision: read_at };
    assert!(matches!(store.delete_account(&there, noon(), &next()).await.unwrap(), Saved::Done(_)));
    assert_eq!(told.len(), 0);
    assert_eq!(stage.waiting(&acme()).await, (0..15).map(nth).collect::<Vec<_>>());
    assert_eq!(store.backlog(&acme(), 1).await.unwrap().vendor, Some(vendor()));
    assert_eq!(stage.waiting(&globex()).await, []);
}

/// Whatever did not happen is not told.
pub async fn a_step_that_is_refused_leaves_nothing(stage: &Stage) {
    let store = stage.store();
    let made = stage.sign_up(&acme()).await;
    let connected = stage.connect(&acme()).await;
    let open = stage.open("T1", 1, noon()).await;
    let online = open.value.clone().customer_online(after_noon(1), after_noon(1)).unwrap();
    stage.stepped(CaseChange::of(&online, &open)).await;
    assert!(matches!(store.save_account(&made.value, made.revision, &nth(0)).await.unwrap(), Saved::Done(_)));
    let saved = store.save_connection(&connection(&acme()), Some(connected), None).await.unwrap();
    assert!(matches!(saved, Saved::Done(_)));
    let owner = Owner::Account(acme());
    assert_eq!(store.make_key(&key(owner.clone()), None, None).await.unwrap(), Made::New);
    let test = letter(Uuid::from_u128(1), &acme(), CaseId::new(Uuid::from_u128(1)));
    assert_eq!(store.queue_letter(&test, noon(), &nth(1), None).await.unwrap(), Made::New);
    let before = stage.waiting(&acme()).await;

    let ended = closed(&open.value, after_noon(2));
    assert_eq!(store.commit(&ending(&ended, &open)).await.unwrap(), Commit::Lost);
    let told = entry();
    assert_eq!(store.make_account(&made.value, &told, None).await.unwrap(), Made::Exists);
    assert_eq!(store.save_account(&made.value, made.revision, &told).await.unwrap(), Saved::Lost);
    assert_eq!(store.delete_account(&made, noon(), &told).await.unwrap(), Saved::Lost);
    assert_eq!(store.make_key(&key(owner.clone()), Some(&told), None).await.unwrap(), Made::Exists);
    assert!(!store.delete_key(&owner, KeyId::new(Uuid::from_u128(9)), Some(&told)).await.unwrap());
    assert_eq!(store.save_connection(&connection(&acme()), None, Some(&told)).await.unwrap(), Saved::Lost);
    let serving = store.save_serving_connection(&connection(&acme()), None, noon(), &told).await.unwrap();
    assert_eq!(serving, Saved::Lost);
    assert_eq!(store.delete_connection(&acme(), connected, &told).await.unwrap(), Saved::Lost);
    store.delete_template(&acme(), Language::French, &told).await.unwrap();
    let closed = TicketHold::Closed { since: noon() };
    let taken = store.take_hold(&acme(), &ticket("T1"), &closed, None, noon(), Some(&told)).await.unwrap();
    assert!(taken.is_err());
    store.release_hold(&acme(), &ticket("T1"), &closed, Some(&told)).await.unwrap();
    assert_eq!(store.queue_letter(&test, noon(), &told, None).await.unwrap(), Made::Exists);
    store.end_rebuild(&acme(), "nobody", Some(&told)).await.unwrap();
    assert_eq!(stage.waiting(&acme()).await, before);
}
