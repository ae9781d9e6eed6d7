//! The sparse indexes.

use super::items::{everything, indexed, item, put, sorts};
use crate::conformance::Stage;
use crate::engine::{Guard, Index, IndexEntry, Item, Order, Query, Write, Written};

const ALL: [Index; 3] = [Index::Due, Index::Unsettled, Index::Code];

fn of(index: Index, partition: &str) -> Query {
    Query { index: Some(index), ..everything(partition) }
}

/// An item is in an index as long as it has an entry there, where the entry says.
pub async fn an_item_enters_moves_within_and_leaves_an_index(stage: &Stage) {
    for index in ALL {
        let first = indexed("a", index, "one", "1");
        stage.keep(&first).await;
        stage.settle_indexes().await;
        assert_eq!(stage.rows(&of(index, "one")).await.items, [first], "{index:?}");
        let moved = indexed("a", index, "two", "2");
        stage.keep(&moved).await;
        stage.settle_indexes().await;
        assert!(stage.rows(&of(index, "one")).await.items.is_empty(), "{index:?}");
        assert_eq!(stage.rows(&of(index, "two")).await.items, [moved], "{index:?}");
        stage.keep(&item("P", "a", 3)).await;
        stage.settle_indexes().await;
        assert!(stage.rows(&of(index, "two")).await.items.is_empty(), "{index:?}");
    }
}

/// A deleted item is in no index.
pub async fn a_deleted_item_leaves_its_indexes(stage: &Stage) {
    let item = indexed("a", Index::Due, "due", "1");
    stage.keep(&item).await;
    assert_eq!(stage.write(vec![Write::Delete(item.key.clone(), Guard::Any)]).await, Written::Done);
    stage.settle_indexes().await;
    assert!(stage.rows(&of(Index::Due, "due")).await.items.is_empty());
}

/// A write that was refused is in no index either.
pub async fn a_refused_write_enters_no_index(stage: &Stage) {
    stage.keep(&item("P", "a", 1)).await;
    let refused = stage.write(vec![put(&indexed("a", Index::Due, "due", "1"), Guard::Absent)]).await;
    assert_ne!(refused, Written::Done);
    stage.settle_indexes().await;
    assert!(stage.rows(&of(Index::Due, "due")).await.items.is_empty());
}

/// The indexes don't mix, nor do an index and the table.
pub async fn an_item_may_be_in_several_indexes(stage: &Stage) {
    let places = ["x", "y", "z"];
    let entries = ALL.iter().zip(places);
    let entries =
        entries.map(|(index, sort)| IndexEntry { index: *index, partition: "I".to_owned(), sort: sort.to_owned() });
    let whole = Item { indexed: entries.collect(), ..item("P", "a", 1) };
    stage.keep(&whole).await;
    stage.settle_indexes().await;
    for (index, place) in ALL.into_iter().zip(places) {
        let at = |from: &str| Query { from: Some(from.to_owned()), ..of(index, "I") };
        assert_eq!(sorts(&stage.rows(&at(place)).await), ["a"], "{index:?}");
        assert!(stage.rows(&at(&format!("{place}!"))).await.items.is_empty(), "{index:?}");
    }
    assert!(stage.rows(&everything("I")).await.items.is_empty());
}

/// Order, stretch, limit and `more` are those of the index's places.
pub async fn an_index_has_an_order_of_its_own(stage: &Stage) {
    for (sort, place) in [("e", "1"), ("d", "2"), ("c", "3"), ("b", "4"), ("a", "5")] {
        stage.keep(&indexed(sort, Index::Unsettled, "I", place)).await;
    }
    stage.settle_indexes().await;
    let all = of(Index::Unsettled, "I");
    assert_eq!(sorts(&stage.rows(&all).await), ["e", "d", "c", "b", "a"]);
    let middle = Query { from: Some("2".to_owned()), to: Some("4".to_owned()), ..all.clone() };
    assert_eq!(sorts(&stage.rows(&middle).await), ["d", "c"]);
    let newest = Query { order: Order::Descending, limit: 2, ..all };
    let rows = stage.rows(&newest).await;
    assert_eq!(sorts(&rows), ["a", "b"]);
    assert!(rows.more);
}
