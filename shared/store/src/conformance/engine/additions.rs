//! Items that count.

use futures::future::join_all;

use super::items::{add, counting, everything, item, key, put};
use crate::conformance::Stage;
use crate::engine::{Addition, EngineError, Guard, Index, IndexEntry, Item, MOST_ADDED, Query, Write, Written};

async fn body(stage: &Stage, sort: &str) -> String {
    stage.there(&key("P", sort)).await.unwrap().body
}

/// Nothing has to be there before.
pub async fn an_addition_makes_the_item(stage: &Stage) {
    let addition = add("a", 7, &[("wait", 300), ("count", 1)], &[("name", "Zoë")]);
    assert_eq!(stage.write(vec![addition]).await, Written::Done);
    let made = counting("a", 7, r#"{"counters":{"count":1,"wait":300},"labels":{"name":"Zoë"}}"#);
    assert_eq!(stage.there(&made.key).await, Some(made));
    let nothing = add("b", 1, &[], &[]);
    assert_eq!(stage.write(vec![nothing]).await, Written::Done);
    assert_eq!(body(stage, "b").await, r#"{"counters":{},"labels":{}}"#);
}

/// Each counter by itself; one that was not there was nought, and may be so afterwards.
pub async fn additions_add_up(stage: &Stage) {
    for step in [[("a", 1), ("c", 10)], [("b", 5), ("c", -3)], [("c", -9), ("d", 0)], [("a", -1), ("b", i64::MAX - 5)]]
    {
        assert_eq!(stage.write(vec![add("a", 1, &step, &[])]).await, Written::Done);
    }
    assert_eq!(body(stage, "a").await, r#"{"counters":{"a":0,"b":9223372036854775807,"c":-2,"d":0},"labels":{}}"#);
    assert_eq!(stage.write(vec![add("a", 1, &[("e", i64::MIN)], &[])]).await, Written::Done);
    assert!(body(stage, "a").await.contains(r#""e":-9223372036854775808"#));
}

/// The last text stays, and no label is in a counter's way.
pub async fn a_label_is_replaced(stage: &Stage) {
    for (name, text) in [("x", "first"), ("x", "second"), ("y", "")] {
        assert_eq!(stage.write(vec![add("a", 1, &[("x", 1)], &[(name, text)])]).await, Written::Done);
    }
    assert_eq!(body(stage, "a").await, r#"{"counters":{"x":3},"labels":{"x":"second","y":""}}"#);
}

/// A writer is told from the one before by the revision; what an addition says nothing about stays.
pub async fn an_addition_changes_the_revision_and_leaves_the_rest(stage: &Stage) {
    let entry = IndexEntry { index: Index::Due, partition: "due".to_owned(), sort: "1".to_owned() };
    let before = Item {
        kind: "before".to_owned(),
        holder: Some("me".to_owned()),
        held_until: Some(i64::MAX),
        expires: Some(253_402_300_799),
        indexed: vec![entry],
        ..counting("a", u64::MAX, r#"{"counters":{"x":1},"labels":{}}"#)
    };
    stage.keep(&before).await;
    let mut addition = addition("a", u64::MAX - 1, &[("x", 1)]);
    addition.version = 2;
    assert_eq!(stage.write(vec![Write::Add(Box::new(addition))]).await, Written::Done);
    let after = Item {
        kind: "counts".to_owned(),
        version: 2,
        revision: u64::MAX - 1,
        body: r#"{"counters":{"x":2},"labels":{}}"#.to_owned(),
        ..before
    };
    assert_eq!(stage.there(&after.key).await.as_ref(), Some(&after));
    let late = put(&item("P", "a", 3), Guard::Revision(u64::MAX));
    assert_eq!(stage.write(vec![late]).await, Written::Refused(vec![(0, Some(after))]));
}

/// A name may be any text, and comes in the order of its bytes; 320 of them are an address.
pub async fn names_may_have_any_letters(stage: &Stage) {
    let long = "ä".repeat(160);
    let names = [
        " ",
        "#0",
        "+a",
        ".",
        "0",
        ":0",
        "=a",
        "AND",
        "\"q\\",
        "\u{1}\n",
        "a b",
        "body",
        "pk",
        "ttl",
        "é",
        "\u{1F5A8}",
    ];
    let counters: Vec<(&str, i64)> = names.into_iter().chain([long.as_str()]).rev().zip(1..).collect();
    let labels: Vec<(&str, &str)> = counters.iter().map(|(name, _)| (*name, *name)).collect();
    for _ in 0..2 {
        assert_eq!(stage.write(vec![add("a", 1, &counters, &labels)]).await, Written::Done);
    }
    let mut ordered: Vec<_> =
        counters.iter().map(|(name, n)| (serde_json::to_string(name).unwrap(), name, 2 * n)).collect();
    ordered.sort_by_key(|(_, name, _)| **name);
    let members = |value: &dyn Fn(&str, i64) -> String| {
        let members = ordered.iter().map(|(name, _, number)| format!("{name}:{}", value(name, *number)));
        members.collect::<Vec<_>>().join(",")
    };
    let (counters, labels) = (members(&|_, number| number.to_string()), members(&|name, _| name.to_owned()));
    assert_eq!(body(stage, "a").await, format!("{{\"counters\":{{{counters}}},\"labels\":{{{labels}}}}}"));
}

/// An addition is part of its step: what another guard refuses is not added.
pub async fn a_refused_step_adds_nothing(stage: &Stage) {
    let there = counting("there", 1, r#"{"counters":{"x":1},"labels":{"l":"old"}}"#);
    stage.keep(&there).await;
    let writes = vec![
        add("there", 2, &[("x", 1)], &[("l", "new")]),
        add("new", 2, &[("x", 1)], &[]),
        put(&item("Q", "own", 1), Guard::Revision(7)),
    ];
    assert_eq!(stage.write(writes).await, Written::Refused(vec![(2, None)]));
    assert_eq!(stage.rows(&everything("P")).await.items, [there]);
    assert!(stage.rows(&everything("Q")).await.items.is_empty());
}

/// Of a step that came before, its repetition is refused by the guard that goes with it and counts nothing.
pub async fn a_repeated_step_counts_once(stage: &Stage) {
    let step = || vec![add("a", 1, &[("x", 5)], &[]), put(&item("P", "record", 1), Guard::Absent)];
    assert_eq!(stage.write(step()).await, Written::Done);
    for _ in 0..3 {
        assert_eq!(stage.write(step()).await, Written::Refused(vec![(1, Some(item("P", "record", 1)))]));
    }
    assert_eq!(body(stage, "a").await, r#"{"counters":{"x":5},"labels":{}}"#);
}

/// Nobody waits for anybody's answer and nobody is refused: 64 at once, each with an item of its own, all count.
pub async fn additions_of_many_all_count(stage: &Stage) {
    let shared = ["day", "week", "all"];
    let steps = (0..64_i64).map(|n| {
        let mut writes = vec![put(&item("Q", &format!("{n:02}"), 1), Guard::Absent)];
        writes.extend(shared.map(|sort| add(sort, n.unsigned_abs(), &[("count", 1), ("sum", n)], &[])));
        if n % 2 == 0 {
            writes.reverse();
        }
        stage.engine().write(writes)
    });
    let written = join_all(steps).await;
    assert!(written.iter().all(|written| matches!(written, Ok(Written::Done))), "{written:?}");
    for sort in shared {
        assert_eq!(body(stage, sort).await, r#"{"counters":{"count":64,"sum":2016},"labels":{}}"#, "{sort}");
    }
    assert_eq!(stage.rows(&everything("Q")).await.items.len(), 64);
}

/// However one looks at it: a read of one or of several, a query, a page, an index, a refusal.
pub async fn an_item_that_counts_is_the_same_from_every_side(stage: &Stage) {
    let entry = IndexEntry { index: Index::Due, partition: "due".to_owned(), sort: "1".to_owned() };
    let start = Item { indexed: vec![entry], ..counting("a", 1, r#"{"counters":{},"labels":{"l":"\"\\"}}"#) };
    stage.keep(&start).await;
    assert_eq!(stage.write(vec![add("a", 2, &[("x", 1), ("#", -1)], &[])]).await, Written::Done);
    stage.keep(&item("P", "b", 1)).await;
    stage.settle_indexes().await;
    let same = Item { revision: 2, body: r##"{"counters":{"#":-1,"x":1},"labels":{"l":"\"\\"}}"##.to_owned(), ..start };
    let other = item("P", "b", 1);
    assert_eq!(stage.there(&same.key).await.as_ref(), Some(&same));
    let several = stage.engine().read(&[other.key.clone(), same.key.clone()]).await.unwrap();
    assert_eq!(several, [Some(other.clone()), Some(same.clone())]);
    let page = Query { limit: 1, ..everything("P") };
    let due = Query { index: Some(Index::Due), ..everything("due") };
    for (query, found) in
        [(everything("P"), vec![same.clone(), other]), (page, vec![same.clone()]), (due, vec![same.clone()])]
    {
        assert_eq!(stage.rows(&query).await.items, found, "{query:?}");
    }
    let refused = stage.write(vec![put(&item("P", "a", 3), Guard::Absent)]).await;
    assert_eq!(refused, Written::Refused(vec![(0, Some(same))]));
}

/// An item that counts is put over, counts on from what was put, and is deleted like any other.
pub async fn an_item_that_counts_is_put_over_and_deleted(stage: &Stage) {
    assert_eq!(stage.write(vec![add("a", 1, &[("gone", 1), ("x", 1)], &[("gone", "")])]).await, Written::Done);
    let corrected = counting("a", 2, r#"{"counters":{"x":40,"y":-1},"labels":{"l":"put"}}"#);
    assert_eq!(stage.write(vec![put(&corrected, Guard::Revision(1))]).await, Written::Done);
    assert_eq!(stage.there(&corrected.key).await.as_ref(), Some(&corrected));
    assert_eq!(stage.write(vec![add("a", 3, &[("x", 2)], &[])]).await, Written::Done);
    assert_eq!(body(stage, "a").await, r#"{"counters":{"x":42,"y":-1},"labels":{"l":"put"}}"#);
    let delete = Write::Delete(key("P", "a"), Guard::Revision(3));
    assert_eq!(stage.write(vec![delete]).await, Written::Done);
    assert_eq!(stage.there(&key("P", "a")).await, None);
    assert_eq!(stage.write(vec![add("a", 4, &[("x", 1)], &[])]).await, Written::Done);
    assert_eq!(body(stage, "a").await, r#"{"counters":{"x":1},"labels":{}}"#);
    stage.keep(&item("P", "a", 5)).await;
    assert_eq!(stage.there(&key("P", "a")).await, Some(item("P", "a", 5)));
}

/// Nothing is added to what does not count, if only for a space in its body; what is written with it is not kept either.
pub async fn what_does_not_count_is_left_as_it_is(stage: &Stage) {
    let spaced = Item { body: r#"{"counters": {}, "labels": {}}"#.to_owned(), ..item("P", "a", 1) };
    for plain in [item("P", "a", 1), spaced] {
        stage.keep(&plain).await;
        let with_others = || vec![put(&item("Q", "own", 1), Guard::Any), add("a", 2, &[("x", 1)], &[("l", "")])];
        let refused = stage.engine().write(with_others()).await;
        assert!(matches!(refused, Err(EngineError::Unreadable(_))), "{refused:?}");
        let mut with_a_guard = with_others();
        with_a_guard.push(Write::Check(key("Q", "missing"), Guard::Revision(1)));
        assert_eq!(stage.write(with_a_guard).await, Written::Refused(vec![(2, None)]), "a guard goes first");
        assert_eq!(stage.there(&plain.key).await, Some(plain));
        assert!(stage.rows(&everything("Q")).await.items.is_empty());
    }
}

/// The most names of the longest kind, several times over, and all of it in one step of the most writes.
pub async fn an_addition_of_the_most_names_is_one_write(stage: &Stage) {
    let names: Vec<String> = (0..MOST_ADDED).map(|n| format!("{n:03}{}", "n".repeat(320))).collect();
    let half = MOST_ADDED / 2;
    let counters: Vec<(&str, i64)> = names[..half].iter().map(|name| (name.as_str(), i64::from(u32::MAX))).collect();
    let labels: Vec<(&str, &str)> = names[half..].iter().map(|name| (name.as_str(), "label")).collect();
    for revision in 1..=2 {
        assert_eq!(stage.write(vec![add("a", revision, &counters, &labels)]).await, Written::Done);
    }
    let all: Vec<(&str, i64)> = names.iter().map(|name| (name.as_str(), 1)).collect();
    assert_eq!(stage.write(vec![add("b", 1, &all, &[])]).await, Written::Done);
    let body = body(stage, "a").await;
    assert_eq!(body.matches(&format!(":{}", 2 * u64::from(u32::MAX))).count(), half);
    assert_eq!(body.matches(":\"label\"").count(), MOST_ADDED - half);
}

fn addition(sort: &str, revision: u64, counters: &[(&str, i64)]) -> Addition {
    let Write::Add(addition) = add(sort, revision, counters, &[]) else { panic!("no addition") };
    *addition
}
