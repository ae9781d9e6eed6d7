//! What a mail server does wrong.

use serde::{Deserialize, Serialize};

/// A fault, and how often it strikes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailFault {
    /// For ever when not given.
    #[serde(default)]
    pub times: Option<u32>,
    /// What happens.
    #[serde(flatten)]
    pub kind: MailFaultKind,
}

/// What happens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MailFaultKind {
    /// A connection is reset before the greeting.
    RefuseConnection,
    /// 421 instead of a greeting.
    Unavailable,
    /// 450 at RCPT, for an address that fits the pattern (`*` is any text).
    TemporaryRefusal {
        /// Such as `*@example.com`.
        recipient: String,
    },
    /// 550 at RCPT, for an address that fits the pattern (`*` is any text).
    PermanentRefusal {
        /// Such as `bounce@*`.
        recipient: String,
    },
    /// No answer after the mail's last dot.
    HangAfterData {
        /// Whether the mail is kept all the same.
        kept: bool,
    },
    /// The connection is dropped after the mail's last dot.
    DropAfterData {
        /// Whether the mail is kept all the same.
        kept: bool,
    },
}

impl MailFault {
    /// Strikes once.
    pub fn once(kind: MailFaultKind) -> Self {
        Self { times: Some(1), kind }
    }

    /// Strikes for ever.
    pub fn always(kind: MailFaultKind) -> Self {
        Self { times: None, kind }
    }
}

/// The faults that are ordered, oldest first.
#[derive(Debug, Default)]
pub(crate) struct MailFaults(Vec<MailFault>);

impl MailFaults {
    pub(crate) fn add(&mut self, fault: MailFault) {
        self.0.push(fault);
    }

    pub(crate) fn list(&self) -> Vec<MailFault> {
        self.0.clone()
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// The first fault that fits; it is used up by one.
    pub(crate) fn strike(&mut self, fits: impl Fn(&MailFaultKind) -> bool) -> Option<MailFaultKind> {
        let at = self.0.iter().position(|fault| fits(&fault.kind))?;
        let fault = self.0.get_mut(at)?;
        let kind = fault.kind.clone();
        if let Some(left) = &mut fault.times {
            *left = left.saturating_sub(1);
            if *left == 0 {
                self.0.remove(at);
            }
        }
        Some(kind)
    }
}

/// Whether an address fits a pattern in which `*` is any text; case does not matter.
pub(crate) fn address_fits(pattern: &str, address: &str) -> bool {
    let (pattern, address) = (pattern.to_lowercase(), address.to_lowercase());
    let Some((head, rest)) = pattern.split_once('*') else { return pattern == address };
    let Some(address) = address.strip_prefix(head) else { return false };
    rest_fits(rest, address)
}

fn rest_fits(rest: &str, address: &str) -> bool {
    match rest.split_once('*') {
        None => address.ends_with(rest),
        Some((part, rest)) => address.find(part).is_some_and(|at| rest_fits(rest, &address[at + part.len()..])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_any_text() {
        assert!(address_fits("*@example.com", "Max@Example.com"));
        assert!(address_fits("bounce*@*.com", "bounce+1@mail.example.com"));
        assert!(address_fits("*", ""));
        assert!(!address_fits("*@example.com", "max@example.org"));
        assert!(!address_fits("max@example.com", "maxi@example.com"));
    }
}
