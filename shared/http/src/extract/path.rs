//! What the address names. What does not parse does not exist: 404.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use casebridge_domain::{AccountId, CaseId, DeviceId, EndpointId, KeyId, Language, TechnicianId, TicketId};

use crate::Api;
use crate::problem::{Kind, Problem};

fn not_found() -> Problem {
    Problem::new(Kind::NotFound)
}

/// A variable of the address, decoded.
async fn variable(parts: &mut Parts, name: &str) -> Result<String, Problem> {
    let variables = RawPathParams::from_request_parts(parts, &()).await.map_err(|_| not_found())?;
    variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.to_owned()).ok_or_else(not_found)
}

/// The account that the address is about, if it is about one.
pub(crate) async fn account_in(parts: &mut Parts) -> Option<AccountId> {
    AccountId::parse(&variable(parts, "account").await.ok()?).ok()
}

macro_rules! path {
    ($($(#[$doc:meta])* $name:ident($id:ty) = $variable:literal, $parse:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub struct $name(pub $id);

        impl FromRequestParts<Api> for $name {
            type Rejection = Problem;

            async fn from_request_parts(parts: &mut Parts, _: &Api) -> Result<Self, Problem> {
                let raw = variable(parts, $variable).await?;
                $parse(&raw).map(Self).map_err(|_| not_found())
            }
        }
    )*};
}

path! {
    /// `{account}`
    AccountPath(AccountId) = "account", AccountId::parse;
    /// `{case}`
    CasePath(CaseId) = "case", CaseId::parse;
    /// `{key}`
    KeyPath(KeyId) = "key", KeyId::parse;
    /// `{endpoint}`
    EndpointPath(EndpointId) = "endpoint", EndpointId::parse;
    /// `{language}`
    LanguagePath(Language) = "language", Language::parse;
}

/// `{ticket}`: the vendor's own text, percent-encoded. An id that can't be is told why.
#[derive(Debug, Clone)]
pub struct TicketPath(pub TicketId);

impl FromRequestParts<Api> for TicketPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Api) -> Result<Self, Problem> {
        let raw = variable(parts, "ticket").await?;
        TicketId::parse(&raw).map(Self).map_err(|fault| Problem::field("ticket", &fault))
    }
}

/// `{device}`: the vendor's own text, like a ticket's.
#[derive(Debug, Clone)]
pub struct DevicePath(pub DeviceId);

impl FromRequestParts<Api> for DevicePath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Api) -> Result<Self, Problem> {
        let raw = variable(parts, "device").await?;
        DeviceId::parse(&raw).map(Self).map_err(|fault| Problem::field("device", &fault))
    }
}

/// `{technician}`: the vendor's own text, percent-encoded. An id that can't be is told why.
#[derive(Debug, Clone)]
pub struct TechnicianPath(pub TechnicianId);

impl FromRequestParts<Api> for TechnicianPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Api) -> Result<Self, Problem> {
        let raw = variable(parts, "technician").await?;
        TechnicianId::parse_in_path(&raw).map(Self).map_err(|fault| Problem::field("technician", &fault))
    }
}
