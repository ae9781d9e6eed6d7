//! Companies and their users.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// A TeamViewer company. Nothing is shared across companies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Company {
    /// Our own name for it; the Web API shows none.
    pub id: String,
    /// `company_name` of an account.
    pub name: String,
}

/// A user of a company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// `u` and digits (manual).
    pub id: String,
    /// The display name.
    pub name: String,
    /// The address, unique.
    pub email: String,
    /// The id of the company.
    pub company: String,
    /// The licence the user has activated.
    #[serde(default)]
    pub licence: Licence,
}

/// The plans that have a rate limit of their own (manual p.9), and Tensor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Licence {
    /// 300 calls an hour.
    Free,
    /// 7,200 calls a day.
    Business,
    /// 14,400 calls a day.
    #[default]
    Premium,
    /// 36,000 calls a day.
    Corporate,
    /// No limit is documented.
    Tensor,
}

impl Licence {
    /// `license.type` of an account. Recorded: `Corporate`; the other names are our assumption.
    pub fn name(self) -> &'static str {
        match self {
            Self::Free => "Free",
            Self::Business => "Business",
            Self::Premium => "Premium",
            Self::Corporate => "Corporate",
            Self::Tensor => "Tensor",
        }
    }

    /// How many calls of one function fit into which time (manual p.9).
    pub fn allowance(self) -> Option<(u32, TimeDelta)> {
        match self {
            Self::Free => Some((300, TimeDelta::hours(1))),
            Self::Business => Some((7_200, TimeDelta::hours(24))),
            Self::Premium => Some((14_400, TimeDelta::hours(24))),
            Self::Corporate => Some((36_000, TimeDelta::hours(24))),
            Self::Tensor => None,
        }
    }
}
