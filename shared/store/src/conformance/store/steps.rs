//! Steps of a case, with everything that belongs to them.

use casebridge_app::ports::store::{CaseChange, Commit, Due, LetterChange, Saved};
use casebridge_domain::{Letter, ServiceCase, TicketHold};
use chrono::TimeDelta;

use crate::conformance::Stage;
use crate::conformance::fixtures::{
    acme, after_noon, closed, code, ending, letter, letters_of, noon, opened, request, ticket,
};

fn owed(letter: &Letter) -> LetterChange {
    LetterChange { letter: letter.clone(), due_at: Some(letter.queued_at), read_at: None }
}

fn letters_to(stage: &Stage, case: &ServiceCase, how_many: usize) -> Vec<Letter> {
    (0..how_many).map(|_| letter(stage.fresh_id(noon()), &acme(), case.id())).collect()
}

/// The case, its letters, the hold's code, the memory and the next look, in one.
pub async fn a_step_takes_everything_along_that_belongs_to_it(stage: &Stage) {
    let store = stage.store();
    stage.connect(&acme()).await;
    let claimed = stage.claimed(stage.play("T1", noon())).await;
    let case = opened(&claimed.value, code(123_456_789));
    let invitation = letters_to(stage, &case, 1).remove(0);
    let memory = request("k", case.id(), noon());
    let step = CaseChange {
        letters: vec![owed(&invitation)],
        idempotency: Some(&memory),
        watch_at: Some(after_noon(3)),
        ..CaseChange::of(&case, &claimed)
    };
    let stepped = stage.stepped(step).await;
    assert_eq!(store.case(&acme(), case.id()).await.unwrap(), Some(stepped));
    assert_eq!(store.letter(&acme(), invitation.id).await.unwrap().unwrap().value, invitation);
    assert_eq!(store.remembered(&memory.key, noon()).await.unwrap(), Some(memory.remembered.clone()));
    let hold = TicketHold::Case { case: case.id(), code: Some(code(123_456_789)), valid_until: case.valid_until() };
    assert_eq!(store.hold(&acme(), &ticket("T1")).await.unwrap(), Some(hold));
    stage.settle_indexes().await;
    let due = store.due(after_noon(3) - TimeDelta::milliseconds(1), 10).await.unwrap();
    assert!(!due.iter().any(|due| matches!(due, Due::Tick(_))), "the account is not due before");
    let due = store.due(after_noon(3), 10).await.unwrap();
    assert!(due.iter().any(|due| matches!(due, Due::Tick(tick) if tick.value.account == acme())));
}

/// Not the record, not the letters, not the hold, not the memory, not the tick.
pub async fn a_worker_that_lost_the_revision_changes_nothing(stage: &Stage) {
    let store = stage.store();
    stage.connect(&acme()).await;
    let open = stage.open("T1", 1, noon()).await;
    let online = open.value.clone().customer_online(after_noon(1), after_noon(1)).unwrap();
    let online = stage.stepped(CaseChange::of(&online, &open)).await;
    let hold = store.hold(&acme(), &ticket("T1")).await.unwrap();
    stage.settle_indexes().await;
    let due = store.due(after_noon(600), 10).await.unwrap();

    let ended = closed(&open.value, after_noon(2));
    let farewell = letters_to(stage, &ended, 1).remove(0);
    let memory = request("k", ended.id(), after_noon(2));
    let too_late = CaseChange {
        letters: vec![owed(&farewell)],
        idempotency: Some(&memory),
        watch_at: Some(after_noon(3)),
        ..ending(&ended, &open)
    };
    assert!(too_late.record.is_some());
    assert_eq!(store.commit(&too_late).await.unwrap(), Commit::Lost);

    assert_eq!(store.case(&acme(), ended.id()).await.unwrap(), Some(online));
    assert_eq!(store.record(&acme(), ended.id()).await.unwrap(), None);
    assert_eq!(store.letter(&acme(), farewell.id).await.unwrap(), None);
    assert_eq!(store.hold(&acme(), &ticket("T1")).await.unwrap(), hold);
    assert_eq!(store.remembered(&memory.key, after_noon(2)).await.unwrap(), None);
    stage.settle_indexes().await;
    assert_eq!(store.due(after_noon(600), 10).await.unwrap(), due);
}

/// The repetition of a request is answered by its memory, even by one who lost the revision.
pub async fn the_same_request_steps_once(stage: &Stage) {
    let store = stage.store();
    stage.connect(&acme()).await;
    let open = stage.open("T1", 1, noon()).await;
    let ended = closed(&open.value, after_noon(2));
    let memory = request("k", ended.id(), after_noon(2));
    let step = || CaseChange { idempotency: Some(&memory), ..ending(&ended, &open) };
    assert!(matches!(store.commit(&step()).await.unwrap(), Commit::Done(_)));
    assert_eq!(store.commit(&step()).await.unwrap(), Commit::Remembered(memory.remembered.clone()));
}

/// A letter that somebody else moved refuses the step that would move it.
pub async fn a_letter_that_moved_refuses_the_step(stage: &Stage) {
    let store = stage.store();
    stage.connect(&acme()).await;
    let open = stage.open("T1", 1, noon()).await;
    let invitation = letters_to(stage, &open.value, 1).remove(0);
    let read_at =
        stage.stepped(CaseChange { letters: vec![owed(&invitation)], ..CaseChange::of(&open.value, &open) }).await;
    let queued = store.letter(&acme(), invitation.id).await.unwrap().unwrap();
    let leased = store.lease_letter(&queued, after_noon(5)).await.unwrap();
    let Saved::Done(leased) = leased else { panic!("nobody was faster") };
    let ended = closed(&read_at.value, after_noon(2));
    let step = |at| {
        let cancelled = LetterChange { letter: invitation.clone(), due_at: None, read_at: Some(at) };
        CaseChange { letters: vec![cancelled], ..ending(&ended, &read_at) }
    };
    assert_eq!(store.commit(&step(queued.revision)).await.unwrap(), Commit::Lost);
    assert_eq!(store.record(&acme(), ended.id()).await.unwrap(), None);
    assert!(matches!(store.commit(&step(leased)).await.unwrap(), Commit::Done(_)));
    stage.settle_indexes().await;
    assert!(letters_of(&store.due(after_noon(60), 10).await.unwrap()).is_empty());
}

/// As many people as an account may want to be told of one customer.
pub async fn a_step_may_owe_a_letter_to_everybody(stage: &Stage) {
    let store = stage.store();
    stage.connect(&acme()).await;
    let open = stage.open("T1", 1, noon()).await;
    let online = open.value.clone().customer_online(after_noon(1), after_noon(1)).unwrap();
    let letters = letters_to(stage, &online, 41);
    let memory = request("k", online.id(), after_noon(1));
    stage
        .stepped(CaseChange {
            letters: letters.iter().map(owed).collect(),
            idempotency: Some(&memory),
            watch_at: Some(after_noon(2)),
            ..CaseChange::of(&online, &open)
        })
        .await;
    stage.settle_indexes().await;
    let mut due = letters_of(&store.due(after_noon(1), 100).await.unwrap());
    due.sort_by_key(|letter| letter.value.id);
    assert_eq!(due.into_iter().map(|letter| letter.value).collect::<Vec<_>>(), letters);
}
