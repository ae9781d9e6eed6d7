//! On whose behalf something was done, as it is shown.

use casebridge_domain::journal::Principal;
use serde::Serialize;
use utoipa::ToSchema;

/// On whose behalf it was done.
#[derive(Debug, Serialize, ToSchema)]
pub struct PrincipalView {
    /// `key` (whoever holds it), `operator` (on the command line), `customer` (on his page), or `casebridge` by itself.
    #[schema(value_type = String, example = "key")]
    is: &'static str,
    /// The key's id; only where `is` is `key`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "01890a5d-ac96-774b-bcce-b302099a8057")]
    key: Option<String>,
}

impl From<Principal> for PrincipalView {
    fn from(principal: Principal) -> Self {
        match principal {
            Principal::Key { id } => Self { is: "key", key: Some(id.to_string()) },
            Principal::Operator => Self { is: "operator", key: None },
            Principal::Customer => Self { is: "customer", key: None },
            Principal::Casebridge => Self { is: "casebridge", key: None },
        }
    }
}

impl PrincipalView {
    /// In one word: the key's id, or what it is.
    pub(crate) fn word(&self) -> &str {
        self.key.as_deref().unwrap_or(self.is)
    }
}
