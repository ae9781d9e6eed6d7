//! Figures that went wrong behind our back are found and put right, whatever else goes on.

use std::collections::BTreeSet;

use casebridge_app::close_case::close_case;
use casebridge_app::records::{RecordWish, change_record};
use casebridge_app::rollups::{RollupError, Verified, rebuild, verify};
use casebridge_domain::report::{Cell, Period, Tally};
use casebridge_store::engine::Addition;
use casebridge_store::{Engine, Guard, Write, Written};
use chrono::TimeDelta;
use futures::future::join_all;
use tokio::join;

use super::asked;
use crate::oracle::figures_are_right;
use crate::world::{Beginning, Mishap, TestWorld, acme, play_of, stop, unkeyed};

impl TestWorld {
    /// Adds behind the store's back once more what was added before.
    async fn counted_twice(&self, addition: &Addition) {
        let written = self.table().write(vec![Write::Add(Box::new(addition.clone()))]).await.unwrap();
        assert_eq!(written, Written::Done);
    }

    async fn verified(&self) -> Verified {
        verify(&self.desk(&acme()).await).await.unwrap()
    }

    async fn has_right_figures(&self) {
        figures_are_right(self, &acme(), &self.records(&acme()).await).await.unwrap();
        self.reported(&asked("2026-01-01", "2027-01-01")).await;
    }
}

fn less(tally: Tally) -> Tally {
    let mut less = Tally::default();
    less -= tally;
    less
}

#[tokio::test(start_paused = true)]
async fn what_was_counted_twice_is_named_exactly_and_put_right() {
    let world = TestWorld::connected().await;
    world.helped(play_of("T1"), 60).await;
    let [record] = world.records(&acme()).await.try_into().unwrap();
    let mut named = BTreeSet::new();
    for addition in world.engine.additions() {
        world.counted_twice(&addition).await;
        let [(place, cells)] = Vec::from_iter(world.verified().await.differences).try_into().unwrap();
        assert_eq!(cells[&Cell::All], less(Tally::of(&record)), "{place:?}");
        assert_eq!(rebuild(&world.desk(&acme()).await).await.unwrap().verified.differences.len(), 1);
        world.has_right_figures().await;
        named.insert(place);
    }
    let of = |period| named.iter().filter(|(named, _)| *named == period).count();
    assert_eq!((named.len(), Period::all_of(record.day).map(of)), (6, [2; 3]), "{named:?}");
}

#[tokio::test(start_paused = true)]
async fn figures_that_are_gone_are_counted_again() {
    let world = TestWorld::connected().await;
    for ticket in ["T1", "T2", "T3"] {
        world.helped(play_of(ticket), 60).await;
        world.advance(TimeDelta::hours(9));
    }
    let keys: BTreeSet<_> = world.engine.additions().into_iter().map(|addition| addition.key).collect();
    let gone = keys.into_iter().map(|key| Write::Delete(key, Guard::Any)).collect();
    assert_eq!(world.table().write(gone).await.unwrap(), Written::Done);
    assert!(!world.verified().await.differences.is_empty());
    rebuild(&world.desk(&acme()).await).await.unwrap();
    world.has_right_figures().await;
}

#[tokio::test(start_paused = true)]
async fn figures_are_put_right_while_sessions_begin_end_and_are_taken_out() {
    for seed in 0..10 {
        let world = TestWorld::connected_at(Beginning { seed, ..Beginning::default() }).await;
        let first = world.helped(play_of("T1"), 60).await;
        world.advance(TimeDelta::hours(9));
        world.helped(play_of("T1"), 60).await;
        for addition in world.engine.additions().iter().step_by(3) {
            world.counted_twice(addition).await;
        }
        let mut live = Vec::new();
        for ticket in ["T2", "T3", "T4"] {
            live.push(world.opened(ticket).await.id());
        }
        let desk = world.desk(&acme()).await;
        let out = RecordWish { excluded: Some(true), ..RecordWish::default() };
        let stops = join_all(live.into_iter().map(|case| close_case(&desk, case, unkeyed(stop()))));
        let (rebuilt, stopped, changed, _) =
            join!(rebuild(&desk), stops, change_record(&desk, first.id(), &out), world.opened("T5"));
        assert!(stopped.iter().all(Result::is_ok) && changed.is_ok());
        assert!(!rebuilt.unwrap().verified.differences.is_empty());
        world.has_right_figures().await;
    }
}

#[tokio::test(start_paused = true)]
async fn of_two_who_rebuild_at_once_one_does() {
    let world = TestWorld::connected().await;
    world.helped(play_of("T1"), 60).await;
    world.counted_twice(&world.engine.additions()[0]).await;
    let desk = world.desk(&acme()).await;
    let (one, other) = join!(rebuild(&desk), rebuild(&desk));
    assert!(matches!(
        (&one, &other),
        (Ok(_), Err(RollupError::BeingRebuilt)) | (Err(RollupError::BeingRebuilt), Ok(_))
    ));
    world.has_right_figures().await;
}

#[tokio::test(start_paused = true)]
async fn a_rebuild_that_dies_at_any_store_call_is_put_right_by_the_next() {
    for mishap in [Mishap::CrashBefore, Mishap::CrashAfter, Mishap::SilenceAfter] {
        for call in 0.. {
            let world = TestWorld::connected().await;
            world.helped(play_of("T1"), 60).await;
            for addition in world.engine.additions() {
                world.counted_twice(&addition).await;
            }
            let desk = world.desk(&acme()).await;
            world.engine.light(Some((call, mishap)));
            let through = tokio::select! {
                biased;
                () = world.engine.crash() => false,
                rebuilt = rebuild(&desk) => rebuilt.is_ok(),
            };
            world.engine.light(None);
            world.advance(TimeDelta::minutes(11));
            rebuild(&desk).await.unwrap();
            world.has_right_figures().await;
            if through {
                break;
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_was_away_while_somebody_else_rebuilt_adds_nothing_any_more() {
    for call in 0.. {
        let world = TestWorld::connected().await;
        world.helped(play_of("T1"), 60).await;
        for addition in world.engine.additions() {
            world.counted_twice(&addition).await;
        }
        let desk = world.desk(&acme()).await;
        world.engine.light(Some((call, Mishap::Wait)));
        let mut slow = Box::pin(rebuild(&desk));
        if world.engine.until_it_waits(&mut slow).await.is_none() {
            return;
        }
        world.advance(TimeDelta::minutes(11));
        rebuild(&desk).await.unwrap();
        world.engine.go_on();
        let told = slow.await;
        assert!(matches!(told, Ok(_) | Err(RollupError::BeingRebuilt)), "{told:?}");
        world.has_right_figures().await;
    }
}
