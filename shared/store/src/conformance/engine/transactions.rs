//! Several writes as one.

use futures::future::join_all;

use super::items::{everything, held, item, put};
use crate::conformance::Stage;
use crate::engine::{Guard, Item, MOST_WRITES, Write, Written};

/// One refused part refuses all parts.
pub async fn a_refused_part_refuses_all(stage: &Stage) {
    let (old, gone) = (item("P", "old", 1), item("P", "gone", 1));
    stage.keep(&old).await;
    stage.keep(&gone).await;
    let writes = vec![
        put(&item("P", "new", 2), Guard::Any),
        put(&item("P", "old", 2), Guard::Revision(1)),
        Write::Delete(gone.key.clone(), Guard::Any),
        put(&item("Q", "elsewhere", 2), Guard::Revision(7)),
    ];
    assert_eq!(stage.write(writes).await, Written::Refused(vec![(3, None)]));
    assert_eq!(stage.rows(&everything("P")).await.items, [gone, old]);
    assert!(stage.rows(&everything("Q")).await.items.is_empty());
}

/// Every refusal is named by its position, with what is there instead.
pub async fn refusals_name_their_positions_and_what_is_there(stage: &Stage) {
    let (taken, moved) = (held("taken", 3, "somebody", i64::MAX), item("P", "moved", 4));
    stage.keep(&taken).await;
    stage.keep(&moved).await;
    let writes = vec![
        put(&item("P", "fine", 1), Guard::Absent),
        put(&item("P", "taken", 1), Guard::Free { now: 0 }),
        Write::Delete(item("P", "missing", 1).key, Guard::HeldBy("me".to_owned())),
        put(&item("P", "also fine", 1), Guard::Any),
        Write::Check(moved.key.clone(), Guard::Revision(3)),
    ];
    assert_eq!(stage.write(writes).await, Written::Refused(vec![(1, Some(taken)), (2, None), (4, Some(moved))]));
}

/// The largest step there may be.
pub async fn a_step_of_the_most_writes_is_one_step(stage: &Stage) {
    let items: Vec<Item> = (0..MOST_WRITES).map(|n| item("P", &format!("{n:03}"), 1)).collect();
    let writes = |guard: Guard| items.iter().map(|item| put(item, guard.clone())).collect::<Vec<_>>();
    assert_eq!(stage.write(writes(Guard::Absent)).await, Written::Done);
    assert_eq!(stage.rows(&everything("P")).await.items, items);
    assert_eq!(stage.write(vec![Write::Delete(items[0].key.clone(), Guard::Any)]).await, Written::Done);
    let Written::Refused(refused) = stage.write(writes(Guard::Absent)).await else { panic!("written over") };
    assert_eq!(refused.iter().map(|(position, _)| *position).collect::<Vec<_>>(), (1..MOST_WRITES).collect::<Vec<_>>());
    assert_eq!(stage.there(&items[0].key).await, None);
}

/// Of many who make the same thing, one does.
pub async fn a_thing_is_made_by_one_of_many(stage: &Stage) {
    let made = join_all((0..32).map(|n| stage.write(vec![put(&item("P", "a", n), Guard::Absent)]))).await;
    let winners: Vec<u64> = (0..32).zip(&made).filter(|(_, made)| **made == Written::Done).map(|(n, _)| n).collect();
    let [winner] = winners[..] else { panic!("{} winners", winners.len()) };
    let there = stage.there(&item("P", "a", 0).key).await.unwrap();
    assert_eq!(there.revision, winner);
    for made in made.into_iter().filter(|made| *made != Written::Done) {
        assert_eq!(made, Written::Refused(vec![(0, Some(there.clone()))]));
    }
}

/// Nobody writes over what he has not read: 16 who count up by reading and writing lose no count.
pub async fn no_update_is_lost(stage: &Stage) {
    let counter = |count: u64| Item { body: count.to_string(), ..item("P", "counter", count) };
    stage.keep(&counter(0)).await;
    join_all((0..16).map(|_| async {
        loop {
            let read = stage.there(&counter(0).key).await.unwrap();
            let next = counter(read.body.parse::<u64>().unwrap() + 1);
            if stage.write(vec![put(&next, Guard::Revision(read.revision))]).await == Written::Done {
                return;
            }
        }
    }))
    .await;
    assert_eq!(stage.there(&counter(0).key).await, Some(counter(16)));
}

/// Steps that cross each other's items in opposite orders all come through.
pub async fn steps_that_cross_do_not_block_each_other(stage: &Stage) {
    let (a, b) = (item("P", "a", 1), item("Q", "b", 1));
    let crossing = (0..16).map(|n| {
        let mut writes = vec![put(&a, Guard::Any), put(&b, Guard::Any)];
        if n % 2 == 1 {
            writes.reverse();
        }
        stage.write(writes)
    });
    assert!(join_all(crossing).await.iter().all(|written| *written == Written::Done));
}

/// One of many moves two things at once, and nobody moves one of them alone.
pub async fn two_things_move_together(stage: &Stage) {
    let step = |n: u64| vec![put(&item("P", "a", n), Guard::Revision(0)), put(&item("Q", "b", n), Guard::Revision(0))];
    stage.keep(&item("P", "a", 0)).await;
    stage.keep(&item("Q", "b", 0)).await;
    let written = join_all((1..=16).map(|n| stage.write(step(n)))).await;
    assert_eq!(written.iter().filter(|written| **written == Written::Done).count(), 1);
    let (a, b) = (item("P", "a", 0).key, item("Q", "b", 0).key);
    assert_eq!(stage.there(&a).await.unwrap().revision, stage.there(&b).await.unwrap().revision);
}
