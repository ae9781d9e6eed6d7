//! The states of a case, each with its data.

use serde::{Deserialize, Serialize};

use super::Note;
use crate::{Instant, Lease, Way};

/// Where a case stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum State {
    /// Somebody asks for help; nobody has taken it yet.
    Asked,
    /// Claimed; TeamViewer is not yet known to have a session.
    Opening(Opening),
    /// The customer can come.
    Open(Open),
    /// Stop was pressed; TeamViewer is not yet known to have closed.
    Closing(Closing),
    /// Ended by somebody.
    Closed(Closed),
    /// Ended by the clock.
    Expired(Expired),
    /// There never was a session.
    Failed(Failed),
}

/// Claimed; somebody is asking TeamViewer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// Who asks.
    pub lease: Lease,
}

/// Whether the customer is there. A level, not an edge: a visit between two looks is not seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Seen {
    /// Not yet.
    Waiting,
    /// There.
    Online {
        /// Since when we know.
        since: Instant,
    },
    /// Was there.
    Left {
        /// Since when we know.
        at: Instant,
    },
}

/// What keeps an open case from being closed on TeamViewer's side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    /// TeamViewer refuses the token; the case can be ended on our side only.
    TokenRefused,
}

/// The customer can come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Open {
    /// Code and links, or the way to the Host.
    #[serde(rename = "session")]
    pub way: Way,
    /// When TeamViewer had answered.
    pub opened_at: Instant,
    /// Whether the customer is there.
    pub seen: Seen,
    /// What stands in the way of stop.
    pub problem: Option<Problem>,
}

/// Who ended a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// Through the API or the widget.
    Vendor,
    /// A technician in TeamViewer itself.
    TeamViewer,
    /// Casebridge.
    Us,
}

/// How it came to the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// Stop was pressed.
    Stopped,
    /// Ended on our side only: TeamViewer could not be told.
    HereOnly,
    /// TeamViewer says the session is closed, or knows it no more.
    EndedInTeamViewer,
}

/// Stop was pressed. Everything about the end is fixed here and reused by every retry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// Code and links, or the way to the Host.
    #[serde(rename = "session")]
    pub way: Way,
    /// When TeamViewer had answered play.
    pub opened_at: Instant,
    /// Whether the customer was there.
    pub seen: Seen,
    /// The end that will be on record.
    pub ended_at: Instant,
    /// Who pressed.
    pub by: Actor,
    /// The technician's words.
    pub note: Option<Note>,
    /// Who tells TeamViewer.
    pub lease: Lease,
}

/// Ended by somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// Code and links, or the way to the Host.
    #[serde(rename = "session")]
    pub way: Way,
    /// The end on record.
    pub ended_at: Instant,
    /// Who.
    pub by: Actor,
    /// How.
    pub reason: EndReason,
    /// The technician's words.
    pub note: Option<Note>,
    /// What stands on the ticket.
    pub comment: String,
}

/// Ended by the clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expired {
    /// Code and links, or the way to the Host.
    #[serde(rename = "session")]
    pub way: Way,
    /// The case's time.
    pub at: Instant,
    /// What stands on the ticket.
    pub comment: String,
}

/// Why TeamViewer gave no session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureCause {
    /// The licence allows no further session.
    LicenceLimit,
    /// The token is refused.
    TokenRefused,
    /// The token lacks a permission.
    PermissionMissing,
    /// Too many calls.
    RateLimited,
    /// TeamViewer refused the request.
    Refused,
    /// No answer, or none that could be understood; a session that appears later is closed by us.
    NoAnswer,
    /// The process died between claim and answer.
    Interrupted,
    /// It was asked for, and nobody took it in time.
    NotTaken,
    /// Whoever asked for it does not want it any more.
    Withdrawn,
}

/// There never was a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failed {
    /// When we gave up.
    pub at: Instant,
    /// Why.
    pub cause: FailureCause,
}

/// An ended case, whichever way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended<'a> {
    /// The end on record.
    pub at: Instant,
    /// Who ended it; `None` is the clock.
    pub by: Option<Actor>,
    /// What stands on the ticket.
    pub comment: &'a str,
}
