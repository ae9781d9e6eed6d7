//! Policies: what an account asks of its technicians and of its vendor.

use serde::{Deserialize, Serialize};

use crate::Malformed;

/// Whether stop asks for the technician's words. A case that ends by itself, in TeamViewer or on our side only is never held
/// up by it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotePolicy {
    /// A note may be left out.
    #[default]
    Optional,
    /// Stop without a note is refused.
    Required,
}

/// What a live case means to the closing of its ticket.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CloseGuard {
    /// The ticket can't be closed.
    #[default]
    Block,
    /// The ticket may be closed; the case stays as it is, and is named.
    Warn,
    /// A case whose customer is not there is closed with the ticket; one whose customer is there blocks.
    CloseIdle,
    /// The case is closed with the ticket, for a reason that is kept.
    AllowWithReason,
}

impl NotePolicy {
    /// Accepts the policy's name.
    pub fn parse(raw: &str) -> Result<Self, Malformed> {
        match raw {
            "optional" => Ok(Self::Optional),
            "required" => Ok(Self::Required),
            _ => Err(Malformed::new("must be one of optional, required")),
        }
    }

    /// As it is called in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Optional => "optional",
            Self::Required => "required",
        }
    }
}

impl CloseGuard {
    /// Accepts the policy's name.
    pub fn parse(raw: &str) -> Result<Self, Malformed> {
        match raw {
            "block" => Ok(Self::Block),
            "warn" => Ok(Self::Warn),
            "close_idle" => Ok(Self::CloseIdle),
            "allow_with_reason" => Ok(Self::AllowWithReason),
            _ => Err(Malformed::new("must be one of block, warn, close_idle, allow_with_reason")),
        }
    }

    /// As it is called in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Block => "block",
            Self::Warn => "warn",
            Self::CloseIdle => "close_idle",
            Self::AllowWithReason => "allow_with_reason",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_kept_under_the_name_it_has_in_the_api() {
        for guard in [CloseGuard::Block, CloseGuard::Warn, CloseGuard::CloseIdle, CloseGuard::AllowWithReason] {
            assert_eq!(CloseGuard::parse(guard.name()).unwrap(), guard);
            assert_eq!(serde_json::to_value(guard).unwrap(), guard.name());
        }
        for note in [NotePolicy::Optional, NotePolicy::Required] {
            assert_eq!(NotePolicy::parse(note.name()).unwrap(), note);
            assert_eq!(serde_json::to_value(note).unwrap(), note.name());
        }
    }

    #[test]
    fn what_is_no_policy_is_refused() {
        assert!(CloseGuard::parse("Block").is_err() && CloseGuard::parse("").is_err());
        assert!(NotePolicy::parse("mandatory").is_err());
    }
}
