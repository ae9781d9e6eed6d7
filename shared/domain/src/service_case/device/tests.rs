use chrono::{TimeDelta, TimeZone as _};
use uuid::Uuid;

use crate::device::{DeviceConfiguration, DeviceSubject, LossCause, Platform};
use crate::service_case::{EventKind, NotAllowed, Play, State, TicketVoice};
use crate::{
    AccountId, CaseId, DeviceId, Instant, Language, Lease, RegistrationId, Requester, ServiceCase, Session,
    SessionCode, SessionType, Text, TimeZone,
};

fn noon() -> Instant {
    chrono::Utc.with_ymd_and_hms(2026, 11, 22, 12, 0, 0).unwrap()
}

fn after(minutes: i64) -> Instant {
    noon() + TimeDelta::minutes(minutes)
}

fn started(platform: Platform) -> ServiceCase {
    let device = DeviceSubject::attended(DeviceId::parse("D1").unwrap(), Text::parse("Jane's").ok(), platform, false);
    let longest = TimeDelta::hours(24);
    let (ends, joined) = (noon() + device.code_lives(longest), noon() + device.lives(longest));
    let case = ServiceCase::claim(Play {
        account: AccountId::parse("acme").unwrap(),
        id: CaseId::new(Uuid::from_u128(1)),
        registration: RegistrationId::new(Uuid::from_u128(2)),
        made_by: None,
        subject: device.into(),
        requester: Requester { name: Text::parse("Jane").unwrap(), email: None, language: None },
        technician: None,
        session_type: SessionType::Default,
        language: Language::English,
        invited: false,
        link: None,
        started_at: noon(),
        valid_until: ends,
        joined_until: (ends < joined).then_some(joined),
        configuration: Some(DeviceConfiguration::default()),
        lease: Lease::first(after(1)),
    });
    let session = Session {
        code: SessionCode::parse("s119457589").unwrap(),
        customer_link: Text::parse("https://get.example/s119457589").unwrap(),
        supporter_link: None,
        webclient_supporter_link: None,
    };
    case.opened(session, 1, noon()).unwrap()
}

fn voice() -> TicketVoice {
    TicketVoice { language: Language::English, zone: TimeZone::UTC }
}

fn last(case: &ServiceCase) -> &EventKind {
    &case.events().last().unwrap().kind
}

#[test]
fn what_is_handed_over_carries_the_code() {
    let payload = started(Platform::Android).payload().unwrap();
    assert!(payload.property_list().contains("s119-457-589"));
}

#[test]
fn a_reported_loss_is_told_once_and_sending_again_mends_it() {
    let lost = started(Platform::Android).start_lost(LossCause::Restarted, after(1)).unwrap();
    assert_eq!(last(&lost), &EventKind::DeviceStartLost { cause: LossCause::Restarted });
    let again = lost.clone().start_lost(LossCause::Restarted, after(2)).unwrap();
    assert_eq!(again, lost);
    let sent = lost.handed_over_again(DeviceConfiguration::default(), after(3)).unwrap();
    assert_eq!((sent.hand_over().unwrap().attempt, sent.hand_over().unwrap().lost), (2, None));
    assert_eq!(last(&sent), &EventKind::DeviceHandedOver { attempt: 2 });
    assert_eq!(sent.eager_since(), after(3));
}

#[test]
fn a_device_whose_user_does_not_come_is_thought_to_have_lost_it() {
    let case = started(Platform::Android);
    assert!(case.clone().unanswered(after(4)).is_none());
    let silent = case.unanswered(after(6)).unwrap();
    assert_eq!(silent.hand_over().unwrap().lost.unwrap().at, after(5));
    assert!(silent.clone().unanswered(after(7)).is_none(), "it is told once");
    let came = silent.customer_online(after(8), after(8)).unwrap();
    assert!(came.is_taken_up() && came.hand_over().unwrap().lost.is_none());
    assert!(came.unanswered(after(30)).is_none());
}

#[test]
fn who_left_before_it_was_sent_again_has_to_come_again() {
    let case = started(Platform::Android).customer_online(after(1), after(1)).unwrap();
    let left = case.customer_left(after(2)).unwrap().start_lost(LossCause::Killed, after(3)).unwrap();
    let sent = left.handed_over_again(DeviceConfiguration::default(), after(4)).unwrap();
    assert!(!sent.is_taken_up());
    assert!(sent.unanswered(after(9)).is_some());
}

#[test]
fn a_code_for_ios_that_nobody_used_ends_after_half_an_hour() {
    let case = started(Platform::Ios);
    assert!(case.is_live(after(29)) && !case.is_live(after(30)));
    let expired = case.expired(after(31), voice()).unwrap();
    assert!(matches!(expired.state(), State::Expired(expired) if expired.at == after(30)));
}

#[test]
fn a_session_on_ios_that_was_joined_in_time_goes_on() {
    let case = started(Platform::Ios).customer_online(after(29), after(29)).unwrap();
    assert_eq!(case.valid_until(), after(24 * 60));
    assert!(case.is_live(after(31)));
    let late = started(Platform::Ios);
    assert!(late.customer_online(after(30), after(30)).is_none(), "half an hour is over");
}

#[test]
fn what_ended_is_not_sent_again() {
    let case = started(Platform::Android).ended_in_teamviewer(after(1), voice()).unwrap();
    assert_eq!(case.payload(), None);
    assert_eq!(case.clone().start_lost(LossCause::Killed, after(2)), Err(NotAllowed::Ended));
    assert_eq!(case.handed_over_again(DeviceConfiguration::default(), after(2)), Err(NotAllowed::Ended));
}
