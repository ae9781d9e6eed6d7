//! What the trait says, sentence by sentence.

use casebridge_store::{Engine, Guard, Index, Item, Order, Query, Rows, Write, Written};

use crate::support::{Store, all, due, entry, item, key, put};

#[tokio::test]
async fn an_item_comes_back_as_it_was_put() {
    let store = Store::new();
    let full = Item {
        version: u32::MAX,
        revision: u64::MAX,
        holder: Some("worker".into()),
        held_until: Some(i64::MAX),
        expires: Some(-1),
        indexed: vec![
            entry(Index::Due, "due#7", "2026"),
            entry(Index::Unsettled, "account#1", "2025"),
            entry(Index::Code, "code", "s12-345"),
        ],
        body: "{\"text\":\"Grüße \u{0} 🦀\"}".into(),
        ..item("full")
    };
    assert_eq!(store.put(full.clone(), Guard::Any).await, Written::Done);
    let store = store.reopened().await;
    assert_eq!(store.there("full").await, Some(full.clone()));

    let plain = Item { key: full.key.clone(), ..item("plain") };
    assert_eq!(store.put(plain.clone(), Guard::Any).await, Written::Done);
    assert_eq!(store.there("full").await, Some(plain), "nothing is left of what was replaced");
}

#[tokio::test]
async fn items_are_read_in_the_order_of_the_keys() {
    let store = Store::new();
    for sort in ["a", "b"] {
        assert_eq!(store.put(item(sort), Guard::Absent).await, Written::Done);
    }
    let found = store.engine.read(&[key("b"), key("none"), key("a")]).await.unwrap();
    assert_eq!(found, [Some(item("b")), None, Some(item("a"))]);
    assert_eq!(store.engine.read(&[]).await.unwrap(), []);
}

#[tokio::test]
async fn guards_are_met_or_say_what_is_there() {
    let free = Guard::Free { now: 1000 };
    let held = |until| Item { held_until: Some(until), holder: Some("me".into()), revision: 7, ..item("k") };
    let plain = Item { revision: 7, ..item("k") };
    let cases = [
        (None, Guard::Any, true),
        (None, Guard::Absent, true),
        (None, Guard::Revision(7), false),
        (None, free.clone(), true),
        (None, Guard::HeldBy("me".into()), false),
        (Some(plain.clone()), Guard::Any, true),
        (Some(plain.clone()), Guard::Absent, false),
        (Some(plain.clone()), Guard::Revision(7), true),
        (Some(plain.clone()), Guard::Revision(8), false),
        (Some(plain.clone()), free.clone(), true),
        (Some(plain), Guard::HeldBy("me".into()), false),
        (Some(held(999)), free.clone(), true),
        (Some(held(1000)), free.clone(), true),
        (Some(held(1001)), free.clone(), false),
        (Some(held(i64::MAX)), free, false),
        (Some(held(0)), Guard::HeldBy("me".into()), true),
        (Some(held(0)), Guard::HeldBy("you".into()), false),
    ];
    for (there, guard, is_met) in cases {
        let writes = [
            put(Item { revision: 9, ..item("k") }, guard.clone()),
            Write::Delete(key("k"), guard.clone()),
            Write::Check(key("k"), guard.clone()),
        ];
        for write in writes {
            let store = Store::new();
            if let Some(there) = &there {
                assert_eq!(store.put(there.clone(), Guard::Any).await, Written::Done);
            }
            let (wanted, left) = match (&write, is_met) {
                (_, false) => (Written::Refused(vec![(0, there.clone())]), there.clone()),
                (Write::Put(item, _), true) => (Written::Done, Some((**item).clone())),
                (Write::Delete(..), true) => (Written::Done, None),
                (Write::Check(..) | Write::Add(_), true) => (Written::Done, there.clone()),
            };
            assert_eq!(store.engine.write(vec![write.clone()]).await.unwrap(), wanted, "{write:?} on {there:?}");
            assert_eq!(store.there("k").await, left, "{write:?} on {there:?}");
        }
    }
}

#[tokio::test]
async fn all_of_a_write_is_kept_or_nothing_and_every_refusal_is_named() {
    let store = Store::new();
    assert_eq!(store.put(item("b"), Guard::Any).await, Written::Done);
    let writes = vec![
        put(item("a"), Guard::Absent),
        put(item("b"), Guard::Absent),
        Write::Delete(key("c"), Guard::Any),
        Write::Check(key("d"), Guard::Revision(1)),
    ];
    let refused = Written::Refused(vec![(1, Some(item("b"))), (3, None)]);
    assert_eq!(store.engine.write(writes).await.unwrap(), refused);
    assert_eq!(store.there("a").await, None);
    assert_eq!(store.engine.write(Vec::new()).await.unwrap(), Written::Done);
}

async fn sorts(store: &Store, query: &Query) -> (Vec<String>, bool) {
    let Rows { items, more } = store.engine.query(query).await.unwrap();
    (items.into_iter().map(|item| item.key.sort).collect(), more)
}

#[tokio::test]
async fn a_stretch_includes_from_and_excludes_to_and_compares_bytes() {
    let store = Store::new();
    for sort in ["a", "b", "c", "d", "B", "é", "b\u{0}"] {
        assert_eq!(store.put(item(sort), Guard::Any).await, Written::Done);
    }
    let elsewhere = Item { key: casebridge_store::Key { partition: "account#10".into(), ..key("b") }, ..item("b") };
    assert_eq!(store.put(elsewhere, Guard::Any).await, Written::Done);

    let found = sorts(&store, &all()).await;
    assert_eq!(found, (["B", "a", "b", "b\u{0}", "c", "d", "é"].map(Into::into).to_vec(), false));
    let stretch = Query { from: Some("b".into()), to: Some("d".into()), ..all() };
    assert_eq!(sorts(&store, &stretch).await.0, ["b", "b\u{0}", "c"]);
    let backwards = Query { order: Order::Descending, limit: 2, ..stretch.clone() };
    assert_eq!(sorts(&store, &backwards).await, (["c", "b\u{0}"].map(Into::into).to_vec(), true));
    assert!(!sorts(&store, &Query { limit: 3, ..stretch.clone() }).await.1);
    assert_eq!(sorts(&store, &Query { limit: 0, ..stretch.clone() }).await, (Vec::new(), true));
    assert_eq!(sorts(&store, &Query { limit: usize::MAX, ..stretch }).await.0.len(), 3);
}

#[tokio::test]
async fn an_index_holds_only_what_has_an_entry_in_it_now() {
    let store = Store::new();
    let by_time = Query { index: Some(Index::Due), partition: "due#0".into(), ..all() };
    for (sort, at) in [("x", "3"), ("y", "1"), ("z", "2")] {
        assert_eq!(store.put(due(sort, at), Guard::Any).await, Written::Done);
    }
    assert_eq!(store.put(item("never due"), Guard::Any).await, Written::Done);
    assert_eq!(sorts(&store, &by_time).await.0, ["y", "z", "x"]);
    assert_eq!(sorts(&store, &Query { to: Some("3".into()), ..by_time.clone() }).await.0, ["y", "z"]);

    assert_eq!(store.put(item("y"), Guard::Any).await, Written::Done);
    assert_eq!(store.put(due("x", "0"), Guard::Any).await, Written::Done);
    let delete = vec![Write::Delete(key("z"), Guard::Any)];
    assert_eq!(store.engine.write(delete).await.unwrap(), Written::Done);
    assert_eq!(sorts(&store, &by_time).await.0, ["x"]);
    assert_eq!(sorts(&store, &Query { index: Some(Index::Code), ..by_time }).await.0, [""; 0]);
}

#[tokio::test]
async fn sweeping_removes_what_expired_and_nothing_else() {
    let store = Store::new();
    for number in 0..25 {
        let expires = Item { expires: Some(number), ..item(&format!("{number:02}")) };
        assert_eq!(store.put(expires, Guard::Any).await, Written::Done);
    }
    assert_eq!(store.put(item("for good"), Guard::Any).await, Written::Done);
    assert_eq!(store.engine.sweep(20, 7).await.unwrap(), 21);
    assert_eq!(store.engine.sweep(20, 7).await.unwrap(), 0);
    assert_eq!(sorts(&store, &all()).await.0, ["21", "22", "23", "24", "for good"]);
}
