//! The close guard's answers.

use casebridge_app::close_guard::{Closable, GuardError};
use casebridge_domain::Instant;
use casebridge_domain::time::rfc3339;
use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::{CaseInTheWay, Kind, Problem};

/// Whether a ticket may be closed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClosableView {
    /// Whether it may.
    closable: bool,
    /// The live case that stands in the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    case: Option<CaseInTheWay>,
    /// The closing is reserved until then: play is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    reserved_until: Option<String>,
    /// The ticket was reported closed: play is refused until it is reopened.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    closed: bool,
}

impl ClosableView {
    const FREE: Self = Self { closable: true, case: None, reserved_until: None, closed: false };

    pub(super) fn closed() -> Self {
        Self { closed: true, ..Self::FREE }
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
            Closable::Live(case) => Self { closable: false, case: Some(CaseInTheWay::from(&*case)), ..Self::FREE },
        }
    }
}

impl From<GuardError> for Problem {
    fn from(error: GuardError) -> Self {
        match error {
            GuardError::Live(case) => Self::new(Kind::LiveCase).case(&case),
            GuardError::Outside(error) => error.into(),
        }
    }
}
