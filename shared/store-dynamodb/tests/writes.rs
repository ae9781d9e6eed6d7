//! Guards, and all or nothing.

mod table;

use casebridge_store::{Engine, EngineError, Guard, Item, Write, Written};
use futures::future::join_all;
use table::{Table, key, put, read, there_are, thing};

fn held(until: Option<i64>) -> Item {
    Item { holder: Some("me".into()), held_until: until, ..thing("there", 1) }
}

#[tokio::test]
async fn a_guard_decides_by_what_is_there_and_a_refusal_brings_it() {
    let table = Table::new().await;
    let me = || Guard::HeldBy("me".into());
    let cases = [
        (None, Guard::Any, true),
        (None, Guard::Absent, true),
        (None, Guard::Revision(0), false),
        (None, Guard::Free { now: 5 }, true),
        (None, me(), false),
        (Some(thing("there", 1)), Guard::Any, true),
        (Some(thing("there", 1)), Guard::Absent, false),
        (Some(thing("there", 1)), Guard::Revision(1), true),
        (Some(thing("there", 10)), Guard::Revision(1), false),
        (Some(thing("there", u64::MAX)), Guard::Revision(u64::MAX), true),
        (Some(thing("there", u64::MAX)), Guard::Revision(u64::MAX - 1), false),
        (Some(thing("there", 1)), Guard::Free { now: 5 }, true),
        (Some(held(Some(5))), Guard::Free { now: 5 }, true),
        (Some(held(Some(6))), Guard::Free { now: 5 }, false),
        (Some(held(Some(i64::MAX))), Guard::Free { now: i64::MAX - 1 }, false),
        (Some(held(Some(-10))), Guard::Free { now: -9 }, true),
        (Some(held(None)), Guard::Free { now: 5 }, true),
        (Some(held(Some(6))), me(), true),
        (Some(held(None)), Guard::HeldBy("m".into()), false),
        (Some(thing("there", 1)), me(), false),
    ];
    for (there, guard, passes) in cases {
        let writes = [
            put(&thing("there", 7), guard.clone()),
            Write::Delete(key("things", "there"), guard.clone()),
            Write::Check(key("things", "there"), guard.clone()),
        ];
        let then = [Some(thing("there", 7)), None, there.clone()];
        for (write, then) in writes.into_iter().zip(then) {
            let case = format!("{write:?} on {there:?}");
            let clean = there
                .as_ref()
                .map_or(Write::Delete(key("things", "there"), Guard::Any), |there| put(there, Guard::Any));
            assert_eq!(table.engine.write(vec![clean]).await.unwrap(), Written::Done);
            let written = table.engine.write(vec![write]).await.unwrap();
            let expected = if passes { Written::Done } else { Written::Refused(vec![(0, there.clone())]) };
            assert_eq!(written, expected, "{case}");
            assert_eq!(read(&table.engine, "there").await, if passes { then } else { there.clone() }, "{case}");
        }
    }
}

#[tokio::test]
async fn a_refused_write_leaves_nothing_and_names_every_guard_that_failed() {
    let table = Table::new().await;
    there_are(&table.engine, &[thing("b", 1), thing("d", 1), thing("e", 1)]).await;
    let writes = vec![
        Write::Check(key("things", "x"), Guard::Any),
        put(&thing("a", 1), Guard::Absent),
        put(&thing("b", 2), Guard::Revision(7)),
        Write::Delete(key("things", "c"), Guard::Revision(1)),
        Write::Delete(key("things", "d"), Guard::Revision(1)),
        Write::Check(key("things", "e"), Guard::Absent),
    ];
    let written = table.engine.write(writes).await.unwrap();
    assert_eq!(written, Written::Refused(vec![(2, Some(thing("b", 1))), (3, None), (5, Some(thing("e", 1)))]));
    assert_eq!(read(&table.engine, "a").await, None);
    assert_eq!(read(&table.engine, "b").await, Some(thing("b", 1)));
    assert_eq!(read(&table.engine, "d").await, Some(thing("d", 1)));
}

#[tokio::test]
async fn a_write_of_twenty_five_parts_is_kept_whole() {
    let table = Table::new().await;
    let things: Vec<Item> = (0..25).map(|n| thing(&n.to_string(), 1)).collect();
    let writes = || things.iter().map(|thing| put(thing, Guard::Absent)).collect();
    assert_eq!(table.engine.write(writes()).await.unwrap(), Written::Done);
    let Written::Refused(there) = table.engine.write(writes()).await.unwrap() else { panic!("written twice") };
    assert_eq!(there, things.into_iter().map(Some).enumerate().collect::<Vec<_>>());
}

#[tokio::test]
async fn a_write_that_says_nothing_is_done() {
    let table = Table::new().await;
    assert_eq!(table.engine.write(Vec::new()).await.unwrap(), Written::Done);
    let nothing = vec![Write::Check(key("things", "a"), Guard::Any)];
    assert_eq!(table.engine.write(nothing).await.unwrap(), Written::Done);
}

#[tokio::test]
async fn of_many_that_put_what_is_not_there_one_wins() {
    let table = Table::new().await;
    let writers = (0..32).map(async |n| table.engine.write(vec![put(&thing("a", n), Guard::Absent)]).await.unwrap());
    let written = join_all(writers).await;
    let winners: Vec<_> = (0..32).zip(&written).filter(|(_, written)| **written == Written::Done).collect();
    let &[(winner, _)] = winners.as_slice() else { panic!("{} winners", winners.len()) };
    let there = Written::Refused(vec![(0, Some(thing("a", winner)))]);
    assert!(written.iter().all(|written| *written == Written::Done || *written == there));
}

#[tokio::test]
async fn what_is_too_large_is_said_so_and_left_out() {
    let table = Table::new().await;
    let large = Item { body: "x".repeat(410 * 1024), ..thing("large", 1) };
    let error = table.engine.write(vec![put(&large, Guard::Absent)]).await.unwrap_err();
    assert!(matches!(error, EngineError::TooLarge), "{error:?}");
    assert_eq!(read(&table.engine, "large").await, None);
}
