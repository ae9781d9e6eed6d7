//! Claims: who wins a ticket, and what he is told who doesn't.

use casebridge_app::ports::store::{Claim, ClaimOutcome, Due, Saved};
use casebridge_domain::connection::ConnectionState;
use casebridge_domain::{Connection, RegistrationId, TicketHold};
use chrono::TimeDelta;
use futures::future::join_all;
use uuid::Uuid;

use crate::conformance::Stage;
use crate::conformance::fixtures::{acme, after_noon, claim, connection, globex, noon, request, ticket};

/// 32 plays at the same moment: one case, and everybody else is told which.
pub async fn a_claim_is_won_once(stage: &Stage) {
    stage.connect(&acme()).await;
    let cases: Vec<_> = (0..32).map(|_| stage.play("T1", noon())).collect();
    let outcomes = join_all(cases.iter().map(|case| async { stage.store().claim(&claim(case)).await.unwrap() })).await;
    let winners: Vec<_> = cases.iter().zip(&outcomes).filter(|(_, it)| matches!(it, ClaimOutcome::Ours(_))).collect();
    let [(winner, _)] = winners[..] else { panic!("{} winners", winners.len()) };
    let hold = TicketHold::Case { case: winner.id(), code: None, valid_until: winner.valid_until() };
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == ClaimOutcome::Held(hold.clone())).count(), 31);
    let kept = stage.store().unsettled_cases_for_certain(&acme()).await.unwrap();
    assert_eq!(kept.iter().map(|case| &case.value).collect::<Vec<_>>(), [winner]);
}

/// Tickets don't get in each other's way, though they share a connection and a watch.
pub async fn many_tickets_are_claimed_at_once(stage: &Stage) {
    stage.connect(&acme()).await;
    let cases: Vec<_> = (0..32).map(|n| stage.play(&format!("T{n}"), noon())).collect();
    let outcomes = join_all(cases.iter().map(|case| async { stage.store().claim(&claim(case)).await.unwrap() })).await;
    assert!(outcomes.iter().all(|outcome| matches!(outcome, ClaimOutcome::Ours(_))), "{outcomes:?}");
}

/// By id, by ticket, and as the holder.
pub async fn a_claimed_case_is_found_at_once(stage: &Stage) {
    let store = stage.store();
    stage.connect(&acme()).await;
    assert_eq!(store.newest_case(&acme(), &ticket("T1")).await.unwrap(), None);
    let case = stage.claimed(stage.play("T1", noon())).await;
    assert_eq!(store.case(&acme(), case.value.id()).await.unwrap(), Some(case.clone()));
    assert_eq!(store.newest_case(&acme(), &ticket("T1")).await.unwrap(), Some(case.clone()));
    let hold = TicketHold::Case { case: case.value.id(), code: None, valid_until: case.value.valid_until() };
    assert_eq!(store.hold(&acme(), &ticket("T1")).await.unwrap(), Some(hold));
    assert_eq!(store.case(&globex(), case.value.id()).await.unwrap(), None);
    assert_eq!(store.newest_case(&globex(), &ticket("T1")).await.unwrap(), None);
    assert_eq!(store.hold(&globex(), &ticket("T1")).await.unwrap(), None);
}

/// Vendors number their tickets as they like.
pub async fn tickets_of_two_accounts_are_apart_though_their_ids_are_not(stage: &Stage) {
    for account in [acme(), globex()] {
        stage.connect(&account).await;
        stage.claimed(stage.play_of(&account, "INC 4711-β:2", noon())).await;
    }
    for ticket in ["inc 4711-β:2", "INC 4711-β", "INC 4711-β:2:", "INC 4711-Β:2", "*", "C"] {
        stage.claimed(stage.play(ticket, noon())).await;
    }
}

/// No connection, one that does not serve, and one of another registration: nothing is claimed.
pub async fn a_draining_connection_refuses_the_claim(stage: &Stage) {
    let store = stage.store();
    let case = stage.play("T1", noon());
    assert_eq!(store.claim(&claim(&case)).await.unwrap(), ClaimOutcome::NotServed, "none");
    let mut read_at = None;
    let registered_anew = RegistrationId::new(Uuid::from_u128(99));
    for not_serving in [
        connection(&acme()).draining(noon()),
        connection(&acme()).token_refused(noon()),
        Connection { registration: registered_anew, ..connection(&acme()) },
    ] {
        let Saved::Done(saved) = store.save_connection(&not_serving, read_at, None).await.unwrap() else {
            panic!("lost")
        };
        read_at = Some(saved);
        assert_eq!(store.claim(&claim(&case)).await.unwrap(), ClaimOutcome::NotServed, "{:?}", not_serving.state);
    }
    assert_eq!(store.hold(&acme(), &ticket("T1")).await.unwrap(), None);
    assert_eq!(store.newest_case(&acme(), &ticket("T1")).await.unwrap(), None);
    let serving = Connection { state: ConnectionState::Active, ..connection(&acme()) };
    assert!(matches!(store.save_connection(&serving, read_at, None).await.unwrap(), Saved::Done(_)));
    stage.claimed(case).await;
}

/// The live case is named even while the connection is being revoked.
pub async fn a_held_ticket_is_named_before_a_connection_that_does_not_serve(stage: &Stage) {
    let store = stage.store();
    let connected = stage.connect(&acme()).await;
    let first = stage.claimed(stage.play("T1", noon())).await.value;
    let drained = store.save_connection(&connection(&acme()).draining(noon()), Some(connected), None).await.unwrap();
    assert!(matches!(drained, Saved::Done(_)));
    let hold = TicketHold::Case { case: first.id(), code: None, valid_until: first.valid_until() };
    let second = stage.play("T1", after_noon(1));
    assert_eq!(store.claim(&claim(&second)).await.unwrap(), ClaimOutcome::Held(hold));
}

/// Until the reservation's last millisecond.
pub async fn a_lapsed_closing_reservation_is_free(stage: &Stage) {
    let store = stage.store();
    stage.connect(&acme()).await;
    let reserved = TicketHold::Closing { until: after_noon(1) };
    store.take_hold(&acme(), &ticket("T1"), &reserved, None, noon(), None).await.unwrap().unwrap();
    let just_before = stage.play("T1", after_noon(1) - TimeDelta::milliseconds(1));
    assert_eq!(store.claim(&claim(&just_before)).await.unwrap(), ClaimOutcome::Held(reserved));
    stage.claimed(stage.play("T1", after_noon(1))).await;
}

/// For as long as it is not reopened.
pub async fn a_closed_ticket_refuses_the_claim(stage: &Stage) {
    let store = stage.store();
    stage.connect(&acme()).await;
    let closed = TicketHold::Closed { since: noon() };
    store.take_hold(&acme(), &ticket("T1"), &closed, None, noon(), None).await.unwrap().unwrap();
    let years_later = stage.play("T1", after_noon(60 * 24 * 3650));
    assert_eq!(store.claim(&claim(&years_later)).await.unwrap(), ClaimOutcome::Held(closed.clone()));
    store.release_hold(&acme(), &ticket("T1"), &closed, None).await.unwrap();
    stage.claimed(years_later).await;
}

/// A repeated request is answered as the first one, though its own case holds the ticket now.
pub async fn the_same_request_claims_once(stage: &Stage) {
    let store = stage.store();
    stage.connect(&acme()).await;
    let (first, second) = (stage.play("T1", noon()), stage.play("T1", noon()));
    let request_of_first = request("k", first.id(), noon());
    let claimed = store.claim(&Claim { idempotency: Some(&request_of_first), ..claim(&first) }).await.unwrap();
    assert!(matches!(claimed, ClaimOutcome::Ours(_)));
    let request_of_second = request("k", second.id(), noon());
    let again = store.claim(&Claim { idempotency: Some(&request_of_second), ..claim(&second) }).await.unwrap();
    assert_eq!(again, ClaimOutcome::Remembered(request_of_first.remembered));
    assert_eq!(store.case(&acme(), second.id()).await.unwrap(), None);
}

/// A claim that was refused leaves no memory; one that forgets writes over the old one.
pub async fn a_claim_is_remembered_only_if_it_was_won(stage: &Stage) {
    let store = stage.store();
    stage.connect(&acme()).await;
    let holder = stage.claimed(stage.play("T1", noon())).await.value;
    let refused = stage.play("T1", noon());
    let memory = request("k", refused.id(), noon());
    let outcome = store.claim(&Claim { idempotency: Some(&memory), ..claim(&refused) }).await.unwrap();
    assert!(matches!(outcome, ClaimOutcome::Held(TicketHold::Case { case, .. }) if case == holder.id()));
    assert_eq!(store.remembered(&memory.key, noon()).await.unwrap(), None);

    assert_eq!(store.remember(&memory).await.unwrap(), None);
    let anew = stage.play("T2", noon());
    let memory_anew = request("k", anew.id(), noon());
    let forgetting = Claim { idempotency: Some(&memory_anew), forgetting: true, ..claim(&anew) };
    assert!(matches!(store.claim(&forgetting).await.unwrap(), ClaimOutcome::Ours(_)));
    assert_eq!(store.remembered(&memory.key, noon()).await.unwrap(), Some(memory_anew.remembered));
}

/// The customer may come at any moment: the watch looks at the account at once.
pub async fn a_claim_makes_the_account_due(stage: &Stage) {
    stage.connect(&acme()).await;
    let case = stage.claimed(stage.play("T1", noon())).await.value;
    stage.settle_indexes().await;
    let due = stage.store().due(case.started_at(), 10).await.unwrap();
    let [Due::Tick(tick)] = &due[..] else { panic!("{due:?}") };
    assert_eq!(tick.value.account, acme());
    assert!(tick.value.keep_until >= after_noon(10));
}
