//! Vendors may name any number of values: where there is no room for more, sessions count all the same.

use std::collections::BTreeMap;

use casebridge_app::open_case::OpenCase;
use casebridge_app::records::{RecordWish, change_record};
use casebridge_domain::report::Dimension;
use casebridge_store::engine::{Addition, MOST_ADDED};
use casebridge_store::{Engine, EngineError, Write, Written};

use super::{asked, asked_by, asked_of, sessions};
use crate::oracle::figures_are_right;
use crate::world::{Facts, Helper, TestWorld, acme, play_of};

const FROM: &str = "2026-11-01";
const TO: &str = "2026-12-01";

fn of(place: u8) -> OpenCase {
    let facts = Facts { category: Some(place), kind: Some(place), priority: Some(place), source: Some(place) };
    OpenCase { subject: facts.of("T1").into(), ..play_of("T1") }
}

impl TestWorld {
    /// Fills everything that counts so far with values that nobody ever had.
    async fn no_room_for_more(&self) {
        let counting: BTreeMap<_, _> =
            self.engine.additions().into_iter().map(|addition| (addition.key.clone(), addition)).collect();
        for (place, one) in counting.into_values().enumerate() {
            for (many, length) in [(MOST_ADDED, 300), (1, 300), (1, 30), (1, 1)] {
                for round in 0.. {
                    let name = |number| format!("cC/{place} {many} {round} {number} {}", "x".repeat(length));
                    let counters = (0..many).map(|number| (name(number), 0)).collect();
                    let more = Addition { counters, labels: Vec::new(), ..one.clone() };
                    match self.table().write(vec![Write::Add(Box::new(more))]).await {
                        Ok(written) => assert_eq!(written, Written::Done),
                        Err(EngineError::TooLarge) => break,
                        Err(error) => panic!("{error}"),
                    }
                }
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn odd_values_come_back_as_they_were() {
    let world = TestWorld::connected().await;
    for place in 0..12 {
        world.helped(of(place), 60).await;
    }
    for by in [Dimension::Category, Dimension::Type, Dimension::Priority, Dimension::Source] {
        let told = world.reported(&asked_by(by, FROM, TO)).await;
        assert_eq!(sessions(&told).len(), 12, "{by:?}");
        assert!(told.elsewhere.is_nothing());
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_for_whose_values_there_is_no_room_counts_elsewhere() {
    let world = TestWorld::connected().await;
    // One after the other, until both halves of what counts were written to.
    for _ in 0..8 {
        world.helped(of(0), 60).await;
    }
    world.no_room_for_more().await;
    world.helped(of(1), 60).await;
    world.helped(of(0), 60).await;
    let told = world.reported(&asked_by(Dimension::Category, FROM, TO)).await;
    assert_eq!((sessions(&told), told.elsewhere.sessions()), (vec![(Some("Network"), 9)], 1));
    for by in [Dimension::Technician, Dimension::Day] {
        let told = world.reported(&asked_by(by, FROM, TO)).await;
        assert_eq!((told.total.sessions(), told.elsewhere.sessions()), (10, 0), "{by:?}");
    }
    assert_eq!(world.reported(&asked(FROM, TO)).await.total.sessions(), 10);
    assert_eq!(world.reported(&asked_of(Some(Helper::Tess), FROM, TO)).await.total.sessions(), 10);
    figures_are_right(&world, &acme(), &world.records(&acme()).await).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_session_that_has_to_count_in_new_ways_counts_elsewhere_where_there_is_no_room() {
    let world = TestWorld::connected().await;
    let mut cases = Vec::new();
    for _ in 0..8 {
        cases.push(world.helped(of(0), 60).await.id());
    }
    world.no_room_for_more().await;
    for excluded in [true, false] {
        let wish = RecordWish { excluded: Some(excluded), ..RecordWish::default() };
        change_record(&world.desk(&acme()).await, cases[3], &wish).await.unwrap();
        let records = world.records(&acme()).await;
        figures_are_right(&world, &acme(), &records).await.unwrap();
        for by in Dimension::ALL {
            world.reported(&asked_by(by, FROM, TO)).await;
        }
    }
}
