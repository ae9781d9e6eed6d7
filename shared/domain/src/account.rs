//! An account: one help desk of a vendor, and its settings.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::branding::CustomerLink;
use crate::device::DeviceConfiguration;
use crate::oauth::OauthApp;
use crate::policy::{CloseGuard, NotePolicy};
use crate::{AccountId, Branding, EmailAddress, Instant, Language, Malformed, Sealed, Text, TimeZone, VendorId};

/// How long a case lives unless it is closed: one minute to 24 hours, 24 hours by default (guide, "Expiry date").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct CaseLifetime(u16);

impl CaseLifetime {
    /// Accepts 1 to 1440 minutes.
    pub fn of_minutes(minutes: u16) -> Result<Self, Malformed> {
        if (1..=1440).contains(&minutes) { Ok(Self(minutes)) } else { Err(Malformed::new("must be 1 to 1440 minutes")) }
    }

    /// The span from play to expiry.
    pub fn span(self) -> TimeDelta {
        TimeDelta::minutes(self.0.into())
    }

    /// The span in minutes.
    pub const fn minutes(self) -> u16 {
        self.0
    }
}

impl Default for CaseLifetime {
    fn default() -> Self {
        Self(1440)
    }
}

impl TryFrom<u16> for CaseLifetime {
    type Error = Malformed;
    fn try_from(minutes: u16) -> Result<Self, Malformed> {
        Self::of_minutes(minutes)
    }
}

impl From<CaseLifetime> for u16 {
    fn from(lifetime: CaseLifetime) -> Self {
        lifetime.0
    }
}

/// How long somebody who asked for help waits for a technician before the request ends by itself: one minute to 24 hours, an
/// hour by default (our own choice).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct RequestLifetime(u16);

impl RequestLifetime {
    /// Accepts 1 to 1440 minutes.
    pub fn of_minutes(minutes: u16) -> Result<Self, Malformed> {
        if (1..=1440).contains(&minutes) { Ok(Self(minutes)) } else { Err(Malformed::new("must be 1 to 1440 minutes")) }
    }

    /// The span from asking to its end.
    pub fn span(self) -> TimeDelta {
        TimeDelta::minutes(self.0.into())
    }

    /// The span in minutes.
    pub const fn minutes(self) -> u16 {
        self.0
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes what it may skip by reference")]
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl Default for RequestLifetime {
    fn default() -> Self {
        Self(60)
    }
}

impl TryFrom<u16> for RequestLifetime {
    type Error = Malformed;
    fn try_from(minutes: u16) -> Result<Self, Malformed> {
        Self::of_minutes(minutes)
    }
}

impl From<RequestLifetime> for u16 {
    fn from(lifetime: RequestLifetime) -> Self {
        lifetime.0
    }
}

/// Who is told that a customer is online.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhoIsTold {
    /// The ticket's technician, if the ticket has one with an address.
    pub technician: bool,
    /// Always told as well.
    pub others: Vec<EmailAddress>,
    /// Told when the ticket has no technician who could be told.
    pub without_technician: Vec<EmailAddress>,
}

impl Default for WhoIsTold {
    fn default() -> Self {
        Self { technician: true, others: Vec::new(), without_technician: Vec::new() }
    }
}

impl WhoIsTold {
    /// The most addresses either list may hold (our own choice).
    pub const LIST_LIMIT: usize = 20;

    /// Whom to tell of a customer who is there already when the case changes hands: the new technician, or those who stand in
    /// for one. The others were told when the customer came.
    pub fn newly_concerned(&self, technician: Option<&EmailAddress>) -> Vec<EmailAddress> {
        let mut told = self.recipients(technician);
        told.retain(|address| !self.others.contains(address));
        told
    }

    /// Everybody to tell, each once.
    pub fn recipients(&self, technician: Option<&EmailAddress>) -> Vec<EmailAddress> {
        let mut told: Vec<EmailAddress> = Vec::new();
        let direct = technician.filter(|_| self.technician);
        let fallback: &[EmailAddress] = if technician.is_none() { &self.without_technician } else { &[] };
        for address in direct.into_iter().chain(fallback).chain(&self.others) {
            if !told.contains(address) {
                told.push(address.clone());
            }
        }
        told
    }
}

/// An account with its settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Named by the vendor, unique in the installation.
    pub id: AccountId,
    /// Whose customer it is.
    pub vendor: VendorId,
    /// As the customer reads it.
    pub name: Text<100>,
    /// In which the comment and the reports are written.
    pub time_zone: TimeZone,
    /// For requesters who name no language of ours, and for the comment.
    pub language: Language,
    /// Play to expiry.
    pub case_lifetime: CaseLifetime,
    /// Asking for help to the request's end, if nobody takes it.
    #[serde(default, skip_serializing_if = "RequestLifetime::is_default")]
    pub request_lifetime: RequestLifetime,
    /// Who is told that a customer is online.
    pub told: WhoIsTold,
    /// Whether stop asks for a note.
    #[serde(default)]
    pub note: NotePolicy,
    /// What a live case means to its ticket's closing.
    #[serde(default)]
    pub close_guard: CloseGuard,
    /// Signs inbound notices (Standard Webhooks); `None` until one is made.
    pub inbound_secret: Option<Sealed>,
    /// Where the link leads that requesters are mailed.
    #[serde(default)]
    pub customer_link: CustomerLink,
    /// How the account's pages look.
    #[serde(default)]
    pub branding: Branding,
    /// What the secrets of links to the customer page are made from; `None` until the first case that has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link_key: Option<Sealed>,
    /// Signs widget tokens; `None` until one is made, and after all were refused.
    #[serde(default)]
    pub widget_secret: Option<Sealed>,
    /// What the values are called by which a device is handed its session; `None` are our own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_configuration: Option<DeviceConfiguration>,
    /// How many unattended licences it has; `None` until somebody says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unattended_licences: Option<u32>,
    /// What its technicians sign in to TeamViewer through; `None` where nobody does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oauth_app: Option<OauthApp>,
    /// When it was made.
    pub created_at: Instant,
}

impl Account {
    /// Which settings are others, by their names in the API.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let compared = [
            ("name", self.name == other.name),
            ("time_zone", self.time_zone == other.time_zone),
            ("language", self.language == other.language),
            ("case_lifetime_minutes", self.case_lifetime == other.case_lifetime),
            ("request_lifetime_minutes", self.request_lifetime == other.request_lifetime),
            ("told", self.told == other.told),
            ("note", self.note == other.note),
            ("close_guard", self.close_guard == other.close_guard),
            ("inbound_secret", self.inbound_secret == other.inbound_secret),
            ("customer_link", self.customer_link == other.customer_link),
            ("branding", self.branding == other.branding),
            ("unattended_licences", self.unattended_licences == other.unattended_licences),
            ("widget_secret", self.widget_secret == other.widget_secret),
            ("device_configuration", self.device_configuration == other.device_configuration),
            ("oauth_app", self.oauth_app == other.oauth_app),
        ];
        compared.into_iter().filter(|(_, same)| !same).map(|(name, _)| name.to_owned()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(raw: &str) -> EmailAddress {
        EmailAddress::parse(raw).unwrap()
    }

    #[test]
    fn the_technician_is_told_and_the_list_only_stands_in() {
        let told = WhoIsTold {
            technician: true,
            others: vec![address("lead@x.org"), address("tess@x.org")],
            without_technician: vec![address("queue@x.org")],
        };
        let tess = address("tess@x.org");
        assert_eq!(told.recipients(Some(&tess)), vec![tess, address("lead@x.org")]);
        assert_eq!(told.recipients(None), vec![address("queue@x.org"), address("lead@x.org"), address("tess@x.org")]);
    }

    #[test]
    fn a_technician_who_is_not_to_be_told_is_not_replaced_by_the_list() {
        let told = WhoIsTold { technician: false, others: vec![], without_technician: vec![address("queue@x.org")] };
        assert!(told.recipients(Some(&address("tess@x.org"))).is_empty());
    }

    #[test]
    fn a_case_that_changes_hands_is_news_to_the_new_ones_only() {
        let told = WhoIsTold {
            technician: true,
            others: vec![address("lead@x.org")],
            without_technician: vec![address("queue@x.org"), address("lead@x.org")],
        };
        assert_eq!(told.newly_concerned(Some(&address("tess@x.org"))), vec![address("tess@x.org")]);
        assert!(told.newly_concerned(Some(&address("lead@x.org"))).is_empty());
        assert_eq!(told.newly_concerned(None), vec![address("queue@x.org")]);
    }

    #[test]
    fn a_case_lives_between_a_minute_and_a_day() {
        assert!(CaseLifetime::of_minutes(0).is_err());
        assert!(CaseLifetime::of_minutes(1441).is_err());
        assert_eq!(CaseLifetime::default().span(), TimeDelta::hours(24));
    }
}
