//! The audit trail holds, whoever is taken out of it.

use casebridge_app::audit::{entries, erase_technician, verify};
use casebridge_app::journal;
use casebridge_domain::audit::AuditEntry;
use casebridge_domain::journal::Event;
use casebridge_domain::{AccountId, TechnicianId};
use serde_json::Value;

use super::{Broken, promise};
use crate::world::TestWorld;

/// More than any test's trail has.
const ALL: usize = 10_000;

/// One link for each event of the feed.
pub(crate) async fn the_trail_holds(world: &TestWorld, account: &AccountId, events: &[Event]) -> Result<(), Broken> {
    let verified = verify(&world.app, account).await.map_err(|broken| Broken::new(format!("the trail: {broken}")))?;
    let trail = entries(&world.app, account, 0, ALL).await.unwrap();
    promise!(usize::try_from(verified.entries) == Ok(trail.len()), "{} of {} links", verified.entries, trail.len());
    promise!(trail.len() == events.len(), "{} links of {} events", trail.len(), events.len());
    for (link, event) in trail.iter().zip(events) {
        let told = (link.number, link.at.timestamp_millis(), link.kind.as_str());
        let happened = (event.number, event.at.timestamp_millis(), event.kind());
        promise!(told == happened, "the trail says {told:?} of {happened:?}");
    }
    Ok(())
}

/// After a technician was erased nothing names him, all else is as it was, and the trail holds.
pub(crate) async fn a_person_can_be_erased(
    world: &TestWorld,
    account: &AccountId,
    technician: &TechnicianId,
) -> Result<(), Broken> {
    let before = entries(&world.app, account, 0, ALL).await.unwrap();
    let naming = before.iter().filter(|link| names(link, technician)).count();
    let erased = erase_technician(&world.desk(account).await, technician).await.unwrap();
    promise!(usize::try_from(erased) == Ok(naming), "{erased} of {naming} links were erased");
    journal::number_account(&world.app, account).await.unwrap();
    let after = entries(&world.app, account, 0, ALL).await.unwrap();
    promise!(!after.iter().any(|link| names(link, technician)), "{technician} is still named");
    let kept = |(before, after): (&AuditEntry, &AuditEntry)| names(before, technician) || before == after;
    promise!(before.iter().zip(&after).all(kept), "more was erased than {technician}");
    promise!(after.len() == before.len() + usize::from(erased > 0), "{} links became {}", before.len(), after.len());
    let verified = verify(&world.app, account).await.map_err(|broken| Broken::new(format!("erased: {broken}")))?;
    promise!(usize::try_from(verified.entries) == Ok(after.len()), "{} of {} links", verified.entries, after.len());
    Ok(())
}

/// Whether the details say the technician's id anywhere.
fn names(link: &AuditEntry, technician: &TechnicianId) -> bool {
    let details = link.details.as_ref().map(|details| serde_json::from_str(&details.text).unwrap());
    details.is_some_and(|details: Value| says(&details, technician.as_str()))
}

fn says(value: &Value, text: &str) -> bool {
    match value {
        Value::String(own) => own == text,
        Value::Array(items) => items.iter().any(|item| says(item, text)),
        Value::Object(fields) => fields.values().any(|field| says(field, text)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}
