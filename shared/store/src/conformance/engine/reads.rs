//! Items come back as they were written.

use super::items::{item, key};
use crate::conformance::Stage;
use crate::engine::{Index, IndexEntry, Item, Key, MOST_READS};

/// Everything an item can carry.
fn full() -> Item {
    let entry = |index, partition: &str, sort: &str| IndexEntry {
        index,
        partition: partition.to_owned(),
        sort: sort.to_owned(),
    };
    Item {
        key: key("A#zürich#T#Störung 4711/β#\u{1F5A8}", "HOLD \"quoted\" 'single' \\ % _ ~"),
        kind: "thing".to_owned(),
        version: u32::MAX,
        revision: u64::MAX,
        holder: Some("case:0197-é".to_owned()),
        held_until: Some(i64::MAX),
        expires: Some(253_402_300_799),
        indexed: vec![
            entry(Index::Due, "due#0", "0000004107585600#L"),
            entry(Index::Unsettled, "A#zürich", "ä"),
            entry(Index::Code, "A#zürich#s123456789", "中"),
        ],
        body: "{\"text\":\"a\\\"b\\u0000 \u{1F5A8} \u{2028} \\r\\n\",\"n\":1.5}".to_owned(),
    }
}

/// Every field survives, whatever letters are in it.
pub async fn an_item_comes_back_as_it_was_written(stage: &Stage) {
    let full = full();
    stage.keep(&full).await;
    let mut read = stage.there(&full.key).await.unwrap();
    read.indexed.sort_by_key(|entry| entry.index as u8);
    assert_eq!(read, full);
}

/// Nothing of the old version is left in the new one.
pub async fn an_overwritten_item_has_nothing_left_of_the_old(stage: &Stage) {
    let full = full();
    let bare = Item { key: full.key.clone(), ..item("P", "a", 0) };
    stage.keep(&full).await;
    stage.keep(&bare).await;
    assert_eq!(stage.there(&full.key).await, Some(bare));
}

/// A body of 300 kB, which is more than a mail template of the largest size.
pub async fn a_large_body_comes_back_whole(stage: &Stage) {
    let large = Item { body: format!("\"{}\"", "é".repeat(150_000)), ..item("P", "large", 1) };
    stage.keep(&large).await;
    assert_eq!(stage.there(&large.key).await, Some(large));
}

/// Answers come in the order of the questions, with gaps for what is not there.
pub async fn a_read_answers_in_the_order_of_its_keys(stage: &Stage) {
    let keys: Vec<Key> = (0..MOST_READS).rev().map(|n| key(&format!("P{}", n % 7), &format!("{n:03}"))).collect();
    for key in keys.iter().step_by(2) {
        stage.keep(&Item { key: key.clone(), ..item("P", "a", 1) }).await;
    }
    let read = stage.engine().read(&keys).await.unwrap();
    assert_eq!(read.len(), keys.len());
    for (position, (key, read)) in keys.iter().zip(&read).enumerate() {
        let expected = (position % 2 == 0).then_some(key);
        assert_eq!(read.as_ref().map(|item| &item.key), expected, "{position}");
    }
}
