//! TeamViewer licences.

use serde::{Deserialize, Serialize};

/// A licence by the name TeamViewer gives it in `GET /account`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "tier", content = "name")]
pub enum Licence {
    /// No licence.
    Free,
    /// Single user.
    Business,
    /// The guide's minimum.
    Premium,
    /// Recorded as `Corporate`.
    Corporate,
    /// The enterprise product.
    Tensor,
    /// A name no source lists, or none was given: never a reason to refuse.
    Unknown(String),
}

impl Licence {
    /// Reads TeamViewer's name of the licence, whatever its case and additions.
    pub fn named(name: &str) -> Self {
        let lower = name.to_ascii_lowercase();
        let has = |word: &str| lower.contains(word);
        if has("tensor") || has("enterprise") {
            Self::Tensor
        } else if has("corporate") {
            Self::Corporate
        } else if has("premium") {
            Self::Premium
        } else if has("business") {
            Self::Business
        } else if has("free") {
            Self::Free
        } else {
            Self::Unknown(name.chars().filter(|c| !c.is_control()).take(60).collect())
        }
    }

    /// Premium and above (guide, "Requirements"); a licence we can't place is let through.
    pub fn suffices(&self) -> bool {
        !matches!(self, Self::Free | Self::Business)
    }

    /// Calls a day that one token may make of one function (manual, p. 9). Tensor is not documented and is taken as
    /// Corporate, an unknown one as Business.
    pub fn calls_a_day(&self) -> u32 {
        match self {
            Self::Free | Self::Business | Self::Unknown(_) => 7_200,
            Self::Premium => 14_400,
            Self::Corporate | Self::Tensor => 36_000,
        }
    }

    /// The name for people.
    pub fn name(&self) -> &str {
        match self {
            Self::Free => "Free",
            Self::Business => "Business",
            Self::Premium => "Premium",
            Self::Corporate => "Corporate",
            Self::Tensor => "Tensor",
            Self::Unknown(name) if name.is_empty() => "unknown",
            Self::Unknown(name) => name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn premium_and_above_suffice_and_so_does_what_we_cannot_place() {
        for good in ["Premium", "Corporate", "Tensor Pro", "corporate (subscription)", "Remote Access Plus", ""] {
            assert!(Licence::named(good).suffices(), "{good}");
        }
        for bad in ["Free", "Business", "business single user"] {
            assert!(!Licence::named(bad).suffices(), "{bad}");
        }
    }
}
