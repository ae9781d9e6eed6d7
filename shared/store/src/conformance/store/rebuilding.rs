//! Figures held against records, and put right.

use std::collections::BTreeSet;

use casebridge_app::ports::store::{Correction, Kept, Saved, Sheet};
use casebridge_domain::journal::AccountMatter;
use casebridge_domain::report::{Cell, Dimension, Measure, Period, Scope, Tally, Year};
use chrono::TimeDelta;
use futures::future::join_all;

use crate::conformance::Stage;
use crate::conformance::fixtures::{acme, after_noon, globex, noon, said};
use crate::conformance::recount::{Cells, day, days, month, of, only, recount, reported};
use crate::conformance::sessions::plan;

const MARCH: &str = "2100-03";

/// Everyone's figures of March.
async fn march(stage: &Stage) -> Kept {
    let kept = stage.store().kept(&acme(), "all", &[Period::Month(month(MARCH))]).await.unwrap();
    let [kept] = kept.try_into().unwrap();
    kept
}

async fn correct(stage: &Stage, scope: &Scope, cells: &Cells, rebuilder: &str) -> Saved {
    let (account, scope) = (&acme(), &scope.key()[..]);
    let correction = Correction { account, period: Period::Month(month(MARCH)), scope, cells, rebuilder };
    stage.store().correct(&correction).await.unwrap()
}

/// Everyone's and each technician's.
pub async fn a_sheet_shows_all_scopes_of_a_day(stage: &Stage) {
    stage.connect(&acme()).await;
    let mut records = Vec::new();
    for n in 0..8 {
        let plan = plan().from(after_noon(60 * 20 * n)).about("c", "t");
        records.push(stage.held(&if n % 4 == 0 { plan } else { plan.by(&format!("u{}", n % 4)) }).await);
    }
    let scopes = [Scope::Everyone, Scope::Technician(None), only("u1"), only("u2"), only("u3")];
    let first = day("2100-03-01");
    let sheet = stage.store().sheet(&acme(), first).await.unwrap();
    for scope in &scopes {
        let cells = sheet.get(&scope.key()).map(|kept| kept.figures.cells.clone()).unwrap_or_default();
        assert_eq!(cells, recount(&records, scope, days("2100-03-01", "2100-03-02")), "{scope:?}");
    }
    assert!(sheet.len() <= scopes.len());
    assert_eq!(stage.store().sheet(&acme(), first).await.unwrap(), sheet, "as long as nothing happens");
    assert_eq!(stage.store().sheet(&globex(), first).await.unwrap(), Sheet::default());
}

/// In the order in which they were asked for, those without any too.
pub async fn what_is_kept_of_a_scope_is_given_period_by_period(stage: &Stage) {
    stage.connect(&acme()).await;
    let mut records = Vec::new();
    for n in 0..6 {
        records.push(stage.held(&plan().from(after_noon(60 * 24 * 11 * n)).by(&format!("u{}", n % 2))).await);
    }
    let asked = [
        (Period::Year(Year::of(day("2100-01-01"))), days("2100-01-01", "2101-01-01")),
        (Period::Day(day("2100-03-12")), days("2100-03-12", "2100-03-13")),
        (Period::Month(month("2100-09")), days("2100-09-01", "2100-10-01")),
        (Period::Month(month("2100-04")), days("2100-04-01", "2100-05-01")),
    ];
    for scope in [Scope::Everyone, only("u0"), only("u1"), only("nobody")] {
        let kept = stage.store().kept(&acme(), &scope.key(), &asked.map(|(period, _)| period)).await.unwrap();
        assert_eq!(kept.len(), asked.len());
        for ((period, days), kept) in asked.iter().zip(kept) {
            let mut cells = kept.figures.cells;
            cells.retain(|cell, _| !matches!(cell, Cell::Of(Dimension::Day, _)));
            let expected = recount(&records, &scope, *days);
            assert_eq!((kept.mark.is_empty(), &cells), (expected.is_empty(), &expected), "{scope:?} {period}");
        }
    }
}

/// Whoever's session it is.
pub async fn a_mark_tells_that_something_happened(stage: &Stage) {
    stage.connect(&acme()).await;
    let mut marks = vec![march(stage).await.mark];
    for technician in ["tess", "tess", "tom"] {
        stage.held(&plan().by(technician)).await;
        marks.push(march(stage).await.mark);
    }
    let before = marks.last().cloned();
    stage.held(&plan().from(after_noon(60 * 24 * 40))).await;
    assert_eq!(Some(march(stage).await.mark), before, "April is another month");
    marks.dedup();
    assert_eq!(marks.len(), 4);
}

/// Days in order; months and years for each scope; all once.
pub async fn what_is_counted_is_listed(stage: &Stage) {
    stage.connect(&acme()).await;
    let mut wholes = BTreeSet::new();
    for (days, technician) in [(0, "tess"), (0, "tom"), (-1, "tess"), (31, "tess"), (-400, "tim")] {
        let record = stage.held(&plan().by(technician).from(noon() + TimeDelta::days(days))).await;
        for scope in Scope::all_of(&record) {
            let [_, month, year] = Period::all_of(record.day);
            wholes.extend([month, year].map(|period| (period, scope.key())));
        }
    }
    let days = ["2099-01-25", "2100-02-28", "2100-03-01", "2100-04-01"].map(day);
    assert_eq!(stage.store().counted_days(&acme()).await.unwrap(), days);
    let listed = stage.store().counted_wholes(&acme()).await.unwrap();
    assert_eq!(listed.len(), wholes.len());
    assert_eq!(BTreeSet::from_iter(listed), wholes);
    assert_eq!(stage.store().counted_days(&globex()).await.unwrap(), []);
    assert_eq!(stage.store().counted_wholes(&globex()).await.unwrap(), []);
}

/// By so many counters that it takes several steps; while sessions go on ending.
pub async fn figures_are_put_right_by_what_they_are_off(stage: &Stage) {
    let store = stage.store();
    stage.connect(&acme()).await;
    let mut records = vec![stage.held(&plan().by("tess").about("c", "t")).await];
    assert!(store.claim_rebuild(&acme(), "me", noon(), after_noon(10)).await.unwrap());
    let off = Tally::default().with(Measure::Closed, 3).with(Measure::ClosedSeconds, -7).with(Measure::Joined, 1);
    let mut cells = Cells::from([(Cell::All, off), (of(Dimension::Day, "2100-03-02"), off)]);
    cells.extend((0..150).map(|n| (of(Dimension::Category, &format!("é/{n}")), off)));
    assert!(matches!(correct(stage, &Scope::Everyone, &cells, "me").await, Saved::Done(_)));
    records.push(stage.held(&plan().by("tess").about("c", "t")).await);
    let days = days("2100-03-01", "2100-04-01");
    let mut expected = recount(&records, &Scope::Everyone, days);
    for (cell, off) in &cells {
        if !matches!(cell, Cell::Of(Dimension::Day, _)) {
            *expected.entry(cell.clone()).or_default() += *off;
        }
    }
    assert_eq!(reported(store, &acme(), &Scope::Everyone, days).await, expected);
    assert_eq!(march(stage).await.figures.cells[&of(Dimension::Day, "2100-03-02")], off);

    for tally in cells.values_mut() {
        let mut back = Tally::default();
        back -= *tally;
        *tally = back;
    }
    assert!(matches!(correct(stage, &Scope::Everyone, &cells, "me").await, Saved::Done(_)));
    assert_eq!(reported(store, &acme(), &Scope::Everyone, days).await, recount(&records, &Scope::Everyone, days));
    assert!(!march(stage).await.figures.cells.contains_key(&of(Dimension::Day, "2100-03-02")));
}

/// Until he ends it, or lets his time pass without a word while somebody else asks.
pub async fn one_rebuilds_at_a_time(stage: &Stage) {
    let store = stage.store();
    let take = async |who: &str, now, until| store.claim_rebuild(&acme(), who, now, until).await.unwrap();
    let took = join_all(["a", "b", "c", "d"].map(|who| take(who, noon(), after_noon(10)))).await;
    assert_eq!(took.iter().filter(|took| **took).count(), 1, "{took:?}");
    let winner = ["a", "b", "c", "d"].into_iter().zip(took).find_map(|(who, took)| took.then_some(who)).unwrap();
    assert!(take(winner, after_noon(5), after_noon(15)).await, "he goes on");
    assert!(!take("e", after_noon(15) - TimeDelta::milliseconds(1), after_noon(60)).await);
    assert!(store.claim_rebuild(&globex(), "e", noon(), after_noon(10)).await.unwrap());
    assert!(take(winner, after_noon(20), after_noon(30)).await, "nobody asked meanwhile");
    assert!(take("e", after_noon(30), after_noon(40)).await);
    assert!(!take(winner, after_noon(31), after_noon(50)).await);
}

/// Somebody else took over: nothing is added, and it is not for him to end or to tell.
pub async fn who_lost_the_right_to_rebuild_puts_nothing_right(stage: &Stage) {
    let store = stage.store();
    let told = said(after_noon(1), AccountMatter::FiguresRebuilt);
    let cells = Cells::from([(Cell::All, Tally::default().with(Measure::Closed, 1))]);
    assert_eq!(correct(stage, &Scope::Everyone, &cells, "me").await, Saved::Lost, "never had it");
    assert!(store.claim_rebuild(&acme(), "me", noon(), after_noon(10)).await.unwrap());
    assert!(store.claim_rebuild(&acme(), "you", after_noon(10), after_noon(20)).await.unwrap());
    assert_eq!(correct(stage, &Scope::Everyone, &cells, "me").await, Saved::Lost);
    assert_eq!(march(stage).await, Kept::default());
    store.end_rebuild(&acme(), "me", Some(&told)).await.unwrap();
    assert_eq!(stage.waiting(&acme()).await, []);
    assert!(!store.claim_rebuild(&acme(), "me", after_noon(11), after_noon(20)).await.unwrap(), "it is still his");
    store.end_rebuild(&acme(), "you", Some(&told)).await.unwrap();
    assert_eq!(stage.waiting(&acme()).await, [told]);
    assert!(store.claim_rebuild(&acme(), "me", after_noon(11), after_noon(20)).await.unwrap());
}
