//! Records that are changed, and the figures with them.

use casebridge_app::ports::store::{RecordChange, Saved, Versioned};
use casebridge_domain::journal::{AccountMatter, JournalEntry, Principal};
use casebridge_domain::record::Exclusion;
use casebridge_domain::report::{Cell, Measure, Period, Scope, Tally};
use casebridge_domain::service_case::Note;
use casebridge_domain::{SessionRecord, TimeZone};
use futures::future::join_all;

use crate::conformance::Stage;
use crate::conformance::fixtures::{acme, after_noon, said};
use crate::conformance::recount::{Cells, day, days, only, recount, reported};
use crate::conformance::sessions::{Plan, plan};

pub(super) fn excluded(record: &SessionRecord) -> SessionRecord {
    let exclusion = Exclusion { at: after_noon(90), by: Principal::Operator, reason: None };
    SessionRecord { excluded: Some(exclusion), ..record.clone() }
}

fn of(record: &SessionRecord) -> JournalEntry {
    let (note, excluded) = (record.note.clone(), record.excluded.is_some());
    said(after_noon(90), AccountMatter::RecordChanged { case: record.case, note, excluded })
}

/// The record is changed now.
pub(super) async fn changed(
    stage: &Stage,
    was: &Versioned<SessionRecord>,
    record: &SessionRecord,
) -> Versioned<SessionRecord> {
    let change = RecordChange { was, record, entry: Some(of(record)) };
    let Saved::Done(revision) = stage.store().change_record(&change).await.unwrap() else { panic!("lost") };
    let now = stage.kept(record).await;
    assert_eq!(now.revision, revision);
    now
}

async fn of_march(stage: &Stage, scope: &Scope) -> Cells {
    reported(stage.store(), &acme(), scope, days("2100-03-01", "2100-04-01")).await
}

/// It counts as excluded and nowhere else, until it is put back.
pub async fn an_excluded_session_counts_apart_until_it_is_put_back(stage: &Stage) {
    stage.connect(&acme()).await;
    let record = stage.held(&Plan { waiting: Some(60), ..plan() }.by("tess").about("c", "t")).await;
    let other = stage.held(&plan().by("tess")).await;
    let before = of_march(stage, &Scope::Everyone).await;
    let was = stage.kept(&record).await;
    let out = excluded(&record);
    let now = changed(stage, &was, &out).await;
    assert_eq!(now.value, out);
    for scope in [Scope::Everyone, only("tess")] {
        let march = days("2100-03-01", "2100-04-01");
        assert_eq!(of_march(stage, &scope).await, recount([&out, &other], &scope, march));
        let first = reported(stage.store(), &acme(), &scope, days("2100-03-01", "2100-03-02")).await;
        assert_eq!(first, recount([&out, &other], &scope, march), "the day too");
    }
    assert_eq!(of_march(stage, &Scope::Everyone).await[&Cell::All].get(Measure::Excluded), 1);
    changed(stage, &now, &record).await;
    assert_eq!(of_march(stage, &Scope::Everyone).await, before);
}

/// Whoever read an older version changes neither the record nor the figures, and the journal says nothing of it.
pub async fn a_record_that_was_changed_meanwhile_is_read_again(stage: &Stage) {
    stage.connect(&acme()).await;
    let record = stage.held(&plan().by("tess")).await;
    let was = stage.kept(&record).await;
    let out = excluded(&record);
    let change = RecordChange { was: &was, record: &out, entry: Some(of(&out)) };
    let saved = join_all((0..8).map(|_| stage.store().change_record(&change))).await;
    let saved: Vec<Saved> = saved.into_iter().map(Result::unwrap).collect();
    assert_eq!(saved.iter().filter(|saved| **saved == Saved::Lost).count(), 7, "{saved:?}");
    assert_eq!(stage.kept(&record).await.value, out);
    let tally = Tally::default().with(Measure::Excluded, 1);
    assert_eq!(of_march(stage, &Scope::Everyone).await[&Cell::All], tally);
    let told = stage.waiting(&acme()).await;
    assert_eq!(told.iter().filter(|entry| **entry == of(&out)).count(), 1);
}

/// Only the record is written.
pub async fn a_note_leaves_the_figures_alone(stage: &Stage) {
    stage.connect(&acme()).await;
    let record = stage.held(&plan()).await;
    let kept = async || stage.store().kept(&acme(), "all", &Period::all_of(record.day)).await.unwrap();
    let before = kept().await;
    assert!(before.iter().all(|kept| !kept.mark.is_empty()));
    let note = Note::parse("the cable").ok();
    let noted = SessionRecord { note, ..record.clone() };
    let was = stage.kept(&record).await;
    assert_eq!(changed(stage, &was, &noted).await.value, noted);
    assert_eq!(kept().await, before);
}

/// From one day, and month, to another.
pub async fn a_session_that_counts_on_another_day_takes_its_figures_along(stage: &Stage) {
    stage.connect(&acme()).await;
    let evening = day("2100-03-31").and_hms_opt(20, 0, 0).unwrap().and_utc();
    let record = stage.held(&plan().by("tess").from(evening)).await;
    let stays = stage.held(&plan().by("tess")).await;
    let was = stage.kept(&record).await;
    let moved = record.clone().in_zone(TimeZone::parse("Pacific/Auckland").unwrap());
    assert_eq!((record.day, moved.day), (day("2100-03-31"), day("2100-04-01")));
    changed(stage, &was, &moved).await;
    let ranges = [("2100-03-01", "2100-04-01"), ("2100-04-01", "2100-05-01"), ("2100-03-31", "2100-04-02")];
    for scope in [Scope::Everyone, only("tess")] {
        for (from, to) in ranges {
            let days = days(from, to);
            let counted = reported(stage.store(), &acme(), &scope, days).await;
            assert_eq!(counted, recount([&moved, &stays], &scope, days), "{from} {to}");
        }
    }
}
