//! How a case lets go of its ticket.

use casebridge_app::ports::store::{CaseChange, Claim, ClaimOutcome, Commit, Versioned};
use casebridge_domain::service_case::FailureCause;
use casebridge_domain::{ServiceCase, SessionRecord, TicketHold, TimeZone};
use chrono::TimeDelta;
use futures::future::join_all;

use crate::conformance::Stage;
use crate::conformance::fixtures::{
    acme, after_noon, claim, closed, code, ending, noon, opened, registration, ticket, voice,
};

/// The moment the case's time is up, and the case as it stands then.
fn expired(case: &Versioned<ServiceCase>) -> ServiceCase {
    case.value.clone().expired(case.value.valid_until(), voice()).unwrap()
}

fn hold_of(case: &ServiceCase) -> TicketHold {
    let code = case.session().map(|session| session.code.clone());
    TicketHold::Case { case: case.id(), code, valid_until: case.valid_until() }
}

/// The clock alone frees no ticket: the end has to be on record first.
pub async fn an_expired_hold_of_a_case_is_not_free_until_settled(stage: &Stage) {
    let store = stage.store();
    stage.connect(&acme()).await;
    let open = stage.open("T1", 1, noon()).await;
    let late = open.value.valid_until() + TimeDelta::days(30);
    let next = stage.play("T1", late);
    assert_eq!(store.claim(&claim(&next)).await.unwrap(), ClaimOutcome::Held(hold_of(&open.value)));
    let reserved = TicketHold::Closing { until: late + TimeDelta::minutes(1) };
    let taken = store.take_hold(&acme(), &ticket("T1"), &reserved, None, late, None).await.unwrap();
    assert_eq!(taken, Err(hold_of(&open.value)));
    let ended = expired(&open);
    stage.stepped(ending(&ended, &open)).await;
    stage.claimed(next).await;
}

/// In the same step as the new claim: the record, the old case, the ticket.
pub async fn a_claim_settles_the_case_that_ended_before_it(stage: &Stage) {
    let store = stage.store();
    stage.connect(&acme()).await;
    let open = stage.open("T1", 1, noon()).await;
    let ended = expired(&open);
    let next = stage.play("T1", open.value.valid_until());
    let settling = Claim { settling: Some(ending(&ended, &open)), ..claim(&next) };
    assert!(matches!(store.claim(&settling).await.unwrap(), ClaimOutcome::Ours(_)));
    assert_eq!(store.case(&acme(), ended.id()).await.unwrap().unwrap().value, ended);
    assert_eq!(stage.on_record(&ended).await, SessionRecord::of(&ended, TimeZone::UTC));
    assert_eq!(store.hold(&acme(), &ticket("T1")).await.unwrap(), Some(hold_of(&next)));
    assert_eq!(store.newest_case(&acme(), &ticket("T1")).await.unwrap().unwrap().value, next);
    let live = store.unsettled_cases_for_certain(&acme()).await.unwrap();
    assert_eq!(live.into_iter().map(|case| case.value).collect::<Vec<_>>(), [next]);
}

/// Of many who settle and claim, one wins; the others look again and find his case.
pub async fn a_claim_that_settles_is_won_once(stage: &Stage) {
    let store = stage.store();
    stage.connect(&acme()).await;
    let open = stage.open("T1", 1, noon()).await;
    let ended = expired(&open);
    let nexts: Vec<_> = (0..16).map(|_| stage.play("T1", open.value.valid_until())).collect();
    let outcomes = join_all(nexts.iter().map(|next| async {
        let settling = Claim { settling: Some(ending(&ended, &open)), ..claim(next) };
        store.claim(&settling).await.unwrap()
    }))
    .await;
    assert_eq!(outcomes.iter().filter(|outcome| matches!(outcome, ClaimOutcome::Ours(_))).count(), 1);
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == ClaimOutcome::Lost).count(), 15);
    let records = store.records(&acme(), noon(), after_noon(60 * 48), None, 10).await.unwrap();
    assert_eq!(records.items.len(), 1);
}

/// What it wanted to settle was settled, or moved on: nothing is written.
pub async fn a_claim_over_a_case_that_moved_is_lost(stage: &Stage) {
    let store = stage.store();
    stage.connect(&acme()).await;
    let open = stage.open("T1", 1, noon()).await;
    let stopped =
        open.value.clone().stop(after_noon(9), casebridge_domain::service_case::Actor::Vendor, None, after_noon(10));
    let stopped = stage.stepped(CaseChange::of(&stopped.unwrap(), &open)).await;
    let ended = expired(&open);
    let next = stage.play("T1", open.value.valid_until());
    let settling = || Claim { settling: Some(ending(&ended, &open)), ..claim(&next) };
    assert_eq!(store.claim(&settling()).await.unwrap(), ClaimOutcome::Lost, "moved on");
    assert_eq!(store.hold(&acme(), &ticket("T1")).await.unwrap(), Some(hold_of(&stopped.value)));
    let closed = stopped.value.clone().closed(1, after_noon(9), voice()).unwrap();
    stage.stepped(ending(&closed, &stopped)).await;
    assert_eq!(store.claim(&settling()).await.unwrap(), ClaimOutcome::Lost, "settled");
    assert_eq!(store.case(&acme(), next.id()).await.unwrap(), None);
    assert_eq!(store.hold(&acme(), &ticket("T1")).await.unwrap(), None);
    assert_eq!(store.newest_case(&acme(), &ticket("T1")).await.unwrap().unwrap().value, closed);
    assert_eq!(stage.on_record(&closed).await, SessionRecord::of(&closed, TimeZone::UTC));
}

/// What holds the ticket instead of the case that is to be settled keeps it, and the case stays as it is.
pub async fn a_claim_that_settles_takes_the_ticket_from_nobody_else(stage: &Stage) {
    let store = stage.store();
    stage.connect(&acme()).await;
    let open = stage.open("T1", 1, noon()).await;
    let closed_ticket = TicketHold::Closed { since: after_noon(1) };
    let replacing = Some(hold_of(&open.value));
    let taken = store.take_hold(&acme(), &ticket("T1"), &closed_ticket, replacing.as_ref(), after_noon(1), None).await;
    taken.unwrap().unwrap();
    let ended = expired(&open);
    let next = stage.play("T1", open.value.valid_until());
    let settling = Claim { settling: Some(ending(&ended, &open)), ..claim(&next) };
    assert_eq!(store.claim(&settling).await.unwrap(), ClaimOutcome::Lost);
    assert_eq!(store.hold(&acme(), &ticket("T1")).await.unwrap(), Some(closed_ticket));
    assert_eq!(store.case(&acme(), open.value.id()).await.unwrap(), Some(open));
    assert_eq!(store.case(&acme(), next.id()).await.unwrap(), None);
}

/// Case, record and ticket at once; the next play finds the ticket free.
pub async fn a_settled_case_lets_go_of_its_ticket_in_the_same_step(stage: &Stage) {
    let store = stage.store();
    stage.connect(&acme()).await;
    let ended = stage.ended("T1", 1, noon(), after_noon(10)).await;
    assert_eq!(store.hold(&acme(), &ticket("T1")).await.unwrap(), None);
    assert_eq!(store.newest_case(&acme(), &ticket("T1")).await.unwrap(), Some(ended));
    let failed = stage.claimed(stage.play("T1", after_noon(11))).await;
    let gave_up = failed.value.clone().failed(FailureCause::LicenceLimit, 1, after_noon(11)).unwrap();
    stage.stepped(CaseChange::of(&gave_up, &failed)).await;
    assert_eq!(store.hold(&acme(), &ticket("T1")).await.unwrap(), None);
    assert_eq!(store.record(&acme(), gave_up.id()).await.unwrap(), None, "no session, no record");
    stage.claimed(stage.play("T1", after_noon(12))).await;
}

/// It lets go of its own hold only.
pub async fn a_settled_case_leaves_a_ticket_alone_that_somebody_else_holds(stage: &Stage) {
    let store = stage.store();
    stage.connect(&acme()).await;
    let open = stage.open("T1", 1, noon()).await;
    let closed_ticket = TicketHold::Closed { since: after_noon(1) };
    let replacing = Some(hold_of(&open.value));
    let taken = store.take_hold(&acme(), &ticket("T1"), &closed_ticket, replacing.as_ref(), after_noon(1), None).await;
    taken.unwrap().unwrap();
    let ended = closed(&open.value, after_noon(2));
    stage.stepped(ending(&ended, &open)).await;
    assert_eq!(store.hold(&acme(), &ticket("T1")).await.unwrap(), Some(closed_ticket));
    assert!(store.record(&acme(), ended.id()).await.unwrap().is_some());
}

/// A hold that was forgotten keeps no case from ending, but it keeps one from going on.
pub async fn a_case_whose_hold_is_gone_can_only_end(stage: &Stage) {
    let store = stage.store();
    stage.connect(&acme()).await;
    let claimed = stage.claimed(stage.play("T1", noon())).await;
    store.release_hold(&acme(), &ticket("T1"), &hold_of(&claimed.value), None).await.unwrap();
    let going_on = opened(&claimed.value, code(1));
    assert_eq!(store.commit(&CaseChange::of(&going_on, &claimed)).await.unwrap(), Commit::Lost);
    assert_eq!(store.case(&acme(), claimed.value.id()).await.unwrap(), Some(claimed.clone()));
    let gave_up = claimed.value.clone().failed(FailureCause::Interrupted, 1, after_noon(2)).unwrap();
    stage.stepped(CaseChange::of(&gave_up, &claimed)).await;
    assert_eq!(store.commit(&CaseChange::of(&gave_up, &claimed)).await.unwrap(), Commit::Lost, "only once");
    assert_eq!(gave_up.registration(), Some(registration()));
}

/// 32 workers settle the same case: one does.
pub async fn a_case_is_settled_once(stage: &Stage) {
    let store = stage.store();
    stage.connect(&acme()).await;
    let open = stage.open("T1", 1, noon()).await;
    let ends: Vec<_> = (0..32).map(|n| closed(&open.value, after_noon(10 + n))).collect();
    let outcomes = join_all(ends.iter().map(|end| async { store.commit(&ending(end, &open)).await.unwrap() })).await;
    let done: Vec<_> = ends.iter().zip(&outcomes).filter(|(_, it)| matches!(it, Commit::Done(_))).collect();
    let [(winner, _)] = done[..] else { panic!("{} settled it", done.len()) };
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Commit::Lost).count(), 31);
    assert_eq!(store.case(&acme(), winner.id()).await.unwrap().unwrap().value, *winner);
    let records = store.records(&acme(), noon(), after_noon(60), None, 100).await.unwrap();
    let records: Vec<_> = records.items.into_iter().map(|record| record.value).collect();
    assert_eq!(records, [SessionRecord::of(winner, TimeZone::UTC).unwrap()]);
}

/// The end of a day: 64 stops of one account at the same moment, and each is on record.
pub async fn many_cases_are_settled_at_once(stage: &Stage) {
    let store = stage.store();
    stage.connect(&acme()).await;
    let mut ends = Vec::new();
    for n in 0..64 {
        let open = stage.open(&format!("T{n}"), n, noon()).await;
        ends.push((closed(&open.value, after_noon(10)), open));
    }
    let outcomes =
        join_all(ends.iter().map(|(end, open)| async { store.commit(&ending(end, open)).await.unwrap() })).await;
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Commit::Done(_))), "{outcomes:?}");
    let records = store.records(&acme(), noon(), after_noon(60), None, 100).await.unwrap();
    assert_eq!(records.items.len(), 64);
    assert!(store.unsettled_cases_for_certain(&acme()).await.unwrap().is_empty());
}
