//! Registering, using and revoking a token.

use casebridge_app::close_case::close_case;
use casebridge_app::connection::{ModuleWish, RegisterError, RevokeError, recheck, register, revoke, set_module};
use casebridge_app::open_case::{OpenCaseError, open_case};
use casebridge_domain::ModuleId;
use casebridge_domain::connection::ConnectionState;
use casebridge_sandbox::teamviewer::{FieldReading, Permission, Unknowns};
use futures::FutureExt;
use tokio::join;

use crate::world::{ALEX, BEA, Mishap, TestWorld, acme, play_of, stop, ticket, unkeyed};

#[tokio::test(start_paused = true)]
async fn a_token_that_lacks_what_the_product_needs_is_refused_with_the_list() {
    let world = TestWorld::connected().await;
    let wish = world.token_of(BEA, &[Permission::SessionsCreate, Permission::ComputersView]);
    let refused = casebridge_app::connection::register(&world.desk(&acme()).await, wish).await;
    assert!(matches!(refused, Err(RegisterError::Permissions(missing)) if !missing.is_empty()));
}

#[tokio::test(start_paused = true)]
async fn the_same_administrators_new_token_goes_on_with_group_and_cases() {
    let world = TestWorld::connected().await;
    let case = world.opened("T1").await;
    let before = world.connection(&acme()).await.unwrap();
    world.revoke_tokens_of(ALEX);
    let after = world.connect(&acme(), ALEX).await;
    assert_eq!((after.registration, after.group), (before.registration, before.group));
    close_case(&world.desk(&acme()).await, case.id(), unkeyed(stop())).await.unwrap();
    assert_eq!(world.open_sessions().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn another_administrator_starts_anew_and_only_when_no_case_is_live() {
    let world = TestWorld::connected().await;
    let case = world.opened("T1").await;
    let before = world.connection(&acme()).await.unwrap();
    let refused = world.try_connect(&acme(), BEA).await;
    let Err(RegisterError::LiveCases(live)) = refused else { panic!("{refused:?}") };
    assert_eq!(live.len(), 1);
    close_case(&world.desk(&acme()).await, case.id(), unkeyed(stop())).await.unwrap();
    let after = world.connect(&acme(), BEA).await;
    assert_ne!(after.registration, before.registration);
    assert_eq!(after.group_id(), None);
    world.opened("T1").await;
    assert_eq!(world.groups_of(BEA).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn play_at_the_same_time_as_another_administrators_token_leaves_no_case_without_its_own() {
    for before in 0..12 {
        let world = TestWorld::connected().await;
        let closed = world.opened("T2").await;
        close_case(&world.desk(&acme()).await, closed.id(), unkeyed(stop())).await.unwrap();
        let (desk, account) = (world.desk(&acme()).await, acme());
        let later = async {
            for _ in 0..before * 8 {
                tokio::task::yield_now().await;
            }
            open_case(&desk, unkeyed(play_of("T1"))).await
        };
        let (registered, played) = join!(world.try_connect(&account, BEA), later);
        let connection = world.connection(&acme()).await.unwrap();
        let served = played.as_ref().map_or(true, |_| {
            let live = world.open_sessions();
            live.iter().all(|session| session.created_by == connection.registrar.user.as_ref().unwrap().as_str())
        });
        assert!(served, "registered: {registered:?}\nplayed: {played:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_old_token_that_is_refused_says_nothing_about_the_one_registered_since() {
    let world = TestWorld::connected().await;
    world.opened("T1").await;
    let kept = world.desk(&acme()).await;
    world.revoke_tokens_of(ALEX);
    world.connect(&acme(), ALEX).await;
    drop(open_case(&kept, unkeyed(play_of("T2"))).await);
    assert_eq!(world.connection(&acme()).await.unwrap().state, ConnectionState::Active);
    world.opened("T3").await;
}

/// Whoever notes it, at whatever moment: the new token was looked at, and that the old one is refused is why it comes.
#[tokio::test(start_paused = true)]
async fn a_new_token_is_kept_though_the_old_ones_refusal_is_noted_meanwhile() {
    for owner in [ALEX, BEA] {
        let mut waited = 0;
        for calls in 0..12 {
            let world = TestWorld::connected().await;
            world.opened("T0").await;
            let case = world.newest(&acme(), &ticket("T0").id).await.unwrap();
            close_case(&world.desk(&acme()).await, case.id(), unkeyed(stop())).await.unwrap();
            world.revoke_tokens_of(ALEX);
            let (desk, wish) = (world.desk(&acme()).await, world.token_of(owner, &Permission::GUIDE));
            world.engine.light(Some((calls, Mishap::Wait)));
            let mut registering = register(&desk, wish).boxed();
            if world.engine.until_it_waits(&mut registering).await.is_none() {
                break;
            }
            waited += 1;
            // A technician presses play meanwhile.
            drop(open_case(&desk, unkeyed(play_of("T1"))).await);
            world.engine.go_on();
            let registered = registering.await;
            assert!(registered.is_ok(), "{owner} at call {calls}: {registered:?}");
            assert_eq!(
                world.connection(&acme()).await.unwrap().state,
                ConnectionState::Active,
                "{owner} at call {calls}"
            );
        }
        assert!(waited > 1, "at a read and at a write");
    }
}

/// The one that was first stays: nobody's registration is replaced unseen.
#[tokio::test(start_paused = true)]
async fn of_two_administrators_who_register_at_once_one_is_told() {
    let world = TestWorld::connected().await;
    let desk = world.desk(&acme()).await;
    let wish = world.token_of(BEA, &Permission::GUIDE);
    world.engine.light(Some((1, Mishap::Wait)));
    let mut registering = register(&desk, wish).boxed();
    world.engine.until_it_waits(&mut registering).await.unwrap();
    let first = world.connect(&acme(), ALEX).await;
    world.engine.go_on();
    assert!(matches!(registering.await, Err(RegisterError::Overtaken)));
    assert_eq!(world.connection(&acme()).await.unwrap().token, first.token);
}

#[tokio::test(start_paused = true)]
async fn a_refused_token_stops_play_until_it_works_again() {
    let world = TestWorld::connected().await;
    world.opened("T1").await;
    world.revoke_tokens_of(ALEX);
    let desk = world.desk(&acme()).await;
    assert!(matches!(open_case(&desk, unkeyed(play_of("T2"))).await, Err(OpenCaseError::NoSession(..))));
    let desk = world.desk(&acme()).await;
    assert!(matches!(open_case(&desk, unkeyed(play_of("T2"))).await, Err(OpenCaseError::TokenRefused)));
    assert!(matches!(recheck(&desk).await.unwrap().state, ConnectionState::TokenRefused { .. }));
}

#[tokio::test(start_paused = true)]
async fn while_access_is_being_revoked_play_is_refused() {
    let world = TestWorld::connected().await;
    let desk = world.desk(&acme()).await;
    world.engine.light(Some((1, Mishap::CrashAfter)));
    tokio::select! {
        biased;
        () = world.engine.crash() => {}
        _ = revoke(&desk) => panic!("revoked"),
    }
    let refused = open_case(&desk, unkeyed(play_of("T1"))).await;
    assert!(matches!(refused, Err(OpenCaseError::Draining)), "{refused:?}");
    revoke(&world.desk(&acme()).await).await.unwrap();
    assert!(matches!(open_case(&desk, unkeyed(play_of("T1"))).await, Err(OpenCaseError::NotConnected)));
    assert_eq!(world.open_sessions().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn revoking_with_live_cases_lists_them_and_play_goes_on() {
    let world = TestWorld::connected().await;
    world.opened("T1").await;
    let refused = revoke(&world.desk(&acme()).await).await;
    assert!(matches!(refused, Err(RevokeError::LiveCases(live)) if live.len() == 1));
    world.opened("T2").await;
}

#[tokio::test(start_paused = true)]
async fn a_revocation_that_died_lets_play_go_on_once_it_is_tried_again_and_refused() {
    let world = TestWorld::connected().await;
    world.opened("T1").await;
    let desk = world.desk(&acme()).await;
    world.engine.light(Some((1, Mishap::CrashAfter)));
    tokio::select! {
        biased;
        () = world.engine.crash() => {}
        _ = revoke(&desk) => panic!("not died"),
    }
    assert!(matches!(revoke(&desk).await, Err(RevokeError::LiveCases(_))));
    world.opened("T2").await;
}

#[tokio::test(start_paused = true)]
async fn a_module_that_teamviewer_refuses_per_session_is_left_to_the_checklist() {
    let world = TestWorld::connected().await;
    let refusing = Unknowns { custom_module_in_update: FieldReading::Refused, ..Unknowns::default() };
    world.teamviewer.set_unknowns(refusing);
    let wish =
        ModuleWish { id: Some(ModuleId::parse("6abc").unwrap()), bound_to_group: false, assignee_unassigned: false };
    set_module(&world.desk(&acme()).await, wish).await.unwrap();
    world.opened("T1").await;
    assert!(world.connection(&acme()).await.unwrap().module.unwrap().per_session_refused);
    world.teamviewer.clear_calls();
    world.opened("T2").await;
    assert_eq!(world.teamviewer.calls().count("PUT /sessions/{code}"), 0);
}

#[tokio::test(start_paused = true)]
async fn a_module_that_teamviewer_takes_is_set_on_each_session() {
    let world = TestWorld::connected().await;
    let wish =
        ModuleWish { id: Some(ModuleId::parse("6abc").unwrap()), bound_to_group: false, assignee_unassigned: false };
    set_module(&world.desk(&acme()).await, wish).await.unwrap();
    world.opened("T1").await;
    assert_eq!(world.open_sessions()[0].custom_module_id.as_deref(), Some("6abc"));
}
