//! Requests for help: held like a case, before there is a connection, and taken once.

use casebridge_app::ports::store::{
    Asking, CaseChange, CaseFilter, ClaimOutcome, Commit, Due, LetterChange, Saved, Versioned,
};
use casebridge_domain::journal::Principal;
use casebridge_domain::service_case::{Ask, FailureCause};
use casebridge_domain::{
    CaseId, Instant, Language, Lease, Requester, ServiceCase, SessionType, Technician, TechnicianId, Text, TicketHold,
};
use chrono::TimeDelta;
use futures::future::join_all;

use crate::conformance::Stage;
use crate::conformance::fixtures::{
    acme, after_noon, closed, code, connection, ending, letter, letters_of, noon, opened, request, ticket, voice,
};

fn technician(number: usize) -> Technician {
    Technician {
        id: TechnicianId::parse(&format!("t{number}")).unwrap(),
        name: Text::parse("Tess").unwrap(),
        email: None,
    }
}

/// Asked on a ticket of acme's, for an hour.
fn asked(stage: &Stage, on: &str, at: Instant) -> ServiceCase {
    ServiceCase::asked(Ask {
        account: acme(),
        id: CaseId::new(stage.fresh_id(at)),
        subject: stage.play(on, at).subject().clone(),
        requester: Requester { name: Text::parse("Jane Doe").unwrap(), email: None, language: None },
        session_type: SessionType::Default,
        language: Language::English,
        note: None,
        at,
        until: at + TimeDelta::hours(1),
    })
}

fn asking(case: &ServiceCase) -> Asking<'_> {
    let now = case.started_at();
    Asking { case, by: Principal::Customer, now, letters: Vec::new(), idempotency: None, settling: None }
}

async fn waits(stage: &Stage, on: &str) -> Versioned<ServiceCase> {
    let case = asked(stage, on, noon());
    let ClaimOutcome::Ours(revision) = stage.store().ask(&asking(&case)).await.unwrap() else { panic!("held") };
    Versioned { value: case, revision }
}

fn taken(stage: &Stage, case: &ServiceCase, by: Technician) -> ServiceCase {
    let mut play = stage.playing(&acme(), case.subject().clone(), Some(by), after_noon(5));
    play.lease = Lease::first(after_noon(6));
    case.clone().taken(play).unwrap().0
}

/// Whatever races, and without a connection.
pub async fn a_ticket_is_asked_for_once(stage: &Stage) {
    let cases: Vec<_> = (0..16).map(|_| asked(stage, "T1", noon())).collect();
    let outcomes = join_all(cases.iter().map(|case| async { stage.store().ask(&asking(case)).await.unwrap() })).await;
    let winner = outcomes.iter().position(|outcome| matches!(outcome, ClaimOutcome::Ours(_))).unwrap();
    let hold = TicketHold::Case { case: cases[winner].id(), code: None, valid_until: after_noon(60) };
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == ClaimOutcome::Held(hold.clone())).count(), 15);
    let newest = stage.store().newest_case(&acme(), &ticket("T1")).await.unwrap().unwrap();
    assert_eq!(newest.value, cases[winner]);
    stage.connect(&acme()).await;
    let play = stage.play("T1", after_noon(1));
    let outcome = stage.store().claim(&crate::conformance::fixtures::claim(&play)).await.unwrap();
    assert_eq!(outcome, ClaimOutcome::Held(hold), "play finds it");
}

/// In the list of the queue, the journal and among what is due.
pub async fn who_asks_is_seen_at_once_and_told_of(stage: &Stage) {
    let case = asked(stage, "T1", noon());
    let told = letter(stage.fresh_id(noon()), &acme(), case.id());
    let letters = vec![LetterChange { letter: told.clone(), due_at: Some(noon()), read_at: None }];
    let outcome = stage.store().ask(&Asking { letters, ..asking(&case) }).await.unwrap();
    assert!(matches!(outcome, ClaimOutcome::Ours(_)));
    stage.settle_indexes().await;
    let queue = CaseFilter { unsettled: Some(true), technician: None, unassigned: true };
    let page = stage.store().cases(&acme(), &queue, None, 10).await.unwrap();
    assert_eq!(page.items, std::slice::from_ref(&case));
    let due = stage.store().due(noon(), 10).await.unwrap();
    assert!(due.iter().any(|due| matches!(due, Due::Tick(tick) if tick.value.account == acme())), "{due:?}");
    assert_eq!(letters_of(&due).iter().map(|letter| &letter.value).collect::<Vec<_>>(), [&told]);
    let pending = stage.store().backlog(&acme(), 10).await.unwrap().pending;
    assert_eq!(pending.iter().map(|pending| pending.entry.clone()).collect::<Vec<_>>(), [asking(&case).entry()]);
}

/// One of many takes it, and only while what its session is made with serves.
pub async fn who_asks_is_taken_once_and_by_who_can_help(stage: &Stage) {
    let waiting = waits(stage, "T1").await;
    let alone = taken(stage, &waiting.value, technician(0));
    let take = |case| CaseChange { makes_session: true, watch_at: Some(noon()), ..CaseChange::of(case, &waiting) };
    assert_eq!(stage.store().commit(&take(&alone)).await.unwrap(), Commit::Lost, "there is no connection");
    let connected = stage.connect(&acme()).await;
    let draining = connection(&acme()).draining(noon());
    let Saved::Done(drained) = stage.store().save_connection(&draining, Some(connected), None).await.unwrap() else {
        panic!("lost")
    };
    assert_eq!(stage.store().commit(&take(&alone)).await.unwrap(), Commit::Lost, "it is being revoked");
    let saved = stage.store().save_connection(&connection(&acme()), Some(drained), None).await.unwrap();
    assert!(matches!(saved, Saved::Done(_)));
    let takers: Vec<_> = (0..16).map(|number| taken(stage, &waiting.value, technician(number))).collect();
    let outcomes = join_all(takers.iter().map(|case| async { stage.store().commit(&take(case)).await.unwrap() })).await;
    let winners: Vec<usize> = (0..16).filter(|at| matches!(outcomes[*at], Commit::Done(_))).collect();
    let [winner] = winners[..] else { panic!("{outcomes:?}") };
    let kept = stage.store().case(&acme(), waiting.value.id()).await.unwrap().unwrap();
    assert_eq!(kept.value, takers[winner]);
    let open = opened(&kept.value, code(1));
    let open = stage.stepped(CaseChange::of(&open, &kept)).await;
    let hold = TicketHold::Case { case: open.value.id(), code: Some(code(1)), valid_until: open.value.valid_until() };
    assert_eq!(stage.store().hold(&acme(), &ticket("T1")).await.unwrap(), Some(hold));
    stage.stepped(ending(&closed(&open.value, after_noon(9)), &open)).await;
    assert_eq!(stage.store().hold(&acme(), &ticket("T1")).await.unwrap(), None);
}

/// Given back, withdrawn, or out of time.
pub async fn a_request_holds_its_ticket_until_it_ends(stage: &Stage) {
    let store = stage.store();
    stage.connect(&acme()).await;
    let waiting = waits(stage, "T1").await;
    let opening = taken(stage, &waiting.value, technician(1));
    let opening = stage.stepped(CaseChange { makes_session: true, ..CaseChange::of(&opening, &waiting) }).await;
    let back = opening.value.clone().failed(FailureCause::NoAnswer, 1, after_noon(6)).unwrap();
    let back = stage.stepped(CaseChange::of(&back, &opening)).await;
    assert!(matches!(store.hold(&acme(), &ticket("T1")).await.unwrap(), Some(TicketHold::Case { .. })));
    assert!(store.unsettled_cases_for_certain(&acme()).await.unwrap().contains(&back));
    let withdrawn = back.value.clone().withdrawn(after_noon(7)).unwrap();
    stage.stepped(ending(&withdrawn, &back)).await;
    assert_eq!(store.hold(&acme(), &ticket("T1")).await.unwrap(), None);
    assert_eq!(stage.on_record(&withdrawn).await, None, "there was no session");

    let lapsed = waits(stage, "T1").await;
    let over = lapsed.value.clone().expired(after_noon(61), voice()).unwrap();
    let again = asked(stage, "T1", after_noon(61));
    let settling = Asking { settling: Some(ending(&over, &lapsed)), ..asking(&again) };
    assert!(matches!(store.ask(&settling).await.unwrap(), ClaimOutcome::Ours(_)));
    assert_eq!(store.case(&acme(), over.id()).await.unwrap().unwrap().value, over);
    assert!(
        matches!(store.hold(&acme(), &ticket("T1")).await.unwrap(), Some(TicketHold::Case { case, .. }) if case == again.id())
    );
}

/// A repeated request is answered as the first one.
pub async fn the_same_request_asks_once(stage: &Stage) {
    let (first, second) = (asked(stage, "T1", noon()), asked(stage, "T1", noon()));
    let memory = request("k", first.id(), noon());
    let outcome = stage.store().ask(&Asking { idempotency: Some(&memory), ..asking(&first) }).await.unwrap();
    assert!(matches!(outcome, ClaimOutcome::Ours(_)));
    let repeated = request("k", second.id(), noon());
    let again = stage.store().ask(&Asking { idempotency: Some(&repeated), ..asking(&second) }).await.unwrap();
    assert_eq!(again, ClaimOutcome::Remembered(memory.remembered));
    assert_eq!(stage.store().case(&acme(), second.id()).await.unwrap(), None);
}
