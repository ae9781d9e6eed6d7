//! What figures are kept by.

use sha2::{Digest, Sha256};

use crate::hex::hex;
use crate::ticket::Facet;
use crate::{Malformed, SessionRecord, TechnicianId, Ticket};

/// What a report may be grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// The ticket's category.
    Category,
    /// The ticket's type.
    Type,
    /// The ticket's priority.
    Priority,
    /// The ticket's source.
    Source,
    /// Who helped.
    Technician,
    /// The day it counts on.
    Day,
    /// What runs on the device; a ticket's session has none.
    Platform,
    /// Whether somebody is at the device; a ticket's session has none.
    Mode,
}

impl Dimension {
    /// Every one.
    pub const ALL: [Self; 8] = [
        Self::Category,
        Self::Type,
        Self::Priority,
        Self::Source,
        Self::Technician,
        Self::Platform,
        Self::Mode,
        Self::Day,
    ];

    /// Accepts the dimension's name.
    pub fn parse(raw: &str) -> Result<Self, Malformed> {
        let known = Self::ALL.into_iter().find(|dimension| dimension.name() == raw);
        known.ok_or_else(|| {
            Malformed::new("must be one of category, type, priority, source, technician, platform, mode, day")
        })
    }

    /// As it is called in requests and answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Type => "type",
            Self::Priority => "priority",
            Self::Source => "source",
            Self::Technician => "technician",
            Self::Day => "day",
            Self::Platform => "platform",
            Self::Mode => "mode",
        }
    }

    /// Whether it is one of the ticket's facts, of which a vendor may have any number.
    pub const fn is_fact(self) -> bool {
        matches!(self, Self::Category | Self::Type | Self::Priority | Self::Source)
    }

    /// Whether it is one of the device's, which sessions of tickets don't have. Those count in none of its groups.
    pub const fn is_of_devices(self) -> bool {
        matches!(self, Self::Platform | Self::Mode)
    }

    /// Where the session stands in this dimension; `None` where the vendor said nothing.
    pub fn value(self, record: &SessionRecord) -> Option<String> {
        let fact = |of: fn(&Ticket) -> Option<&Facet>| Some(of(record.ticket()?)?.as_str().to_owned());
        let device = record.subject.device();
        match self {
            Self::Category => fact(|ticket| ticket.category.as_ref()),
            Self::Type => fact(|ticket| ticket.kind.as_ref()),
            Self::Priority => fact(|ticket| ticket.priority.as_ref()),
            Self::Source => fact(|ticket| ticket.source.as_ref()),
            Self::Technician => record.technician.as_ref().map(|technician| technician.id.to_string()),
            Self::Day => Some(record.day.to_string()),
            Self::Platform => device.map(|device| device.platform().name().to_owned()),
            Self::Mode => device.map(|device| device.mode().name().to_owned()),
        }
    }
}

/// One figure's place: all sessions, or those with one value of a dimension.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cell {
    /// All sessions.
    All,
    /// Those with this value; `None` are those without one.
    Of(Dimension, Option<String>),
}

impl Cell {
    /// The cells that a session counts in. Technicians are told apart only where everyone's sessions are kept, days
    /// only in the figures of a month; devices have more cells than tickets.
    pub fn all_of(record: &SessionRecord, scope: &Scope, of_a_month: bool) -> impl Iterator<Item = Self> {
        let kept = move |dimension: &Dimension| match dimension {
            Dimension::Category | Dimension::Type | Dimension::Priority | Dimension::Source => !record.coarse,
            Dimension::Technician => *scope == Scope::Everyone,
            Dimension::Day => of_a_month,
            Dimension::Platform | Dimension::Mode => record.subject.device().is_some(),
        };
        let by_value = Dimension::ALL.into_iter().filter(kept);
        let by_value = by_value.map(|dimension| Self::Of(dimension, dimension.value(record)));
        std::iter::once(Self::All).chain(by_value)
    }
}

/// Whose sessions figures are kept of. Every session counts in two scopes: everyone's and its technician's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// All of the account's.
    Everyone,
    /// One technician's; `None` are the sessions without one.
    Technician(Option<TechnicianId>),
}

impl Scope {
    /// The scopes that a session counts in.
    pub fn all_of(record: &SessionRecord) -> [Self; 2] {
        [Self::Everyone, Self::Technician(record.technician.as_ref().map(|technician| technician.id.clone()))]
    }

    /// A short text that stands for it in keys: ids are the vendor's own and may hold any character.
    pub fn key(&self) -> String {
        match self {
            Self::Everyone => "all".to_owned(),
            Self::Technician(None) => "none".to_owned(),
            Self::Technician(Some(id)) => hex(&Sha256::digest(id.as_str())[..16]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dimension_is_read_by_its_name_and_nothing_else() {
        for dimension in Dimension::ALL {
            assert_eq!(Dimension::parse(dimension.name()).unwrap(), dimension);
        }
        assert!(Dimension::parse("Category").is_err());
    }

    #[test]
    fn scopes_have_keys_of_their_own() {
        let of = |id: &str| Scope::Technician(Some(TechnicianId::parse(id).unwrap()));
        let keys =
            [Scope::Everyone, Scope::Technician(None), of("all"), of("none"), of("u#1~")].map(|scope| scope.key());
        let distinct: std::collections::HashSet<_> = keys.iter().collect();
        assert_eq!(distinct.len(), keys.len());
        assert!(keys.iter().all(|key| key.bytes().all(|byte| byte.is_ascii_alphanumeric())));
    }
}
