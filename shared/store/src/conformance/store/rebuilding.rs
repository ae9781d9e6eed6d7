//! Figures held against records, and put right.

use casebridge_app::ports::store::{Correction, Period, Saved, Sheet};
use casebridge_domain::journal::AccountMatter;
use casebridge_domain::report::{Cell, Dimension, Measure, Month, Scope, Tally};
use chrono::TimeDelta;
use futures::future::join_all;

use crate::conformance::Stage;
use crate::conformance::fixtures::{acme, after_noon, globex, noon, said};
use crate::conformance::recount::{Cells, day, days, month, of, only, recount, reported};
use crate::conformance::sessions::plan;

const MARCH: &str = "2100-03";

async fn march(stage: &Stage) -> Sheet {
    stage.store().sheet(&acme(), Period::Month(month(MARCH))).await.unwrap()
}

async fn correct(stage: &Stage, scope: &Scope, cells: &Cells, rebuilder: &str) -> Saved {
    let (account, scope) = (&acme(), &scope.key()[..]);
    let correction = Correction { account, period: Period::Month(month(MARCH)), scope, cells, rebuilder };
    stage.store().correct(&correction).await.unwrap()
}

/// Everyone's and each technician's, of a day and of a month.
pub async fn a_sheet_shows_all_scopes_of_a_period(stage: &Stage) {
    stage.connect(&acme()).await;
    let mut records = Vec::new();
    for n in 0..8 {
        let plan = plan().from(after_noon(60 * 20 * n)).about("c", "t");
        records.push(stage.held(&if n % 4 == 0 { plan } else { plan.by(&format!("u{}", n % 4)) }).await);
    }
    let scopes = [Scope::Everyone, Scope::Technician(None), only("u1"), only("u2"), only("u3")];
    let periods = [
        (Period::Day(day("2100-03-01")), days("2100-03-01", "2100-03-02")),
        (Period::Month(month(MARCH)), days("2100-03-01", "2100-04-01")),
    ];
    for (period, days) in periods {
        let sheet = stage.store().sheet(&acme(), period).await.unwrap();
        for scope in &scopes {
            let mut cells = sheet.scopes.get(&scope.key()).map(|figures| figures.cells.clone()).unwrap_or_default();
            cells.retain(|cell, _| !matches!(cell, Cell::Of(Dimension::Day, _)));
            assert_eq!(cells, recount(&records, scope, days), "{scope:?}");
        }
        assert!(sheet.scopes.len() <= scopes.len());
        assert_eq!(stage.store().sheet(&acme(), period).await.unwrap(), sheet, "as long as nothing happens");
    }
    let empty = stage.store().sheet(&globex(), Period::Month(month(MARCH))).await.unwrap();
    assert_eq!(empty, Sheet::default());
}

/// Whoever's session it is.
pub async fn a_sheets_mark_tells_that_something_happened(stage: &Stage) {
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

/// Days, then months, each once.
pub async fn the_periods_of_an_account_are_listed(stage: &Stage) {
    stage.connect(&acme()).await;
    for (days, technician) in [(0, "tess"), (0, "tom"), (-1, "tess"), (31, "tess"), (-400, "tim")] {
        stage.held(&plan().by(technician).from(noon() + TimeDelta::days(days))).await;
    }
    let on = ["2099-01-25", "2100-02-28", "2100-03-01", "2100-04-01"].map(day);
    let expected: Vec<Period> =
        on.map(Period::Day).into_iter().chain(on.map(|day| Period::Month(Month::of(day)))).collect();
    assert_eq!(stage.store().periods(&acme()).await.unwrap(), expected);
    assert_eq!(stage.store().periods(&globex()).await.unwrap(), []);
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
    let sheet = march(stage).await;
    assert_eq!(sheet.scopes["all"].cells[&of(Dimension::Day, "2100-03-02")], off);

    for tally in cells.values_mut() {
        let mut back = Tally::default();
        back -= *tally;
        *tally = back;
    }
    assert!(matches!(correct(stage, &Scope::Everyone, &cells, "me").await, Saved::Done(_)));
    assert_eq!(reported(store, &acme(), &Scope::Everyone, days).await, recount(&records, &Scope::Everyone, days));
    assert!(!march(stage).await.scopes["all"].cells.contains_key(&of(Dimension::Day, "2100-03-02")));
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
    assert_eq!(march(stage).await, Sheet::default());
    store.end_rebuild(&acme(), "me", Some(&told)).await.unwrap();
    assert_eq!(stage.waiting(&acme()).await, []);
    assert!(!store.claim_rebuild(&acme(), "me", after_noon(11), after_noon(20)).await.unwrap(), "it is still his");
    store.end_rebuild(&acme(), "you", Some(&told)).await.unwrap();
    assert_eq!(stage.waiting(&acme()).await, [told]);
    assert!(store.claim_rebuild(&acme(), "me", after_noon(11), after_noon(20)).await.unwrap());
}
