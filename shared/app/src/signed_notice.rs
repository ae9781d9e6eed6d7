//! A notice that came signed: it does something once, however often it is sent.
//!
//! A sender that has no answer sends its message again, under the same id and signed anew with the time of that attempt (Standard
//! Webhooks 1.0, "Webhook metadata"). Somebody who listened can only send what was signed, so the very same message is refused.

use casebridge_domain::key::Owner;
use casebridge_domain::{Instant, KeyId, ServiceCase, SessionCode};
use uuid::Uuid;

use crate::customer_online::Recorded;
use crate::open_case::RequestMemory;
use crate::ports::store::{Idempotency, IdempotencyKey, Remembered, Subject};
use crate::{Desk, Outside};

/// Names these messages among the requests that are remembered.
const ROUTE: &str = "signed notice";

/// What is answered to a notice that was taken.
const TAKEN: u16 = 204;

/// A message whose signature holds.
#[derive(Debug, Clone)]
pub struct SignedMessage {
    /// Its own id, the same at each attempt.
    pub id: String,
    /// When this attempt was signed, in seconds since 1970.
    pub timestamp: i64,
    /// SHA-256 of its body, in hex.
    pub fingerprint: String,
}

/// What a signed notice led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// The case as it stands now.
    Case(Box<ServiceCase>),
    /// Another attempt of a message that was taken: nothing was done, and it is answered as the first one was.
    Again,
    /// The account has no case with that code (yet). Not remembered: it may be sent again as it is.
    UnknownCode,
    /// The very same message came before.
    Replayed,
    /// Another message had this id.
    IdReused,
}

/// Takes a signed notice that the customer of a session is online.
pub async fn signed_notice(
    desk: &Desk,
    code: &SessionCode,
    occurred_at: Instant,
    message: &SignedMessage,
) -> Result<Taken, Outside> {
    let Some(from) = desk.world.store.case_by_code(desk.id(), code).await? else { return Ok(Taken::UnknownCode) };
    let subject = Subject::Case(from.value.id());
    let memory = message.memory(desk, &message.id, subject.clone());
    match desk.customer_online_once(from, occurred_at, Some(&memory)).await? {
        Recorded::Done(case) => Ok(Taken::Case(Box::new(case.value))),
        Recorded::Remembered(remembered) => message.again(desk, &remembered, subject).await,
    }
}

impl SignedMessage {
    /// A message of which another copy was taken.
    async fn again(&self, desk: &Desk, remembered: &Remembered, subject: Subject) -> Result<Taken, Outside> {
        let (timestamp, fingerprint) = remembered.fingerprint.split_once(' ').unwrap_or_default();
        if fingerprint != self.fingerprint {
            return Ok(Taken::IdReused);
        }
        if timestamp == self.timestamp.to_string() {
            return Ok(Taken::Replayed);
        }
        // Each attempt is answered once, too.
        let attempt = self.memory(desk, &format!("{} {}", self.id, self.timestamp), subject);
        let known = desk.world.store.remember(&attempt).await?;
        Ok(if known.is_some() { Taken::Replayed } else { Taken::Again })
    }

    /// Remembered for days, and so far longer than a signature is good for.
    fn memory(&self, desk: &Desk, key: &str, subject: Subject) -> Idempotency {
        let key = IdempotencyKey {
            owner: Owner::Account(desk.id().clone()),
            principal: KeyId::new(Uuid::nil()),
            route: ROUTE.to_owned(),
            key: key.to_owned(),
        };
        let fingerprint = format!("{} {}", self.timestamp, self.fingerprint);
        RequestMemory { key, fingerprint }.of(TAKEN, subject, desk.now())
    }
}
