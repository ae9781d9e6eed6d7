//! The bad days: conflicts, throttling, lost requests and answers, nobody there.
#![expect(clippy::unwrap_used, reason = "a test ends where it is surprised")]

mod table;

use std::time::{Duration, Instant};

use casebridge_store::{Engine, EngineError, Guard, Item, Query, Write, Written};
use casebridge_store_dynamodb::{DynamoEngine, Patience, create_table};
use casebridge_tests::{
    dynamodb::DynamoDb,
    fault_proxy::{Fault, Operation, Rates},
};
use futures::future::join_all;
use table::{Table, add, all, chain, engine, key, put, read, there_are, thing};

const TRANSACTION: Operation = Operation::TransactWriteItems;

fn unavailable(error: &EngineError) -> String {
    assert!(matches!(error, EngineError::Unavailable(_)), "{error:?}");
    chain(error)
}

#[tokio::test]
async fn a_write_whose_answer_got_lost_is_done_and_done_once() {
    let table = Table::new().await;
    let (proxy, engine) = table.behind_proxy().await;
    for fault in [Fault::AnswerLost, Fault::AnswerIsInternalError] {
        there_are(&table.engine, &[thing("old", 1)]).await;
        let writes = [
            (put(&thing("new", 1), Guard::Absent), Some(thing("new", 1))),
            (put(&thing("new", 2), Guard::Revision(1)), Some(thing("new", 2))),
            (Write::Delete(key("things", "new"), Guard::Revision(2)), None),
        ];
        for (write, then) in writes {
            proxy.on_next(TRANSACTION, fault);
            proxy.reset_counts();
            assert_eq!(engine.write(vec![write.clone()]).await.unwrap(), Written::Done, "{fault:?} {write:?}");
            assert_eq!(read(&table.engine, "new").await, then);
            assert_eq!(proxy.counts().writes(), 2);
        }
    }
}

#[tokio::test]
async fn an_addition_whose_answer_got_lost_counts_once() {
    let table = Table::new().await;
    let (proxy, engine) = table.behind_proxy().await;
    for (round, fault) in (1..).zip([Fault::AnswerLost, Fault::AnswerIsInternalError, Fault::Conflict { item: 0 }]) {
        proxy.on_next(TRANSACTION, fault);
        proxy.reset_counts();
        assert_eq!(engine.write(vec![add("counts", 1)]).await.unwrap(), Written::Done, "{fault:?}");
        assert_eq!(proxy.counts().writes(), 2);
        let body = read(&table.engine, "counts").await.unwrap().body;
        assert_eq!(body, format!(r#"{{"counters":{{"n":{round}}},"labels":{{}}}}"#));
    }
}

#[tokio::test]
async fn the_same_write_by_somebody_else_is_refused_though_it_looks_the_same() {
    let table = Table::new().await;
    let (proxy, engine) = table.behind_proxy().await;
    there_are(&table.engine, &[thing("a", 1)]).await;
    proxy.on_next(TRANSACTION, Fault::Conflict { item: 0 });
    let again = engine.write(vec![put(&thing("a", 1), Guard::Absent)]).await.unwrap();
    assert_eq!(again, Written::Refused(vec![(0, Some(thing("a", 1)))]));
}

/// The case that a put with a condition would get wrong.
#[tokio::test]
async fn a_lost_answer_is_done_even_if_somebody_wrote_on_top_before_the_second_try() {
    let table = Table::new().await;
    let (proxy, engine) = table.behind_proxy().await;
    let slow = Duration::from_millis(400);
    let engine = engine.with_patience(Patience { first_pause: slow, longest_pause: slow, ..Patience::default() });
    for (round, guard) in (0..8).zip([Guard::Absent, Guard::Any].into_iter().cycle()) {
        let name = round.to_string();
        proxy.on_next(TRANSACTION, Fault::AnswerLost);
        let first = engine.write(vec![put(&thing(&name, 1), guard)]);
        let on_top = async {
            while read(&table.engine, &name).await.is_none() {
                tokio::task::yield_now().await;
            }
            table.engine.write(vec![put(&thing(&name, 2), Guard::Revision(1))]).await
        };
        let (first, on_top) = tokio::join!(first, on_top);
        assert_eq!((first.unwrap(), on_top.unwrap()), (Written::Done, Written::Done));
        assert_eq!(read(&table.engine, &name).await, Some(thing(&name, 2)));
    }
}

/// Adds one to a counter, and marks it in the same write. Two who count at once want to put the very same counter, so
/// that nobody can tell by looking at it who did.
async fn count(engine: &DynamoEngine, who: usize) {
    loop {
        let counter = read(engine, "counter").await.unwrap();
        let next = Item { revision: counter.revision + 1, ..counter.clone() };
        let mark = put(&thing(&format!("mark/{who}"), next.revision), Guard::Any);
        match engine.write(vec![put(&next, Guard::Revision(counter.revision)), mark]).await.unwrap() {
            Written::Done => return,
            Written::Refused(there) => assert_eq!(there[0].0, 0),
        }
    }
}

#[tokio::test]
async fn a_counter_counts_right_whatever_goes_wrong() {
    let table = Table::new().await;
    let (proxy, engine) = table.behind_proxy().await;
    there_are(&table.engine, &[thing("counter", 1000)]).await;
    proxy.at_random(
        7,
        Rates { conflicts: 100, throttles: 50, lost_requests: 50, lost_answers: 150, stale_index_reads: 0 },
    );
    join_all((0..8).map(async |who| {
        for _ in 0..4 {
            count(&engine, who).await;
        }
    }))
    .await;
    assert!(proxy.counts().faults() > 20, "{:?}", proxy.counts());
    assert_eq!(read(&table.engine, "counter").await.unwrap().revision, 1032);
}

#[tokio::test]
async fn sixty_four_writers_of_one_item_all_get_through_conflicts() {
    let table = Table::new().await;
    let (proxy, engine) = table.behind_proxy().await;
    proxy.at_random(3, Rates { conflicts: 300, lost_answers: 50, ..Rates::default() });
    let writers = (0..64).map(async |n| {
        let own = put(&thing(&format!("own/{n}"), 1), Guard::Absent);
        engine.write(vec![own, put(&thing("shared", n), Guard::Any)]).await
    });
    let written = join_all(writers).await;
    assert!(written.iter().all(|written| matches!(written, Ok(Written::Done))), "{written:?}");
    let own = Query { from: Some("own/".into()), to: Some("own0".into()), ..all("things") };
    assert_eq!(table.engine.query(&own).await.unwrap().items.len(), 64);
}

#[tokio::test]
async fn sixty_four_writers_that_add_to_three_items_all_count_once_through_conflicts() {
    let table = Table::new().await;
    let (proxy, engine) = table.behind_proxy().await;
    proxy.at_random(5, Rates { conflicts: 300, throttles: 50, lost_answers: 100, ..Rates::default() });
    let writers = (0..64).map(async |n| {
        let mut writes = vec![put(&thing(&format!("own/{n}"), 1), Guard::Absent)];
        writes.extend(["a", "b", "c"].map(|shared| add(shared, n)));
        engine.write(writes).await
    });
    let written = join_all(writers).await;
    assert!(written.iter().all(|written| matches!(written, Ok(Written::Done))), "{written:?}");
    assert!(proxy.counts().faults() > 20, "{:?}", proxy.counts());
    for shared in ["a", "b", "c"] {
        assert_eq!(read(&table.engine, shared).await.unwrap().body, r#"{"counters":{"n":64},"labels":{}}"#);
    }
}

#[tokio::test]
async fn reads_go_on_after_throttling_and_lost_requests() {
    let table = Table::new().await;
    there_are(&table.engine, &[thing("a", 1), thing("b", 1)]).await;
    let (proxy, engine) = table.behind_proxy().await;
    for fault in [Fault::Throttled, Fault::OverThroughput, Fault::RequestLost, Fault::AnswerIsInternalError] {
        for operation in [Operation::GetItem, Operation::BatchGetItem, Operation::Query] {
            proxy.on_next(operation, fault);
        }
        assert_eq!(read(&engine, "a").await, Some(thing("a", 1)));
        let both = engine.read(&[key("things", "b"), key("things", "a")]).await.unwrap();
        assert_eq!(both, [Some(thing("b", 1)), Some(thing("a", 1))]);
        assert_eq!(engine.query(&all("things")).await.unwrap().items.len(), 2);
    }
    assert_eq!(proxy.counts().faults(), 12);
}

#[tokio::test]
async fn a_conflict_that_does_not_end_is_given_up_and_leaves_nothing() {
    let table = Table::new().await;
    let (proxy, engine) = table.behind_proxy().await;
    proxy.at_random(1, Rates { conflicts: 1000, ..Rates::default() });
    let engine = engine.with_patience(Patience { attempts: 4, ..Patience::default() });
    let error = engine.write(vec![put(&thing("a", 1), Guard::Absent)]).await.unwrap_err();
    let said = unavailable(&error);
    assert!(said.contains("TransactWriteItems did not get through in 4 tries: TransactionConflict"), "{said}");
    assert_eq!(proxy.counts().writes(), 4);
    assert_eq!(read(&table.engine, "a").await, None);
}

#[tokio::test]
async fn nobody_there_is_said_in_time() {
    let dynamodb = DynamoDb::start().await.unwrap();
    dynamodb.kill().await;
    let engine = engine(&dynamodb.url());
    let started = Instant::now();
    let said = unavailable(&engine.read(&[key("things", "a")]).await.unwrap_err());
    assert!(said.contains("GetItem did not get through"), "{said}");
    assert!(started.elapsed() < Duration::from_secs(4), "{:?}", started.elapsed());
    engine.connect_eagerly().await;
}

#[tokio::test]
async fn a_table_that_is_not_there_is_said_at_once_with_what_to_mend() {
    let table = Table::new().await;
    let (proxy, _) = table.behind_proxy().await;
    let client = casebridge_store_dynamodb::client(&table::access(&proxy.url()), table::http());
    let elsewhere = DynamoEngine::new(client.clone(), "elsewhere", std::sync::Arc::new(table::Chance::default()));
    let errors = [
        elsewhere.read(&[key("things", "a")]).await.unwrap_err(),
        elsewhere.query(&all("things")).await.unwrap_err(),
        elsewhere.write(vec![put(&thing("a", 1), Guard::Any)]).await.unwrap_err(),
    ];
    for error in errors {
        let said = unavailable(&error);
        assert!(said.contains("table elsewhere: it is not there, or not in this region"), "{said}");
    }
    assert_eq!(proxy.counts().reads() + proxy.counts().writes(), 3);
    create_table(&client, "elsewhere").await.unwrap();
    assert_eq!(elsewhere.write(vec![put(&thing("a", 1), Guard::Absent)]).await.unwrap(), Written::Done);
}

#[tokio::test]
async fn connecting_early_is_one_call_that_leaves_nothing() {
    let table = Table::new().await;
    let (proxy, engine) = table.behind_proxy().await;
    engine.connect_eagerly().await;
    proxy.on_next(Operation::GetItem, Fault::RequestLost);
    engine.connect_eagerly().await;
    assert_eq!((proxy.counts().reads(), proxy.counts().writes()), (2, 0));
}

#[tokio::test]
async fn what_was_written_is_there_after_a_power_cut() {
    let mut table = Table::new().await;
    there_are(&table.engine, &[thing("a", 1)]).await;
    table.dynamodb.restart().await.unwrap();
    assert_eq!(read(&table.engine, "a").await, Some(thing("a", 1)));
}
