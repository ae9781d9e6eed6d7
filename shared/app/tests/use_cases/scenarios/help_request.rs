//! Somebody asks for help, and whoever takes it first has it.

use casebridge_app::close_case::close_case;
use casebridge_app::close_guard::{Closable, GuardError, closable, reserve_closing};
use casebridge_app::connection::revoke;
use casebridge_app::hand_over::HandOverError;
use casebridge_app::help_request::{AskForHelp, NotAsked, NotTaken, NotWithdrawn, ask_for_help, take_case, withdraw};
use casebridge_app::open_case::{OpenCase, OpenCaseError, Opened, open_case};
use casebridge_domain::service_case::{EventKind, FailureCause, Note, State};
use casebridge_domain::{CaseId, ServiceCase, TicketId};
use casebridge_sandbox::teamviewer::{Fault, FaultKind, LateAnswer};
use chrono::TimeDelta;
use futures::future::join_all;

use crate::world::{Beginning, Mishap, TestWorld, acme, keyed, memory, play_of, stop, technician, unkeyed};

fn ask_of(ticket: &str) -> AskForHelp {
    let OpenCase { subject, requester, session_type, .. } = play_of(ticket);
    AskForHelp { subject, requester, session_type, note: Note::parse("It smokes").ok() }
}

async fn asks(world: &TestWorld, ticket: &str) -> Opened {
    ask_for_help(&world.desk(&acme()).await, unkeyed(ask_of(ticket))).await.unwrap()
}

async fn asked(world: &TestWorld, ticket: &str) -> ServiceCase {
    let Opened::New(case) = asks(world, ticket).await else { panic!("somebody asked before") };
    case
}

async fn takes(world: &TestWorld, case: CaseId, name: &str) -> Result<ServiceCase, NotTaken> {
    let desk = world.desk(&acme()).await;
    Box::pin(world.patiently(take_case(&desk, case, unkeyed(technician(name))))).await
}

async fn as_it_is(world: &TestWorld, case: &ServiceCase) -> ServiceCase {
    world.case(&acme(), case.id()).await
}

fn ended_as(case: &ServiceCase, why: FailureCause) -> bool {
    matches!(case.state(), State::Failed(failed) if failed.cause == why)
}

fn happened(case: &ServiceCase, kind: &EventKind) -> usize {
    case.events().iter().filter(|event| event.kind == *kind).count()
}

#[tokio::test(start_paused = true)]
async fn who_asks_waits_in_the_queue_and_those_who_stand_in_are_told_once() {
    let world = TestWorld::new(Beginning::default()).await;
    world.sign_up(&acme()).await;
    let case = asked(&world, "T1").await;
    assert_eq!(asks(&world, "T1").await, Opened::Already(case.clone()), "one at a time");
    world.work_through(TimeDelta::minutes(20), TimeDelta::seconds(30)).await;
    let told: Vec<_> = world.mailbox.posts().into_iter().map(|post| (post.to.to_string(), post.words.text)).collect();
    let mut to: Vec<&str> = told.iter().map(|(to, _)| to.as_str()).collect();
    to.sort_unstable();
    let mut stand_ins: Vec<String> =
        world.desk(&acme()).await.account().told.recipients(None).iter().map(ToString::to_string).collect();
    stand_ins.sort_unstable();
    assert_eq!(to, stand_ins);
    assert!(told.iter().all(|(_, text)| text.contains("Jane Doe asks for help") && text.contains("It smokes")));
    let waiting = as_it_is(&world, &case).await;
    assert!(waiting.is_asked() && waiting.technician().is_none(), "without any connection");
}

#[tokio::test(start_paused = true)]
async fn who_takes_it_gets_the_session_and_who_asked_is_mailed_the_link() {
    let world = TestWorld::connected().await;
    let case = asked(&world, "T1").await;
    world.work().await;
    let told = world.mailbox.posts().len();
    world.advance(TimeDelta::minutes(7));
    let taken = takes(&world, case.id(), "kim").await.unwrap();
    assert!(matches!(taken.state(), State::Open(_)));
    assert_eq!((taken.id(), taken.technician()), (case.id(), Some(&technician("kim"))));
    assert_eq!((taken.picked_up_at(), taken.request().unwrap().at), (Some(world.now()), case.started_at()));
    assert_eq!(takes(&world, case.id(), "kim").await.unwrap(), taken, "he has it already");
    world.work().await;
    let posts = world.mailbox.posts();
    assert_eq!(posts[told..].iter().map(|post| post.to.as_str()).collect::<Vec<_>>(), ["jane@customer.example"]);
    assert_eq!(world.open_sessions().len(), 1);
    let closed = close_case(&world.desk(&acme()).await, case.id(), unkeyed(stop())).await.unwrap();
    assert_eq!(world.records(&acme()).await[0].asked_at, Some(case.started_at()));
    assert!(closed.is_settled());
}

#[tokio::test(start_paused = true)]
async fn of_many_who_take_it_one_has_it_and_the_others_are_told_who() {
    let world = TestWorld::connected().await;
    world.opened("warm-up").await;
    let case = asked(&world, "T1").await;
    let desk = world.desk(&acme()).await;
    let all = (0..12).map(|number| {
        let (desk, id, wish) = (desk.clone(), case.id(), technician(&format!("t{number}")));
        async move { take_case(&desk, id, unkeyed(wish)).await }
    });
    let answers = Box::pin(world.patiently(join_all(all))).await;
    let winners: Vec<_> = answers.iter().filter_map(|answer| answer.as_ref().ok()).collect();
    let [winner] = winners[..] else { panic!("{} winners", winners.len()) };
    let named = winner.technician().unwrap();
    let told = |answer: &&Result<ServiceCase, NotTaken>| matches!(answer, Err(NotTaken::HandOver(HandOverError::Taken(other))) if **other == *named);
    assert_eq!(answers.iter().filter(told).count(), 11, "{answers:?}");
    assert_eq!(world.open_sessions().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn play_takes_what_was_asked_for_in_the_technicians_name() {
    let world = TestWorld::connected().await;
    let case = asked(&world, "T1").await;
    let (desk, request) = (world.desk(&acme()).await, memory(&acme(), "play T1", "k"));
    let played = open_case(&desk, keyed(play_of("T1"), &request)).await.unwrap();
    let Opened::Already(open) = played else { panic!("{played:?}") };
    assert_eq!((open.id(), open.technician()), (case.id(), Some(&technician("tess"))));
    assert_eq!(open_case(&desk, keyed(play_of("T1"), &request)).await.unwrap(), Opened::Already(open));
    assert_eq!(world.open_sessions().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_taker_whom_teamviewer_gives_no_session_leaves_it_waiting_for_the_next() {
    let world = TestWorld::connected().await;
    world.opened("warm-up").await;
    let case = asked(&world, "T1").await;
    world.teamviewer.add_fault(Fault::once(FaultKind::LicenseLimitation { as_json: false }).on("POST", "/sessions"));
    let (desk, request) = (world.desk(&acme()).await, memory(&acme(), "take", "k"));
    let refused = take_case(&desk, case.id(), keyed(technician("kim"), &request)).await;
    assert!(matches!(refused, Err(NotTaken::Play(OpenCaseError::NoSession(..)))), "{refused:?}");
    let waiting = as_it_is(&world, &case).await;
    assert!(waiting.is_asked() && waiting.technician().is_none());
    assert_eq!((waiting.valid_until(), waiting.started_at()), (case.valid_until(), case.started_at()));
    let taken = take_case(&desk, case.id(), keyed(technician("kim"), &request)).await.unwrap();
    assert!(matches!(taken.state(), State::Open(_)), "the same request tries again");
    assert_eq!(world.open_sessions().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_session_that_appears_after_a_taker_gave_up_is_closed_or_becomes_the_next_takers() {
    let world = TestWorld::connected().await;
    world.opened("warm-up").await;
    let case = asked(&world, "T1").await;
    let kind = FaultKind::LateEffect { clock_seconds: Some(40), real_milliseconds: None, answer: LateAnswer::Timeout };
    world.teamviewer.add_fault(Fault::once(kind).on("POST", "/sessions"));
    assert!(takes(&world, case.id(), "kim").await.is_err());
    let taken = takes(&world, case.id(), "lou").await.unwrap();
    world.work_through(TimeDelta::minutes(12), TimeDelta::seconds(20)).await;
    let taken = as_it_is(&world, &taken).await;
    let mut open: Vec<String> = world.open_sessions().iter().map(|session| session.code.to_string()).collect();
    open.retain(|code| *code == taken.session().unwrap().code.to_string());
    assert_eq!((open.len(), world.open_sessions().len()), (1, 2));
}

#[tokio::test(start_paused = true)]
async fn a_request_that_nobody_takes_ends_by_itself_and_is_nobodys_to_take() {
    let world = TestWorld::connected().await;
    let case = asked(&world, "T1").await;
    world.work_through(TimeDelta::minutes(59), TimeDelta::minutes(1)).await;
    assert!(as_it_is(&world, &case).await.is_asked());
    world.work_through(TimeDelta::minutes(2), TimeDelta::seconds(30)).await;
    let over = as_it_is(&world, &case).await;
    assert!(ended_as(&over, FailureCause::NotTaken), "{:?}", over.state());
    assert_eq!(happened(&over, &EventKind::HelpNotTaken), 1);
    let late = takes(&world, case.id(), "kim").await;
    assert!(matches!(late, Err(NotTaken::HandOver(HandOverError::NotAllowed(_)))), "{late:?}");
    assert_eq!((world.open_sessions().len(), world.records(&acme()).await.len()), (0, 0));
    assert_ne!(asked(&world, "T1").await.id(), case.id(), "he asks again");
}

#[tokio::test(start_paused = true)]
async fn a_request_that_ended_and_was_never_settled_is_in_nobodys_way() {
    let world = TestWorld::connected().await;
    let first = asked(&world, "T1").await;
    world.advance(TimeDelta::hours(2));
    let second = asked(&world, "T1").await;
    assert_ne!(first.id(), second.id());
    assert!(ended_as(&as_it_is(&world, &first).await, FailureCause::NotTaken));
    world.advance(TimeDelta::hours(2));
    let played = world.opened("T1").await;
    assert_ne!(played.id(), second.id());
    assert!(ended_as(&as_it_is(&world, &second).await, FailureCause::NotTaken));
}

#[tokio::test(start_paused = true)]
async fn who_does_not_want_help_any_more_withdraws_it_before_somebody_takes_it() {
    let world = TestWorld::connected().await;
    let desk = world.desk(&acme()).await;
    let case = asked(&world, "T1").await;
    let withdrawn = withdraw(&desk, case.id(), unkeyed(())).await.unwrap();
    assert!(ended_as(&withdrawn, FailureCause::Withdrawn));
    assert_eq!(withdraw(&desk, case.id(), unkeyed(())).await.unwrap(), withdrawn);
    assert!(takes(&world, case.id(), "kim").await.is_err());
    let second = asked(&world, "T1").await;
    takes(&world, second.id(), "kim").await.unwrap();
    let refused = withdraw(&desk, second.id(), unkeyed(())).await;
    assert!(matches!(&refused, Err(NotWithdrawn::Taken(Some(by))) if **by == technician("kim")), "{refused:?}");
    let third = asked(&world, "T3").await;
    let stopped = close_case(&desk, third.id(), unkeyed(stop())).await.unwrap();
    assert!(ended_as(&stopped, FailureCause::Withdrawn), "stop withdraws what nobody took");
}

#[tokio::test(start_paused = true)]
async fn the_same_request_asks_once_and_a_closed_ticket_refuses_it() {
    let world = TestWorld::connected().await;
    let (desk, mut request) = (world.desk(&acme()).await, memory(&acme(), "ask T1", "k"));
    let first = ask_for_help(&desk, keyed(ask_of("T1"), &request)).await.unwrap();
    assert_eq!(ask_for_help(&desk, keyed(ask_of("T1"), &request)).await.unwrap(), first);
    request.fingerprint = "11".repeat(32);
    let reused = ask_for_help(&desk, keyed(ask_of("T1"), &request)).await;
    assert!(matches!(reused, Err(NotAsked::KeyReused)), "{reused:?}");
    reserve_closing(&desk, &TicketId::parse("T2").unwrap(), None).await.unwrap();
    let closing = ask_for_help(&desk, unkeyed(ask_of("T2"))).await;
    assert!(matches!(closing, Err(NotAsked::TicketClosing { .. })), "{closing:?}");
}

#[tokio::test(start_paused = true)]
async fn the_close_guard_names_who_waits_and_revoking_access_does_not_mind() {
    let world = TestWorld::connected().await;
    let desk = world.desk(&acme()).await;
    let (case, ticket) = (asked(&world, "T1").await, TicketId::parse("T1").unwrap());
    assert!(matches!(closable(&desk, &ticket).await.unwrap(), Closable::Live(live) if live.id == case.id()));
    let refused = reserve_closing(&desk, &ticket, None).await;
    assert!(matches!(refused, Err(GuardError::Live(_))), "{refused:?}");
    revoke(&desk).await.unwrap();
    let nobody = takes(&world, case.id(), "kim").await;
    assert!(matches!(nobody, Err(NotTaken::Play(OpenCaseError::NotConnected))), "{nobody:?}");
    assert!(as_it_is(&world, &case).await.is_asked(), "it waits for a connection");
}

#[tokio::test(start_paused = true)]
async fn a_process_that_dies_at_any_store_call_of_asking_leaves_one_request() {
    for (call, mishap) in (0..3).flat_map(|call| [(call, Mishap::CrashBefore), (call, Mishap::CrashAfter)]) {
        let world = TestWorld::connected().await;
        let desk = world.desk(&acme()).await;
        world.engine.light(Some((call, mishap)));
        tokio::select! {
            biased;
            () = world.engine.crash() => {}
            _ = ask_for_help(&desk, unkeyed(ask_of("T1"))) => {}
        }
        world.engine.light(None);
        asks(&world, "T1").await;
        world.work_through(TimeDelta::minutes(1), TimeDelta::seconds(10)).await;
        let waiting = world.store().unsettled_cases_for_certain(&acme()).await.unwrap();
        assert_eq!(waiting.len(), 1, "{mishap:?} at {call}");
        let posts = world.mailbox.posts().len();
        assert_eq!(posts, desk.account().told.recipients(None).len(), "{mishap:?} at {call}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_process_that_dies_at_any_store_call_of_taking_leaves_one_case_and_at_most_one_session() {
    for (call, mishap) in (0..10).flat_map(|call| [(call, Mishap::CrashBefore), (call, Mishap::CrashAfter)]) {
        let world = TestWorld::connected().await;
        let desk = world.desk(&acme()).await;
        let case = asked(&world, "T1").await;
        world.engine.light(Some((call, mishap)));
        tokio::select! {
            biased;
            () = world.engine.crash() => {}
            _ = take_case(&desk, case.id(), unkeyed(technician("kim"))) => {}
        }
        world.engine.light(None);
        world.work_through(TimeDelta::minutes(2), TimeDelta::seconds(10)).await;
        let after = as_it_is(&world, &case).await;
        assert!(
            after.is_asked() || matches!(after.state(), State::Open(_)),
            "{mishap:?} at {call}: {:?}",
            after.state()
        );
        let taken = match takes(&world, case.id(), "kim").await {
            Ok(taken) => taken,
            other => panic!("{mishap:?} at {call}: {other:?}"),
        };
        world.work_through(TimeDelta::seconds(20), TimeDelta::seconds(10)).await;
        assert!(matches!(taken.state(), State::Open(_)), "{mishap:?} at {call}");
        assert_eq!(world.open_sessions().len(), 1, "{mishap:?} at {call}");
        let invited = world.mailbox.posts().iter().filter(|post| post.to.as_str() == "jane@customer.example").count();
        assert_eq!(invited, 1, "{mishap:?} at {call}");
    }
}
