//! Items that are full.

use casebridge_app::ports::store::Revision;
use casebridge_domain::SessionRecord;
use casebridge_domain::report::{Month, Period, Scope};

use super::record_changes::{changed, excluded};
use crate::codec::{self, Kind};
use crate::conformance::Stage;
use crate::conformance::fixtures::{acme, after_noon};
use crate::conformance::recount::{days, only, recount, reported};
use crate::conformance::sessions::plan;
use crate::engine::{EngineError, Write, Written};
use crate::keys;

/// So many other values that there is no room for one more.
async fn fill(stage: &Stage, record: &SessionRecord) {
    let period = Period::Month(Month::of(record.day));
    let key = keys::figures::figures(&acme(), period, &Scope::Everyone.key(), keys::figures::shard(record));
    let mut n = 0;
    for (counters, length) in [(50, 1500), (50, 100), (10, 20), (1, 1)] {
        loop {
            let name = |n| (format!("cC/{n}{}", "x".repeat(length)), 0);
            let counters = (n..n + counters).map(name).collect();
            let addition = codec::addition(Kind::Figures, key.clone(), Revision(n), counters, Vec::new());
            match stage.engine().write(vec![Write::Add(Box::new(addition))]).await {
                Ok(written) => assert_eq!(written, Written::Done),
                Err(EngineError::TooLarge) => break,
                Err(error) => panic!("{error}"),
            }
            n += 50;
        }
    }
}

/// A vendor may name any number of categories: the case ends all the same, and counts without them.
pub async fn a_session_ends_though_its_month_has_no_room_for_its_values(stage: &Stage) {
    stage.connect(&acme()).await;
    let ending = stage.begun(&plan().by("tess").about("one more", "t")).await;
    fill(stage, &ending.record).await;
    stage.stepped(ending.step()).await;
    let kept = stage.kept(&ending.record).await;
    assert_eq!(kept.value, SessionRecord { coarse: true, ..ending.record.clone() });
    let may = stage.held(&plan().by("tess").about("one more", "t").from(after_noon(60 * 24 * 61))).await;
    assert!(!stage.kept(&may).await.value.coarse, "another month has room");
    let year = days("2100-01-01", "2101-01-01");
    for scope in [Scope::Everyone, only("tess")] {
        let counted = reported(stage.store(), &acme(), &scope, year).await;
        assert_eq!(counted, recount([&kept.value, &may], &scope, year));
    }
    let out = excluded(&kept.value);
    changed(stage, &kept, &out).await;
    let counted = reported(stage.store(), &acme(), &Scope::Everyone, year).await;
    assert_eq!(counted, recount([&out, &may], &Scope::Everyone, year), "and is found again where it counts");
}

/// It counts in new ways, for which there is no room.
pub async fn a_session_is_excluded_though_its_month_has_no_room(stage: &Stage) {
    stage.connect(&acme()).await;
    let record = stage.held(&plan().by("tess").about("c", "t")).await;
    fill(stage, &record).await;
    let was = stage.kept(&record).await;
    let out = changed(stage, &was, &excluded(&record)).await;
    assert_eq!(out.value, SessionRecord { coarse: true, ..excluded(&record) });
    let march = days("2100-03-01", "2100-04-01");
    for scope in [Scope::Everyone, only("tess")] {
        assert_eq!(reported(stage.store(), &acme(), &scope, march).await, recount([&out.value], &scope, march));
    }
    let back = SessionRecord { excluded: None, ..out.value.clone() };
    changed(stage, &out, &back).await;
    assert_eq!(
        reported(stage.store(), &acme(), &Scope::Everyone, march).await,
        recount([&back], &Scope::Everyone, march)
    );
}
