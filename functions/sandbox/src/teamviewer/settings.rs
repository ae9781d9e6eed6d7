//! What is convenient to change about the sandbox, without changing what it claims about TeamViewer.

use serde::{Deserialize, Serialize};

/// Settings of the sandbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Replaces `https://get.teamviewer.com`, `https://getpilot.teamviewer.com` and `https://login.teamviewer.com` in the
    /// links of new answers, so that they open the sandbox's own pages.
    pub link_base: Option<String>,
    /// How many digits new codes have.
    pub code_digits: CodeDigits,
    /// Whether the limits per function, token and licence (manual p.9) are enforced.
    pub enforce_rate_limits: bool,
    /// With limits enforced: this many calls instead of the licence's.
    pub calls_allowed: Option<u32>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { link_base: None, code_digits: CodeDigits::Nine, enforce_rate_limits: false, calls_allowed: None }
    }
}

/// How many digits a session code has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeDigits {
    /// `s12-345-678`: the manual (p.42-43).
    Eight,
    /// `s119-457-589`: recorded in 2024.
    Nine,
}
