//! What SES reports of a mail, as its event publishing writes it.
//!
//! Developer guide, "Contents of event data that Amazon SES publishes to Amazon SNS". It is looked at no further than needed:
//! addresses and subjects stay where they are.

use casebridge_domain::letter::MailReport;
use casebridge_domain::{AccountId, LetterId};
use casebridge_mail::{ACCOUNT_TAG, LETTER_TAG};
use serde_json::Value;

/// Which letter, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reported {
    /// Whose letter.
    pub account: AccountId,
    /// Which.
    pub letter: LetterId,
    /// What became of it.
    pub report: MailReport,
}

impl Reported {
    /// Whether SES says something; a message of ours is none of its events.
    pub(super) fn is_event(event: &Value) -> bool {
        event["eventType"].is_string()
    }

    /// What an event reports; `None` if that is nothing that is followed, or the mail is no letter of ours.
    pub(super) fn of(event: &Value) -> Option<Self> {
        let tag = |name: &str| event["mail"]["tags"][name][0].as_str();
        Some(Self {
            account: AccountId::parse(tag(ACCOUNT_TAG)?).ok()?,
            letter: LetterId::parse(tag(LETTER_TAG)?).ok()?,
            report: match event["eventType"].as_str()? {
                "Send" => MailReport::Sent,
                "Reject" => MailReport::Refused,
                "Delivery" => MailReport::Delivered,
                "Bounce" => MailReport::Bounced { for_good: event["bounce"]["bounceType"] == "Permanent" },
                "Complaint" => MailReport::Complained,
                _ => return None,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const LETTER: &str = "01998c6e-5f3a-7000-8000-000000000001";

    fn event(kind: &str) -> Value {
        json!({
            "eventType": kind,
            "mail": {
                "timestamp": "2026-11-22T12:00:00.000Z", "messageId": "0107", "destination": ["jane@example.com"],
                "tags": {
                    "ses:configuration-set": ["casebridge"], "casebridge-letter": [LETTER], "casebridge-account": ["acme"],
                },
            },
        })
    }

    fn report(event: &Value) -> Option<MailReport> {
        assert!(Reported::is_event(event));
        let reported = Reported::of(event)?;
        assert_eq!((reported.account.as_str(), reported.letter.to_string().as_str()), ("acme", LETTER));
        Some(reported.report)
    }

    #[test]
    fn what_became_of_a_letter_is_told_by_its_tags() {
        for (kind, expected) in [
            ("Send", MailReport::Sent),
            ("Reject", MailReport::Refused),
            ("Delivery", MailReport::Delivered),
            ("Complaint", MailReport::Complained),
        ] {
            assert_eq!(report(&event(kind)), Some(expected));
        }
        for (kind, for_good) in [("Permanent", true), ("Transient", false), ("Undetermined", false)] {
            let mut event = event("Bounce");
            event["bounce"] = json!({ "bounceType": kind, "bouncedRecipients": [] });
            assert_eq!(report(&event), Some(MailReport::Bounced { for_good }));
        }
    }

    #[test]
    fn what_is_not_followed_and_mail_of_others_report_nothing_and_all_else_is_no_event() {
        assert_eq!(report(&event("Open")), None);
        let mut foreign = event("Delivery");
        foreign["mail"]["tags"] = json!({ "casebridge-letter": ["A#B"] });
        assert_eq!(report(&foreign), None);
        for other in [json!({}), json!({ "eventType": 7 }), json!([]), json!({ "v": 1 })] {
            assert!(!Reported::is_event(&other));
        }
    }
}
