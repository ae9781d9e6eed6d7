//! Cases that stand in the way, as a problem names them.

use casebridge_app::close_guard::LiveCase;
use casebridge_domain::ServiceCase;
use casebridge_domain::time::rfc3339;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

/// A case, as far as one has to know it to find it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CaseInTheWay {
    /// The case.
    pub id: String,
    /// Its ticket, where that is not the one that was asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// The device that it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// Its session, once TeamViewer gave one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_code: Option<String>,
    /// When it ends by itself at the latest.
    pub valid_until: String,
}

impl CaseInTheWay {
    pub(crate) fn new(case: &ServiceCase) -> Self {
        Self {
            id: case.id().to_string(),
            ticket: case.ticket().map(|ticket| ticket.id.to_string()),
            device: case.subject().device().map(|device| device.id().to_string()),
            session_code: case.session().map(|session| session.code.to_string()),
            valid_until: rfc3339(case.valid_until()),
        }
    }
}

impl From<&LiveCase> for CaseInTheWay {
    fn from(case: &LiveCase) -> Self {
        Self {
            id: case.id.to_string(),
            ticket: None,
            device: None,
            session_code: case.code.as_ref().map(ToString::to_string),
            valid_until: rfc3339(case.valid_until),
        }
    }
}

impl super::Problem {
    /// Names the case that stands in the way.
    #[must_use]
    pub fn case(self, case: &LiveCase) -> Self {
        self.member("case", json!(CaseInTheWay::from(case)))
    }

    /// Names the cases that stand in the way.
    #[must_use]
    pub fn cases(self, cases: &[ServiceCase]) -> Self {
        let cases: Vec<Value> = cases.iter().map(|case| json!(CaseInTheWay::new(case))).collect();
        self.member("cases", Value::Array(cases))
    }
}
