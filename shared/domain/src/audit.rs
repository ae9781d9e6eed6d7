//! The audit trail: a chain of hashes over commitments to what happened.
//!
//! The chain covers number, time, kind and a commitment to the details. The commitment is salted, so it gives away
//! nothing about details that were erased, and the chain stays valid without them.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::Instant;
use crate::hex::hex;
use crate::time::rfc3339;

/// A SHA-256 in lower-case hex.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AuditHash(String);

impl AuditHash {
    /// What the first entry follows.
    pub fn beginning() -> Self {
        Self("0".repeat(64))
    }

    /// In hex.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn of<'a>(parts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            // Lengths keep apart what lies side by side.
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        Self(hex(&hash.finalize()))
    }
}

/// What a commitment is to; can be erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// 256 random bits in hex.
    pub salt: String,
    /// JSON, exactly as it was committed to.
    pub text: String,
}

/// One link of the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// The event's number in the account.
    pub number: u64,
    /// When it happened.
    pub at: Instant,
    /// What kind of event it was.
    pub kind: String,
    /// Who, and on what; `None` after it was erased.
    pub details: Option<Details>,
    /// SHA-256 over salt and details.
    pub commitment: AuditHash,
    /// SHA-256 over the link before and this one.
    pub hash: AuditHash,
}

/// The chain is broken there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("entry {number}: {fault}")]
pub struct Broken {
    /// At which entry.
    pub number: u64,
    /// What does not fit.
    pub fault: Fault,
}

/// What does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Entries are missing before it, or it stands twice.
    #[error("it does not follow the number before it")]
    Number,
    /// The details are not those that were committed to.
    #[error("its details are not those that were written")]
    Details,
    /// It, or what was before it, was changed.
    #[error("its hash does not follow from the entry before it")]
    Hash,
}

impl AuditEntry {
    /// Links an entry to the one before it.
    pub fn linked(before: &AuditHash, number: u64, at: Instant, kind: &str, text: String, salt: &[u8; 32]) -> Self {
        let details = Details { salt: hex(salt), text };
        let commitment = details.commitment();
        let hash = chained(before, number, at, kind, &commitment);
        Self { number, at, kind: kind.to_owned(), details: Some(details), commitment, hash }
    }

    /// The same link without its details.
    #[must_use]
    pub fn erased(self) -> Self {
        Self { details: None, ..self }
    }

    /// Whether it follows what is before it.
    pub fn check(&self, before: &AuditHash, number_before: u64) -> Result<(), Broken> {
        let fault = if number_before.checked_add(1) != Some(self.number) {
            Fault::Number
        } else if self.details.as_ref().is_some_and(|details| details.commitment() != self.commitment) {
            Fault::Details
        } else if chained(before, self.number, self.at, &self.kind, &self.commitment) != self.hash {
            Fault::Hash
        } else {
            return Ok(());
        };
        Err(Broken { number: self.number, fault })
    }
}

impl Details {
    fn commitment(&self) -> AuditHash {
        AuditHash::of(["casebridge audit details 1", &self.salt, &self.text])
    }
}

fn chained(before: &AuditHash, number: u64, at: Instant, kind: &str, commitment: &AuditHash) -> AuditHash {
    // To the microsecond, in one form: what was read back from JSON hashes alike.
    let at = format!("{}.{:06}", rfc3339(at), at.timestamp_subsec_micros());
    AuditHash::of(["casebridge audit link 1", before.as_str(), &number.to_string(), &at, kind, commitment.as_str()])
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn chain(length: u64) -> Vec<AuditEntry> {
        let mut before = AuditHash::beginning();
        (1..=length)
            .map(|number| {
                let salt = [u8::try_from(number).unwrap(); 32];
                let at = DateTime::from_timestamp_millis(1_000 * i64::try_from(number).unwrap() + 7).unwrap();
                let entry = AuditEntry::linked(&before, number, at, "key.made", format!("{{\"n\":{number}}}"), &salt);
                before = entry.hash.clone();
                entry
            })
            .collect()
    }

    fn verify(entries: &[AuditEntry]) -> Result<(), Broken> {
        let (mut before, mut number) = (AuditHash::beginning(), 0);
        for entry in entries {
            entry.check(&before, number)?;
            (before, number) = (entry.hash.clone(), entry.number);
        }
        Ok(())
    }

    #[test]
    fn an_erased_entry_leaves_the_chain_valid() {
        let mut entries = chain(5);
        entries[2] = entries[2].clone().erased();
        assert_eq!(verify(&entries), Ok(()));
    }

    #[test]
    fn whatever_is_changed_breaks_the_chain_there() {
        type Change = fn(&mut Vec<AuditEntry>);
        let changes: [(Change, u64, Fault); 6] = [
            (|entries| entries[1].kind = "key.deleted".to_owned(), 2, Fault::Hash),
            (|entries| entries[1].at += chrono::TimeDelta::seconds(1), 2, Fault::Hash),
            (|entries| entries[1].details.as_mut().unwrap().text.push(' '), 2, Fault::Details),
            (|entries| entries[1].commitment = AuditHash::beginning(), 2, Fault::Details),
            (|entries| drop(entries.remove(1)), 3, Fault::Number),
            (|entries| entries.swap(1, 2), 3, Fault::Number),
        ];
        for (change, number, fault) in changes {
            let mut entries = chain(4);
            change(&mut entries);
            assert_eq!(verify(&entries), Err(Broken { number, fault }));
        }
    }

    #[test]
    fn an_entry_survives_json() {
        let entries = chain(2);
        let text = serde_json::to_string(&entries).unwrap();
        assert_eq!(serde_json::from_str::<Vec<AuditEntry>>(&text).unwrap(), entries);
    }
}
