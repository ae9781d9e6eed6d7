//! Settings as they are sent, on their way into the domain's types.

use casebridge_domain::account::{CaseLifetime, RequestLifetime, WhoIsTold};
use casebridge_domain::{EmailAddress, Language, Malformed};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::extract::Faults;

/// Who is told that a customer is online. What is left out stays as it is.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ToldWish {
    /// The ticket's technician.
    technician: Option<bool>,
    /// Always told as well; at most 20 addresses.
    #[schema(example = json!(["lead@example.com"]))]
    others: Option<Vec<String>>,
    /// Told when the ticket has no technician who could be told; at most 20 addresses.
    #[schema(example = json!(["queue@example.com"]))]
    without_technician: Option<Vec<String>>,
}

/// What shall change about who is told.
#[derive(Debug, Clone, Default)]
pub(super) struct ToldChange {
    technician: Option<bool>,
    others: Option<Vec<EmailAddress>>,
    without_technician: Option<Vec<EmailAddress>>,
}

impl ToldWish {
    /// The change; whatever is wrong goes to `faults`.
    pub(super) fn parse(&self, faults: &mut Faults) -> ToldChange {
        let mut list = |field: &str, wish: &Option<Vec<String>>| {
            wish.as_deref().map(|wish| addresses(&format!("told.{field}"), wish, faults))
        };
        ToldChange {
            others: list("others", &self.others),
            without_technician: list("without_technician", &self.without_technician),
            technician: self.technician,
        }
    }
}

impl ToldChange {
    /// Makes the change.
    pub(super) fn apply(&self, told: &mut WhoIsTold) {
        set(&mut told.technician, self.technician.as_ref());
        set(&mut told.others, self.others.as_ref());
        set(&mut told.without_technician, self.without_technician.as_ref());
    }
}

/// Takes a new value, if there is one.
pub(super) fn set<T: Clone>(present: &mut T, new: Option<&T>) {
    if let Some(new) = new {
        present.clone_from(new);
    }
}

fn addresses(field: &str, raw: &[String], faults: &mut Faults) -> Vec<EmailAddress> {
    if raw.len() > WhoIsTold::LIST_LIMIT {
        faults.add(field, format!("must have at most {} addresses", WhoIsTold::LIST_LIMIT));
        return Vec::new();
    }
    raw.iter()
        .enumerate()
        .filter_map(|(place, address)| faults.take(&format!("{field}[{place}]"), EmailAddress::parse(address)))
        .collect()
}

pub(super) fn lifetime(minutes: i64) -> Result<CaseLifetime, Malformed> {
    CaseLifetime::of_minutes(u16::try_from(minutes).unwrap_or(0))
}

pub(super) fn request_lifetime(minutes: i64) -> Result<RequestLifetime, Malformed> {
    RequestLifetime::of_minutes(u16::try_from(minutes).unwrap_or(0))
}

/// Up to ten million, more than any fleet (our own choice).
pub(super) fn licences(number: i64) -> Result<u32, Malformed> {
    let fits = u32::try_from(number).ok().filter(|number| *number <= 10_000_000);
    fits.ok_or_else(|| Malformed::new("must be 0 to 10000000"))
}

/// The account's language from `language`, or the first of `languages`.
pub(super) fn language(language: Option<&str>, languages: Option<&[String]>, faults: &mut Faults) -> Option<Language> {
    let one = faults.maybe("language", language, Language::parse);
    let Some(many) = languages else { return one };
    if many.is_empty() {
        faults.add("languages", "must not be empty");
    }
    let mut parsed = Vec::new();
    for (place, tag) in many.iter().enumerate().take(Language::ALL.len() * 2) {
        parsed.extend(faults.take(&format!("languages[{place}]"), Language::parse(tag)));
    }
    let first = parsed.first().copied();
    if one.is_some() && one != first {
        faults.add("languages", "must begin with language, or leave one of the two out");
    }
    first
}
