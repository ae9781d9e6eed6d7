//! Accounts and keys as they are shown.

use casebridge_domain::Account;
use casebridge_domain::account::WhoIsTold;
use casebridge_domain::key::ApiKey;
use casebridge_domain::time::rfc3339;
use serde::Serialize;
use utoipa::ToSchema;

use super::device_configuration::DeviceConfigurationView;

/// An account with its settings.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountView {
    /// Its id.
    #[schema(example = "acme")]
    account: String,
    /// As the customer reads it.
    #[schema(example = "Acme Ltd")]
    name: String,
    /// IANA name; comments and reports are written in it.
    #[schema(example = "Europe/Lisbon")]
    time_zone: String,
    /// For requesters who name no language of ours, and for comments.
    #[schema(example = "pt")]
    language: String,
    /// Play to expiry.
    #[schema(example = 1440)]
    case_lifetime_minutes: u16,
    /// How long somebody who asks for help waits before the request ends by itself.
    #[schema(example = 60)]
    request_lifetime_minutes: u16,
    /// Who is told that a customer is online.
    told: Told,
    /// Where the link leads that requesters are mailed: `page` (the account's own, if the installation has a public address) or
    /// `direct` (TeamViewer).
    #[schema(value_type = String, example = "page")]
    customer_link: &'static str,
    /// How the account's own pages look.
    branding: BrandingView,
    /// Whether stop asks for a note: `optional` or `required`.
    #[schema(value_type = String, example = "optional")]
    note: &'static str,
    /// What a live case means to its ticket's closing: `block`, `warn`, `close_idle` or `allow_with_reason`.
    #[schema(value_type = String, example = "block")]
    close_guard: &'static str,
    /// What the values are called by which a device is handed its session.
    device_configuration: DeviceConfigurationView,
    /// How many unattended licences the account has; left out until somebody says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    unattended_licences: Option<u32>,
    /// Whether an inbound secret was made. The secret itself is shown only once.
    inbound_secret: bool,
    /// When it was made.
    #[schema(example = "2026-11-22T08:00:00Z")]
    created_at: String,
}

/// Who is told that a customer is online.
#[derive(Debug, Serialize, ToSchema)]
pub struct Told {
    /// The ticket's technician.
    technician: bool,
    /// Always told as well.
    others: Vec<String>,
    /// Told when the ticket has no technician who could be told.
    without_technician: Vec<String>,
}

impl From<&Account> for AccountView {
    fn from(account: &Account) -> Self {
        Self {
            account: account.id.to_string(),
            name: account.name.to_string(),
            time_zone: account.time_zone.to_string(),
            language: account.language.to_string(),
            case_lifetime_minutes: account.case_lifetime.minutes(),
            request_lifetime_minutes: account.request_lifetime.minutes(),
            told: Told::from(&account.told),
            customer_link: account.customer_link.name(),
            branding: BrandingView::from(account),
            note: account.note.name(),
            close_guard: account.close_guard.name(),
            device_configuration: DeviceConfigurationView::from(
                &account.device_configuration.clone().unwrap_or_default(),
            ),
            unattended_licences: account.unattended_licences,
            inbound_secret: account.inbound_secret.is_some(),
            created_at: rfc3339(account.created_at),
        }
    }
}

/// How the account's own pages look. What is absent is as Casebridge has it.
#[derive(Debug, Serialize, ToSchema)]
pub struct BrandingView {
    /// Instead of the account's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Acme Service Desk")]
    name: Option<String>,
    /// Of buttons and edges.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "#0a58a8")]
    colour: Option<String>,
    /// Where the logo is, below the installation's public address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "/pages/logo/acme/2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824")]
    logo: Option<String>,
}

impl From<&Account> for BrandingView {
    fn from(account: &Account) -> Self {
        let branding = &account.branding;
        Self {
            name: branding.name.as_ref().map(ToString::to_string),
            colour: branding.colour.map(|colour| colour.to_string()),
            logo: branding.logo.as_ref().map(|logo| format!("/pages/logo/{}/{}", account.id, logo.digest)),
        }
    }
}

impl From<&WhoIsTold> for Told {
    fn from(told: &WhoIsTold) -> Self {
        let texts = |list: &[casebridge_domain::EmailAddress]| list.iter().map(ToString::to_string).collect();
        Self {
            technician: told.technician,
            others: texts(&told.others),
            without_technician: texts(&told.without_technician),
        }
    }
}

/// A key. Its text is not kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyView {
    /// Names the key; not the key itself.
    id: String,
    /// What it may: `admin`, `technician`, `read` or `notify`.
    #[schema(example = "technician")]
    scope: String,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Help desk back end")]
    label: Option<String>,
    /// When it was made.
    created_at: String,
    /// Until when it works: it is the key of somebody who signed in to the console, whose name is the label.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<String>,
}

impl From<&ApiKey> for KeyView {
    fn from(key: &ApiKey) -> Self {
        Self {
            id: key.id.to_string(),
            scope: key.scope.to_string(),
            label: key.label.as_ref().map(ToString::to_string),
            created_at: rfc3339(key.created_at),
            expires_at: key.signed_in.as_ref().map(|signed_in| rfc3339(signed_in.until)),
        }
    }
}
