//! Letters that are owed.

use casebridge_app::ports::store::{LetterChange, Made, Saved, Versioned};
use casebridge_domain::letter::LetterState;
use casebridge_domain::{AccountId, CaseId, Instant, Letter, LetterId};
use chrono::TimeDelta;
use futures::future::join_all;
use uuid::Uuid;

use crate::conformance::Stage;
use crate::conformance::fixtures::{acme, after_noon, entry, globex, letter, letters_of, noon, request};

/// A letter of no particular case.
fn some_letter(n: u128, account: &AccountId) -> Letter {
    letter(Uuid::from_u128(n), account, CaseId::new(Uuid::from_u128(1)))
}

async fn queued(stage: &Stage, n: u128, account: &AccountId, due_at: Instant) -> Versioned<Letter> {
    let letter = some_letter(n, account);
    assert_eq!(stage.store().queue_letter(&letter, due_at, &entry(), None).await.unwrap(), Made::New);
    stage.store().letter(account, letter.id).await.unwrap().unwrap()
}

async fn due(stage: &Stage, now: Instant, limit: usize) -> Vec<Versioned<Letter>> {
    stage.settle_indexes().await;
    let due = stage.store().due(now, limit).await.unwrap();
    assert!(due.len() <= limit);
    letters_of(&due)
}

/// Over all accounts, the longest owed first.
pub async fn what_is_due_comes_oldest_first(stage: &Stage) {
    let mut expected = Vec::new();
    for n in 0..12_u8 {
        let account = AccountId::parse(&format!("desk-{n}")).unwrap();
        expected.insert(0, queued(stage, u128::from(n), &account, after_noon(i64::from(12 - n))).await);
    }
    assert_eq!(due(stage, after_noon(12), 100).await, expected);
    assert_eq!(due(stage, after_noon(12), 5).await, expected[..5]);
    assert_eq!(due(stage, after_noon(12), 0).await, []);
}

/// On the millisecond.
pub async fn nothing_is_due_before_its_time(stage: &Stage) {
    let letter = queued(stage, 1, &acme(), after_noon(1)).await;
    assert_eq!(due(stage, after_noon(1) - TimeDelta::milliseconds(1), 10).await, []);
    assert_eq!(due(stage, after_noon(1), 10).await, [letter]);
}

/// Of many who would send it, one does.
pub async fn a_letter_is_leased_once(stage: &Stage) {
    let store = stage.store();
    let letter = queued(stage, 1, &acme(), noon()).await;
    let leases = join_all((0..32).map(|_| store.lease_letter(&letter, after_noon(2)))).await;
    let won: Vec<_> = leases.into_iter().map(Result::unwrap).filter(|lease| *lease != Saved::Lost).collect();
    let [Saved::Done(revision)] = won[..] else { panic!("{} leases", won.len()) };
    let there = store.letter(&acme(), LetterId::new(Uuid::from_u128(1))).await.unwrap().unwrap();
    assert_eq!((&there.value, there.revision), (&some_letter(1, &acme()), revision));
    assert_eq!(due(stage, after_noon(1), 10).await, [], "while it is leased");
    assert_eq!(due(stage, after_noon(2), 10).await, [there], "when the lease ends");
}

/// A finished letter is owed no more, and can still be asked about.
pub async fn a_letter_that_is_done_is_not_due(stage: &Stage) {
    let store = stage.store();
    let queued = queued(stage, 1, &acme(), noon()).await;
    let sent = Letter { state: LetterState::Accepted { at: after_noon(1) }, ..queued.value.clone() };
    let change = LetterChange { letter: sent.clone(), due_at: None, read_at: Some(queued.revision) };
    assert!(matches!(store.save_letter(&change).await.unwrap(), Saved::Done(_)));
    assert_eq!(due(stage, after_noon(60), 10).await, []);
    assert_eq!(store.letter(&acme(), sent.id).await.unwrap().unwrap().value, sent);
    assert_eq!(store.letter(&globex(), sent.id).await.unwrap(), None);
    assert_eq!(store.lease_letter(&queued, after_noon(2)).await.unwrap(), Saved::Lost);
    assert_eq!(store.save_letter(&change).await.unwrap(), Saved::Lost);
    assert_eq!(due(stage, after_noon(60), 10).await, []);
}

/// With one more attempt on it, at a later time.
pub async fn a_letter_that_could_not_be_sent_is_due_again(stage: &Stage) {
    let first = queued(stage, 1, &acme(), noon()).await;
    let tried = Letter { state: LetterState::Queued { attempts: 1 }, ..first.value.clone() };
    let change = LetterChange { letter: tried, due_at: Some(after_noon(5)), read_at: Some(first.revision) };
    let Saved::Done(revision) = stage.store().save_letter(&change).await.unwrap() else { panic!("lost") };
    assert_eq!(due(stage, after_noon(4), 10).await, []);
    assert_eq!(due(stage, after_noon(5), 10).await, [Versioned { value: change.letter, revision }]);
}

/// By request and by id.
pub async fn a_letter_is_queued_once(stage: &Stage) {
    let store = stage.store();
    let request = request("k", CaseId::new(Uuid::from_u128(1)), noon());
    let (first, second) = (some_letter(1, &acme()), some_letter(2, &acme()));
    assert_eq!(store.queue_letter(&first, noon(), &entry(), Some(&request)).await.unwrap(), Made::New);
    let again = store.queue_letter(&second, noon(), &entry(), Some(&request)).await.unwrap();
    assert_eq!(again, Made::Remembered(request.remembered));
    assert_eq!(store.queue_letter(&first, after_noon(1), &entry(), None).await.unwrap(), Made::Exists);
    let due = due(stage, noon(), 10).await;
    assert_eq!(due.into_iter().map(|letter| letter.value).collect::<Vec<_>>(), [first]);
}

/// Without waiting for any index: from its time on, until somebody has it, and never once it is done.
pub async fn whoever_is_told_of_a_letter_learns_for_certain_whether_it_is_due(stage: &Stage) {
    let store = stage.store();
    let id = LetterId::new(Uuid::from_u128(1));
    assert_eq!(store.due_letter(&acme(), id, noon()).await.unwrap(), None);
    let letter = queued(stage, 1, &acme(), after_noon(1)).await;
    assert_eq!(store.due_letter(&acme(), id, after_noon(1) - TimeDelta::milliseconds(1)).await.unwrap(), None);
    assert_eq!(store.due_letter(&acme(), id, after_noon(1)).await.unwrap(), Some(letter.clone()));
    assert_eq!(store.due_letter(&globex(), id, after_noon(1)).await.unwrap(), None, "nobody else's");
    let Saved::Done(revision) = store.lease_letter(&letter, after_noon(2)).await.unwrap() else { panic!("lost") };
    assert_eq!(store.due_letter(&acme(), id, after_noon(1)).await.unwrap(), None, "while it is leased");
    let again = store.due_letter(&acme(), id, after_noon(2)).await.unwrap();
    assert_eq!(again.map(|letter| letter.revision), Some(revision));
    let accepted = Letter { state: LetterState::Accepted { at: after_noon(2) }, ..letter.value };
    let done = LetterChange { letter: accepted, due_at: None, read_at: Some(revision) };
    assert_ne!(store.save_letter(&done).await.unwrap(), Saved::Lost);
    assert_eq!(store.due_letter(&acme(), id, after_noon(9)).await.unwrap(), None);
}
