//! Technicians who sign in to TeamViewer, and what they play.

use casebridge_app::close_case::{CloseCaseError, close_case};
use casebridge_app::connection::revoke;
use casebridge_app::oauth_app::forget_app;
use casebridge_app::open_case::{OpenCase, OpenCaseError, Opened, open_case};
use casebridge_app::technician_sign_in::{BeginError, NotSignedIn, SignOutError, begin, come_back, sign_out};
use casebridge_domain::ServiceCase;
use casebridge_domain::service_case::{EndReason, FailureCause, State};
use casebridge_domain::technician_sign_in::{Standing, WhyAskedAgain};
use casebridge_sandbox::teamviewer::{EndSession, Fault, FaultKind, LateAnswer};
use chrono::TimeDelta;
use futures::future::join_all;

use crate::world::{
    ALEX, BEA, CHRIS, Mishap, TestWorld, acme, globex, play_of, stop, stop_here, technician, technician_id, unkeyed,
};

/// Play by a technician other than the usual one.
fn play_by(ticket: &str, name: &str) -> OpenCase {
    OpenCase { technician: Some(technician(name)), ..play_of(ticket) }
}

async fn play(world: &TestWorld, wish: OpenCase) -> Result<Opened, OpenCaseError> {
    let desk = world.desk(&acme()).await;
    Box::pin(world.patiently(open_case(&desk, unkeyed(wish)))).await
}

async fn is_stopped(world: &TestWorld, case: &ServiceCase) -> Result<ServiceCase, CloseCaseError> {
    let desk = world.desk(&acme()).await;
    Box::pin(world.patiently(close_case(&desk, case.id(), unkeyed(stop())))).await
}

fn needs(refused: &Result<Opened, OpenCaseError>, name: &str) -> bool {
    matches!(refused, Err(OpenCaseError::SignInNeeded(needed)) if needed.technician == technician_id(name) && needed.account == acme())
}

#[tokio::test(start_paused = true)]
async fn a_technician_who_signed_in_plays_at_once_with_his_own_token() {
    let world = TestWorld::with_app().await;
    let signed_in = world.signed_in("tess", BEA).await;
    assert_eq!(signed_in.user().name.as_ref().unwrap().as_str(), "Bea Admin");
    world.teamviewer.clear_calls();
    let case = world.opened("T1").await;
    assert_eq!((case.made_by(), case.registration()), (Some(&technician_id("tess")), Some(signed_in.registration())));
    let [session] = &world.open_sessions()[..] else { panic!("not one session") };
    assert_eq!((session.created_by.as_str(), session.assigned_userid.as_deref()), (BEA, Some(BEA)));
    let calls = world.teamviewer.calls();
    assert_eq!((calls.count("POST /sessions"), calls.calls.len()), (1, 1), "one call, as with a script token");
    is_stopped(&world, &case).await.unwrap();
    assert_eq!(world.open_sessions().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn two_owners_in_one_account_work_at_the_same_time() {
    let world = TestWorld::connected().await;
    world.make_app(&acme()).await;
    world.signed_in("tess", BEA).await;
    world.signed_in("tom", CHRIS).await;
    let wishes = [play_by("T1", "tess"), play_by("T2", "tom"), play_by("T3", "nora")];
    let mut cases = Vec::new();
    for wish in wishes {
        cases.push(world.played(wish).await);
    }
    let owners: Vec<String> = world.open_sessions().into_iter().map(|session| session.created_by).collect();
    assert_eq!(owners, [BEA, CHRIS, ALEX], "who is not signed in plays with the account's token");

    for case in &cases {
        world.teamviewer.customer_online(&case.session().unwrap().code.to_string(), true).unwrap();
    }
    world.work_through(TimeDelta::seconds(30), TimeDelta::seconds(5)).await;
    for case in &cases {
        assert!(world.case(&acme(), case.id()).await.is_online());
    }
    let ended = cases[1].session().unwrap().code.to_string();
    world.teamviewer.end_session(&ended, &EndSession::default()).unwrap();
    world.work_through(TimeDelta::minutes(1), TimeDelta::seconds(5)).await;
    let case = world.case(&acme(), cases[1].id()).await;
    assert!(matches!(case.state(), State::Closed(closed) if closed.reason == EndReason::EndedInTeamViewer));
    for case in [&cases[0], &cases[2]] {
        assert!(matches!(world.case(&acme(), case.id()).await.state(), State::Open(_)));
        is_stopped(&world, case).await.unwrap();
    }
    assert_eq!(world.open_sessions().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_look_asks_once_for_each_token_that_made_a_live_case_and_no_other() {
    let world = TestWorld::connected().await;
    world.make_app(&acme()).await;
    for (name, user) in [("tess", BEA), ("tom", CHRIS)] {
        world.signed_in(name, user).await;
    }
    world.played(play_by("T1", "tess")).await;
    world.work_through(TimeDelta::minutes(2), TimeDelta::seconds(20)).await;
    world.teamviewer.clear_calls();
    world.work_through(TimeDelta::minutes(2), TimeDelta::seconds(20)).await;
    let calls = world.teamviewer.calls();
    let users: Vec<&str> = calls.calls.iter().filter_map(|call| call.user.as_deref()).collect();
    assert!(users.len() >= 6 && users.iter().all(|user| *user == BEA), "{users:?}");
    world.work_through(TimeDelta::minutes(5), TimeDelta::seconds(20)).await;
    let calls = world.teamviewer.calls();
    let connections = calls.calls.iter().filter(|call| call.user.as_deref() == Some(ALEX)).count();
    assert!((1..=2).contains(&connections), "{connections} in seven minutes");
}

#[tokio::test(start_paused = true)]
async fn without_a_connection_that_serves_the_sign_in_to_do_is_named() {
    let world = TestWorld::with_app().await;
    assert!(needs(&play(&world, play_of("T1")).await, "tess"));
    let nobody = OpenCase { technician: None, ..play_of("T1") };
    assert!(matches!(play(&world, nobody).await, Err(OpenCaseError::NotConnected)));
    world.connect(&acme(), ALEX).await;
    let case = world.opened("T1").await;
    assert_eq!(case.made_by(), None);
    world.revoke_tokens_of(ALEX);
    assert!(matches!(play(&world, play_of("T2")).await, Err(OpenCaseError::NoSession(..))), "not known yet");
    assert!(needs(&play(&world, play_of("T2")).await, "tess"));
    world.signed_in("tess", BEA).await;
    world.opened("T2").await;
}

#[tokio::test(start_paused = true)]
async fn who_comes_back_from_teamviewer_does_so_once_within_minutes_and_with_the_code_of_his_own() {
    let world = TestWorld::with_app().await;
    let sent = world.sent(&acme(), "tess").await;
    let comes = |state: String, code| {
        let app = world.app.clone();
        async move { come_back(&app, &state, code).await.unwrap() }
    };
    let code = world.consents(BEA, &sent);
    let other = sent["state"].replace("acme", "globex");
    assert!(comes(other, Some(code.clone())).await.is_none(), "another account's");
    assert!(comes(sent["state"].clone(), Some(code.clone())).await.unwrap().signed_in.is_ok());
    assert!(comes(sent["state"].clone(), Some(code.clone())).await.is_none(), "used");

    let late = world.sent(&acme(), "tess").await;
    let code = world.consents(BEA, &late);
    world.advance(TimeDelta::minutes(10));
    assert!(comes(late["state"].clone(), Some(code)).await.is_none(), "too old");

    let [first, second] = [world.sent(&acme(), "tess").await, world.sent(&acme(), "tess").await];
    let stolen = world.consents(CHRIS, &first);
    let refused = comes(second["state"].clone(), Some(stolen)).await.unwrap().signed_in;
    assert!(matches!(refused, Err(NotSignedIn::CodeRefused)), "the proof key is another one: {refused:?}");
    let declined = comes(first["state"].clone(), None).await.unwrap().signed_in;
    assert!(matches!(declined, Err(NotSignedIn::Declined)), "{declined:?}");
    assert_eq!(world.sign_in_of("tess").await.unwrap().user().user.as_ref().unwrap().as_str(), BEA);
}

#[tokio::test(start_paused = true)]
async fn nobody_is_sent_anywhere_without_an_app() {
    let world = TestWorld::connected().await;
    let refused = begin(&world.desk(&acme()).await, technician_id("tess")).await;
    assert!(matches!(refused, Err(BeginError::NoApp)));
    world.make_app(&acme()).await;
    let sent = world.sent(&acme(), "tess").await;
    let code = world.consents(BEA, &sent);
    forget_app(&world.desk(&acme()).await).await.unwrap();
    let refused = come_back(&world.app, &sent["state"], Some(code)).await.unwrap().unwrap().signed_in;
    assert!(matches!(refused, Err(NotSignedIn::AppRefused)), "{refused:?}");
}

#[tokio::test(start_paused = true)]
async fn another_accounts_technician_of_the_same_id_is_somebody_else() {
    let world = TestWorld::with_app().await;
    world.signed_in("tess", BEA).await;
    world.sign_up(&globex()).await;
    world.make_app(&globex()).await;
    let refused = open_case(&world.desk(&globex()).await, unkeyed(play_of("T1"))).await;
    assert!(matches!(refused, Err(OpenCaseError::SignInNeeded(needed)) if needed.account == globex()));
}

#[tokio::test(start_paused = true)]
async fn a_token_that_is_about_to_end_is_renewed_and_the_case_goes_on() {
    let world = TestWorld::with_app().await;
    world.signed_in("tess", BEA).await;
    world.advance(TimeDelta::hours(12));
    let case = world.opened("T1").await;
    assert_eq!(world.token_calls(), 1);
    world.advance(TimeDelta::hours(11) + TimeDelta::minutes(55));
    world.opened("T2").await;
    assert_eq!(world.token_calls(), 2, "before its end");
    world.advance(TimeDelta::days(40));
    world.opened("T3").await;
    assert_eq!(world.token_calls(), 3, "long after its end");
    let ended = is_stopped(&world, &case).await.unwrap();
    assert!(matches!(ended.state(), State::Expired(_)));
}

#[tokio::test(start_paused = true)]
async fn of_many_who_need_a_new_token_at_the_same_time_one_renews_it() {
    for round in 0..6 {
        let world = TestWorld::with_app().await;
        world.signed_in("tess", BEA).await;
        world.advance(TimeDelta::hours(25));
        let account = acme();
        let desks = join_all((0..6).map(|_| world.desk(&account))).await;
        let plays = desks.iter().enumerate().map(|(n, desk)| async move {
            for _ in 0..n * round {
                tokio::task::yield_now().await;
            }
            Box::pin(open_case(desk, unkeyed(play_of(&format!("T{n}"))))).await
        });
        let played = join_all(plays).await;
        assert_eq!(world.token_calls(), 2, "one to sign in, one to renew");
        let opened = played.iter().filter(|played| played.is_ok()).count();
        let waiting = played.iter().filter(|played| matches!(played, Err(OpenCaseError::SignInPending { .. }))).count();
        assert!(opened >= 1 && opened + waiting == 6, "{played:?}");
        assert!(matches!(world.standing_of("tess").await, Standing::Valid { renewing: None, .. }));
        world.opened("T9").await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_teamviewer_that_is_not_reached_asks_nobody_to_sign_in_again() {
    for kind in
        [FaultKind::ConnectionClosed { after_effect: false }, FaultKind::RateLimitReached, FaultKind::TimeoutBefore]
    {
        let world = TestWorld::with_app().await;
        world.signed_in("tess", BEA).await;
        world.advance(TimeDelta::hours(25));
        world.teamviewer.add_fault(Fault::once(kind).on("POST", "/oauth2/token"));
        let failed = play(&world, play_of("T1")).await;
        assert!(matches!(failed, Err(OpenCaseError::Outside(_))), "{failed:?}");
        assert!(matches!(world.standing_of("tess").await, Standing::Valid { .. }));
        world.opened("T1").await;
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_about_to_end_serves_until_it_does_while_teamviewer_does_not_renew_it() {
    let world = TestWorld::with_app().await;
    world.signed_in("tess", BEA).await;
    world.advance(TimeDelta::hours(23) + TimeDelta::minutes(55));
    world.teamviewer.add_fault(Fault::always(FaultKind::BadGateway).on("POST", "/oauth2/token"));
    world.opened("T1").await;
}

#[tokio::test(start_paused = true)]
async fn a_renewal_whose_answer_was_lost_asks_for_sign_in_again_and_says_so() {
    let world = TestWorld::with_app().await;
    world.signed_in("tess", BEA).await;
    world.advance(TimeDelta::hours(25));
    world.teamviewer.add_fault(Fault::once(FaultKind::TimeoutAfter).on("POST", "/oauth2/token"));
    let failed = play(&world, play_of("T1")).await;
    assert!(matches!(failed, Err(OpenCaseError::Outside(_))), "it may still serve: {failed:?}");
    assert!(needs(&play(&world, play_of("T1")).await, "tess"));
    let Standing::AskedAgain { why, .. } = world.standing_of("tess").await else { panic!("it serves") };
    assert_eq!(why, WhyAskedAgain::AnswerLost);
    world.signed_in("tess", BEA).await;
    world.opened("T1").await;
}

#[tokio::test(start_paused = true)]
async fn a_process_that_dies_at_any_store_call_of_a_renewal_leaves_a_sign_in_that_serves_or_asks_again() {
    let mut asked = 0;
    for (call, mishap) in (0..12).flat_map(|call| [(call, Mishap::CrashBefore), (call, Mishap::CrashAfter)]) {
        let world = TestWorld::with_app().await;
        world.signed_in("tess", BEA).await;
        world.advance(TimeDelta::hours(25));
        let desk = world.desk(&acme()).await;
        world.engine.light(Some((call, mishap)));
        tokio::select! {
            biased;
            () = world.engine.crash() => {}
            _ = open_case(&desk, unkeyed(play_of("T1"))) => {}
        }
        world.engine.light(None);
        world.engine.outlive_the_dead().await;
        world.work_through(TimeDelta::minutes(2), TimeDelta::seconds(10)).await;
        match play(&world, play_of("T1")).await {
            Ok(opened) => {
                let (Opened::New(case) | Opened::Already(case)) = opened;
                assert!(matches!(case.state(), State::Open(_)), "{mishap:?} at {call}: {case:?}");
                assert_eq!(world.open_sessions().len(), 1, "{mishap:?} at {call}");
            }
            refused => {
                assert!(needs(&refused, "tess"), "{mishap:?} at {call}: {refused:?}");
                let Standing::AskedAgain { why, .. } = world.standing_of("tess").await else { panic!("it serves") };
                assert_eq!(why, WhyAskedAgain::AnswerLost, "{mishap:?} at {call}");
                asked += 1;
                world.signed_in("tess", BEA).await;
                world.opened("T1").await;
            }
        }
    }
    assert_eq!(asked, 1, "only between TeamViewer's answer and our write is anything lost");
}

#[tokio::test(start_paused = true)]
async fn a_sign_in_that_was_revoked_while_a_case_is_live_is_asked_for_again_and_the_case_can_be_ended() {
    let world = TestWorld::with_app().await;
    world.signed_in("tess", BEA).await;
    let case = world.opened("T1").await;
    let other = world.opened("T2").await;
    world.revoke_tokens_of(BEA);
    world.work_through(TimeDelta::minutes(1), TimeDelta::seconds(10)).await;
    let Standing::AskedAgain { why, .. } = world.standing_of("tess").await else { panic!("it serves") };
    assert_eq!(why, WhyAskedAgain::Refused);
    let refused = is_stopped(&world, &case).await;
    assert!(
        matches!(&refused, Err(CloseCaseError::SignInNeeded(needed)) if needed.technician == technician_id("tess")),
        "{refused:?}"
    );
    let here = close_case(&world.desk(&acme()).await, other.id(), unkeyed(stop_here())).await.unwrap();
    assert!(matches!(here.state(), State::Closed(closed) if closed.reason == EndReason::HereOnly));

    world.signed_in("tess", BEA).await;
    is_stopped(&world, &case).await.unwrap();
    world.work_through(TimeDelta::minutes(6), TimeDelta::seconds(20)).await;
    assert_eq!(world.open_sessions().len(), 0, "what was left behind is closed too");
}

#[tokio::test(start_paused = true)]
async fn a_stop_that_meets_a_revoked_token_first_says_so_as_well() {
    let world = TestWorld::with_app().await;
    world.signed_in("tess", BEA).await;
    let case = world.opened("T1").await;
    world.revoke_tokens_of(BEA);
    let refused = is_stopped(&world, &case).await;
    assert!(matches!(refused, Err(CloseCaseError::SignInNeeded(_))), "{refused:?}");
    assert!(matches!(world.standing_of("tess").await, Standing::AskedAgain { .. }));
    assert!(matches!(world.case(&acme(), case.id()).await.state(), State::Open(_)));
}

#[tokio::test(start_paused = true)]
async fn a_play_that_meets_a_revoked_token_leaves_no_claim_and_the_accounts_token_serves_the_next() {
    let world = TestWorld::connected().await;
    world.make_app(&acme()).await;
    world.signed_in("tess", BEA).await;
    world.revoke_tokens_of(BEA);
    assert!(needs(&play(&world, play_of("T1")).await, "tess"));
    let case = world.opened("T1").await;
    assert_eq!(case.made_by(), None);
}

#[tokio::test(start_paused = true)]
async fn another_teamviewer_user_takes_the_place_of_the_first_once_no_case_of_his_is_live() {
    let world = TestWorld::with_app().await;
    let first = world.signed_in("tess", BEA).await;
    let case = world.opened("T1").await;
    let refused = world.signs_in("tess", CHRIS).await.signed_in;
    let Err(NotSignedIn::AnotherUser { present }) = refused else { panic!("{refused:?}") };
    assert_eq!(present.name.unwrap().as_str(), "Bea Admin");
    let state = world.teamviewer.state();
    assert!(state.tokens.iter().all(|token| token.owner != CHRIS || token.revoked), "what is not kept is revoked");
    is_stopped(&world, &case).await.unwrap();
    let second = world.signed_in("tess", CHRIS).await;
    assert_ne!(second.registration(), first.registration());
    assert!(world.teamviewer.state().tokens.iter().all(|token| token.owner != BEA || token.revoked));
    world.opened("T1").await;
    assert_eq!(world.open_sessions()[0].created_by, CHRIS);
}

#[tokio::test(start_paused = true)]
async fn who_signs_out_is_forgotten_by_teamviewer_too_once_his_cases_are_over() {
    let world = TestWorld::with_app().await;
    world.signed_in("tess", BEA).await;
    let case = world.opened("T1").await;
    let desk = world.desk(&acme()).await;
    let refused = sign_out(&desk, &technician_id("tess")).await;
    assert!(matches!(refused, Err(SignOutError::LiveCases(live)) if live.len() == 1));
    world.opened("T2").await;
    for case in [case, world.newest(&acme(), &crate::world::ticket("T2").id).await.unwrap()] {
        is_stopped(&world, &case).await.unwrap();
    }
    world
        .teamviewer
        .add_fault(Fault::once(FaultKind::ConnectionClosed { after_effect: false }).on("POST", "/oauth2/revoke"));
    assert!(matches!(sign_out(&desk, &technician_id("tess")).await, Err(SignOutError::Outside(_))));
    assert!(world.sign_in_of("tess").await.unwrap().serves(), "he stays signed in");
    sign_out(&desk, &technician_id("tess")).await.unwrap();
    assert!(world.teamviewer.state().tokens.iter().all(|token| token.revoked));
    assert!(matches!(sign_out(&desk, &technician_id("tess")).await, Err(SignOutError::NotSignedIn)));
    assert!(needs(&play(&world, play_of("T3")).await, "tess"));
}

#[tokio::test(start_paused = true)]
async fn a_connection_is_revoked_beside_the_live_cases_of_those_who_signed_in() {
    let world = TestWorld::connected().await;
    world.make_app(&acme()).await;
    world.signed_in("tess", BEA).await;
    let case = world.opened("T1").await;
    revoke(&world.desk(&acme()).await).await.unwrap();
    is_stopped(&world, &case).await.unwrap();
    assert_eq!(world.open_sessions().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_play_of_his_that_died_after_its_call_is_adopted_with_its_session() {
    let world = TestWorld::with_app().await;
    world.signed_in("tess", BEA).await;
    world.teamviewer.add_fault(Fault::once(FaultKind::TimeoutAfter).on("POST", "/sessions"));
    let desk = world.desk(&acme()).await;
    assert!(world.until_it_hangs(open_case(&desk, unkeyed(play_of("T1")))).await.is_none());
    world.work_through(TimeDelta::minutes(1), TimeDelta::seconds(10)).await;
    let adopted = world.newest(&acme(), &crate::world::ticket("T1").id).await.unwrap();
    assert!(matches!(adopted.state(), State::Open(_)), "{adopted:?}");
    assert_eq!(world.open_sessions().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_session_of_his_that_appears_after_play_was_given_up_is_closed_within_ten_minutes() {
    let world = TestWorld::connected().await;
    world.make_app(&acme()).await;
    world.signed_in("tess", BEA).await;
    let late = FaultKind::LateEffect { clock_seconds: Some(200), real_milliseconds: None, answer: LateAnswer::Timeout };
    world.teamviewer.add_fault(Fault::once(late).on("POST", "/sessions"));
    let failed = play(&world, play_of("T1")).await;
    assert!(matches!(failed, Err(OpenCaseError::NoSession(FailureCause::NoAnswer, _))), "{failed:?}");
    world.work_through(TimeDelta::seconds(200), TimeDelta::seconds(20)).await;
    assert_eq!(world.open_sessions().len(), 1);
    world.work_through(TimeDelta::minutes(10), TimeDelta::seconds(20)).await;
    assert_eq!(world.open_sessions().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_session_of_his_past_its_time_is_closed_with_his_token() {
    let world = TestWorld::with_app().await;
    world.signed_in("tess", BEA).await;
    let case = world.opened("T1").await;
    world.work_through(TimeDelta::hours(24), TimeDelta::minutes(10)).await;
    world.work_through(TimeDelta::minutes(10), TimeDelta::minutes(1)).await;
    assert!(matches!(world.case(&acme(), case.id()).await.state(), State::Expired(_)));
    assert_eq!(world.open_sessions().len(), 0);
    assert!(matches!(world.standing_of("tess").await, Standing::Valid { .. }), "renewed on the way");
}

#[tokio::test(start_paused = true)]
async fn what_becomes_of_a_sign_in_is_told_in_the_feed() {
    let world = TestWorld::with_app().await;
    world.signed_in("tess", BEA).await;
    world.opened("T1").await;
    world.revoke_tokens_of(BEA);
    world.work_through(TimeDelta::minutes(1), TimeDelta::seconds(10)).await;
    let desk = world.desk(&acme()).await;
    let page = casebridge_app::feed::events(&desk, None, 100).await.unwrap();
    let told: Vec<&str> = page
        .events
        .iter()
        .map(casebridge_domain::journal::Event::kind)
        .filter(|kind| kind.starts_with("technician."))
        .collect();
    assert_eq!(told, ["technician.signed_in", "technician.asked_again"]);
}
