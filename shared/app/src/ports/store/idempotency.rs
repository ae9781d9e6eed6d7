//! The memory of requests that carry an `Idempotency-Key`.

use casebridge_domain::key::Owner;
use casebridge_domain::{AccountId, CaseId, EndpointId, Instant, KeyId, LetterId};
use serde::{Deserialize, Serialize};

/// Days a request is remembered (design, "Idempotency-Key"; published in the API's description).
pub const REMEMBERED_DAYS: i64 = 7;

/// Which request: the same text from another key or on another route is another one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IdempotencyKey {
    /// In whose partition it is kept.
    pub owner: Owner,
    /// Who asks.
    pub principal: KeyId,
    /// Method and path as sent.
    pub route: String,
    /// The header's value, 1 to 255 characters.
    pub key: String,
}

/// What the remembered request was about; the answer is rendered from it by the rights of whoever asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "of", content = "id")]
pub enum Subject {
    /// A case.
    Case(CaseId),
    /// An account.
    Account(AccountId),
    /// A key; its text is not remembered.
    Key(KeyId),
    /// A letter.
    Letter(LetterId),
    /// An endpoint; its secret is not remembered.
    Endpoint(EndpointId),
}

/// What is remembered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remembered {
    /// SHA-256 of the body, in hex: the same key with another body is an error.
    pub fingerprint: String,
    /// The status of a success.
    pub status: u16,
    /// What it was about.
    pub subject: Subject,
}

/// A memory to keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idempotency {
    /// Which request.
    pub key: IdempotencyKey,
    /// What to remember.
    pub remembered: Remembered,
    /// The server's clock now; a memory that lapsed is overwritten.
    pub now: Instant,
    /// Until when.
    pub until: Instant,
}
