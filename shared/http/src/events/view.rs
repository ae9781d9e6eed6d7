//! An event as it is shown.

use casebridge_domain::journal::{AccountMatter, Event, What};
use casebridge_domain::time::rfc3339;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::cases::CaseView;
use crate::principal::PrincipalView;

/// One thing that happened.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventView {
    /// From 1 without gaps, in the order of the feed it is read from.
    #[schema(example = 4711)]
    number: u64,
    /// In a vendor's feed: the event's number in its account's feed.
    #[serde(skip_serializing_if = "Option::is_none")]
    account_number: Option<u64>,
    /// Where it happened.
    #[schema(example = "acme")]
    account: String,
    /// What happened. More types may come: pass over those that are not known.
    ///
    /// To a case: `case.opened`, `case.failed`, `case.closing`, `case.token_refused`, `case.closed`, `case.expired`,
    /// `invitation.queued`, `invitation.accepted`, `invitation.failed`, `invitation.cancelled`, `invitation.delivered`,
    /// `invitation.bounced`, `invitation.complained`, `invitation.opened` (its page's button was pressed), `invitation.disowned`
    /// (the requester says that he did not ask for this), `customer.online`,
    /// `customer.left`, `customer.returned`, `ticket.changed`, `technician.changed`, `device.handed_over` (what starts the session on its
    /// device was asked for again), `device.start_lost` (the device does not know its session: see the case's `hand_over`),
    /// `help.asked`, `help.given_back` (TeamViewer gave no session to whoever took it), `help.withdrawn`, `help.not_taken` (in time).
    ///
    /// To the account: `account.made`, `account.changed`, `account.deleted`, `key.made`, `key.deleted`,
    /// `connection.registered`, `connection.changed`, `connection.refused`, `connection.revoked`, `technician.signed_in` (to
    /// TeamViewer), `technician.asked_again` (to sign in), `technician.signed_out`, `template.saved`,
    /// `template.reset`, `template.tested`, `ticket.closed`, `ticket.reopened`, `record.changed`, `figures.rebuilt`,
    /// `audit.erased`, `activation.made`, `activation.removed`, `endpoint.made`, `endpoint.changed`, `endpoint.deleted`,
    /// `endpoint.failing` (it takes nothing), `endpoint.disabled`.
    #[serde(rename = "type")]
    #[schema(value_type = String, example = "case.opened")]
    kind: &'static str,
    /// When, by the server's clock.
    #[schema(example = "2026-11-22T08:00:01Z")]
    occurred_at: String,
    /// On whose behalf.
    by: PrincipalView,
    /// Of an event of a case: its number within the case, from 1 without gaps.
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence: Option<u32>,
    /// Of an event of a case: the case as it was after the step in which this happened, without supporter links. It is
    /// `expired` from `case.expired` on. Events of one step show the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    case: Option<CaseView>,
    /// Of `case.closing`: `reason`, where the case was closed with its ticket and for a reason. Of an event of the account:
    /// what belongs to it, by name: `fields` (names of what was changed, never values);
    /// `key`, `scope`, `label`; `registration`; `technician` (an id), `user` (TeamViewer's id), `why`; `language`; `ticket`; `case`,
    /// `note`, `excluded` of a record as it stands now; `entries`; `mode`, `terms_version`, `agreed_by` of an activation; `endpoint`, `percent`. Absent if
    /// there is nothing.
    #[serde(skip_serializing_if = "Map::is_empty")]
    #[schema(value_type = Option<Object>, additional_properties)]
    data: Map<String, Value>,
}

impl EventView {
    /// In its account's feed.
    pub(super) fn of_account(event: &Event) -> Self {
        let (sequence, case, data) = match &event.what {
            What::Case { case, event } => (Some(event.sequence), Some(CaseView::as_it_was(case)), Map::new()),
            What::Account(matter) => (None, None, fields(matter)),
        };
        let reason = event.reason().map(|reason| ("reason".to_owned(), Value::from(reason.as_str())));
        let data = data.into_iter().chain(reason).collect();
        Self {
            number: event.number,
            account_number: None,
            account: event.account.to_string(),
            kind: event.kind(),
            occurred_at: rfc3339(event.at),
            by: event.by.into(),
            sequence,
            case,
            data,
        }
    }

    /// In its vendor's feed, where it has another number.
    pub(super) fn of_vendor(number: u64, event: &Event) -> Self {
        Self { number, account_number: Some(event.number), ..Self::of_account(event) }
    }
}

/// What belongs to it, by name.
fn fields(matter: &AccountMatter) -> Map<String, Value> {
    let Ok(Value::Object(mut fields)) = serde_json::to_value(matter) else { return Map::new() };
    fields.remove("type");
    fields
}
