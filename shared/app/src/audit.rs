//! The audit trail: read, verified, and rid of a person.

use std::collections::BTreeSet;

use casebridge_domain::audit::{AuditEntry, AuditHash, Broken};
use casebridge_domain::journal::AccountMatter;
use casebridge_domain::{AccountId, TechnicianId};

use crate::journal::number_account;
use crate::{Desk, Outside, World};

/// Links read at once.
const PAGE: usize = 500;

/// A trail that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// How many entries it has; also the last one's number.
    pub entries: u64,
    /// How many of them were rid of their details.
    pub erased: u64,
    /// The last one's hash. Whoever wrote it down elsewhere can tell later that nothing before it was changed.
    pub hash: AuditHash,
}

/// Why a trail does not hold.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// An entry does not follow from the one before it.
    #[error(transparent)]
    Broken(#[from] Broken),
    /// Entries are missing at its end, or were added behind our back.
    #[error("the trail ends with entry {found}, but {expected} were written")]
    End {
        /// The last that is there.
        found: u64,
        /// The last that was written.
        expected: u64,
    },
    /// Something else failed.
    #[error(transparent)]
    Outside(#[from] Outside),
}

/// Checks a trail link by link.
#[derive(Debug)]
pub struct Chain {
    verified: Verified,
}

impl Default for Chain {
    fn default() -> Self {
        Self { verified: Verified { entries: 0, erased: 0, hash: AuditHash::beginning() } }
    }
}

impl Chain {
    /// The next link.
    pub fn follow(&mut self, entry: &AuditEntry) -> Result<(), Broken> {
        entry.check(&self.verified.hash, self.verified.entries)?;
        self.verified.entries = entry.number;
        self.verified.erased += u64::from(entry.details.is_none());
        self.verified.hash.clone_from(&entry.hash);
        Ok(())
    }

    /// What holds so far.
    pub fn verified(self) -> Verified {
        self.verified
    }
}

/// Verifies an account's whole trail, also after the account was removed.
pub async fn verify(world: &World, account: &AccountId) -> Result<Verified, VerifyError> {
    // The head first: what is numbered while we read only makes the trail longer than it.
    let head = world.store.journal_head(account).await.map_err(Outside::from)?;
    let mut chain = Chain::default();
    let mut at_head = None;
    let mut after = 0;
    loop {
        let page = entries(world, account, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.number;
        for entry in &page {
            chain.follow(entry)?;
            if head.as_ref().is_some_and(|head| head.last == entry.number) {
                at_head = Some(entry.hash.clone());
            }
        }
    }
    let verified = chain.verified();
    match head {
        Some(head) if at_head.as_ref() != Some(&head.hash) => {
            Err(VerifyError::End { found: verified.entries, expected: head.last })
        }
        _ => Ok(verified),
    }
}

/// Entries after a number, in order.
pub async fn entries(world: &World, account: &AccountId, after: u64, limit: usize) -> Result<Vec<AuditEntry>, Outside> {
    Ok(world.store.audit(account, after, limit).await?)
}

/// Takes a technician's id out of the trail: the entries that name it lose their details. Says how many.
///
/// What waits for its number gets it first, and that it is done is on record before it is: one that is broken off can be
/// done again.
pub async fn erase_technician(desk: &Desk, technician: &TechnicianId) -> Result<u64, Outside> {
    number_account(&desk.world, desk.id()).await?;
    let mut numbers = BTreeSet::new();
    let mut after = 0;
    loop {
        let page = entries(&desk.world, desk.id(), after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.number;
        numbers.extend(page.iter().filter(|entry| names(entry, technician)).map(|entry| entry.number));
    }
    let count = u64::try_from(numbers.len()).unwrap_or(u64::MAX);
    if count > 0 {
        desk.world.store.note(desk.id(), &desk.entry(AccountMatter::AuditErased { entries: count })).await?;
        desk.world.store.erase_audit(desk.id(), &numbers).await?;
    }
    Ok(count)
}

fn names(entry: &AuditEntry, technician: &TechnicianId) -> bool {
    let details = entry.details.as_ref().and_then(|details| serde_json::from_str(&details.text).ok());
    details.is_some_and(|details: serde_json::Value| details["technician"] == technician.as_str())
}
