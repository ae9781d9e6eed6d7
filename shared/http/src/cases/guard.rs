//! The close guard's answers.

use casebridge_app::close_guard::{Closable, GuardError, LiveCase, OnClosing};
use casebridge_domain::Instant;
use casebridge_domain::time::rfc3339;
use serde::Serialize;
use utoipa::ToSchema;

use super::close;
use crate::problem::{CaseInTheWay, Kind, Problem};

/// Whether a ticket may be closed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClosableView {
    /// Whether it may.
    closable: bool,
    /// The live case: it stands in the way, or see `closing`.
    #[serde(skip_serializing_if = "Option::is_none")]
    case: Option<CaseInTheWay>,
    /// What closing does about the live case, where the account's policy `close_guard` lets the ticket be closed all the same:
    /// `leaves_case`, `closes_case`, or `needs_reason` (send a `reason`, and it is closed).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    closing: Option<&'static str>,
    /// The closing is reserved until then: play is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    reserved_until: Option<String>,
    /// The ticket was reported closed: play is refused until it is reopened.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    closed: bool,
}

impl ClosableView {
    const FREE: Self = Self { closable: true, case: None, closing: None, reserved_until: None, closed: false };

    pub(super) fn closed() -> Self {
        Self { closed: true, ..Self::FREE }
    }

    /// The ticket is closed, or may be, and this case is left as it is.
    pub(super) fn beside(case: &LiveCase, closed: bool) -> Self {
        Self { closed, ..Self::despite(case, OnClosing::LeavesCase) }
    }

    fn despite(case: &LiveCase, closing: OnClosing) -> Self {
        let closing = match closing {
            OnClosing::LeavesCase => "leaves_case",
            OnClosing::ClosesCase => "closes_case",
            OnClosing::NeedsReason => "needs_reason",
        };
        Self { case: Some(CaseInTheWay::from(case)), closing: Some(closing), ..Self::FREE }
    }

    pub(super) fn reserved(until: Instant) -> Self {
        Self { reserved_until: Some(rfc3339(until)), ..Self::FREE }
    }
}

impl From<Closable> for ClosableView {
    fn from(closable: Closable) -> Self {
        match closable {
            Closable::Free => Self::FREE,
            Closable::Reserved { until } => Self::reserved(until),
            Closable::Closed => Self::closed(),
            Closable::Despite(case, closing) => Self::despite(&case, closing),
            Closable::Live(case) => Self { closable: false, case: Some(CaseInTheWay::from(&*case)), ..Self::FREE },
        }
    }
}

impl Problem {
    /// What the vendor is told when the ticket can't be closed.
    pub(super) fn of_guard(error: GuardError, now: Instant) -> Self {
        match error {
            GuardError::Live(case) => Self::new(Kind::LiveCase).case(&case),
            GuardError::NeedsReason(case) => Self::new(Kind::LiveCase)
                .case(&case)
                .detail("The service case is closed with the ticket if a reason is given.")
                .fix("Send a \"reason\" with the closing, or stop the service case first.")
                .and_field("reason", "must not be missing"),
            GuardError::NotClosed(error) => close::refusal(error, now),
            GuardError::Outside(error) => error.into(),
        }
    }
}
