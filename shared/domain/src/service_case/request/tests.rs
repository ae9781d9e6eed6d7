use chrono::{TimeDelta, TimeZone as _};
use uuid::Uuid;

use crate::service_case::{Actor, Ask, EventKind, FailureCause, NotAllowed, Note, Play, State, TicketVoice};
use crate::{
    AccountId, CaseId, CaseSubject, Instant, Language, Lease, RegistrationId, Requester, ServiceCase, Session,
    SessionCode, SessionRecord, SessionType, Technician, TechnicianId, Text, Ticket, TicketId, TimeZone,
};

fn noon() -> Instant {
    chrono::Utc.with_ymd_and_hms(2026, 11, 22, 12, 0, 0).unwrap()
}

fn after(minutes: i64) -> Instant {
    noon() + TimeDelta::minutes(minutes)
}

fn subject() -> CaseSubject {
    Ticket {
        id: TicketId::parse("T1").unwrap(),
        number: Text::parse("INC-1").unwrap(),
        title: Text::parse("Printer").unwrap(),
        category: None,
        kind: None,
        priority: None,
        source: None,
    }
    .into()
}

fn jane() -> Requester {
    Requester { name: Text::parse("Jane").unwrap(), email: None, language: None }
}

fn technician(id: &str) -> Technician {
    Technician { id: TechnicianId::parse(id).unwrap(), name: Text::parse(id).unwrap(), email: None }
}

/// Asked at noon, for an hour.
fn asked() -> ServiceCase {
    ServiceCase::asked(Ask {
        account: AccountId::parse("acme").unwrap(),
        id: CaseId::new(Uuid::from_u128(1)),
        subject: subject(),
        requester: jane(),
        session_type: SessionType::Default,
        language: Language::English,
        note: Note::parse("It smokes").ok(),
        at: noon(),
        until: after(60),
    })
}

fn play(by: Option<&str>, at: Instant) -> Play {
    Play {
        account: AccountId::parse("acme").unwrap(),
        id: CaseId::new(Uuid::from_u128(1)),
        registration: RegistrationId::new(Uuid::from_u128(2)),
        made_by: None,
        subject: subject(),
        requester: Requester { name: Text::parse("Somebody else").unwrap(), email: None, language: None },
        technician: by.map(technician),
        session_type: SessionType::Default,
        language: Language::French,
        invited: true,
        link: None,
        started_at: at,
        valid_until: at + TimeDelta::hours(24),
        joined_until: None,
        configuration: None,
        lease: Lease::first(at + TimeDelta::seconds(30)),
    }
}

fn session() -> Session {
    Session {
        code: SessionCode::parse("s119457589").unwrap(),
        customer_link: Text::parse("https://get.example/s119457589").unwrap(),
        supporter_link: None,
        webclient_supporter_link: None,
    }
}

fn voice() -> TicketVoice {
    TicketVoice { language: Language::English, zone: TimeZone::UTC }
}

fn last(case: &ServiceCase) -> &EventKind {
    &case.events().last().unwrap().kind
}

#[test]
fn who_asks_waits_without_a_technician_a_session_or_a_connection() {
    let case = asked();
    assert!(case.is_asked() && case.is_live(after(59)) && !case.is_live(after(60)) && !case.is_settled());
    assert_eq!((case.technician(), case.session(), case.registration(), case.lease()), (None, None, None, None));
    assert_eq!((case.events().len(), last(&case)), (1, &EventKind::HelpAsked));
}

#[test]
fn who_takes_it_has_it_and_who_asked_is_helped_in_his_language() {
    let (case, generation) = asked().taken(play(Some("tess"), after(5))).unwrap();
    assert_eq!(case.technician(), Some(&technician("tess")));
    assert_eq!((case.requester(), case.language()), (&jane(), Language::English));
    assert_eq!((case.started_at(), case.picked_up_at()), (after(5), Some(after(5))));
    assert_eq!(case.valid_until(), after(5) + TimeDelta::hours(24));
    assert_eq!(case.request().unwrap().at, noon());
    assert_eq!(last(&case), &EventKind::TechnicianChanged);
    assert_eq!(case.clone().taken(play(Some("tom"), after(6))).unwrap_err(), NotAllowed::Taken);
    let open = case.opened(session(), generation, after(6)).unwrap();
    assert_eq!(open.clone().withdrawn(after(7)).unwrap_err(), NotAllowed::Taken);
    let closed = open.stop(after(9), Actor::Vendor, None, after(10)).unwrap().closed(1, after(9), voice()).unwrap();
    let record = SessionRecord::of(&closed, TimeZone::UTC).unwrap();
    assert_eq!((record.asked_at, record.picked_up_at, record.duration_seconds()), (Some(noon()), Some(after(5)), 240));
}

#[test]
fn a_taker_without_a_session_gives_it_back_as_it_was() {
    let (case, generation) = asked().taken(play(Some("tess"), after(5))).unwrap();
    let back = case.failed(FailureCause::LicenceLimit, generation, after(6)).unwrap();
    assert!(back.is_asked() && back.technician().is_none() && back.picked_up_at().is_none());
    assert_eq!((back.started_at(), back.valid_until(), back.registration()), (noon(), after(60), None));
    assert_eq!(last(&back), &EventKind::HelpGivenBack { cause: FailureCause::LicenceLimit });
}

#[test]
fn a_worker_of_an_earlier_taking_is_overtaken() {
    let (first, before) = asked().taken(play(Some("tess"), after(5))).unwrap();
    let back = first.failed(FailureCause::Interrupted, before, after(6)).unwrap();
    let (again, now) = back.taken(play(Some("tom"), after(7))).unwrap();
    assert_ne!(before, now);
    assert_eq!(again.clone().opened(session(), before, after(8)).unwrap_err(), NotAllowed::Overtaken);
    assert_eq!(again.clone().failed(FailureCause::NoAnswer, before, after(8)).unwrap_err(), NotAllowed::Overtaken);
    assert!(again.opened(session(), now, after(8)).is_ok());
}

#[test]
fn past_its_time_it_is_nobodys_to_take_and_a_taker_who_fails_ends_it() {
    assert_eq!(asked().taken(play(Some("tess"), after(60))).unwrap_err(), NotAllowed::Time);
    assert_eq!(asked().expired(after(59), voice()).unwrap_err(), NotAllowed::Time);
    let over = asked().expired(after(90), voice()).unwrap();
    assert!(
        matches!(over.state(), State::Failed(failed) if failed.cause == FailureCause::NotTaken && failed.at == after(60))
    );
    assert!(
        over.was_asked_in_vain(after(61))
            && asked().was_asked_in_vain(after(60))
            && !asked().was_asked_in_vain(after(59))
    );
    assert_eq!(last(&over), &EventKind::HelpNotTaken);
    assert!(SessionRecord::of(&over, TimeZone::UTC).is_none());
    let (late, generation) = asked().taken(play(Some("tess"), after(59))).unwrap();
    let failed = late.failed(FailureCause::NoAnswer, generation, after(60)).unwrap();
    assert!(matches!(failed.state(), State::Failed(failed) if failed.cause == FailureCause::NoAnswer));
}

#[test]
fn what_nobody_took_can_be_withdrawn_and_nothing_else() {
    let withdrawn = asked().withdrawn(after(1)).unwrap();
    assert!(matches!(withdrawn.state(), State::Failed(failed) if failed.cause == FailureCause::Withdrawn));
    assert_eq!(withdrawn.withdrawn(after(2)).unwrap_err(), NotAllowed::Ended);
    let at = after(1);
    assert_eq!(asked().stop(at, Actor::Vendor, None, at).unwrap_err(), NotAllowed::NotTaken);
    assert_eq!(asked().closed_here(at, Actor::Vendor, None, voice()).unwrap_err(), NotAllowed::NotTaken);
    assert_eq!(asked().handed_over(Some(technician("tess")), at).unwrap_err(), NotAllowed::NotTaken);
    assert_eq!(asked().handed_over(None, at).unwrap(), asked());
    assert_eq!(asked().customer_online(at, at), None);
}

#[test]
fn a_tickets_technician_has_not_taken_it_yet() {
    let CaseSubject::Ticket(ticket) = subject() else { unreachable!() };
    let case = asked().with_facts(ticket, Some(technician("tess")), after(1)).unwrap();
    assert_eq!(case, asked());
}

#[test]
fn what_is_kept_is_read_again() {
    for case in [asked(), asked().taken(play(None, after(1))).unwrap().0] {
        let kept = serde_json::to_value(&case).unwrap();
        assert_eq!(serde_json::from_value::<ServiceCase>(kept).unwrap(), case);
    }
}
