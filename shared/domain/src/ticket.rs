//! The vendor's ticket, as far as a service case needs it.

use serde::{Deserialize, Serialize};

use crate::{Text, TicketId};

/// One of the values that reports group by.
pub type Facet = Text<80>;

/// What the vendor says about its ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// The vendor's id.
    pub id: TicketId,
    /// As people call it.
    pub number: Text<64>,
    /// One line.
    pub title: Text<250>,
    /// Reports group by these four.
    pub category: Option<Facet>,
    /// Incident, request …
    #[serde(rename = "type")]
    pub kind: Option<Facet>,
    /// Urgent, medium, low …
    pub priority: Option<Facet>,
    /// Portal, mail …
    pub source: Option<Facet>,
}
