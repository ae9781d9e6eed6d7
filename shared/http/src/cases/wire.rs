//! Tickets and people as they are sent, on their way into the domain's types.

use casebridge_domain::ticket::Facet;
use casebridge_domain::{
    EmailAddress, Language, Malformed, Requester, SessionType, Technician, TechnicianId, Text, Ticket, TicketId,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::extract::Faults;

/// The ticket's facts. Reports group by the last four; an empty one counts as left out.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TicketRequest {
    /// As people call it; at most 64 characters.
    #[schema(example = "INC-4711")]
    pub(crate) number: String,
    /// One line, at most 250 characters.
    #[schema(example = "Printer on the third floor")]
    pub(crate) title: String,
    /// At most 80 characters, as the next three.
    #[schema(example = "Hardware")]
    pub(crate) category: Option<String>,
    /// Incident, request …
    #[serde(rename = "type")]
    #[schema(example = "Incident")]
    pub(crate) kind: Option<String>,
    /// Urgent, medium, low …
    #[schema(example = "Urgent")]
    pub(crate) priority: Option<String>,
    /// Portal, mail …
    #[schema(example = "Portal")]
    pub(crate) source: Option<String>,
}

impl TicketRequest {
    pub(crate) fn parse(&self, id: TicketId, faults: &mut Faults) -> Option<Ticket> {
        let number = faults.take("ticket.number", Text::parse(&self.number));
        let title = faults.take("ticket.title", Text::parse(&self.title));
        let mut facet = |name: &str, raw: &Option<String>| -> Option<Facet> {
            let raw = raw.as_deref().filter(|raw| !raw.trim().is_empty());
            faults.maybe(name, raw, Text::parse)
        };
        let category = facet("ticket.category", &self.category);
        let kind = facet("ticket.type", &self.kind);
        let priority = facet("ticket.priority", &self.priority);
        let source = facet("ticket.source", &self.source);
        Some(Ticket { id, number: number?, title: title?, category, kind, priority, source })
    }
}

/// The end customer who is helped.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequesterRequest {
    /// At most 100 characters.
    #[schema(example = "Jane Doe")]
    name: String,
    /// Without an address nobody is mailed: read the code out.
    #[schema(example = "jane@example.com")]
    email: Option<String>,
    /// A language tag; one that we have no words in counts as the account's language.
    #[schema(example = "pt-BR")]
    language: Option<String>,
}

impl RequesterRequest {
    pub(crate) fn parse(&self, faults: &mut Faults) -> Option<Requester> {
        let name = faults.take("requester.name", Text::parse(&self.name));
        let email = faults.maybe("requester.email", self.email.as_deref(), EmailAddress::parse);
        let language = self.language.as_deref().and_then(Language::of_tag);
        Some(Requester { name: name?, email, language })
    }
}

/// The support user who helps.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TechnicianRequest {
    /// The vendor's id; at most 128 characters.
    #[schema(example = "u-42")]
    id: String,
    /// As the customer sees it; at most 100 characters.
    #[schema(example = "Robin Technician")]
    name: String,
    /// Where he is told that the customer is online.
    #[schema(example = "robin@example.com")]
    email: Option<String>,
}

impl TechnicianRequest {
    pub(crate) fn parse(&self, faults: &mut Faults) -> Option<Technician> {
        self.parse_as("technician", faults)
    }

    /// The same of one that stands elsewhere in the request.
    pub(crate) fn parse_as(&self, place: &str, faults: &mut Faults) -> Option<Technician> {
        let id = faults.take(&format!("{place}.id"), TechnicianId::parse(&self.id));
        let name = faults.take(&format!("{place}.name"), Text::parse(&self.name));
        let email = faults.maybe(&format!("{place}.email"), self.email.as_deref(), EmailAddress::parse);
        Some(Technician { id: id?, name: name?, email })
    }
}

pub(crate) fn session_type(raw: &str) -> Result<SessionType, Malformed> {
    match raw.to_ascii_lowercase().as_str() {
        "default" => Ok(SessionType::Default),
        "pilot" => Ok(SessionType::Pilot),
        _ => Err(Malformed::new("must be one of default, pilot")),
    }
}
