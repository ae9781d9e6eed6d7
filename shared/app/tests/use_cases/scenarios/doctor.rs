//! The doctor names what is wrong, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use casebridge_app::accounts::change_account;
use casebridge_app::connection::{ModuleWish, register, revoke, set_module, share_with};
use casebridge_app::doctor::{Complaint, examine};
use casebridge_domain::account::WhoIsTold;
use casebridge_domain::device::{Extent, Platform, Reported};
use casebridge_domain::letter::MailReport;
use casebridge_sandbox::teamviewer::{Fault, FaultKind, Permission};
use chrono::TimeDelta;

use crate::world::{ALEX, CHRIS, Mood, TestWorld, acme, globex, play_of, user};

/// What is found, and where.
async fn found(world: &TestWorld) -> BTreeMap<Complaint, String> {
    let findings = examine(&world.desk(&acme()).await).await.unwrap();
    let found: BTreeMap<_, _> =
        findings.iter().map(|finding| (finding.complaint, finding.detail.clone().unwrap_or_default())).collect();
    assert_eq!(found.len(), findings.len(), "{findings:?}");
    assert!(findings.is_sorted_by_key(|finding| finding.complaint.severity()), "the worst first");
    found
}

/// A world of which there is nothing to complain but what no call can tell.
async fn well() -> TestWorld {
    let world = TestWorld::connected().await;
    let desk = world.desk(&acme()).await;
    share_with(&desk, &[user(CHRIS)]).await.unwrap();
    world
}

#[tokio::test(start_paused = true)]
async fn of_an_account_that_is_well_only_what_no_call_can_tell_is_said() {
    let world = well().await;
    for ticket in ["T1", "T2", "T3"] {
        world.helped(play_of(ticket), 60).await;
    }
    world.work_through(TimeDelta::minutes(2), TimeDelta::seconds(10)).await;
    let found = found(&world).await;
    assert_eq!(found.keys().collect::<Vec<_>>(), [&Complaint::PermissionUnknown]);
    assert!(found[&Complaint::PermissionUnknown].contains("Session management: edit all"), "{found:?}");
}

#[tokio::test(start_paused = true)]
async fn an_account_without_a_token_is_told_so() {
    let world = TestWorld::connected().await;
    revoke(&world.desk(&acme()).await).await.unwrap();
    assert_eq!(found(&world).await.keys().collect::<Vec<_>>(), [&Complaint::NotConnected]);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_was_revoked_in_teamviewer_is_noticed() {
    let world = well().await;
    world.revoke_tokens_of(ALEX);
    let found = found(&world).await;
    assert_eq!(found.keys().collect::<Vec<_>>(), [&Complaint::TokenRefused]);
    assert!(found[&Complaint::TokenRefused].starts_with("since 20"), "{found:?}");
}

#[tokio::test(start_paused = true)]
async fn teamviewer_that_does_not_answer_hides_nothing_else() {
    let world = well().await;
    change_account(&world.desk(&acme()).await, |account| account.told = WhoIsTold::default()).await.unwrap();
    world.teamviewer.add_fault(Fault::always(FaultKind::InternalError { after_effect: false }));
    let found = found(&world).await;
    assert_eq!(found.keys().collect::<Vec<_>>(), [&Complaint::TeamViewerFailed, &Complaint::NobodyTold]);
}

#[tokio::test(start_paused = true)]
async fn each_permission_that_is_missing_is_named_as_the_console_words_it() {
    let world = well().await;
    let fewer: Vec<_> =
        Permission::GUIDE.into_iter().filter(|permission| *permission != Permission::ConnectionsView).collect();
    register(&world.desk(&acme()).await, world.token_of(ALEX, &fewer)).await.unwrap();
    assert_eq!(found(&world).await[&Complaint::PermissionAdvised], "Connection reporting: view");
}

#[tokio::test(start_paused = true)]
async fn a_group_that_somebody_deleted_is_noticed_once() {
    let world = well().await;
    world.delete_groups_of(ALEX).await;
    assert_eq!(found(&world).await[&Complaint::GroupGone], "BOSS");
    assert!(!found(&world).await.contains_key(&Complaint::GroupGone), "the next case makes it");
}

#[tokio::test(start_paused = true)]
async fn a_module_is_finished_once_it_is_ticked_off() {
    let world = well().await;
    let wish = ModuleWish { id: None, bound_to_group: true, assignee_unassigned: false };
    set_module(&world.desk(&acme()).await, wish.clone()).await.unwrap();
    assert!(found(&world).await.contains_key(&Complaint::ModuleUnfinished));
    set_module(&world.desk(&acme()).await, ModuleWish { assignee_unassigned: true, ..wish }).await.unwrap();
    assert!(!found(&world).await.contains_key(&Complaint::ModuleUnfinished));
}

#[tokio::test(start_paused = true)]
async fn mail_that_does_not_leave_and_mail_that_does_not_arrive_are_told_apart() {
    let world = well().await;
    world.mailbox.be(Mood::Away);
    world.opened("T1").await;
    world.work_through(TimeDelta::minutes(10), TimeDelta::seconds(30)).await;
    assert!(found(&world).await[&Complaint::LettersWait].starts_with("1 waiting, since 20"));
    world.mailbox.be(Mood::Takes);
    world.work_through(TimeDelta::minutes(10), TimeDelta::seconds(30)).await;
    assert!(!found(&world).await.contains_key(&Complaint::LettersWait));
    let case = world.opened("T2").await;
    world.work().await;
    let bounced = MailReport::Bounced { for_good: true };
    casebridge_app::courier::reported(&world.app, &acme(), case.invitation().unwrap().letter, bounced).await.unwrap();
    assert_eq!(found(&world).await[&Complaint::InvitationsLost], "1 of the last 2 did not arrive");
}

#[tokio::test(start_paused = true)]
async fn what_nobody_does_is_noticed_and_only_the_accounts_own() {
    let world = well().await;
    world.sign_up(&globex()).await;
    world.opened("T1").await;
    world.advance(TimeDelta::days(2));
    let standing = [Complaint::LettersWait, Complaint::WatchStands, Complaint::CasesUnsettled, Complaint::FeedStands];
    let of_acme = found(&world).await;
    assert!(standing.iter().all(|complaint| of_acme.contains_key(complaint)), "{of_acme:?}");
    let of_globex = examine(&world.desk(&globex()).await).await.unwrap();
    assert!(!of_globex.iter().any(|finding| standing[..3].contains(&finding.complaint)), "{of_globex:?}");
    world.work_through(TimeDelta::minutes(10), TimeDelta::seconds(30)).await;
    let after = found(&world).await;
    assert!(!standing.iter().any(|complaint| after.contains_key(complaint)), "{after:?}");
}

#[tokio::test(start_paused = true)]
async fn mail_that_is_held_after_a_restore_is_not_complained_of_twice() {
    let world = well().await;
    world.opened("T1").await;
    world.store().hold_deliveries(Some(world.now())).await.unwrap();
    world.advance(TimeDelta::minutes(10));
    let found = found(&world).await;
    assert!(found[&Complaint::DeliveriesHeld].starts_with("since 20"));
    assert!(!found.contains_key(&Complaint::LettersWait));
}

#[tokio::test(start_paused = true)]
async fn devices_that_take_more_licences_than_there_are_are_counted() {
    let world = well().await;
    let limited = async |limit| {
        let desk = world.desk(&acme()).await;
        change_account(&desk, |account| account.unattended_licences = limit).await.unwrap();
    };
    let mut hosting = Reported::nothing_but(Platform::Android);
    hosting.host.app.distributed = Some(true);
    world.with_a_device(Extent::AttendedAndUnattended, hosting).await;
    for enough in [None, Some(1)] {
        limited(enough).await;
        assert!(!found(&world).await.contains_key(&Complaint::LicencesExceeded), "{enough:?}");
    }
    limited(Some(0)).await;
    assert_eq!(found(&world).await[&Complaint::LicencesExceeded], "1 of 0");
}

#[tokio::test(start_paused = true)]
async fn who_could_play_without_a_token_is_told() {
    let world = TestWorld::with_app().await;
    world.with_a_device(Extent::Attended, Reported::nothing_but(Platform::Android)).await;
    let nobody = [Complaint::NotConnected, Complaint::ActivationUnconnected, Complaint::NobodySignedIn];
    assert_eq!(found(&world).await.into_keys().collect::<BTreeSet<_>>(), BTreeSet::from(nobody));
    world.signed_in("tess", CHRIS).await;
    assert_eq!(found(&world).await.into_keys().collect::<Vec<_>>(), [Complaint::OnlyTechnicians]);
    world.connect(&acme(), ALEX).await;
    assert!(found(&world).await.keys().all(|complaint| !nobody.contains(complaint)));
}

#[tokio::test(start_paused = true)]
async fn unattended_sessions_whose_end_nobody_would_hear_of_are_mentioned() {
    let world = well().await;
    let fewer = Permission::GUIDE.into_iter().filter(|permission| *permission != Permission::ConnectionsView);
    let wish = world.token_of(ALEX, &fewer.collect::<Vec<_>>());
    register(&world.desk(&acme()).await, wish).await.unwrap();
    assert!(!found(&world).await.contains_key(&Complaint::EndsUnseen), "there are none");
    world.with_a_device(Extent::AttendedAndUnattended, Reported::nothing_but(Platform::Android)).await;
    assert!(found(&world).await.contains_key(&Complaint::EndsUnseen));
}
