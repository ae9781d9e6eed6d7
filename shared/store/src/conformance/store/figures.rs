//! What is counted when a session ends.

use std::collections::BTreeMap;

use casebridge_app::ports::store::{CaseChange, Claim, ClaimOutcome, Commit, Figures};
use casebridge_domain::people::PersonName;
use casebridge_domain::report::{Cell, Cover, Dimension, Measure, Scope, Tally};
use casebridge_domain::service_case::FailureCause;
use casebridge_domain::{SessionRecord, TechnicianId, TimeZone};
use chrono::TimeDelta;
use futures::future::join_all;

use super::record_changes::{changed, excluded};
use crate::conformance::Stage;
use crate::conformance::fixtures::{acme, after_noon, claim, closed, globex, noon, request};
use crate::conformance::recount::{
    Cells, day, days, month, of, only, recount, recount_by_day, reported, reported_by_day,
};
use crate::conformance::sessions::{Plan, plan, technician};

/// The cells of an hour of tess's, but for those that are not kept everywhere.
fn an_hour(tally: Tally) -> Cells {
    let unknown = |dimension| Cell::Of(dimension, None);
    let cells = [Cell::All, of(Dimension::Category, "Printer"), of(Dimension::Type, "Incident")];
    let unknown = [unknown(Dimension::Priority), unknown(Dimension::Source)];
    cells.into_iter().chain(unknown).map(|cell| (cell, tally)).collect()
}

fn closed_for(seconds: i64) -> Tally {
    Tally::default().with(Measure::Closed, 1).with(Measure::ClosedSeconds, seconds)
}

/// In its day and in its month, for everyone and for its technician, by everything that is known of it.
pub async fn a_session_counts_where_it_belongs(stage: &Stage) {
    let store = stage.store();
    stage.connect(&acme()).await;
    let plan = Plan { waiting: Some(300), ..plan() }.by("tess").about("Printer", "Incident");
    let record = stage.held(&plan).await;
    assert_eq!(stage.kept(&record).await.value, record);
    let tally = closed_for(3600).with(Measure::Joined, 1).with(Measure::WaitingSeconds, 300);
    let tess = (TechnicianId::parse("tess").unwrap(), PersonName::parse("tess").unwrap());
    let one_day = Cover { plus: vec![day("2100-03-01")], ..Cover::default() };
    let month = Cover::of(&days("2100-03-01", "2100-04-01"));
    let year = Cover::of(&days("2100-01-01", "2101-01-01"));
    for (scope, more) in [(Scope::Everyone, Some(of(Dimension::Technician, "tess"))), (only("tess"), None)] {
        let mut of_day = an_hour(tally);
        of_day.extend(more.map(|cell| (cell, tally)));
        let mut of_month = of_day.clone();
        of_month.insert(of(Dimension::Day, "2100-03-01"), tally);
        let names = BTreeMap::from([tess.clone()]);
        for (cover, cells) in [(&one_day, &of_day), (&month, &of_month), (&year, &of_day)] {
            let figures = store.figures(&acme(), &scope, cover, None).await.unwrap();
            assert_eq!(figures, Figures { cells: cells.clone(), names: names.clone() }, "{scope:?}");
            for by in Dimension::ALL {
                let figures = store.figures(&acme(), &scope, cover, Some(by)).await.unwrap();
                let is_by = |cell: &Cell| matches!(cell, Cell::All) || matches!(cell, Cell::Of(of, _) if *of == by);
                let cells = cells.clone().into_iter().filter(|(cell, _)| is_by(cell)).collect();
                let names = if by == Dimension::Technician { names.clone() } else { BTreeMap::new() };
                assert_eq!(figures, Figures { cells, names }, "{scope:?} by {by:?}");
            }
        }
    }
    for (account, scope) in [(globex(), Scope::Everyone), (acme(), only("tom")), (acme(), Scope::Technician(None))] {
        assert_eq!(store.figures(&account, &scope, &year, None).await.unwrap(), Figures::default(), "{scope:?}");
    }
}

/// Whoever ends it, however often: what was refused adds nothing.
pub async fn a_session_counts_once(stage: &Stage) {
    let store = stage.store();
    stage.connect(&acme()).await;
    let open = stage.open("T1", 1, noon()).await;
    let ends: Vec<_> = (0..16).map(|n| closed(&open.value, after_noon(10 + n))).collect();
    let memory = request("k", open.value.id(), noon());
    let step = |end| CaseChange {
        record: SessionRecord::of(end, TimeZone::UTC),
        idempotency: Some(&memory),
        ..CaseChange::of(end, &open)
    };
    let outcomes = join_all(ends.iter().map(|end| async { store.commit(&step(end)).await.unwrap() })).await;
    let won: Vec<_> = ends.iter().zip(&outcomes).filter(|(_, it)| matches!(it, Commit::Done(_))).collect();
    let [(won, _)] = won[..] else { panic!("{} ended it", won.len()) };
    assert!(!matches!(store.commit(&step(&ends[0])).await.unwrap(), Commit::Done(_)), "once more");
    let record = SessionRecord::of(won, TimeZone::UTC).unwrap();
    let march = days("2100-03-01", "2100-04-01");
    for scope in [Scope::Everyone, Scope::Technician(None)] {
        let counted = reported(store, &acme(), &scope, march).await;
        assert_eq!(counted, recount([&record], &scope, march));
        assert_eq!(counted[&Cell::All], closed_for(record.duration_seconds()));
    }
}

/// Nobody got a session: there is nothing to count.
pub async fn a_case_that_failed_counts_nowhere(stage: &Stage) {
    let store = stage.store();
    stage.connect(&acme()).await;
    let claimed = stage.claimed(stage.play("T1", noon())).await;
    let cause = FailureCause::NoAnswer;
    let failed = claimed.value.clone().failed(cause, 1, after_noon(1)).unwrap();
    stage.stepped(CaseChange::of(&failed, &claimed)).await;
    assert_eq!(store.counted_days(&acme()).await.unwrap(), []);
    assert_eq!(store.counted_wholes(&acme()).await.unwrap(), []);
}

/// In the step of the claim that settles it; a claim that is lost counts nothing.
pub async fn a_session_that_a_claim_settles_counts(stage: &Stage) {
    let store = stage.store();
    stage.connect(&acme()).await;
    let ending = stage.begun(&Plan { lasting: None, ..plan() }).await;
    let next = |at| stage.play_of(&acme(), ending.case.ticket().unwrap().id.as_str(), at);
    let (first, second) = (next(ending.record.ended_at), next(ending.record.ended_at));
    let won = store.claim(&Claim { settling: Some(ending.step()), ..claim(&first) }).await.unwrap();
    assert!(matches!(won, ClaimOutcome::Ours(_)));
    let lost = store.claim(&Claim { settling: Some(ending.step()), ..claim(&second) }).await.unwrap();
    assert_eq!(lost, ClaimOutcome::Lost);
    let march = days("2100-03-01", "2100-04-01");
    let counted = reported(store, &acme(), &Scope::Everyone, march).await;
    assert_eq!(counted, recount([&ending.record], &Scope::Everyone, march));
    assert_eq!(counted[&Cell::All], Tally::default().with(Measure::Expired, 1));
}

/// Months, days, and what is taken off months again come to the same as the records one by one.
pub async fn figures_of_any_days_are_what_their_records_come_to(stage: &Stage) {
    stage.connect(&acme()).await;
    let midnight = day("2100-01-30").and_hms_opt(22, 0, 0).unwrap().and_utc();
    let mut records = Vec::new();
    for n in 0..24 {
        let mut plan = plan().from(midnight + TimeDelta::hours(n * 67));
        plan.technician = match n % 3 {
            0 => None,
            1 => Some(technician("u/1 é", "Tess")),
            _ => Some(technician("all", "Tom")),
        };
        plan.facts = ["c#~/", "type", "🖨", "\"\\"].map(|fact| (n % 5 != 0).then(|| format!("{fact}{}", n % 2)));
        plan.waiting = (n % 4 != 0).then_some(60);
        plan.lasting = (n % 7 != 0).then_some(7200);
        plan.zone = TimeZone::parse(if n % 2 == 0 { "UTC" } else { "Pacific/Auckland" }).unwrap();
        records.push(stage.held(&plan).await);
    }
    let scopes = [Scope::Everyone, Scope::Technician(None), only("u/1 é"), only("all"), only("nobody")];
    let ranges = [
        days("2100-01-01", "2101-01-01"),
        days("2100-02-01", "2100-03-01"),
        days("2100-02-05", "2100-02-06"),
        days("2100-01-31", "2100-04-02"),
        days("2100-02-10", "2100-03-25"),
        days("2100-05-15", "2100-06-30"),
        days("2098-11-05", "2101-02-10"),
        days("2099-12-31", "2102-01-01"),
    ];
    for scope in &scopes {
        for days in ranges {
            let counted = reported(stage.store(), &acme(), scope, days).await;
            assert_eq!(counted, recount(&records, scope, days), "{scope:?} {days:?}");
        }
        let months = (month("2100-01"), month("2100-12"));
        let by_day = reported_by_day(stage.store(), &acme(), scope, months).await;
        assert_eq!(by_day, recount_by_day(&records, scope));
    }
}

/// The end of a day: all get through, and each counts.
pub async fn sixty_four_endings_at_once_all_count(stage: &Stage) {
    stage.connect(&acme()).await;
    let mut endings = Vec::new();
    for n in 0..64 {
        let plan =
            Plan { lasting: Some(60 + n), ..plan() }.by(&format!("u{}", n % 3)).about(&format!("c{}", n % 5), "t");
        endings.push(stage.begun(&plan).await);
    }
    let outcomes = join_all(endings.iter().map(|end| async { stage.store().commit(&end.step()).await.unwrap() })).await;
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Commit::Done(_))), "{outcomes:?}");
    let records: Vec<_> = endings.into_iter().map(|ending| ending.record).collect();
    for scope in [Scope::Everyone, only("u0"), only("u1"), only("u2")] {
        for days in [days("2100-03-01", "2100-03-02"), days("2100-01-01", "2101-01-01")] {
            let counted = reported(stage.store(), &acme(), &scope, days).await;
            assert_eq!(counted, recount(&records, &scope, days), "{scope:?} {days:?}");
        }
    }
}

/// Wherever his sessions count, and though an older one is changed later.
pub async fn a_technician_is_called_as_he_was_last(stage: &Stage) {
    stage.connect(&acme()).await;
    let mut called = BTreeMap::new();
    for (n, id) in ["t0", "t1", "t2", "t3"].into_iter().enumerate() {
        let held = async |minutes, name| {
            let technician = Some(technician(id, name));
            stage.held(&Plan { technician, ..plan() }.from(after_noon(minutes))).await
        };
        let before = held(0, "Tess Ter").await;
        // Ids that were given out in between make them count here and there.
        for _ in 0..n {
            stage.fresh_id(noon());
        }
        held(60, "Tess Zo").await;
        let was = stage.kept(&before).await;
        changed(stage, &was, &excluded(&before)).await;
        called.insert(TechnicianId::parse(id).unwrap(), PersonName::parse("Tess Zo").unwrap());
    }
    let march = Cover::of(&days("2100-03-01", "2100-04-01"));
    let by = Some(Dimension::Technician);
    assert_eq!(stage.store().figures(&acme(), &Scope::Everyone, &march, by).await.unwrap().names, called);
    for (id, name) in called {
        let scope = Scope::Technician(Some(id.clone()));
        let figures = stage.store().figures(&acme(), &scope, &march, by).await.unwrap();
        assert_eq!(figures.names, BTreeMap::from([(id, name)]));
    }
}
