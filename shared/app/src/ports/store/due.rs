//! What is due: letters to send, accounts to look at, journals to number.

use casebridge_domain::key::Owner;
use casebridge_domain::{AccountId, Instant, Letter, VendorId};
use serde::{Deserialize, Serialize};

use super::Versioned;

/// An account's turn to be looked at. Play makes it due at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tick {
    /// Whose.
    pub account: AccountId,
    /// The account is looked at until then even if no case is live: a session may still appear after we gave up on it.
    pub keep_until: Instant,
}

/// What the watch notes about an account between its turns.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct WatchNotes {
    /// Calls left in the bucket.
    pub budget: Option<f64>,
    /// When the bucket was last filled.
    pub filled_at: Option<Instant>,
    /// Codes that the last complete listing did not show though their cases are live.
    pub missing: Vec<casebridge_domain::SessionCode>,
    /// TeamViewer asked to be left alone until then.
    pub pause_until: Option<Instant>,
    /// Pauses in a row, for backing off.
    pub pauses: u32,
    /// When sessions were last listed, and to whose token; in accounts whose technicians sign in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub listed: Vec<Listed>,
    /// When connection reports are next asked for ends of unattended sessions; while there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reports_due: Option<Instant>,
}

/// A complete listing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Whose sign-in; `None` is the account's connection.
    pub technician: Option<casebridge_domain::TechnicianId>,
    /// When.
    pub at: Instant,
}

/// One thing that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Due {
    /// A letter to send.
    Letter(Versioned<Letter>),
    /// An account to look at.
    Tick(Versioned<Tick>),
    /// An account whose journal has entries without numbers.
    Journal(AccountId),
    /// A vendor whose feed has events without numbers.
    VendorFeed(VendorId),
}

impl Due {
    /// Whose it is.
    pub fn owner(&self) -> Owner {
        match self {
            Self::Letter(letter) => Owner::Account(letter.value.account.clone()),
            Self::Tick(tick) => Owner::Account(tick.value.account.clone()),
            Self::Journal(account) => Owner::Account(account.clone()),
            Self::VendorFeed(vendor) => Owner::Vendor(vendor.clone()),
        }
    }
}
