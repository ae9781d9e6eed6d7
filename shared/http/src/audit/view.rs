//! A link of the audit trail as it is shown.

use casebridge_domain::audit::AuditEntry;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// One link of the chain.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditEntryView {
    /// The event's number in the account, from 1 without gaps.
    #[schema(example = 4711)]
    number: u64,
    /// When it happened.
    #[schema(example = "2026-11-22T08:00:01.123456Z")]
    at: DateTime<Utc>,
    /// What happened: an event's `type`.
    #[schema(example = "key.made")]
    kind: String,
    /// Who (`by`), and on what: a JSON object as text, exactly as it was committed to. Null after a person's details were
    /// erased; the chain holds without them.
    #[schema(example = "{\"by\":{\"is\":\"operator\"}}")]
    details: Option<String>,
    /// 256 random bits in hex; erased together with the details.
    #[serde(skip_serializing_if = "Option::is_none")]
    salt: Option<String>,
    /// What the chain holds of the details.
    #[schema(example = "4f1f9f6f…")]
    commitment: String,
    /// What the next entry follows.
    #[schema(example = "be2ab1b3…")]
    hash: String,
}

impl From<AuditEntry> for AuditEntryView {
    fn from(entry: AuditEntry) -> Self {
        let (details, salt) = entry.details.map(|details| (details.text, details.salt)).unzip();
        Self {
            number: entry.number,
            at: entry.at,
            kind: entry.kind,
            details,
            salt,
            commitment: entry.commitment.as_str().to_owned(),
            hash: entry.hash.as_str().to_owned(),
        }
    }
}
