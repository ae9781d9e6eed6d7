//! What is too large.

use super::items::{add, counting, everything, item, put};
use crate::conformance::Stage;
use crate::engine::{EngineError, Guard, Item, MOST_BYTES, Write, Written};

async fn is_too_large(stage: &Stage, writes: Vec<Write>) {
    let refused = stage.engine().write(writes).await;
    assert!(matches!(refused, Err(EngineError::TooLarge)), "{refused:?}");
}

/// A put of an item that is too large is refused with all that goes with it.
pub async fn a_put_that_is_too_large_is_refused_whole(stage: &Stage) {
    let there = item("P", "there", 1);
    stage.keep(&there).await;
    for sort in ["new", "there"] {
        let large = Item { body: format!("\"{}\"", "x".repeat(MOST_BYTES)), ..item("P", sort, 2) };
        is_too_large(stage, vec![put(&item("P", "beside", 1), Guard::Absent), put(&large, Guard::Any)]).await;
    }
    assert_eq!(stage.rows(&everything("P")).await.items, [there]);
}

/// An item that additions would let grow too large stays as it is, and so does all that goes with them.
pub async fn an_addition_that_grows_too_large_is_refused_whole(stage: &Stage) {
    let text = "x".repeat(120_000);
    for name in ["a", "b", "c"] {
        assert_eq!(stage.write(vec![add("grows", 1, &[("x", 1)], &[(name, &text)])]).await, Written::Done);
    }
    let before = stage.there(&counting("grows", 1, "").key).await.unwrap();
    let too_much = || vec![put(&item("P", "beside", 1), Guard::Absent), add("grows", 2, &[("x", 1)], &[("d", &text)])];
    is_too_large(stage, too_much()).await;
    let mut with_a_guard = too_much();
    with_a_guard.push(Write::Check(item("P", "missing", 1).key, Guard::Revision(1)));
    assert_eq!(stage.write(with_a_guard).await, Written::Refused(vec![(2, None)]), "a guard goes first");
    assert_eq!(stage.rows(&everything("P")).await.items, [before]);
    assert_eq!(stage.write(vec![add("grows", 3, &[("x", 1)], &[("a", "small")])]).await, Written::Done);
}

/// An addition that is too large by itself makes nothing.
pub async fn a_label_that_is_too_large_makes_nothing(stage: &Stage) {
    let text = "x".repeat(MOST_BYTES);
    is_too_large(stage, vec![put(&item("P", "beside", 1), Guard::Absent), add("a", 1, &[], &[("l", &text)])]).await;
    assert!(stage.rows(&everything("P")).await.items.is_empty());
}
