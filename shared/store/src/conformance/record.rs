//! A record that no case left.

use casebridge_domain::record::Outcome;
use casebridge_domain::service_case::{Actor, EndReason};
use casebridge_domain::{CaseId, SessionRecord, SessionType, Technician, TimeZone};
use uuid::Uuid;

use super::fixtures::{acme, after_noon, code};
use super::sessions::plan;

/// The record of an hour that somebody helped.
pub(crate) fn record(technician: Technician) -> SessionRecord {
    SessionRecord {
        account: acme(),
        case: CaseId::new(Uuid::from_u128(1)),
        subject: plan().ticket("T1").into(),
        technician: Some(technician),
        code: Some(code(1)),
        session_type: SessionType::Default,
        started_at: after_noon(0),
        online_at: None,
        ended_at: after_noon(60),
        day: after_noon(60).date_naive(),
        time_zone: TimeZone::UTC,
        outcome: Outcome::Closed { by: Actor::Vendor, reason: EndReason::Stopped },
        note: None,
        picked_up_at: None,
        asked_at: None,
        excluded: None,
        changed_at: None,
        coarse: false,
    }
}
