//! What is promised of session records.

use casebridge_domain::record::Outcome;
use casebridge_domain::service_case::State;
use casebridge_domain::{ServiceCase, SessionRecord};

use super::{Promises, Seen};
use crate::histories::life::Told;
use crate::oracle::{Broken, promise};
use crate::world::TestWorld;
use crate::world::local_time::local_day;

impl Promises {
    /// One record of every session that ended, as it ended, and as it was but for what somebody did to it.
    pub(super) async fn records_are_right(
        &mut self,
        world: &TestWorld,
        seen: &Seen,
        told: &[Told],
    ) -> Result<(), Broken> {
        let Seen { who, cases, records } = seen;
        let zone = world.desk(&who.id()).await.account().time_zone;
        let zones = self.zones.entry(*who).or_default();
        if zones.last() != Some(&zone) {
            zones.push(zone);
        }
        for case in cases {
            let of_it: Vec<_> = records.iter().filter(|record| record.case == case.id()).collect();
            match (case.ended(), of_it.as_slice()) {
                (Some(_), [record]) => {
                    is_right(case, record)?;
                    promise!(zones.contains(&record.time_zone), "counts in {}, of {zones:?}", record.time_zone);
                }
                (None, []) => {}
                (ended, records) => {
                    return Err(Broken::new(format!("{} records of a case that ended {ended:?}", records.len())));
                }
            }
        }
        let ended = cases.iter().filter(|case| case.ended().is_some()).count();
        promise!(records.len() == ended, "{} records of {ended} sessions", records.len());
        for record in records {
            if let Some(before) = self.records.insert(record.case, record.clone()) {
                let allowed = allowed(&before, record, told);
                promise!(*record == allowed, "a record has changed: {before:?} became {record:?}");
            }
        }
        Ok(())
    }
}

/// The record as it was, with those of the changes that somebody asked for.
fn allowed(before: &SessionRecord, after: &SessionRecord, told: &[Told]) -> SessionRecord {
    let mut allowed = before.clone();
    let changed = told.iter().any(|told| told.record_changed);
    let rebuilt = told.iter().any(|told| told.rebuilt);
    if changed {
        allowed.note.clone_from(&after.note);
        allowed.excluded.clone_from(&after.excluded);
        allowed.changed_at = after.changed_at;
    }
    if rebuilt {
        (allowed.day, allowed.time_zone) = (after.day, after.time_zone);
    }
    if changed || rebuilt {
        allowed.coarse = after.coarse;
    }
    allowed
}

fn is_right(case: &ServiceCase, record: &SessionRecord) -> Result<(), Broken> {
    let Some(end) = case.ended() else { return Ok(()) };
    promise!(record.started_at == case.started_at(), "the record began at {}", record.started_at);
    promise!(record.ended_at == end.at, "the record ended at {}, the case at {}", record.ended_at, end.at);
    promise!(record.online_at == case.first_online_at(), "the record's time online is {:?}", record.online_at);
    promise!(record.subject == *case.subject(), "the record's facts are {:?}", record.subject);
    promise!(record.technician.as_ref() == case.technician(), "the record's technician is another");
    promise!(record.picked_up_at == case.picked_up_at(), "the record was picked up at {:?}", record.picked_up_at);
    promise!(record.code.as_ref() == case.session().map(|session| &session.code), "the code is {:?}", record.code);
    let expired = matches!(case.state(), State::Expired(_));
    promise!(!expired || end.at == case.valid_until(), "expired at {}", end.at);
    promise!(expired == (record.outcome == Outcome::Expired), "the outcome is {:?}", record.outcome);
    let day = local_day(record.time_zone, end.at);
    promise!(record.day == day, "counts on {}, not {day}", record.day);
    Ok(())
}
