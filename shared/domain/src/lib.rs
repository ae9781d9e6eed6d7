//! The rules of Casebridge: types, states and transitions.
//!
//! Nothing here reads a clock, makes an id, or does I/O. Values are parsed once, at the edge; what
//! exists as a type is valid.

pub mod account;
pub mod audit;
pub mod branding;
pub mod comment;
pub mod connection;
pub mod device;
pub mod email;
pub mod endpoint;
pub mod hex;
pub mod ids;
pub mod journal;
pub mod key;
pub mod language;
pub mod lease;
pub mod letter;
pub mod mail_template;
pub mod oauth;
pub mod people;
pub mod policy;
pub mod public_url;
pub mod record;
pub mod report;
pub mod sealed;
pub mod service_case;
pub mod session;
pub mod session_code;
pub mod sign_in;
pub mod subject;
pub mod technician_sign_in;
pub mod text;
pub mod ticket;
pub mod ticket_hold;
pub mod time;

pub use account::Account;
pub use branding::Branding;
pub use connection::Connection;
pub use email::EmailAddress;
pub use endpoint::Endpoint;
pub use ids::{
    AccountId, CaseId, DeviceId, EndpointId, GroupId, InstallationId, KeyId, LetterId, ModuleId, RegistrationId,
    TeamViewerUserId, TechnicianId, TicketId, VendorId,
};
pub use language::Language;
pub use lease::Lease;
pub use letter::Letter;
pub use people::{Requester, Technician};
pub use public_url::PublicUrl;
pub use record::SessionRecord;
pub use sealed::Sealed;
pub use service_case::ServiceCase;
pub use session::{Session, SessionType, Way};
pub use session_code::SessionCode;
pub use subject::{CaseSubject, SubjectId};
pub use text::{Malformed, Text};
pub use ticket::Ticket;
pub use ticket_hold::TicketHold;
pub use time::{Instant, TimeZone};
