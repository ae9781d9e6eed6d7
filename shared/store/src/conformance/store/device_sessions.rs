//! Sessions of devices: held like a ticket's, and beside them.

use casebridge_app::ports::store::{CaseChange, Claim, ClaimOutcome, Saved, Versioned};
use casebridge_domain::device::{DeviceSubject, Extent, Platform, TeamViewerId, host_link};
use casebridge_domain::journal::AccountMatter;
use casebridge_domain::record::Outcome;
use casebridge_domain::service_case::{Actor, EndReason};
use casebridge_domain::session::HostLink;
use casebridge_domain::{DeviceId, Instant, ServiceCase, SessionRecord, TicketHold, TimeZone, Way};
use chrono::TimeDelta;
use futures::future::join_all;

use super::devices::{activation, removed};
use crate::conformance::Stage;
use crate::conformance::fixtures::{acme, claim, closed, code, ending, globex, noon, opened, said, ticket, voice};

fn device(id: &str) -> DeviceId {
    DeviceId::parse(id).unwrap()
}

fn attended(stage: &Stage, id: &str, at: Instant) -> ServiceCase {
    stage.play_with(&acme(), DeviceSubject::attended(device(id), None, Platform::Android, false), None, at)
}

fn unattended(stage: &Stage, id: &str, at: Instant) -> ServiceCase {
    let host = TeamViewerId::parse("1234567890").unwrap();
    let subject = DeviceSubject::unattended(device(id), None, host.clone(), false);
    let case = stage.play_with(&acme(), subject, None, at);
    let link = host_link(&host).unwrap();
    case.opened(Way::Host(HostLink { host, link }), 1, at).unwrap()
}

/// Whatever races.
pub async fn a_device_has_one_session_at_a_time(stage: &Stage) {
    stage.connect(&acme()).await;
    let cases: Vec<_> = (0..16).map(|_| attended(stage, "D1", noon())).collect();
    let outcomes = join_all(cases.iter().map(|case| async { stage.store().claim(&claim(case)).await.unwrap() })).await;
    let winner = outcomes.iter().position(|outcome| matches!(outcome, ClaimOutcome::Ours(_))).unwrap();
    let hold = TicketHold::Case { case: cases[winner].id(), code: None, valid_until: cases[winner].valid_until() };
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == ClaimOutcome::Held(hold.clone())).count(), 15);
    let newest = stage.store().newest_device_case(&acme(), &device("D1")).await.unwrap();
    assert_eq!(newest.unwrap().value, cases[winner]);
}

/// Vendors name both as they like.
pub async fn a_device_and_a_ticket_of_one_name_are_apart(stage: &Stage) {
    let store = stage.store();
    stage.connect(&acme()).await;
    let of_device = stage.claimed(attended(stage, "X 1", noon())).await;
    let of_ticket = stage.claimed(stage.play("X 1", noon())).await;
    assert_eq!(store.newest_device_case(&acme(), &device("X 1")).await.unwrap(), Some(of_device));
    assert_eq!(store.newest_case(&acme(), &ticket("X 1")).await.unwrap(), Some(of_ticket));
    for nobody in ["x 1", "X", "X 1:"] {
        assert_eq!(store.newest_device_case(&acme(), &device(nobody)).await.unwrap(), None);
    }
    assert_eq!(store.newest_device_case(&globex(), &device("X 1")).await.unwrap(), None);
}

/// As a ticket does.
pub async fn a_session_that_ends_lets_go_of_its_device(stage: &Stage) {
    let store = stage.store();
    stage.connect(&acme()).await;
    let claimed = stage.claimed(attended(stage, "D1", noon())).await;
    let open = opened(&claimed.value, code(1));
    let open = stage.stepped(CaseChange::of(&open, &claimed)).await;
    let again = attended(stage, "D1", noon());
    let outcome = store.claim(&claim(&again)).await.unwrap();
    assert!(matches!(outcome, ClaimOutcome::Held(TicketHold::Case { code: Some(_), .. })), "{outcome:?}");
    let ended = closed(&open.value, noon() + TimeDelta::minutes(5));
    stage.stepped(ending(&ended, &open)).await;
    stage.claimed(again).await;
}

/// One that was removed, or made again since, is not the one that was looked at; a device that is held names its session first.
pub async fn a_session_is_claimed_under_the_activation_that_was_read(stage: &Stage) {
    let store = stage.store();
    stage.connect(&acme()).await;
    let entry = said(noon(), AccountMatter::FiguresRebuilt);
    let activate = async |extent, read_at| {
        let saved = store.save_activation(&acme(), &activation(extent), read_at, &entry).await.unwrap();
        let Saved::Done(revision) = saved else { panic!("it was changed meanwhile") };
        revision
    };
    let first = activate(Extent::AttendedAndUnattended, None).await;
    let session = attended(stage, "D1", noon());
    let under = |case, read_at| Claim { activation: Some(read_at), ..claim(case) };
    let smaller = activate(Extent::Attended, Some(first)).await;
    assert_eq!(store.claim(&under(&session, first)).await.unwrap(), ClaimOutcome::ActivationMoved, "for less");
    let fleet = store.fleet(&acme()).await.unwrap();
    assert!(matches!(store.delete_activation(&acme(), &fleet, &removed()).await.unwrap(), Saved::Done(_)));
    assert_eq!(store.claim(&under(&session, smaller)).await.unwrap(), ClaimOutcome::ActivationMoved, "for nothing");
    assert_eq!(store.newest_device_case(&acme(), &device("D1")).await.unwrap(), None);
    let again = activate(Extent::Attended, None).await;
    assert_eq!(store.claim(&under(&session, smaller)).await.unwrap(), ClaimOutcome::ActivationMoved, "for others");
    assert!(matches!(store.claim(&under(&session, again)).await.unwrap(), ClaimOutcome::Ours(_)));
    let late = attended(stage, "D1", noon());
    assert!(matches!(store.claim(&under(&late, smaller)).await.unwrap(), ClaimOutcome::Held(_)));
}

/// Without a code: neither the case nor its record is found by one.
pub async fn a_session_without_a_code_is_kept_and_put_on_record(stage: &Stage) {
    let store = stage.store();
    stage.connect(&acme()).await;
    let claimed = stage.claimed(unattended(stage, "D1", noon())).await;
    assert!(store.unsettled_cases_for_certain(&acme()).await.unwrap().contains(&claimed));
    let ends = noon() + TimeDelta::minutes(10);
    let stopped = claimed.value.clone().stop(ends, Actor::Vendor, None, ends).unwrap();
    let ended = stopped.closed(1, ends, voice()).unwrap();
    stage.stepped(ending(&ended, &claimed)).await;
    let record = store.record(&acme(), ended.id()).await.unwrap().map(|record| record.value);
    assert_eq!(record, SessionRecord::of(&ended, TimeZone::UTC));
    let record = record.unwrap();
    assert_eq!((record.code, record.subject.device().is_some()), (None, true));
    let kept: Versioned<ServiceCase> = store.case(&acme(), ended.id()).await.unwrap().unwrap();
    assert_eq!(kept.value, ended);
    assert!(matches!(record.outcome, Outcome::Closed { reason: EndReason::Stopped, .. }));
}
