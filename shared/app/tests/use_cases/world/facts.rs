//! What vendors say about tickets, and who helps.

use casebridge_domain::ticket::Facet;
use casebridge_domain::{Technician, TechnicianId, Text, Ticket};

use super::wishes::{address, ticket};

/// Values as vendors have them: with every character that a careless encoding would trip over.
const VALUES: [&str; 12] = [
    "Network",
    "network",
    "Straße 7 – 50 %",
    r#""quoted" \back\ 'single'"#,
    "a#b|c=d~e,f;g",
    "all",
    "none",
    "null",
    "day:2026-11-22",
    "日本語 🖨",
    "{\"counters\":{}}",
    "80 characters, which is the most that a value may have: ......................!!",
];

/// A ticket's facts, by their places among [`VALUES`]; what is `None` the vendor does not say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    pub(crate) category: Option<u8>,
    pub(crate) kind: Option<u8>,
    pub(crate) priority: Option<u8>,
    pub(crate) source: Option<u8>,
}

impl Facts {
    /// The ticket with these facts.
    pub(crate) fn of(self, id: &str) -> Ticket {
        Ticket {
            category: self.category.map(value),
            kind: self.kind.map(value),
            priority: self.priority.map(value),
            source: self.source.map(value),
            ..ticket(id)
        }
    }
}

fn value(place: u8) -> Facet {
    Facet::parse(VALUES[usize::from(place) % VALUES.len()]).unwrap()
}

/// A support user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Helper {
    Tess,
    Theo,
    /// Tess, after she changed her name.
    TessMarried,
    /// With an id of the vendor's own making, and no address.
    Odd,
}

impl Helper {
    /// Those with ids of their own.
    pub(crate) const ALL: [Self; 3] = [Self::Tess, Self::Theo, Self::Odd];

    pub(crate) fn id(self) -> TechnicianId {
        let id = match self {
            Self::Tess | Self::TessMarried => "tess",
            Self::Theo => "theo",
            Self::Odd => r#"Zoë #7 "all" \ ~%|{}"#,
        };
        TechnicianId::parse(id).unwrap()
    }

    pub(crate) fn as_technician(self) -> Technician {
        let (name, email) = match self {
            Self::Tess => ("tess", Some("tess@acme.example")),
            Self::TessMarried => ("Tess O'Brien-Müller", Some("tess@acme.example")),
            Self::Theo => ("theo", Some("theo@acme.example")),
            Self::Odd => ("Zoë", None),
        };
        Technician { id: self.id(), name: Text::parse(name).unwrap(), email: email.map(address) }
    }
}
