//! Writes that share a commit.

use std::time::Duration;

use casebridge_store::{Engine, EngineError, Guard, Item, Write, Written};
use casebridge_store_sqlite::Options;
use futures::future::join_all;
use futures::poll;

use crate::support::{Store, all, item, put};

/// Hands all the writes to the writer while it can't begin, so that they become one group; returns the answers.
async fn as_one_group(store: &Store, steps: Vec<Vec<Write>>) -> Vec<Result<Written, EngineError>> {
    let stranger = store.stranger();
    stranger.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut answers = Box::pin(join_all(steps.into_iter().map(|step| store.engine.write(step))));
    assert!(poll!(&mut answers).is_pending());
    stranger.execute_batch("ROLLBACK").unwrap();
    answers.await
}

/// A step for each item, which is not to be there.
fn one_each(items: impl IntoIterator<Item = Item>) -> Vec<Vec<Write>> {
    items.into_iter().map(|item| vec![put(item, Guard::Absent)]).collect()
}

/// From now on an item of the kind "poison" is accepted, but the commit with it fails.
fn let_poison_in(store: &Store) {
    store
        .stranger()
        .execute_batch(
            "CREATE TABLE good (id INTEGER PRIMARY KEY) STRICT;
             CREATE TABLE bad (id INTEGER REFERENCES good DEFERRABLE INITIALLY DEFERRED) STRICT;
             CREATE TRIGGER poisoned AFTER INSERT ON item WHEN new.kind = 'poison'
             BEGIN INSERT INTO bad VALUES (1); END",
        )
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_writers_each_get_their_own_answer() {
    let store = Store::new();
    let writers = (0..64).map(|writer| {
        let store = &store;
        async move {
            for number in 0..10 {
                let own = item(&format!("own#{writer:02}#{number}"));
                assert_eq!(store.put(own.clone(), Guard::Absent).await, Written::Done);
                assert_eq!(store.there(&own.key.sort).await, Some(own), "an acknowledged write is seen");
            }
            let claim = Item { revision: writer, ..item("claim") };
            store.put(claim, Guard::Absent).await
        }
    });
    let claims = join_all(writers).await;
    assert_eq!(claims.iter().filter(|claim| **claim == Written::Done).count(), 1);
    let winner = store.there("claim").await;
    assert!(
        claims.iter().all(|claim| *claim == Written::Done || *claim == Written::Refused(vec![(0, winner.clone())]))
    );
    assert_eq!(store.engine.query(&all()).await.unwrap().items.len(), 641);
}

#[tokio::test]
async fn a_refused_write_does_its_neighbours_no_harm() {
    let store = Store::new();
    let steps = one_each(["a", "b", "a", "c"].map(item));
    let answers: Vec<_> = as_one_group(&store, steps).await.into_iter().map(Result::unwrap).collect();
    let refused = Written::Refused(vec![(0, Some(item("a")))]);
    assert_eq!(answers, [Written::Done, Written::Done, refused, Written::Done]);
    assert_eq!(store.engine.query(&all()).await.unwrap().items, ["a", "b", "c"].map(item));
}

#[tokio::test]
async fn a_write_that_fails_half_way_is_undone_alone() {
    let store = Store::new();
    let deny =
        "CREATE TRIGGER denied BEFORE INSERT ON item WHEN new.kind = 'denied' BEGIN SELECT raise(FAIL, 'no'); END";
    store.stranger().execute_batch(deny).unwrap();
    let denied = Item { kind: "denied".into(), ..item("denied") };
    let steps = vec![
        vec![put(item("before"), Guard::Absent)],
        vec![put(item("half"), Guard::Any), put(denied, Guard::Any)],
        vec![put(item("after"), Guard::Absent)],
        vec![put(item("before"), Guard::Absent)],
    ];
    let answers = as_one_group(&store, steps).await;
    assert!(matches!(answers[1], Err(EngineError::Unavailable(_))), "{answers:?}");
    let done = [0, 2, 3].map(|step: usize| answers[step].as_ref().unwrap());
    let refused = Written::Refused(vec![(0, Some(item("before")))]);
    assert_eq!(done, [&Written::Done, &Written::Done, &refused], "as if each were alone");
    assert_eq!(store.engine.query(&all()).await.unwrap().items, ["after", "before"].map(item));
}

#[tokio::test]
async fn if_the_commit_fails_every_member_hears_it_and_nothing_is_kept() {
    let store = Store::new();
    let_poison_in(&store);
    let mut items: Vec<_> = (0..20).map(|number| item(&number.to_string())).collect();
    items[10].kind = "poison".into();
    for answer in as_one_group(&store, one_each(items)).await {
        assert!(matches!(answer, Err(EngineError::Unavailable(_))), "{answer:?}");
    }
    assert_eq!(store.engine.query(&all()).await.unwrap().items, []);
    assert_eq!(store.put(item("next"), Guard::Absent).await, Written::Done);
}

#[tokio::test]
async fn a_group_is_no_larger_than_it_may_be() {
    let store = Store::with(Options { group: 4, ..Options::default() });
    let_poison_in(&store);
    let mut items: Vec<_> = (0..12).map(|number| item(&number.to_string())).collect();
    items[5].kind = "poison".into();
    let answers = as_one_group(&store, one_each(items)).await;
    let kept: Vec<_> = (0..12).filter(|number| answers[*number].is_ok()).collect();
    assert_eq!(kept, [0, 1, 2, 3, 8, 9, 10, 11]);
}

#[tokio::test]
async fn while_somebody_else_writes_for_long_it_is_unavailable_but_can_be_read() {
    let store = Store::with(Options { busy_timeout: Duration::from_millis(50), ..Options::default() });
    let stranger = store.stranger();
    stranger.execute_batch("BEGIN IMMEDIATE").unwrap();
    let answer = store.engine.write(vec![put(item("a"), Guard::Any)]).await;
    assert!(matches!(answer, Err(EngineError::Unavailable(_))), "{answer:?}");
    assert_eq!(store.there("a").await, None);
    stranger.execute_batch("ROLLBACK").unwrap();
    assert_eq!(store.put(item("a"), Guard::Absent).await, Written::Done);
}

#[tokio::test]
async fn what_is_no_item_is_unreadable() {
    let store = Store::new();
    store
        .stranger()
        .execute_batch(
            "INSERT INTO item (pk, sk, kind, version, revision, body) VALUES ('account#1', 'odd', '', -1, 0, '')",
        )
        .unwrap();
    let read = store.engine.read(&[item("odd").key]).await;
    assert!(matches!(read, Err(EngineError::Unreadable(_))), "{read:?}");
    assert_eq!(store.there("other").await, None);
}
