//! What somebody asked for, as it is shown.

use casebridge_domain::ServiceCase;
use casebridge_domain::time::rfc3339;
use serde::Serialize;
use utoipa::ToSchema;

/// A request for help.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequestView {
    /// When it was asked for: waiting begins then.
    #[schema(example = "2026-11-22T07:55:00Z")]
    asked_at: String,
    /// When it ends by itself; while nobody has taken it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2026-11-22T08:55:00Z")]
    until: Option<String>,
    /// What is wrong, in the requester's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "The printer smokes")]
    note: Option<String>,
}

impl RequestView {
    pub(super) fn of(case: &ServiceCase) -> Option<Self> {
        let request = case.request()?;
        Some(Self {
            asked_at: rfc3339(request.at),
            until: case.is_asked().then(|| rfc3339(request.until)),
            note: request.note.as_ref().map(ToString::to_string),
        })
    }
}
