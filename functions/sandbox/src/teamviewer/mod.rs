//! A stand-in of the TeamViewer Web API, for callers that have to be tried without TeamViewer.
//!
//! Its answers have the shapes that are recorded in public material (`shapes/`); what is written nowhere is a setting in
//! [`Unknowns`]; everything else that no source confirms is marked "our assumption" where it is done.
//!
//! `/api/v1/…` is the Web API, `/sandbox/…` the control routes, and `/` a page to play customer and technician on.

mod answer;
mod api;
mod call;
mod calls;
mod code;
mod company;
mod connection;
mod control;
mod fault;
mod group;
mod http;
mod listener;
mod oauth_code;
mod orders;
mod page;
mod random;
mod rate;
mod sandbox;
mod seed;
mod session;
mod session_view;
mod settings;
mod token;
mod unknowns;
mod world;

pub use calls::{CallRecord, Calls};
pub use code::SessionCode;
pub use company::{Company, Licence, User};
pub use connection::{Connection, NewConnection};
pub use fault::{Fault, FaultKind, LateAnswer};
pub use group::{Group, SharePermission};
pub use http::{router, serve};
pub use oauth_code::Consent;
pub use orders::{EndSession, NewToken, SandboxError, State};
pub use sandbox::Sandbox;
pub use seed::{DEMO_ADMIN, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_TECHNICIANS, DEMO_TOKEN, OauthApp, Seed};
pub use session::{EndCustomer, Session, SessionState, SessionType};
pub use settings::{CodeDigits, Settings};
pub use token::{Level, Permission, Token};
pub use unknowns::{
    AfterLeaving, BadTokenPing, ClosingAgain, ComparedDate, CreateAnswer, Duplicates, ExpiredCode, FieldReading,
    Presence, StateWriting, Success, TypeWriting, UnknownId, Unknowns,
};
