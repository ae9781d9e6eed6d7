//! Who asks. Admission happens before the body is read, and gives a handle that reaches one account only.

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use casebridge_app::admission::{Admitted, NotAdmitted};
use casebridge_domain::VendorId;
use casebridge_domain::key::{ApiKey, Scope};

use super::AccountPath;
use crate::Api;
use crate::console;
use crate::problem::{Kind, Problem};

impl From<NotAdmitted> for Problem {
    fn from(error: NotAdmitted) -> Self {
        match error {
            NotAdmitted::UnknownKey => Self::unauthorized(),
            NotAdmitted::NotAllowed { needed } => {
                Self::new(Kind::Forbidden).detail(format!("This needs a key with the scope {needed}."))
            }
            NotAdmitted::UnknownAccount => Self::new(Kind::NotFound),
            NotAdmitted::Outside(error) => error.into(),
        }
    }
}

/// The key as it was sent.
pub(crate) fn bearer(parts: &Parts) -> Result<&str, Problem> {
    let mut fields = parts.headers.get_all(AUTHORIZATION).iter();
    let (Some(field), None) = (fields.next(), fields.next()) else { return Err(Problem::unauthorized()) };
    let (scheme, key) = field.to_str().ok().and_then(|text| text.split_once(' ')).ok_or_else(Problem::unauthorized)?;
    if scheme.eq_ignore_ascii_case("bearer") { Ok(key.trim()) } else { Err(Problem::unauthorized()) }
}

/// A program sends its key in a field of its own, the console in a cookie.
fn key(parts: &Parts) -> Result<&str, Problem> {
    if parts.headers.contains_key(AUTHORIZATION) {
        return bearer(parts);
    }
    console::key_in_cookie(&parts.headers).ok_or_else(Problem::unauthorized)
}

async fn to_account(parts: &mut Parts, api: &Api, needed: Scope) -> Result<Admitted, Problem> {
    // Without a key not even the shape of an account's id is told.
    let key = key(parts)?.to_owned();
    let AccountPath(account) = AccountPath::from_request_parts(parts, api).await?;
    Ok(api.admissions.to_account(&key, &account, needed).await?)
}

/// Lets in whoever may send notices.
pub(crate) async fn notifier(parts: &mut Parts, api: &Api) -> Result<Admitted, Problem> {
    to_account(parts, api, Scope::Notify).await
}

macro_rules! admitted {
    ($($(#[$doc:meta])* $name:ident: $scope:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(pub Admitted);

        impl FromRequestParts<Api> for $name {
            type Rejection = Problem;

            async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
                to_account(parts, api, Scope::$scope).await.map(Self)
            }
        }
    )*};
}

admitted! {
    /// May change settings.
    Admin: Admin;
    /// May play and stop.
    Technician: Technician;
    /// May look at cases.
    Reader: Read;
}

async fn to_vendor(parts: &mut Parts, api: &Api, needed: Scope) -> Result<(VendorId, ApiKey), Problem> {
    match api.admissions.to_vendor(bearer(parts)?, needed).await {
        Err(NotAdmitted::NotAllowed { needed }) => {
            Err(Problem::new(Kind::Forbidden).detail(format!("This needs a vendor's key with the scope {needed}.")))
        }
        admitted => Ok(admitted?),
    }
}

macro_rules! vendor {
    ($($(#[$doc:meta])* $name:ident: $scope:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name {
            /// Who asks.
            pub vendor: VendorId,
            /// With which key.
            pub key: ApiKey,
        }

        impl FromRequestParts<Api> for $name {
            type Rejection = Problem;

            async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
                to_vendor(parts, api, Scope::$scope).await.map(|(vendor, key)| Self { vendor, key })
            }
        }
    )*};
}

vendor! {
    /// A vendor that may make accounts.
    VendorAdmin: Admin;
    /// A vendor that may see its accounts.
    VendorReader: Read;
}
