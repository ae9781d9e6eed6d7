//! Stretches of a partition.

use super::items::{everything, item, key, sorts};
use crate::conformance::Stage;
use crate::engine::{Item, Order, Query};

async fn keep_all(stage: &Stage, partition: &str, sorts: &[&str]) {
    for sort in sorts {
        stage.keep(&item(partition, sort, 1)).await;
    }
}

/// The order is that of UTF-8 bytes, both ways.
pub async fn rows_come_in_the_order_of_their_bytes(stage: &Stage) {
    let ordered = ["#", "0", "10", "2", "A", "Z", "a", "a#", "ab", "z", "~", "é", "中", "\u{FFFD}", "\u{1F5A8}"];
    let mixed: Vec<&str> = ordered.iter().rev().copied().collect();
    keep_all(stage, "P", &mixed).await;
    assert_eq!(sorts(&stage.rows(&everything("P")).await), ordered);
    let backwards = Query { order: Order::Descending, ..everything("P") };
    assert_eq!(sorts(&stage.rows(&backwards).await), mixed);
}

/// `from` is included, `to` is not, in both orders.
pub async fn a_stretch_begins_with_from_and_ends_before_to(stage: &Stage) {
    keep_all(stage, "P", &["a", "b", "c", "d", "e"]).await;
    let stretch = |from: Option<&str>, to: Option<&str>| Query {
        from: from.map(str::to_owned),
        to: to.map(str::to_owned),
        ..everything("P")
    };
    let whole = [
        (stretch(Some("b"), Some("d")), vec!["b", "c"]),
        (stretch(Some("b"), None), vec!["b", "c", "d", "e"]),
        (stretch(None, Some("d")), vec!["a", "b", "c"]),
        (stretch(Some("bb"), Some("dd")), vec!["c", "d"]),
        (stretch(Some("x"), None), vec![]),
        (stretch(None, Some("a")), vec![]),
        (stretch(Some("b"), Some("b")), vec![]),
    ];
    for (query, mut expected) in whole {
        assert_eq!(sorts(&stage.rows(&query).await), expected, "{query:?}");
        let query = Query { order: Order::Descending, ..query };
        expected.reverse();
        assert_eq!(sorts(&stage.rows(&query).await), expected, "{query:?}");
    }
}

/// A limit cuts, and says that there is more; narrowing the query goes on without gap or repetition.
pub async fn pages_follow_each_other_without_gap(stage: &Stage) {
    let all = ["a", "b", "c", "d", "e", "f", "g"];
    keep_all(stage, "P", &all).await;
    let mut seen = Vec::new();
    let mut query = Query { limit: 3, ..everything("P") };
    loop {
        let rows = stage.rows(&query).await;
        assert!(rows.items.len() <= 3);
        assert!(rows.items.len() == 3 || !rows.more, "a page is full while there is more");
        seen.extend(sorts(&rows).into_iter().map(str::to_owned));
        if !rows.more {
            break;
        }
        query.from = seen.last().map(|last| format!("{last}!"));
    }
    assert_eq!(seen, all);
    let mut seen = Vec::new();
    let mut query = Query { limit: 3, order: Order::Descending, ..everything("P") };
    loop {
        let rows = stage.rows(&query).await;
        seen.extend(sorts(&rows).into_iter().map(str::to_owned));
        if !rows.more {
            break;
        }
        query.to = seen.last().cloned();
    }
    seen.reverse();
    assert_eq!(seen, all);
}

/// Where nothing follows for certain, `more` is false.
pub async fn the_last_page_says_so(stage: &Stage) {
    keep_all(stage, "P", &["a", "b"]).await;
    assert!(!stage.rows(&Query { limit: 3, ..everything("P") }).await.more);
    assert!(stage.rows(&Query { limit: 1, ..everything("P") }).await.more);
    let nothing = stage.rows(&everything("nowhere")).await;
    assert!(nothing.items.is_empty() && !nothing.more);
}

/// A partition's name is compared whole.
pub async fn partitions_are_apart(stage: &Stage) {
    for partition in ["P", "P#", "P#C", "PP", "p", "%", "_", "é"] {
        stage.keep(&item(partition, partition, 1)).await;
    }
    for partition in ["P", "P#", "P#C", "PP", "p", "%", "_", "é"] {
        assert_eq!(sorts(&stage.rows(&everything(partition)).await), [partition]);
    }
}

/// 3 MB in one answer, which is more than a page of DynamoDB's.
pub async fn a_limit_counts_items_not_bytes(stage: &Stage) {
    for n in 0..30 {
        let body = format!("\"{}\"", "x".repeat(100_000));
        stage.keep(&Item { body, ..item("P", &format!("{n:02}"), 1) }).await;
    }
    let rows = stage.rows(&Query { limit: 29, ..everything("P") }).await;
    assert_eq!(rows.items.len(), 29);
    assert!(rows.more);
}

/// The table itself shows what was just written, without any waiting.
pub async fn the_table_shows_what_was_just_written(stage: &Stage) {
    for n in 0..20 {
        let sort = format!("{n:02}");
        stage.keep(&item("P", &sort, 1)).await;
        assert_eq!(stage.rows(&everything("P")).await.items.len(), n + 1);
        assert!(stage.there(&key("P", &sort)).await.is_some());
    }
}
