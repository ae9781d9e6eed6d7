//! `POST /v1/accounts`: a vendor brings a customer on.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::IntoResponse;
use casebridge_app::accounts::{NewAccount, make_account};
use casebridge_domain::account::{CaseLifetime, WhoIsTold};
use casebridge_domain::journal::Principal;
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
    let by = Principal::Key { id: asks.key.id };
    let account = make_account(api.world(), &asks.vendor, wish, by, memory.as_ref()).await?;
    let location = format!("/v1/accounts/{}", account.id);
    Ok((StatusCode::CREATED, [(LOCATION, location)], Json(AccountView::from(&account))))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::testing::{Answer, TestApi};

    async fn make(api: &TestApi, key: &str, body: &Value) -> Answer {
        api.call("POST", "/v1/accounts").key(key).header("idempotency-key", "k").json(body).send().await
    }

    #[tokio::test]
    async fn a_vendor_brings_a_customer_on_once() {
        let api = TestApi::new().await;
        let body = json!({
            "account": "umbrella", "name": "Umbrella", "time_zone": "America/Sao_Paulo", "languages": ["pt-BR", "en"],
            "case_lifetime_minutes": 60, "told": { "others": ["lead@example.com"] }
        });
        let answer = make(&api, &api.keys.vendor, &body).await;
        assert_eq!(answer.header("location"), "/v1/accounts/umbrella");
        let made = answer.is(201);
        let expected = json!({
            "account": "umbrella", "name": "Umbrella", "time_zone": "America/Sao_Paulo", "language": "pt",
            "case_lifetime_minutes": 60, "request_lifetime_minutes": 60, "inbound_secret": false, "customer_link": "page", "branding": {}, "created_at": "2100-03-01T12:00:00Z",
            "told": { "technician": true, "others": ["lead@example.com"], "without_technician": [] },
            "note": "optional", "close_guard": "block",
            "device_configuration": { "session_code_key": "session_code", "auto_start_key": "auto_start" }
        });
        assert_eq!(made, expected);

        let writes = api.engine.writes();
        assert_eq!(make(&api, &api.keys.vendor, &body).await.is(201), made);
        let mut other = body.clone();
        other["name"] = json!("Other");
        make(&api, &api.keys.vendor, &other).await.problem(422, "idempotency-key-reused");
        let taken = api.call("POST", "/v1/accounts").key(&api.keys.other_vendor).json(&body).send().await;
        taken.problem(409, "account-exists");
        assert_eq!(api.engine.writes(), writes);
    }

    #[tokio::test]
    async fn every_setting_that_breaks_a_rule_is_named_and_nothing_is_made() {
        let api = TestApi::new().await;
        let writes = api.engine.writes();
        let body = json!({
            "account": "Umbrella!", "name": "", "time_zone": "Mars", "language": "en", "languages": ["tlh", "pt"],
            "case_lifetime_minutes": 1441, "told": { "others": ["x"], "without_technician": vec!["a@b.c"; 21] }
        });
        let fields = [
            "account",
            "name",
            "time_zone",
            "languages[0]",
            "languages",
            "case_lifetime_minutes",
            "told.others[0]",
            "told.without_technician",
        ];
        make(&api, &api.keys.vendor, &body).await.problem_with(422, "invalid-fields", &fields);
        for minutes in [0, -1, 70_000] {
            let body = json!({ "account": "u", "name": "U", "time_zone": "UTC", "case_lifetime_minutes": minutes });
            let answer = make(&api, &api.keys.vendor, &body).await;
            answer.problem_with(422, "invalid-fields", &["case_lifetime_minutes"]);
        }
        assert_eq!(api.engine.writes(), writes);
    }

    #[tokio::test]
    async fn an_account_cannot_make_accounts() {
        let api = TestApi::new().await;
        let writes = api.engine.writes();
        let body = json!({ "account": "umbrella", "name": "Umbrella", "time_zone": "UTC" });
        make(&api, &api.keys.admin, &body).await.problem(403, "forbidden");
        assert_eq!(api.engine.writes(), writes);
    }
}
