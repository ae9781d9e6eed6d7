//! A session record as it is shown.

use casebridge_domain::record::{Exclusion, Outcome};
use casebridge_domain::service_case::{Actor, EndReason};
use casebridge_domain::time::{rfc3339, seconds_between};
use casebridge_domain::{Instant, SessionRecord, Technician, Ticket, TimeZone};
use chrono::SecondsFormat;
use serde::Serialize;
use utoipa::ToSchema;

use crate::cases::{CaseDeviceView, session_type_name};
use crate::principal::PrincipalView;

/// One session as it stood when it ended.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordView {
    /// The service case; names the record.
    #[schema(example = "01890a5d-ac96-774b-bcce-b302099a8057")]
    pub(super) case: String,
    /// The ticket, as at the end; absent where the session was for a device.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ticket: Option<RecordedTicket>,
    /// The device, as at the start; absent where the session was for a ticket.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) device: Option<CaseDeviceView>,
    /// Who helped, as at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) technician: Option<RecordedTechnician>,
    /// TeamViewer's; absent where nobody was at the device.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "s123-456-789")]
    pub(super) session_code: Option<String>,
    /// `default` (remote control) or `pilot` (camera).
    #[schema(value_type = String, example = "default")]
    pub(super) session_type: &'static str,
    /// When help was asked for, where the case began with that: until it was picked up, the requester waited for a technician.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) asked_at: Option<String>,
    /// Play.
    #[schema(example = "2026-11-22T08:00:00Z")]
    pub(super) started_at: String,
    /// When the case first had a technician.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) picked_up_at: Option<String>,
    /// When the customer was first seen online.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) online_at: Option<String>,
    /// Stop, or the case's time.
    #[schema(example = "2026-11-22T08:12:34Z")]
    pub(super) ended_at: String,
    /// `started_at` in the time zone.
    #[schema(example = "2026-11-22T09:00:00+01:00")]
    pub(super) started_local: String,
    /// `ended_at` in the time zone: what decides the day.
    #[schema(example = "2026-11-22T09:12:34+01:00")]
    pub(super) ended_local: String,
    /// The day it counts on.
    #[schema(example = "2026-11-22")]
    pub(super) day: String,
    /// The account's time zone at that moment.
    #[schema(example = "Europe/Paris")]
    pub(super) time_zone: String,
    /// `closed` or `expired`.
    #[schema(value_type = String, example = "closed")]
    pub(super) outcome: &'static str,
    /// `vendor` (stop), `teamviewer` or `casebridge`; absent where the clock ended it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "vendor")]
    pub(super) ended_by: Option<&'static str>,
    /// `stopped`, `here_only` or `ended_in_teamviewer`; absent where the clock ended it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "stopped")]
    pub(super) reason: Option<&'static str>,
    /// Started to ended; absent where the clock ended it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 754)]
    pub(super) duration_seconds: Option<i64>,
    /// Started to first seen online; absent where the customer never was.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 60)]
    pub(super) waiting_seconds: Option<i64>,
    /// The technician's words, or what was noted later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) note: Option<String>,
    /// It was taken out of the count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) excluded: Option<ExclusionView>,
    /// Its month had more values of the ticket's facts than figures are kept of: it counts by day and technician only.
    /// Absent unless that is so.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(value_type = Option<bool>)]
    pub(super) counted_without_facts: bool,
}

/// A ticket as it was when its session ended.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordedTicket {
    /// The vendor's id.
    #[schema(example = "4711")]
    pub(super) id: String,
    /// As people call it.
    #[schema(example = "INC-4711")]
    pub(super) number: String,
    /// One line.
    pub(super) title: String,
    /// What the vendor said, as the next three.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Hardware")]
    pub(super) category: Option<String>,
    /// Incident, request …
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    #[schema(example = "Incident")]
    pub(super) kind: Option<String>,
    /// Urgent, medium, low …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) priority: Option<String>,
    /// Portal, mail …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) source: Option<String>,
}

/// Who helped.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordedTechnician {
    /// The vendor's id.
    #[schema(example = "u-42")]
    pub(super) id: String,
    /// As it was then.
    pub(super) name: String,
}

/// A session was taken out of the count.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExclusionView {
    /// When.
    pub(super) at: String,
    /// On whose behalf.
    pub(super) by: PrincipalView,
    /// Why, in his words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<String>,
}

impl From<&SessionRecord> for RecordView {
    fn from(record: &SessionRecord) -> Self {
        let closed = match record.outcome {
            Outcome::Closed { by, reason } => Some((by, reason)),
            Outcome::Expired => None,
        };
        Self {
            case: record.case.to_string(),
            ticket: record.ticket().map(RecordedTicket::from),
            device: record.subject.device().map(CaseDeviceView::from),
            technician: record.technician.as_ref().map(RecordedTechnician::from),
            session_code: record.code.as_ref().map(ToString::to_string),
            session_type: session_type_name(record.session_type),
            asked_at: record.asked_at.map(rfc3339),
            started_at: rfc3339(record.started_at),
            picked_up_at: record.picked_up_at.map(rfc3339),
            online_at: record.online_at.map(rfc3339),
            ended_at: rfc3339(record.ended_at),
            started_local: local(record.started_at, record.time_zone),
            ended_local: local(record.ended_at, record.time_zone),
            day: record.day.to_string(),
            time_zone: record.time_zone.to_string(),
            outcome: if closed.is_some() { "closed" } else { "expired" },
            ended_by: closed.map(|(by, _)| actor_name(by)),
            reason: closed.map(|(_, reason)| reason_name(reason)),
            duration_seconds: closed.map(|_| record.duration_seconds()),
            waiting_seconds: record.online_at.map(|online_at| seconds_between(record.started_at, online_at)),
            note: record.note.as_ref().map(ToString::to_string),
            excluded: record.excluded.as_ref().map(ExclusionView::from),
            counted_without_facts: record.coarse,
        }
    }
}

impl From<&Ticket> for RecordedTicket {
    fn from(ticket: &Ticket) -> Self {
        Self {
            id: ticket.id.to_string(),
            number: ticket.number.to_string(),
            title: ticket.title.to_string(),
            category: ticket.category.as_ref().map(ToString::to_string),
            kind: ticket.kind.as_ref().map(ToString::to_string),
            priority: ticket.priority.as_ref().map(ToString::to_string),
            source: ticket.source.as_ref().map(ToString::to_string),
        }
    }
}

impl From<&Technician> for RecordedTechnician {
    fn from(technician: &Technician) -> Self {
        Self { id: technician.id.to_string(), name: technician.name.to_string() }
    }
}

impl From<&Exclusion> for ExclusionView {
    fn from(exclusion: &Exclusion) -> Self {
        Self {
            at: rfc3339(exclusion.at),
            by: exclusion.by.into(),
            reason: exclusion.reason.as_ref().map(ToString::to_string),
        }
    }
}

/// With its distance from UTC: in autumn an hour comes twice.
fn local(at: Instant, zone: TimeZone) -> String {
    at.with_timezone(&zone.rules()).to_rfc3339_opts(SecondsFormat::Secs, false)
}

fn actor_name(actor: Actor) -> &'static str {
    match actor {
        Actor::Vendor => "vendor",
        Actor::TeamViewer => "teamviewer",
        Actor::Us => "casebridge",
    }
}

fn reason_name(reason: EndReason) -> &'static str {
    match reason {
        EndReason::Stopped => "stopped",
        EndReason::HereOnly => "here_only",
        EndReason::EndedInTeamViewer => "ended_in_teamviewer",
    }
}
