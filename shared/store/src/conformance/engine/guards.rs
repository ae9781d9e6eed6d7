//! Each guard, alone.

use super::items::{held, item, key, put};
use crate::conformance::Stage;
use crate::engine::{Guard, Write, Written};

/// `Any` never refuses.
pub async fn anything_may_be_overwritten_under_any(stage: &Stage) {
    for revision in 1..=2 {
        let item = item("P", "a", revision);
        assert_eq!(stage.write(vec![put(&item, Guard::Any)]).await, Written::Done);
        assert_eq!(stage.there(&item.key).await, Some(item));
    }
}

/// `Absent` lets something be made once.
pub async fn what_is_there_is_not_absent(stage: &Stage) {
    let (first, second) = (item("P", "a", 1), item("P", "a", 2));
    assert_eq!(stage.write(vec![put(&first, Guard::Absent)]).await, Written::Done);
    let refused = Written::Refused(vec![(0, Some(first.clone()))]);
    assert_eq!(stage.write(vec![put(&second, Guard::Absent)]).await, refused);
    assert_eq!(stage.there(&first.key).await, Some(first));
}

/// `Revision` lets only that version be replaced.
pub async fn only_the_revision_that_was_read_is_replaced(stage: &Stage) {
    let (first, second, third) = (item("P", "a", u64::MAX), item("P", "a", u64::MAX - 1), item("P", "a", 0));
    let at_first = Guard::Revision(first.revision);
    assert_eq!(stage.write(vec![put(&second, at_first.clone())]).await, Written::Refused(vec![(0, None)]));
    stage.keep(&first).await;
    assert_eq!(stage.write(vec![put(&second, at_first.clone())]).await, Written::Done);
    let refused = Written::Refused(vec![(0, Some(second.clone()))]);
    assert_eq!(stage.write(vec![put(&third, at_first)]).await, refused);
    assert_eq!(stage.there(&second.key).await, Some(second));
}

/// `Free` is met by nothing, by what nobody holds, and by a hold whose time has come.
pub async fn a_hold_lapses_at_its_last_millisecond_and_not_before(stage: &Stage) {
    let next = held("a", 2, "next", i64::MAX);
    let free_at = |now| vec![put(&next, Guard::Free { now })];
    assert_eq!(stage.write(free_at(0)).await, Written::Done, "absent");
    stage.keep(&item("P", "a", 1)).await;
    assert_eq!(stage.write(free_at(0)).await, Written::Done, "held by nobody");
    let lapsing = held("a", 1, "first", 4_107_585_600_000);
    stage.keep(&lapsing).await;
    let refused = Written::Refused(vec![(0, Some(lapsing))]);
    assert_eq!(stage.write(free_at(4_107_585_599_999)).await, refused, "a millisecond to go");
    assert_eq!(stage.write(free_at(4_107_585_600_000)).await, Written::Done, "on time");
    let refused = Written::Refused(vec![(0, Some(next.clone()))]);
    assert_eq!(stage.write(free_at(i64::MAX - 1)).await, refused, "held for good");
}

/// `HeldBy` asks who, not until when.
pub async fn only_the_holder_is_let_through(stage: &Stage) {
    let next = item("P", "a", 2);
    let by_me = || vec![put(&next, Guard::HeldBy("me".to_owned()))];
    assert_eq!(stage.write(by_me()).await, Written::Refused(vec![(0, None)]), "absent");
    for (there, what) in [(item("P", "a", 1), "held by nobody"), (held("a", 1, "you", i64::MAX), "somebody else's")] {
        stage.keep(&there).await;
        assert_eq!(stage.write(by_me()).await, Written::Refused(vec![(0, Some(there))]), "{what}");
    }
    stage.keep(&held("a", 1, "me", 0)).await;
    assert_eq!(stage.write(by_me()).await, Written::Done, "mine, though it lapsed");
}

/// `Delete` removes under every guard that is met, and only then.
pub async fn a_deletion_is_guarded_too(stage: &Stage) {
    let there = held("a", 1, "me", i64::MAX);
    let delete = |guard| vec![Write::Delete(there.key.clone(), guard)];
    let refusing =
        [Guard::Absent, Guard::Revision(2), Guard::Free { now: i64::MAX - 1 }, Guard::HeldBy("you".to_owned())];
    let letting = [Guard::Any, Guard::Revision(1), Guard::HeldBy("me".to_owned())];
    stage.keep(&there).await;
    for guard in refusing {
        let refused = Written::Refused(vec![(0, Some(there.clone()))]);
        assert_eq!(stage.write(delete(guard.clone())).await, refused, "{guard:?}");
        assert!(stage.there(&there.key).await.is_some(), "{guard:?}");
    }
    for guard in letting {
        stage.keep(&there).await;
        assert_eq!(stage.write(delete(guard.clone())).await, Written::Done, "{guard:?}");
        assert_eq!(stage.there(&there.key).await, None, "{guard:?}");
    }
}

/// Removing what is not there is no error where its absence is no reason to refuse.
pub async fn deleting_nothing_is_no_error(stage: &Stage) {
    let delete = |guard| vec![Write::Delete(key("P", "a"), guard)];
    for guard in [Guard::Any, Guard::Absent, Guard::Free { now: 0 }] {
        assert_eq!(stage.write(delete(guard.clone())).await, Written::Done, "{guard:?}");
    }
    for guard in [Guard::Revision(1), Guard::HeldBy("me".to_owned())] {
        assert_eq!(stage.write(delete(guard.clone())).await, Written::Refused(vec![(0, None)]), "{guard:?}");
    }
}

/// `Check` writes nothing, and refuses what is written with it.
pub async fn a_check_writes_nothing_and_refuses_the_rest(stage: &Stage) {
    let (there, other) = (held("a", 1, "me", 0), item("P", "b", 1));
    stage.keep(&there).await;
    let check = |guard| vec![Write::Check(there.key.clone(), guard), put(&other, Guard::Any)];
    let refused = Written::Refused(vec![(0, Some(there.clone()))]);
    assert_eq!(stage.write(check(Guard::HeldBy("you".to_owned()))).await, refused);
    assert_eq!(stage.there(&other.key).await, None);
    for guard in [Guard::HeldBy("me".to_owned()), Guard::Revision(1), Guard::Free { now: 0 }, Guard::Any] {
        assert_eq!(stage.write(check(guard.clone())).await, Written::Done, "{guard:?}");
    }
    assert_eq!(stage.there(&there.key).await, Some(there));
    assert_eq!(stage.there(&other.key).await, Some(other));
}
