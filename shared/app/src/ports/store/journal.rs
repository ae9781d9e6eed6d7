//! The account's journal, as the store sees it: entries that wait for their numbers, the feed, the audit trail.

use casebridge_domain::audit::{AuditEntry, AuditHash};
use casebridge_domain::journal::{Event, JournalEntry, Numbered};
use casebridge_domain::{AccountId, Instant, VendorId};
use serde::{Deserialize, Serialize};

use super::Versioned;

/// An entry that has no numbers yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// Where it waits; opaque.
    pub place: String,
    /// What it says.
    pub entry: JournalEntry,
    /// How much room it takes, in bytes of JSON.
    pub bytes: usize,
}

/// How far an account's journal is numbered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalHead {
    /// Whose account it is, also after it was removed.
    pub vendor: VendorId,
    /// The last number given; 0 before the first.
    pub last: u64,
    /// The audit trail's last hash.
    pub hash: AuditHash,
    /// Whether the account has endpoints, which have to be told.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub followed: bool,
}

/// What of an account's journal is still to be numbered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backlog {
    /// Whose account it is, also after it was removed; `None` if there never was one.
    pub vendor: Option<VendorId>,
    /// How far it is numbered; `None` before the first.
    pub head: Option<Versioned<JournalHead>>,
    /// What waits. Every earlier entry about the same case is among them or has its numbers. In no order but that.
    pub pending: Vec<Pending>,
    /// Whether more waits than this.
    pub more: bool,
}

/// A step of numbering: all of it, or nothing.
#[derive(Debug, Clone)]
pub struct Numbering<'a> {
    /// Whose.
    pub account: &'a AccountId,
    /// How far the journal is numbered afterwards.
    pub head: &'a JournalHead,
    /// The head as it was read; whoever comes second loses.
    pub read_at: Option<super::Revision>,
    /// What gets its numbers, in their order.
    pub numbered: &'a [Numbered],
    /// The links of the audit trail, in the same order.
    pub audit: &'a [AuditEntry],
    /// Where it waited.
    pub places: &'a [String],
    /// The server's clock.
    pub now: Instant,
}

/// A stretch of an account's numbers that waits for the vendor's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VendorPending {
    /// Where it waits; opaque.
    pub place: String,
    /// Which events.
    pub stretch: AccountStretch,
}

/// Consecutive events of one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountStretch {
    /// Whose.
    pub account: AccountId,
    /// The first one's number in the account.
    pub first: u64,
    /// The last one's.
    pub last: u64,
}

impl AccountStretch {
    /// How many events.
    pub const fn count(&self) -> u64 {
        self.last.saturating_add(1).saturating_sub(self.first)
    }
}

/// What of a vendor's feed is still to be numbered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VendorBacklog {
    /// The last number given.
    pub head: Option<Versioned<u64>>,
    /// Whether the vendor has endpoints, which have to be told.
    pub followed: bool,
    /// What waits, each account's in order.
    pub pending: Vec<VendorPending>,
    /// Whether more waits than this.
    pub more: bool,
}

/// A step of numbering a vendor's feed: all of it, or nothing. The stretches get the numbers up to `last`, in order.
#[derive(Debug, Clone)]
pub struct VendorNumbering<'a> {
    /// Whose.
    pub vendor: &'a VendorId,
    /// The last number given afterwards.
    pub last: u64,
    /// Whether the vendor has endpoints, as it was read with the head.
    pub followed: bool,
    /// The head as it was read; whoever comes second loses.
    pub read_at: Option<super::Revision>,
    /// What gets its numbers, in their order.
    pub stretches: &'a [AccountStretch],
    /// Where it waited.
    pub places: &'a [String],
    /// The server's clock.
    pub now: Instant,
}

/// An event with its number in the vendor's feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VendorEvent {
    /// From 1 without gaps, over all the vendor's accounts.
    pub number: u64,
    /// The event, with its number in its account.
    pub event: Event,
}
