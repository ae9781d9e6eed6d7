//! Letters: mails that are owed.

use serde::{Deserialize, Serialize};

use crate::people::PersonName;
use crate::session::Link;
use crate::{AccountId, CaseId, EmailAddress, Instant, Language, LetterId};

/// What a letter is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterKind {
    /// The customer link, to the requester.
    Invitation,
    /// "The customer is online", to whom the account's setting says.
    CustomerOnline,
    /// "Somebody asks for help", to those who stand in for a technician.
    HelpAsked,
    /// "The requester did not ask for this", to whom the account's setting says.
    Disowned,
    /// The account's invitation about a made-up case, to the administrator who writes it.
    TemplateTest,
}

/// Why a letter was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Undelivered {
    /// The mail server refused it for good.
    Refused,
    /// Tried for as long as it made sense.
    GivenUp,
    /// The case ended before the letter could leave.
    CaseEnded,
}

/// Where a letter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum LetterState {
    /// Owed; `attempts` were made.
    Queued {
        /// Tries so far.
        attempts: u32,
    },
    /// The mail server took it.
    Accepted {
        /// When.
        at: Instant,
    },
    /// It will not be sent.
    Undelivered {
        /// When this was decided.
        at: Instant,
        /// Why.
        why: Undelivered,
    },
}

/// What a mail service reports of a letter that it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailReport {
    /// It took the letter and tries to deliver it.
    Sent,
    /// It took the letter and then would not send it.
    Refused,
    /// The recipient's mail server took it.
    Delivered,
    /// The recipient's mail server did not take it.
    Bounced {
        /// There is no such recipient; otherwise the mailbox was full, nobody answered in time, and the like.
        for_good: bool,
    },
    /// The recipient called it spam.
    Complained,
}

/// One mail to one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Also the left half of the `Message-ID`, so that a second copy is recognised as one.
    pub id: LetterId,
    /// On whose behalf.
    pub account: AccountId,
    /// About which case; a template's test is about none.
    pub case: Option<CaseId>,
    /// What about.
    pub kind: LetterKind,
    /// To whom.
    pub to: EmailAddress,
    /// His name, if we know it.
    pub to_name: Option<PersonName>,
    /// In which language.
    pub language: Language,
    /// When it was owed first.
    pub queued_at: Instant,
    /// The link that an invitation carries, where it leads to a page of ours; gone once the letter is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Link>,
    /// Where it stands.
    pub state: LetterState,
}

/// Seconds to wait before the next try, after `attempts` tries: 5 s doubling to 15 min. The caller adds jitter.
pub fn retry_after_seconds(attempts: u32) -> i64 {
    let doubled = 5_i64.saturating_mul(1_i64 << attempts.saturating_sub(1).min(20));
    doubled.min(900)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retries_double_up_to_a_quarter_of_an_hour() {
        let waits: Vec<i64> = (1..=10).map(retry_after_seconds).collect();
        assert_eq!(waits, [5, 10, 20, 40, 80, 160, 320, 640, 900, 900]);
        assert_eq!(retry_after_seconds(u32::MAX), 900);
    }
}
