//! What becomes of an invitation after the mail service took it.

use casebridge_app::close_case::close_case;
use casebridge_app::courier::reported;
use casebridge_domain::letter::MailReport;
use casebridge_domain::service_case::InvitationState;
use casebridge_domain::{LetterId, ServiceCase};
use chrono::TimeDelta;

use crate::world::{Mood, TestWorld, acme, globex, stop_here, unkeyed};

const FOR_GOOD: MailReport = MailReport::Bounced { for_good: true };
const FOR_NOW: MailReport = MailReport::Bounced { for_good: false };

async fn told(world: &TestWorld, letter: LetterId, report: MailReport) {
    reported(&world.app, &acme(), letter, report).await.unwrap();
}

async fn invitation(world: &TestWorld, case: &ServiceCase) -> InvitationState {
    world.case(&acme(), case.id()).await.invitation().unwrap().state
}

#[tokio::test(start_paused = true)]
async fn a_letter_whose_answer_got_lost_is_not_sent_again_once_it_is_reported_as_sent() {
    let world = TestWorld::connected().await;
    world.mailbox.be(Mood::TakesInSilence);
    let case = world.opened("T1").await;
    let letter = case.invitation().unwrap().letter;
    world.work().await;
    assert_eq!(invitation(&world, &case).await, InvitationState::Queued);
    told(&world, letter, MailReport::Sent).await;
    assert_eq!(invitation(&world, &case).await, InvitationState::Accepted);
    world.mailbox.be(Mood::Takes);
    world.work_through(TimeDelta::minutes(2), TimeDelta::seconds(10)).await;
    assert_eq!(world.mailbox.posts().len(), 1, "the one that left");
    assert_eq!(invitation(&world, &case).await, InvitationState::Accepted);
}

#[tokio::test(start_paused = true)]
async fn what_is_known_of_the_end_of_a_letters_way_is_not_taken_back() {
    use InvitationState::{Accepted, Bounced, Complained, Delivered, Failed};
    for (reports, end) in [
        (&[MailReport::Sent, MailReport::Delivered, MailReport::Delivered][..], Delivered),
        (&[MailReport::Delivered, MailReport::Sent], Delivered),
        (&[FOR_GOOD, MailReport::Delivered, MailReport::Sent], Bounced),
        (&[MailReport::Delivered, FOR_NOW], Delivered),
        (&[MailReport::Delivered, FOR_GOOD], Bounced),
        (&[FOR_NOW], Bounced),
        (&[MailReport::Complained, MailReport::Delivered], Complained),
        (&[MailReport::Refused, MailReport::Sent], Failed),
        (&[MailReport::Sent], Accepted),
    ] {
        let world = TestWorld::connected().await;
        let case = world.opened("T1").await;
        let letter = case.invitation().unwrap().letter;
        world.work().await;
        for report in reports {
            told(&world, letter, *report).await;
        }
        assert_eq!(invitation(&world, &case).await, end, "{reports:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_letter_comes_back_however_long_ago_its_case_ended() {
    let world = TestWorld::connected().await;
    let case = world.opened("T1").await;
    world.work().await;
    let desk = world.desk(&acme()).await;
    close_case(&desk, case.id(), unkeyed(stop_here())).await.unwrap();
    world.advance(TimeDelta::days(3));
    told(&world, case.invitation().unwrap().letter, FOR_GOOD).await;
    assert_eq!(invitation(&world, &case).await, InvitationState::Bounced);
}

#[tokio::test(start_paused = true)]
async fn a_report_of_nobodys_letter_changes_nothing() {
    let world = TestWorld::connected().await;
    world.sign_up(&globex()).await;
    let case = world.opened("T1").await;
    world.work().await;
    let before = world.case(&acme(), case.id()).await;
    let letter = case.invitation().unwrap().letter;
    reported(&world.app, &globex(), letter, FOR_GOOD).await.unwrap();
    told(&world, LetterId::new(case.id().uuid()), FOR_GOOD).await;
    assert_eq!(world.case(&acme(), case.id()).await, before);
}
