//! Sessions: service cases in TeamViewer's service queue.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::code::SessionCode;
use super::unknowns::{AfterLeaving, ExpiredCode};

/// One session.
#[derive(Clone, Debug, Serialize)]
pub struct Session {
    /// The code.
    pub code: SessionCode,
    /// The id of the company it belongs to.
    pub company: String,
    /// The id of its group.
    pub groupid: String,
    /// The id of the user whose token made it.
    pub created_by: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Counts up with every session, so that two of one second keep their order.
    pub sequence: u64,
    /// The end of its time: 24 hours unless something else was asked for (manual).
    pub valid_until: DateTime<Utc>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// Whether the customer is there.
    pub online: bool,
    /// Since when the customer is there.
    pub online_since: Option<DateTime<Utc>>,
    /// Whom it is assigned to; nobody for `u0`.
    pub assigned_userid: Option<String>,
    /// When it was assigned.
    pub assigned_at: Option<DateTime<Utc>>,
    /// `Default` or `Pilot`.
    pub support_session_type: SessionType,
    /// The 12 characters that both supporter links carry.
    pub supporter_token: String,
    /// Set by POST or PUT.
    pub waiting_message: Option<String>,
    /// Set by POST or PUT.
    pub description: Option<String>,
    /// Set by POST or PUT.
    pub end_customer: Option<EndCustomer>,
    /// Free text only seen through the API.
    pub custom_api: Option<String>,
    /// Only echoed by POST (schema).
    pub custom_id: Option<String>,
    /// A custom QuickSupport module.
    pub custom_module_id: Option<String>,
    /// Set by POST or PUT.
    pub tv_version: Option<String>,
}

/// Who is helped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct EndCustomer {
    /// At most 100 characters (schema).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// At most 254 characters (schema).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// What kind of session (manual p.42-43).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum SessionType {
    /// Remote control.
    #[default]
    Default,
    /// The customer's camera; its links are on `getpilot` (manual).
    Pilot,
}

/// Open or closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionState {
    /// In the queue.
    Open,
    /// Done.
    Closed,
}

impl Session {
    /// The state at `now`, under one reading of what becomes of an expired code.
    pub(crate) fn state(&self, now: DateTime<Utc>, expired: ExpiredCode) -> SessionState {
        match self.closed_at(now, expired) {
            Some(_) => SessionState::Closed,
            None => SessionState::Open,
        }
    }

    pub(crate) fn closed_at(&self, now: DateTime<Utc>, expired: ExpiredCode) -> Option<DateTime<Utc>> {
        let by_the_clock = expired == ExpiredCode::TurnsClosed && self.is_expired(now);
        self.closed_at.or(by_the_clock.then_some(self.valid_until))
    }

    pub(crate) fn is_expired(&self, now: DateTime<Utc>) -> bool {
        now >= self.valid_until
    }

    /// Whether a customer could join: open, and not past its time.
    pub(crate) fn can_be_joined(&self, now: DateTime<Utc>) -> bool {
        self.closed_at.is_none() && !self.is_expired(now)
    }

    pub(crate) fn customer_joins(&mut self, now: DateTime<Utc>) {
        self.online = true;
        self.online_since.get_or_insert(now);
    }

    pub(crate) fn customer_leaves(&mut self, reading: AfterLeaving) {
        if reading == AfterLeaving::FallsBack {
            self.online = false;
            self.online_since = None;
        }
    }

    /// Closes it; a second time changes nothing. That `online` follows is our assumption.
    pub(crate) fn close(&mut self, now: DateTime<Utc>, reading: AfterLeaving) {
        if self.closed_at.is_none() {
            self.closed_at = Some(now);
            self.customer_leaves(reading);
        }
    }

    pub(crate) fn assign(&mut self, userid: Option<String>, now: DateTime<Utc>) {
        if self.assigned_userid != userid {
            self.assigned_at = userid.as_ref().map(|_| now);
            self.assigned_userid = userid;
        }
    }
}
