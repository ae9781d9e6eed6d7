//! The session record: what reports are made of.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::journal::Principal;
use crate::service_case::{Actor, EndReason, Note, State};
use crate::time::seconds_between;
use crate::{
    AccountId, CaseId, CaseSubject, Instant, ServiceCase, SessionCode, SessionType, Technician, Ticket, TimeZone,
};

/// How a session ended, for the count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Outcome {
    /// Counts, with its duration.
    Closed {
        /// Who.
        by: Actor,
        /// How.
        reason: EndReason,
    },
    /// Counts, apart, without a duration.
    Expired,
}

/// One session as it stood when it ended. Written exactly once, in the transaction that ends the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRecord {
    /// Whose.
    pub account: AccountId,
    /// Which case.
    pub case: CaseId,
    /// The ticket's facts as at the end, or the device as at the start.
    #[serde(flatten)]
    pub subject: CaseSubject,
    /// The technician as at the end.
    pub technician: Option<Technician>,
    /// TeamViewer's code; `None` where nobody was at the device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<SessionCode>,
    /// Remote control or camera.
    pub session_type: SessionType,
    /// When help was asked for, where it began with that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_at: Option<Instant>,
    /// Play.
    pub started_at: Instant,
    /// First seen online; `None` is a customer who never joined.
    pub online_at: Option<Instant>,
    /// Stop, or the case's time.
    pub ended_at: Instant,
    /// The day it counts on, in the account's time zone at that moment.
    pub day: NaiveDate,
    /// The time zone that decided the day.
    pub time_zone: TimeZone,
    /// How it ended.
    pub outcome: Outcome,
    /// The technician's words, or what was noted later.
    pub note: Option<Note>,
    /// When the case first had a technician.
    #[serde(default)]
    pub picked_up_at: Option<Instant>,
    /// It does not count.
    #[serde(default)]
    pub excluded: Option<Exclusion>,
    /// When somebody last noted it, took it out of the count or put it back.
    #[serde(default)]
    pub changed_at: Option<Instant>,
    /// Its month had no room for more values of the ticket's facts: it counts for its day and technician only.
    #[serde(default)]
    pub coarse: bool,
}

/// A session was taken out of the count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exclusion {
    /// When.
    pub at: Instant,
    /// By whom.
    pub by: Principal,
    /// Why, in his words.
    pub reason: Option<Note>,
}

impl SessionRecord {
    /// The record of a case that has ended; `None` if it hasn't, or never had a session.
    pub fn of(case: &ServiceCase, zone: TimeZone) -> Option<Self> {
        let (way, ended_at, outcome, note) = match case.state() {
            State::Closed(closed) => (
                &closed.way,
                closed.ended_at,
                Outcome::Closed { by: closed.by, reason: closed.reason },
                closed.note.clone(),
            ),
            State::Expired(expired) => (&expired.way, expired.at, Outcome::Expired, None),
            _ => return None,
        };
        Some(Self {
            account: case.account().clone(),
            case: case.id(),
            subject: case.subject().clone(),
            technician: case.technician().cloned(),
            code: way.session().map(|session| session.code.clone()),
            session_type: case.session_type(),
            asked_at: case.request().map(|request| request.at),
            started_at: case.started_at(),
            online_at: case.first_online_at(),
            ended_at,
            day: day_of(ended_at, zone),
            time_zone: zone,
            outcome,
            note,
            picked_up_at: case.picked_up_at(),
            excluded: None,
            changed_at: None,
            coarse: false,
        })
    }

    /// The same record, counted on its day in another time zone.
    #[must_use]
    pub fn in_zone(self, zone: TimeZone) -> Self {
        Self { day: day_of(self.ended_at, zone), time_zone: zone, ..self }
    }

    /// The ticket's facts as at the end, if it was for one.
    pub fn ticket(&self) -> Option<&Ticket> {
        self.subject.ticket()
    }

    /// Play to stop, in seconds.
    pub fn duration_seconds(&self) -> i64 {
        seconds_between(self.started_at, self.ended_at)
    }
}

fn day_of(at: Instant, zone: TimeZone) -> NaiveDate {
    at.with_timezone(&zone.rules()).date_naive()
}
