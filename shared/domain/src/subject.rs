//! What a service case is for: a ticket or a managed device.

use serde::{Deserialize, Serialize};

use crate::device::DeviceSubject;
use crate::{DeviceId, Ticket, TicketId};

/// What is helped with. There is at most one live case for each.
///
/// It is kept under its own name (`ticket`, `device`), so that a ticket's case looks as it did before there were devices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseSubject {
    /// The vendor's ticket.
    Ticket(Ticket),
    /// The vendor's device.
    Device(DeviceSubject),
}

/// Names what a case is for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SubjectId {
    /// A ticket.
    Ticket(TicketId),
    /// A device. One may be called as a ticket is.
    Device(DeviceId),
}

impl CaseSubject {
    /// Which it is.
    pub fn id(&self) -> SubjectId {
        match self {
            Self::Ticket(ticket) => SubjectId::Ticket(ticket.id.clone()),
            Self::Device(device) => SubjectId::Device(device.id().clone()),
        }
    }

    /// The ticket, if it is one.
    pub fn ticket(&self) -> Option<&Ticket> {
        match self {
            Self::Ticket(ticket) => Some(ticket),
            Self::Device(_) => None,
        }
    }

    /// The device, if it is one.
    pub fn device(&self) -> Option<&DeviceSubject> {
        match self {
            Self::Ticket(_) => None,
            Self::Device(device) => Some(device),
        }
    }

    /// What people call it: the ticket's title, or the device's name.
    pub fn title(&self) -> &str {
        match self {
            Self::Ticket(ticket) => ticket.title.as_str(),
            Self::Device(device) => device.name(),
        }
    }
}

impl From<Ticket> for CaseSubject {
    fn from(ticket: Ticket) -> Self {
        Self::Ticket(ticket)
    }
}

impl From<DeviceSubject> for CaseSubject {
    fn from(device: DeviceSubject) -> Self {
        Self::Device(device)
    }
}

impl From<TicketId> for SubjectId {
    fn from(id: TicketId) -> Self {
        Self::Ticket(id)
    }
}

impl From<DeviceId> for SubjectId {
    fn from(id: DeviceId) -> Self {
        Self::Device(id)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Keeper {
        #[serde(flatten)]
        subject: CaseSubject,
        more: bool,
    }

    #[test]
    fn a_ticket_is_kept_where_it_was_kept_before_there_were_devices() {
        let kept = json!({
            "ticket": { "id": "T1", "number": "INC-1", "title": "Printer", "category": null, "type": "Incident",
                "priority": null, "source": null },
            "more": true,
        });
        let read: Keeper = serde_json::from_value(kept.clone()).unwrap();
        assert_eq!(read.subject.id(), SubjectId::Ticket(TicketId::parse("T1").unwrap()));
        assert_eq!(serde_json::to_value(&read).unwrap(), kept);
    }

    #[test]
    fn what_a_later_build_adds_beside_it_is_passed_over() {
        let kept = json!({
            "device": { "id": "D1", "name": "Jane's iPad", "platform": "ios", "mode": "attended", "view_only": true },
            "more": false, "news": {"a": 1},
        });
        let read: Keeper = serde_json::from_value(kept).unwrap();
        assert_eq!(read.subject.title(), "Jane's iPad");
    }

    #[test]
    fn a_ticket_and_a_device_of_one_name_are_two() {
        let ticket = SubjectId::from(TicketId::parse("1").unwrap());
        assert_ne!(ticket, SubjectId::from(DeviceId::parse("1").unwrap()));
    }
}
