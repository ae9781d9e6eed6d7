//! What holds a ticket: the rule behind "at most one live case" and the close guard.

use serde::{Deserialize, Serialize};

use crate::{CaseId, Instant, SessionCode};

/// Seconds that a reserved closing keeps play away (our own choice).
pub const RESERVATION_SECONDS: i64 = 60;

/// Who holds the ticket. Without a hold, play and closing are both free.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum TicketHold {
    /// A case that is live, or was and has not been settled.
    Case {
        /// Which.
        case: CaseId,
        /// Its session, once TeamViewer gave one.
        code: Option<SessionCode>,
        /// From then on the case may have ended by the clock.
        valid_until: Instant,
    },
    /// The vendor is about to close the ticket.
    Closing {
        /// The reservation ends by itself.
        until: Instant,
    },
    /// The vendor reported the ticket closed; play is refused until it is reopened.
    Closed {
        /// When it was reported.
        since: Instant,
    },
}

impl TicketHold {
    /// Until when nobody else may take the ticket without looking; `None` means for good.
    ///
    /// A case never lets go by the clock: its end has to be settled first, so that no session is lost.
    pub fn held_until(&self) -> Option<Instant> {
        match self {
            Self::Case { .. } | Self::Closed { .. } => None,
            Self::Closing { until } => Some(*until),
        }
    }

    /// Names the holder, so that only he lets go.
    pub fn holder(&self) -> String {
        match self {
            Self::Case { case, .. } => format!("case:{case}"),
            Self::Closing { .. } => "closing".to_owned(),
            Self::Closed { .. } => "closed".to_owned(),
        }
    }

    /// Whether the hold has any effect now.
    pub fn holds(&self, now: Instant) -> bool {
        self.held_until().is_none_or(|until| now < until)
    }
}
