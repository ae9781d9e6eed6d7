//! Reads by key, and stretches of partitions.
#![expect(clippy::unwrap_used, reason = "a test ends where it is surprised")]

mod table;

use casebridge_store::{Engine, Guard, Index, IndexEntry, Item, Order, Query, Rows, Write, Written};
use casebridge_store_dynamodb::schema;
use casebridge_tests::fault_proxy::Operation;
use table::{Table, all, due, key, put, read, there_are, thing};

fn sorts(rows: &Rows) -> Vec<&str> {
    rows.items.iter().map(|item| item.key.sort.as_str()).collect()
}

#[tokio::test]
async fn items_come_in_the_order_of_the_keys_and_in_one_call() {
    let table = Table::new().await;
    let things: Vec<Item> = (0..99).map(|n| thing(&format!("{n}"), n)).collect();
    there_are(&table.engine, &things).await;
    let (proxy, engine) = table.behind_proxy().await;
    let mut keys: Vec<_> = things.iter().rev().map(|thing| thing.key.clone()).collect();
    keys.insert(50, key("things", "nothing"));
    let mut expected: Vec<_> = things.into_iter().rev().map(Some).collect();
    expected.insert(50, None);
    assert_eq!(engine.read(&keys).await.unwrap(), expected);
    assert_eq!(engine.read(&keys[..1]).await.unwrap(), expected[..1]);
    assert_eq!(engine.read(&[]).await.unwrap(), []);
    assert_eq!(proxy.counts().reads(), 2);
}

#[tokio::test]
async fn more_than_a_batch_may_bring_comes_all_the_same() {
    let table = Table::new().await;
    let large = |n: u64| Item { body: "x".repeat(380 * 1024), ..thing(&format!("{n:02}"), n) };
    let things: Vec<Item> = (0..50).map(large).collect();
    for few in things.chunks(10) {
        there_are(&table.engine, few).await;
    }
    let keys: Vec<_> = things.iter().map(|thing| thing.key.clone()).collect();
    let found = table.engine.read(&keys).await.unwrap();
    assert!(found.iter().flatten().eq(things.iter()), "{} found", found.iter().flatten().count());
}

#[tokio::test]
async fn text_of_any_script_comes_back_and_is_ordered_by_its_bytes() {
    let table = Table::new().await;
    // By UTF-16 the clef would come before the last but one.
    let sorts = ["A", "a", "a\u{0}", "aa", "é", "日本", "\u{ffff}", "\u{1d11e}"];
    let things =
        sorts.map(|sort| Item { holder: Some(sort.to_owned()), body: format!("\"{sort}\""), ..thing(sort, 1) });
    there_are(&table.engine, &things).await;
    let rows = table.engine.query(&all("things")).await.unwrap();
    assert_eq!(rows.items, things);
}

/// All stretches, limits and directions over a few items, held against a list in memory.
async fn stretches_are_exact(index: Option<Index>, partition: &str, items: &[Item], table: &Table) {
    let place = |item: &Item| match index {
        None => item.key.sort.clone(),
        Some(_) => item.indexed[0].sort.clone(),
    };
    let bounds = [None, Some(""), Some("a"), Some("b"), Some("bb"), Some("d"), Some("z")];
    for from in bounds {
        for to in bounds {
            for order in [Order::Ascending, Order::Descending] {
                for limit in 0..=items.len() + 1 {
                    let (from, to) = (from.map(str::to_owned), to.map(str::to_owned));
                    let query = Query { index, partition: partition.to_owned(), from, to, order, limit };
                    let mut expected: Vec<String> = items.iter().map(place).collect();
                    expected.retain(|place| {
                        query.from.as_ref().is_none_or(|from| place >= from)
                            && query.to.as_ref().is_none_or(|to| place < to)
                    });
                    if order == Order::Descending {
                        expected.reverse();
                    }
                    let more = expected.len() > limit;
                    expected.truncate(limit);
                    let rows = table.engine.query(&query).await.unwrap();
                    assert_eq!(rows.items.iter().map(place).collect::<Vec<_>>(), expected, "{query:?}");
                    // Going down, an index may begin with many items at the end that is left out.
                    let may_err = index.is_some() && order == Order::Descending && query.to.is_some();
                    assert!(rows.more == more || rows.more && may_err, "{query:?}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_stretch_of_the_table_has_its_start_but_not_its_end() {
    let table = Table::new().await;
    let items = ["a", "b", "c", "d"].map(|sort| thing(sort, 1));
    there_are(&table.engine, &items).await;
    there_are(&table.engine, &[Item { key: key("others", "b"), ..thing("b", 1) }]).await;
    stretches_are_exact(None, "things", &items, &table).await;
}

#[tokio::test]
async fn a_stretch_of_an_index_has_its_start_but_not_its_end_though_places_repeat() {
    let table = Table::new().await;
    let items =
        [("1", "a"), ("2", "b"), ("3", "b"), ("4", "d"), ("5", "d"), ("6", "d")].map(|(sort, at)| due(sort, at));
    there_are(&table.engine, &items).await;
    there_are(&table.engine, &[thing("7", 1)]).await;
    stretches_are_exact(Some(Index::Due), "soon", &items, &table).await;
}

#[tokio::test]
async fn pages_of_the_services_own_are_followed_until_the_limit() {
    let table = Table::new().await;
    let large = |n: u64| Item { body: "x".repeat(300 * 1024), ..thing(&format!("{n:02}"), n) };
    let things: Vec<Item> = (0..11).map(large).collect();
    for few in things.chunks(6) {
        there_are(&table.engine, few).await;
    }
    let (proxy, engine) = table.behind_proxy().await;
    let everything = engine.query(&all("things")).await.unwrap();
    assert!(everything.items == things && !everything.more);
    // Some three and a half of these make the megabyte at which a page ends.
    assert!((3..=4).contains(&proxy.counts().of(Operation::Query)), "{:?}", proxy.counts());

    let some = engine.query(&Query { limit: 5, order: Order::Descending, ..all("things") }).await.unwrap();
    assert_eq!(sorts(&some), ["10", "09", "08", "07", "06"]);
    assert!(some.more);
    proxy.reset_counts();
    let few = engine.query(&Query { limit: 2, ..all("things") }).await.unwrap();
    assert_eq!((sorts(&few), few.more), (vec!["00", "01"], true));
    assert_eq!(proxy.counts().of(Operation::Query), 1);
}

#[tokio::test]
async fn an_index_holds_an_item_only_while_it_has_an_entry() {
    let table = Table::new().await;
    let entry = |index| IndexEntry { index, partition: "p".to_owned(), sort: "s".to_owned() };
    let everywhere = Item { indexed: schema::INDEXES.map(entry).into(), ..thing("a", 1) };
    for (item, holds) in [(everywhere, true), (thing("a", 2), false)] {
        there_are(&table.engine, std::slice::from_ref(&item)).await;
        for index in schema::INDEXES {
            let found = table.engine.query(&Query { index: Some(index), ..all("p") }).await.unwrap();
            assert_eq!(found.items, if holds { vec![item.clone()] } else { Vec::new() }, "{index:?}");
        }
    }
}

#[tokio::test]
async fn what_has_expired_is_still_there_for_the_caller_to_judge() {
    let table = Table::new().await;
    let expired = Item { expires: Some(1), held_until: Some(1), ..thing("a", 1) };
    there_are(&table.engine, std::slice::from_ref(&expired)).await;
    assert_eq!(read(&table.engine, "a").await.as_ref(), Some(&expired));
    let delete = Write::Delete(expired.key.clone(), Guard::Absent);
    assert_eq!(table.engine.write(vec![delete]).await.unwrap(), Written::Refused(vec![(0, Some(expired))]));
    let next = put(&thing("a", 2), Guard::Free { now: 2 });
    assert_eq!(table.engine.write(vec![next]).await.unwrap(), Written::Done);
}
