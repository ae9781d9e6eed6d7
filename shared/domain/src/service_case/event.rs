//! What happened to a case, in its own order.

use serde::{Deserialize, Serialize};

use super::state::FailureCause;
use crate::Instant;

/// One thing that happened, numbered within its case. Kept with the case in the same write as the change itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseEvent {
    /// From 1, without gaps.
    pub sequence: u32,
    /// By the server's clock.
    pub at: Instant,
    /// What.
    #[serde(flatten)]
    pub kind: EventKind,
}

/// What can happen to a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum EventKind {
    /// TeamViewer has a session.
    Opened,
    /// TeamViewer gave none.
    Failed {
        /// Why.
        cause: FailureCause,
    },
    /// An invitation is owed to the requester.
    InvitationQueued,
    /// The mail server took it.
    InvitationAccepted,
    /// It could not be sent.
    InvitationFailed,
    /// The customer joined, for the first time.
    CustomerOnline,
    /// The case changed hands.
    TechnicianChanged,
    /// TeamViewer refused the token when the case was to be closed.
    TokenRefused,
    /// The case was closed.
    Closed {
        /// Start, end and duration, as they belong on the ticket.
        comment: String,
    },
    /// The case reached its time.
    Expired {
        /// Start, end and duration, as they belong on the ticket.
        comment: String,
    },
}
