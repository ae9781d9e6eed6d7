//! `POST /v1/accounts`: a vendor brings a customer on.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::IntoResponse;
use casebridge_app::accounts::{NewAccount, make_account};
use casebridge_domain::account::{CaseLifetime, WhoIsTold};
use casebridge_domain::{AccountId, Language, Text, TimeZone};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::settings::{self, ToldWish};
use super::view::AccountView;
use crate::extract::{Faults, JsonBody, Object, Repeatable, VendorAdmin};
use crate::{Api, Problem};

/// A new account.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeAccountRequest {
    /// Its id: 1 to 63 lower-case letters, digits or inner hyphens; unique in the installation, never given out twice.
    #[schema(example = "acme")]
    account: String,
    /// As the customer reads it; at most 100 characters.
    #[schema(example = "Acme Ltd")]
    name: String,
    /// IANA name; comments and reports are written in it.
    #[schema(example = "Europe/Lisbon")]
    time_zone: String,
    /// For requesters who name no language of ours, and for comments: en, pt, es, fr or zh. English if left out.
    #[schema(example = "pt")]
    language: Option<String>,
    /// Instead of `language`: the first one counts.
    languages: Option<Vec<String>>,
    /// Play to expiry, 1 to 1440; 1440 if left out.
    #[schema(example = 1440)]
    case_lifetime_minutes: Option<i64>,
    /// Who is told that a customer is online; the ticket's technician if left out.
    #[schema(value_type = Option<ToldWish>)]
    told: Option<Object<ToldWish>>,
}

impl TryFrom<&MakeAccountRequest> for NewAccount {
    type Error = Problem;

    fn try_from(request: &MakeAccountRequest) -> Result<Self, Problem> {
        let mut faults = Faults::default();
        let id = faults.take("account", AccountId::parse(&request.account));
        let name = faults.take("name", Text::parse(&request.name));
        let time_zone = faults.take("time_zone", TimeZone::parse(&request.time_zone));
        let language = settings::language(request.language.as_deref(), request.languages.as_deref(), &mut faults);
        let case_lifetime = match request.case_lifetime_minutes {
            None => CaseLifetime::default(),
            Some(minutes) => faults.take("case_lifetime_minutes", settings::lifetime(minutes)).unwrap_or_default(),
        };
        let mut told = WhoIsTold::default();
        request.told.clone().unwrap_or_default().parse(&mut faults).apply(&mut told);
        let (Some(id), Some(name), Some(time_zone), true) = (id, name, time_zone, faults.is_empty()) else {
            return Err(faults.problem());
        };
        Ok(Self { id, name, time_zone, language: language.unwrap_or(Language::English), case_lifetime, told })
    }
}

/// Makes an account.
#[utoipa::path(
    post, path = "/v1/accounts", tag = "accounts", operation_id = "makeAccount", request_body = MakeAccountRequest,
    responses(
        (status = 201, body = AccountView, headers(("Location" = String, description = "The account"))),
        (status = 409, description = "`account-exists`"),
        (status = 422, description = "`invalid-fields`, `idempotency-key-reused`")
    )
)]
pub async fn make(
    State(api): State<Api>,
    asks: VendorAdmin,
    repeatable: Repeatable,
    JsonBody(body): JsonBody<MakeAccountRequest>,
) -> Result<impl IntoResponse, Problem> {
    let wish = NewAccount::try_from(&body)?;
    let memory = repeatable.memory(&asks.key, &body);
    let account = make_account(api.world(), &asks.vendor, wish, memory.as_ref()).await?;
    let location = format!("/v1/accounts/{}", account.id);
    Ok((StatusCode::CREATED, [(LOCATION, location)], Json(AccountView::from(&account))))
}
