//! Everybody at once.

use casebridge_app::close_case::close_case;
use casebridge_app::open_case::OpenCase;
use casebridge_domain::report::Dimension;
use futures::future::join_all;

use super::{asked_by, sessions};
use crate::oracle::{Readers, figures_are_right, the_feed_tells_everything};
use crate::world::{Beginning, Facts, Ground, Helper, TestWorld, acme, play_of, stop, unkeyed};

const CASES: u8 = 64;

#[tokio::test(start_paused = true)]
async fn sixty_four_stops_at_once_all_succeed_and_all_count() {
    stop_at_once(Ground::Memory).await;
}

#[tokio::test(start_paused = true)]
async fn sixty_four_stops_at_once_all_succeed_and_all_count_on_sqlite() {
    stop_at_once(Ground::Sqlite).await;
}

#[tokio::test(start_paused = true)]
async fn sixty_four_stops_at_once_all_succeed_and_all_count_on_dynamodb_on_bad_days() {
    stop_at_once(Ground::dynamodb()).await;
}

async fn stop_at_once(ground: Ground) {
    let world = TestWorld::connected_at(Beginning { ground, ..Beginning::default() }).await;
    let readers = Readers::of([acme()]);
    let mut cases = Vec::new();
    for number in 0..CASES {
        cases.push(Box::pin(world.played(wish(number))).await.id());
    }
    let desk = world.desk(&acme()).await;
    let stops = cases.iter().map(|case| Box::pin(close_case(&desk, *case, unkeyed(stop()))));
    for stopped in join_all(stops).await {
        assert!(stopped.as_ref().is_ok_and(casebridge_domain::ServiceCase::is_settled), "{stopped:?}");
    }
    let told = world.reported(&asked_by(Dimension::Technician, "2026-11-01", "2026-12-01")).await;
    assert_eq!(sessions(&told).iter().map(|(_, sessions)| sessions).sum::<i64>(), i64::from(CASES));
    let records = world.records(&acme()).await;
    figures_are_right(&world, &acme(), &records).await.unwrap();

    world.work().await;
    world.work().await;
    readers.have_read_everything(&world, 50).await.unwrap();
    let mut kept = Vec::new();
    for case in cases {
        kept.push(world.case(&acme(), case).await);
    }
    the_feed_tells_everything(&readers.of_account(&acme()), &kept, &records).unwrap();
}

/// Each case on a ticket of its own, with facts and hands as they come.
fn wish(number: u8) -> OpenCase {
    let facts = Facts { category: Some(number), kind: Some(number / 3), priority: None, source: Some(number / 7) };
    let technician = Helper::ALL.get(usize::from(number) % 4).map(|helper| helper.as_technician());
    let id = format!("T{number}");
    OpenCase { subject: facts.of(&id).into(), technician, ..play_of(&id) }
}
