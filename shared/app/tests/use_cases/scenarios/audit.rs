//! The audit trail.

use casebridge_app::audit::{entries, erase_technician, verify};
use casebridge_app::journal::number_account;
use casebridge_app::open_case::OpenCase;

use crate::oracle::a_person_can_be_erased;
use crate::world::{Helper, Mishap, TestWorld, acme, play_of};

#[tokio::test(start_paused = true)]
async fn a_technician_is_taken_out_of_the_trail_and_nobody_else_is() {
    let world = TestWorld::connected().await;
    world.helped(play_of("T1"), 60).await;
    world.helped(OpenCase { technician: Some(Helper::Odd.as_technician()), ..play_of("T2") }, 60).await;
    number_account(&world.app, &acme()).await.unwrap();
    let before = verify(&world.app, &acme()).await.unwrap();
    a_person_can_be_erased(&world, &acme(), &Helper::Odd.id()).await.unwrap();
    let after = verify(&world.app, &acme()).await.unwrap();
    assert_eq!((before.erased, after.entries), (0, before.entries + 1));
    assert!(after.erased > 0);
    let trail = entries(&world.app, &acme(), 0, 1000).await.unwrap();
    assert!(trail.iter().any(|link| link.details.as_ref().is_some_and(|details| details.text.contains("tess"))));
    assert_eq!(erase_technician(&world.desk(&acme()).await, &Helper::Odd.id()).await.unwrap(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_technician_is_taken_out_of_what_has_no_number_yet_too() {
    let world = TestWorld::connected().await;
    world.helped(play_of("T1"), 60).await;
    let erased = erase_technician(&world.desk(&acme()).await, &Helper::Tess.id()).await.unwrap();
    assert!(erased > 0);
    number_account(&world.app, &acme()).await.unwrap();
    let trail = entries(&world.app, &acme(), 0, 1000).await.unwrap();
    let names = |text: &str| text.contains(r#""technician":"tess""#);
    assert!(!trail.iter().any(|link| link.details.as_ref().is_some_and(|details| names(&details.text))));
    verify(&world.app, &acme()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn erasing_that_dies_at_any_store_call_can_be_done_again_and_is_on_record() {
    for (call, mishap) in (0..12).flat_map(|call| [(call, Mishap::CrashBefore), (call, Mishap::CrashAfter)]) {
        let world = TestWorld::connected().await;
        world.helped(play_of("T1"), 60).await;
        number_account(&world.app, &acme()).await.unwrap();
        let (desk, tess) = (world.desk(&acme()).await, Helper::Tess.id());
        world.engine.light(Some((call, mishap)));
        tokio::select! {
            biased;
            () = world.engine.crash() => {}
            _ = erase_technician(&desk, &tess) => {}
        }
        world.engine.light(None);
        erase_technician(&desk, &tess).await.unwrap();
        number_account(&world.app, &acme()).await.unwrap();
        let trail = entries(&world.app, &acme(), 0, 1000).await.unwrap();
        assert!(trail.iter().any(|link| link.kind == "audit.erased"), "{mishap:?} at {call}");
        assert!(verify(&world.app, &acme()).await.unwrap().erased > 0, "{mishap:?} at {call}");
    }
}
