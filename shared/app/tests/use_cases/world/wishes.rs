//! What people ask for.

use casebridge_app::close_case::CloseCase;
use casebridge_app::connection::UserRef;
use casebridge_app::open_case::{OpenCase, Request, RequestMemory};
use casebridge_app::ports::store::IdempotencyKey;
use casebridge_domain::key::Owner;
use casebridge_domain::service_case::Note;
use casebridge_domain::{
    AccountId, EmailAddress, KeyId, Requester, SessionType, TeamViewerUserId, Technician, TechnicianId, Text, Ticket,
    TicketId,
};
use uuid::Uuid;

pub(crate) fn address(raw: &str) -> EmailAddress {
    EmailAddress::parse(raw).unwrap()
}

pub(crate) fn user(id: &str) -> UserRef {
    UserRef::Id(TeamViewerUserId::parse(id).unwrap())
}

pub(crate) fn ticket(id: &str) -> Ticket {
    Ticket {
        id: TicketId::parse(id).unwrap(),
        number: Text::parse("INC-1").unwrap(),
        title: Text::parse("Printer on fire").unwrap(),
        category: None,
        kind: None,
        priority: None,
        source: None,
    }
}

pub(crate) fn technician(name: &str) -> Technician {
    Technician {
        id: TechnicianId::parse(name).unwrap(),
        name: Text::parse(name).unwrap(),
        email: Some(address(&format!("{name}@acme.example"))),
    }
}

/// Play on a ticket, for a requester with an address.
pub(crate) fn play_of(id: &str) -> OpenCase {
    OpenCase {
        subject: ticket(id).into(),
        requester: Requester {
            name: Text::parse("Jane Doe").unwrap(),
            email: Some(address("jane@customer.example")),
            language: None,
        },
        technician: Some(technician("tess")),
        session_type: SessionType::Default,
        invite: true,
    }
}

pub(crate) fn stop() -> CloseCase {
    CloseCase { note: Some(Note::parse("turned it off and on").unwrap()), here_only: false }
}

pub(crate) fn stop_here() -> CloseCase {
    CloseCase { here_only: true, ..stop() }
}

/// A request without an `Idempotency-Key`.
pub(crate) fn unkeyed<T>(wish: T) -> Request<'static, T> {
    Request { wish, memory: None }
}

/// A request with one.
pub(crate) fn keyed<T>(wish: T, memory: &RequestMemory) -> Request<'_, T> {
    Request { wish, memory: Some(memory) }
}

pub(crate) fn memory(account: &AccountId, route: &str, key: &str) -> RequestMemory {
    let key = IdempotencyKey {
        owner: Owner::Account(account.clone()),
        principal: KeyId::new(Uuid::from_u128(7)),
        route: route.to_owned(),
        key: key.to_owned(),
    };
    RequestMemory { key, fingerprint: "00".repeat(32) }
}
