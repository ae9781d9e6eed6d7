//! Whatever ended, was excluded, put back or counted on another day: figures of any days are what the records come to.

use casebridge_app::ports::store::{CaseChange, RecordChange, Saved};
use casebridge_domain::journal::Principal;
use casebridge_domain::record::Exclusion;
use casebridge_domain::report::{Cover, Days, Dimension, Month, Period, Scope, Year};
use casebridge_domain::{SessionRecord, TechnicianId, TimeZone};
use chrono::TimeDelta;
use futures::executor::block_on;
use proptest::prelude::*;

use crate::conformance::Stage;
use crate::conformance::fixtures::{acme, noon};
use crate::conformance::recount::{day, month, only, recount, recount_by_day, reported, reported_by_day};
use crate::conformance::sessions::{Plan, plan, technician};

/// A session, and what becomes of its record.
#[derive(Debug, Clone)]
struct Session {
    plan: Plan,
    coarse: bool,
    changes: Vec<Change>,
}

#[derive(Debug, Clone, Copy)]
enum Change {
    Exclude,
    PutBack,
    Move(TimeZone),
}

fn zone() -> impl Strategy<Value = TimeZone> {
    prop::sample::select(ZONES).prop_map(|zone| TimeZone::parse(zone).unwrap())
}

const ZONES: &[&str] = &["UTC", "Pacific/Auckland", "America/Los_Angeles", "Asia/Kathmandu"];

/// Ids that look like something else in keys.
const TECHNICIANS: &[&str] = &["all", "none", "t/ü #~", "+"];

fn plans() -> impl Strategy<Value = Plan> {
    let by = prop::option::of(prop::sample::select(TECHNICIANS));
    let fact = || prop::option::of(prop_oneof![Just("a".to_owned()), "[!-~é日🖨]{1,3}"]);
    let facts = [fact(), fact(), fact(), fact()];
    // Around the ends of months: noon is that of 1 March.
    let started = (-70..70_i64, prop_oneof![-40..40_i64, Just(-12)]).prop_map(|(days, hours)| days * 24 + hours);
    let times = (prop::option::of(2..600_i64), prop::option::of(600..86_000_i64));
    (by, facts, started, times, zone()).prop_map(|(by, facts, started, (waiting, lasting), zone)| Plan {
        technician: by.map(|id| technician(id, id)),
        facts,
        started_at: noon() + TimeDelta::hours(started),
        waiting,
        lasting,
        zone,
        ..plan()
    })
}

fn sessions() -> impl Strategy<Value = Vec<Session>> {
    let change = prop_oneof![Just(Change::Exclude), Just(Change::PutBack), zone().prop_map(Change::Move)];
    let changes = prop::collection::vec(change, 0..4);
    let session = (plans(), prop::bool::weighted(0.1), changes);
    let session = session.prop_map(|(plan, coarse, changes)| Session { plan, coarse, changes });
    prop::collection::vec(session, 1..12)
}

fn ranges() -> impl Strategy<Value = Days> {
    let length = prop_oneof![1..150_u64, 365..1100_u64];
    (0..500_u64, length).prop_map(|(from, length)| {
        let from = day("2098-12-01") + chrono::Days::new(from);
        Days::new(from, from + chrono::Days::new(length)).unwrap()
    })
}

impl Change {
    fn of(self, record: &SessionRecord) -> SessionRecord {
        match self {
            Self::Exclude => {
                let exclusion = Exclusion { at: noon(), by: Principal::Operator, reason: None };
                SessionRecord { excluded: Some(exclusion), ..record.clone() }
            }
            Self::PutBack => SessionRecord { excluded: None, ..record.clone() },
            Self::Move(zone) => record.clone().in_zone(zone),
        }
    }
}

/// Ends the session and changes its record.
async fn held(stage: &Stage, session: &Session) -> SessionRecord {
    let mut ending = stage.begun(&session.plan).await;
    ending.record.coarse = session.coarse;
    stage.stepped(CaseChange { record: Some(ending.record.clone()), ..ending.step() }).await;
    for change in &session.changes {
        let was = stage.kept(&ending.record).await;
        let record = change.of(&was.value);
        let changed = RecordChange { was: &was, record: &record, entry: None };
        assert!(matches!(stage.store().change_record(&changed).await.unwrap(), Saved::Done(_)));
    }
    stage.kept(&ending.record).await.value
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 80, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn figures_are_what_the_records_come_to(sessions in sessions(), ranges in prop::collection::vec(ranges(), 6)) {
        block_on(async {
            let stage = Stage::in_memory();
            stage.connect(&acme()).await;
            let mut records = Vec::new();
            for session in &sessions {
                records.push(held(&stage, session).await);
            }
            let scopes = TECHNICIANS.iter().map(|id| only(id)).chain([Scope::Everyone, Scope::Technician(None)]);
            for scope in scopes {
                for days in &ranges {
                    let counted = reported(stage.store(), &acme(), &scope, *days).await;
                    assert_eq!(counted, recount(&records, &scope, *days), "{scope:?} {days:?}");
                }
                let year = (month("2099-11"), month("2100-06"));
                let by_day = reported_by_day(stage.store(), &acme(), &scope, year).await;
                assert_eq!(by_day, recount_by_day(&records, &scope));
            }
            let days = stage.store().counted_days(&acme()).await.unwrap();
            let wholes = stage.store().counted_wholes(&acme()).await.unwrap();
            for record in &records {
                assert!(days.contains(&record.day));
                for period in [Period::Month(Month::of(record.day)), Period::Year(Year::of(record.day))] {
                    for scope in Scope::all_of(record) {
                        assert!(wholes.contains(&(period, scope.key())), "{period} {scope:?}");
                    }
                }
                let named = record.technician.as_ref().map(|technician| &technician.id);
                assert_eq!(named.is_some(), names(&stage, record).await.iter().any(|id| Some(id) == named));
            }
        });
    }
}

/// Who is named in the record's month.
async fn names(stage: &Stage, record: &SessionRecord) -> Vec<TechnicianId> {
    let month = Cover::of_months(&Month::of(record.day).days());
    let figures = stage.store().figures(&acme(), &Scope::Everyone, &month, Some(Dimension::Technician)).await;
    figures.unwrap().names.into_keys().collect()
}
