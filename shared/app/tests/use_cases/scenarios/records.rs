//! Records: noted, taken out of the count, put back.

use casebridge_app::records::{ChangeRecordError, RecordWish, change_record};
use casebridge_domain::report::Measure;
use casebridge_domain::service_case::Note;
use casebridge_domain::{CaseId, SessionRecord};
use chrono::TimeDelta;
use tokio::join;
use uuid::Uuid;

use super::{asked, asked_of};
use crate::oracle::{Readers, figures_are_right, the_feed_tells_everything};
use crate::world::{Beginning, Helper, Mishap, TestWorld, acme, by, play_of};

const FROM: &str = "2026-11-01";
const TO: &str = "2026-12-01";

fn taken_out() -> RecordWish {
    RecordWish { excluded: Some(true), ..RecordWish::default() }
}

fn put_back() -> RecordWish {
    RecordWish { excluded: Some(false), ..RecordWish::default() }
}

fn noted(text: &str) -> RecordWish {
    RecordWish { note: Some(Some(Note::parse(text).unwrap())), ..RecordWish::default() }
}

impl TestWorld {
    async fn changed(&self, case: CaseId, wish: &RecordWish) -> SessionRecord {
        change_record(&self.desk(&acme()).await, case, wish).await.unwrap()
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_that_is_taken_out_is_in_no_figure_but_one_and_comes_back_as_it_was() {
    let world = TestWorld::connected().await;
    let case = world.helped(play_of("T1"), 60).await;
    let before = world.reported(&asked(FROM, TO)).await;
    world.changed(case.id(), &taken_out()).await;
    let total = world.reported(&asked(FROM, TO)).await.total;
    assert_eq!((total.sessions(), total.average_seconds(), total.get(Measure::Excluded)), (0, None, 1));
    assert_eq!(world.reported(&asked_of(Some(Helper::Tess), FROM, TO)).await.total, total);
    world.changed(case.id(), &put_back()).await;
    assert_eq!(world.reported(&asked(FROM, TO)).await, before);
}

#[tokio::test(start_paused = true)]
async fn taking_out_twice_counts_once_and_keeps_who_did_it_first() {
    let world = TestWorld::connected().await;
    let case = world.helped(play_of("T1"), 60).await;
    let first = world.changed(case.id(), &taken_out()).await;
    world.advance(TimeDelta::hours(1));
    let reason = RecordWish { reason: Some(Note::parse("a test call").unwrap()), ..taken_out() };
    let second = world.changed(case.id(), &reason).await.excluded.unwrap();
    assert_eq!((second.at, second.by), (first.excluded.unwrap().at, by()));
    assert_eq!(second.reason, reason.reason);
    assert_eq!(world.reported(&asked(FROM, TO)).await.total.get(Measure::Excluded), 1);
    world.changed(case.id(), &put_back()).await;
    assert_eq!(world.changed(case.id(), &put_back()).await.excluded, None);
    assert_eq!(world.reported(&asked(FROM, TO)).await.total.sessions(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_note_changes_the_record_and_no_figure_and_the_ticket_keeps_its_comment() {
    let world = TestWorld::connected().await;
    let case = world.helped(play_of("T1"), 60).await;
    let before = world.reported(&asked(FROM, TO)).await;
    assert_eq!(world.changed(case.id(), &noted("later")).await.note, Note::parse("later").ok());
    let without = RecordWish { note: Some(None), ..RecordWish::default() };
    assert_eq!(world.changed(case.id(), &without).await.note, None);
    assert_eq!(world.reported(&asked(FROM, TO)).await, before);
    assert_eq!(world.case(&acme(), case.id()).await, case);
}

#[tokio::test(start_paused = true)]
async fn what_has_no_record_can_not_be_changed() {
    let world = TestWorld::connected().await;
    let live = world.opened("T1").await;
    for case in [live.id(), CaseId::new(Uuid::nil())] {
        let refused = change_record(&world.desk(&acme()).await, case, &taken_out()).await;
        assert!(matches!(refused, Err(ChangeRecordError::NotFound)), "{refused:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_process_that_dies_while_it_takes_a_session_out_leaves_all_of_it_or_nothing() {
    for (call, mishap) in (0..3).flat_map(|call| [(call, Mishap::CrashBefore), (call, Mishap::CrashAfter)]) {
        let world = TestWorld::connected().await;
        let case = world.helped(play_of("T1"), 60).await;
        let (desk, wish) = (world.desk(&acme()).await, taken_out());
        world.engine.light(Some((call, mishap)));
        tokio::select! {
            biased;
            () = world.engine.crash() => {}
            _ = change_record(&desk, case.id(), &wish) => {}
        }
        world.engine.light(None);
        figures_are_right(&world, &acme(), &world.records(&acme()).await).await.unwrap();
        let out = world.changed(case.id(), &taken_out()).await;
        assert!(out.excluded.is_some(), "{mishap:?} at {call}");
        assert_eq!(world.reported(&asked(FROM, TO)).await.total.get(Measure::Excluded), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn of_two_who_change_a_record_at_once_the_feed_tells_the_second_last() {
    for seed in 0..12 {
        let world = TestWorld::connected_at(Beginning { seed, ..Beginning::default() }).await;
        let readers = Readers::of([acme()]);
        let case = world.helped(play_of("T1"), 60).await;
        let desk = world.desk(&acme()).await;
        let (out, back, note) = (taken_out(), put_back(), noted("so it was"));
        let (one, other, third) = join!(
            change_record(&desk, case.id(), &out),
            change_record(&desk, case.id(), &note),
            change_record(&desk, case.id(), &back),
        );
        assert!(one.is_ok() && other.is_ok() && third.is_ok());
        world.work_through(TimeDelta::seconds(10), TimeDelta::seconds(5)).await;
        readers.have_read_everything(&world, 100).await.unwrap();
        let (cases, records) = ([world.case(&acme(), case.id()).await], world.records(&acme()).await);
        the_feed_tells_everything(&readers.of_account(&acme()), &cases, &records).unwrap();
    }
}
