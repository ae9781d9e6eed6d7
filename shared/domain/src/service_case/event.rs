//! What happened to a case, in its own order.

use serde::{Deserialize, Serialize};

use super::Note;
use super::state::FailureCause;
use crate::Instant;
use crate::device::LossCause;

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
    /// Somebody asks for help.
    HelpAsked,
    /// TeamViewer gave no session to whoever took it: it waits for somebody again.
    HelpGivenBack {
        /// Why there is no session.
        cause: FailureCause,
    },
    /// Whoever asked does not want it any more.
    HelpWithdrawn,
    /// Nobody took it in time.
    HelpNotTaken,
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
    /// The case ended before it could leave.
    InvitationCancelled,
    /// The requester's mail server took it.
    InvitationDelivered,
    /// It came back.
    InvitationBounced,
    /// The requester called it spam.
    InvitationComplained,
    /// The customer pressed the button of the page that the invitation leads to.
    InvitationOpened,
    /// The requester says that he did not ask for this.
    InvitationDisowned,
    /// The customer joined, for the first time.
    CustomerOnline,
    /// The customer is not there any more.
    CustomerLeft,
    /// The customer is there again.
    CustomerReturned,
    /// The vendor sent newer facts of the ticket.
    FactsChanged,
    /// The case changed hands.
    TechnicianChanged,
    /// The vendor was handed once more what starts the session on its device.
    DeviceHandedOver {
        /// Which time it was.
        attempt: u32,
    },
    /// The device does not know its session (any more).
    DeviceStartLost {
        /// Why.
        cause: LossCause,
    },
    /// Stop was pressed, or the ticket is closed and the case with it; TeamViewer is being told.
    Closing {
        /// Why the case is closed with its ticket, in the words of whoever closes it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Note>,
    },
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

impl EventKind {
    /// As it is called in the API.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::HelpAsked => "help.asked",
            Self::HelpGivenBack { .. } => "help.given_back",
            Self::HelpWithdrawn => "help.withdrawn",
            Self::HelpNotTaken => "help.not_taken",
            Self::Opened => "case.opened",
            Self::Failed { .. } => "case.failed",
            Self::InvitationQueued => "invitation.queued",
            Self::InvitationAccepted => "invitation.accepted",
            Self::InvitationFailed => "invitation.failed",
            Self::InvitationCancelled => "invitation.cancelled",
            Self::InvitationDelivered => "invitation.delivered",
            Self::InvitationBounced => "invitation.bounced",
            Self::InvitationComplained => "invitation.complained",
            Self::InvitationOpened => "invitation.opened",
            Self::InvitationDisowned => "invitation.disowned",
            Self::CustomerOnline => "customer.online",
            Self::CustomerLeft => "customer.left",
            Self::CustomerReturned => "customer.returned",
            Self::FactsChanged => "ticket.changed",
            Self::TechnicianChanged => "technician.changed",
            Self::DeviceHandedOver { .. } => "device.handed_over",
            Self::DeviceStartLost { .. } => "device.start_lost",
            Self::Closing { .. } => "case.closing",
            Self::TokenRefused => "case.token_refused",
            Self::Closed { .. } => "case.closed",
            Self::Expired { .. } => "case.expired",
        }
    }
}
