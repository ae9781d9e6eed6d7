//! `PATCH /v1/accounts/{account}`: changes settings.

use axum::Json;
use axum::extract::State;
use casebridge_app::accounts::change_account;
use casebridge_app::branding::change_account_and_logo;
use casebridge_domain::account::{CaseLifetime, RequestLifetime};
use casebridge_domain::branding::CustomerLink;
use casebridge_domain::policy::{CloseGuard, NotePolicy};
use casebridge_domain::{Account, Language, Text, TimeZone};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::branding::{BrandingChange, BrandingWish, Piece};
use super::device_configuration::{DeviceConfigurationChange, DeviceConfigurationWish};
use super::settings::{self, ToldChange, ToldWish, set};
use super::view::AccountView;
use crate::extract::{Admin, Faults, JsonBody, Object};
use crate::{Api, Problem};

/// What shall change. What is left out (or null) stays as it is.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeAccountRequest {
    /// As the customer reads it; at most 100 characters.
    #[schema(example = "Acme Ltd")]
    name: Option<String>,
    /// IANA name. Days that have been counted stay as they are.
    #[schema(example = "Europe/Lisbon")]
    time_zone: Option<String>,
    /// For requesters who name no language of ours, and for comments: en, pt, es, fr or zh.
    #[schema(example = "pt")]
    language: Option<String>,
    /// Instead of `language`: the first one counts.
    languages: Option<Vec<String>>,
    /// Play to expiry, 1 to 1440; for cases that are opened from now on.
    #[schema(example = 60)]
    case_lifetime_minutes: Option<i64>,
    /// How long somebody who asks for help waits before the request ends by itself, 1 to 1440; for those who ask from now on.
    #[schema(example = 30)]
    request_lifetime_minutes: Option<i64>,
    /// Who is told that a customer is online.
    #[schema(value_type = Option<ToldWish>)]
    told: Option<Object<ToldWish>>,
    /// Where the link leads that requesters are mailed: `page` or `direct`; for cases that are opened from now on.
    #[schema(example = "page")]
    customer_link: Option<String>,
    /// How the account's own pages look.
    #[schema(value_type = Option<BrandingWish>)]
    branding: Option<Object<BrandingWish>>,
    /// Whether stop asks for a note: `optional`, or `required`. Cases that end by themselves, in TeamViewer or with
    /// `here_only` are not held up by it, nor are those that the close guard closes.
    #[schema(example = "required")]
    note: Option<String>,
    /// What a live case means to its ticket's closing: `block`, `warn`, `close_idle` or `allow_with_reason`.
    #[schema(example = "block")]
    close_guard: Option<String>,
    /// What the values are called by which a device is handed its session; for sessions that are started, or handed over again, from
    /// now on.
    #[schema(value_type = Option<DeviceConfigurationWish>)]
    device_configuration: Option<Object<DeviceConfigurationWish>>,
    /// How many unattended licences the account has, up to ten million. Beyond it, unattended sessions are not started.
    #[schema(example = 250)]
    unattended_licences: Option<i64>,
}

struct Changes {
    name: Option<Text<100>>,
    time_zone: Option<TimeZone>,
    language: Option<Language>,
    case_lifetime: Option<CaseLifetime>,
    request_lifetime: Option<RequestLifetime>,
    told: ToldChange,
    customer_link: Option<CustomerLink>,
    branding: BrandingChange,
    note: Option<NotePolicy>,
    close_guard: Option<CloseGuard>,
    device_configuration: DeviceConfigurationChange,
    unattended_licences: Option<u32>,
}

impl ChangeAccountRequest {
    fn parse(&self, account: &Account) -> Result<Changes, Problem> {
        let mut faults = Faults::default();
        let named = self.device_configuration.as_ref().map(|wish| wish.parse(&mut faults)).unwrap_or_default();
        named.check(&account.device_configuration.clone().unwrap_or_default(), &mut faults);
        let changes = Changes {
            name: faults.maybe("name", self.name.as_deref(), Text::parse),
            time_zone: faults.maybe("time_zone", self.time_zone.as_deref(), TimeZone::parse),
            language: settings::language(self.language.as_deref(), self.languages.as_deref(), &mut faults),
            case_lifetime: self
                .case_lifetime_minutes
                .and_then(|minutes| faults.take("case_lifetime_minutes", settings::lifetime(minutes))),
            request_lifetime: self
                .request_lifetime_minutes
                .and_then(|minutes| faults.take("request_lifetime_minutes", settings::request_lifetime(minutes))),
            told: self.told.as_ref().map(|told| told.parse(&mut faults)).unwrap_or_default(),
            customer_link: faults.maybe("customer_link", self.customer_link.as_deref(), CustomerLink::parse),
            branding: self.branding.as_ref().map(|branding| branding.parse(&mut faults)).unwrap_or_default(),
            note: faults.maybe("note", self.note.as_deref(), NotePolicy::parse),
            close_guard: faults.maybe("close_guard", self.close_guard.as_deref(), CloseGuard::parse),
            device_configuration: named,
            unattended_licences: self
                .unattended_licences
                .and_then(|licences| faults.take("unattended_licences", settings::licences(licences))),
        };
        if faults.is_empty() { Ok(changes) } else { Err(faults.problem()) }
    }
}

impl Changes {
    fn apply(&self, account: &mut Account) {
        set(&mut account.name, self.name.as_ref());
        set(&mut account.time_zone, self.time_zone.as_ref());
        set(&mut account.language, self.language.as_ref());
        set(&mut account.case_lifetime, self.case_lifetime.as_ref());
        set(&mut account.request_lifetime, self.request_lifetime.as_ref());
        self.told.apply(&mut account.told);
        set(&mut account.customer_link, self.customer_link.as_ref());
        self.branding.apply(&mut account.branding);
        set(&mut account.note, self.note.as_ref());
        set(&mut account.close_guard, self.close_guard.as_ref());
        self.device_configuration.apply(&mut account.device_configuration);
        account.unattended_licences = self.unattended_licences.or(account.unattended_licences);
    }
}

/// Changes the account's settings. Other processes follow within a minute.
#[utoipa::path(
    patch, path = "/v1/accounts/{account}", tag = "accounts", operation_id = "changeAccount", request_body = ChangeAccountRequest,
    responses(
        (status = 200, body = AccountView),
        (status = 409, description = "`changed-meanwhile`"),
        (status = 422, description = "`invalid-fields`")
    )
)]
pub async fn change(
    State(api): State<Api>,
    Admin(admitted): Admin,
    JsonBody(body): JsonBody<ChangeAccountRequest>,
) -> Result<Json<AccountView>, Problem> {
    let changes = body.parse(admitted.desk.account())?;
    let account = match &changes.branding.logo {
        Piece::Stays => change_account(&admitted.desk, |account| changes.apply(account)).await?,
        Piece::Becomes(logo) => {
            change_account_and_logo(&admitted.desk, logo.as_ref(), |account| changes.apply(account)).await?
        }
    };
    api.admissions.forget(admitted.desk.id());
    Ok(Json(AccountView::from(&account)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::TestApi;

    const PATH: &str = "/v1/accounts/acme";

    #[tokio::test]
    async fn what_is_left_out_stays_as_it_is() {
        let api = TestApi::new().await;
        let before = api.call("GET", PATH).key(&api.keys.admin).send().await.is(200);
        let body = json!({ "name": null, "case_lifetime_minutes": 5, "told": { "technician": false },
            "close_guard": "warn", "unattended_licences": 250 });
        let after = api.call("PATCH", PATH).key(&api.keys.admin).json(&body).send().await.is(200);
        let mut expected = before;
        expected["case_lifetime_minutes"] = json!(5);
        expected["told"]["technician"] = json!(false);
        assert_eq!(expected["close_guard"], "block");
        expected["close_guard"] = json!("warn");
        assert_eq!(expected["unattended_licences"], json!(null));
        expected["unattended_licences"] = json!(250);
        assert_eq!(after, expected);
        assert_eq!(api.call("GET", PATH).key(&api.keys.vendor).send().await.is(200), expected);
    }

    #[tokio::test]
    async fn a_setting_that_breaks_a_rule_changes_nothing() {
        let api = TestApi::new().await;
        let writes = api.engine.writes();
        let body = json!({ "name": "New", "time_zone": "Mars", "language": "tlh", "languages": [], "note": "always",
            "close_guard": "never", "unattended_licences": -1 });
        let answer = api.call("PATCH", PATH).key(&api.keys.admin).json(&body).send().await;
        answer.problem_with(
            422,
            "invalid-fields",
            &["time_zone", "language", "languages", "note", "close_guard", "unattended_licences"],
        );
        api.call("PATCH", PATH).key(&api.keys.technician).json(&json!({})).send().await.problem(403, "forbidden");
        assert_eq!(api.engine.writes(), writes);
    }
}
