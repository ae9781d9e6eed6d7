//! A letter as mail: plain text and HTML side by side, marked as written by a machine.

use std::time::SystemTime;

use casebridge_app::ports::mail::Post;
use casebridge_domain::{EmailAddress, Malformed};
use chrono::DateTime;
use lettre::address::AddressError;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};

use crate::escape::one_line;

/// Who the letters come from.
#[derive(Debug, Clone)]
pub struct Sender {
    address: Address,
    reply_to: Option<Address>,
}

impl Sender {
    /// Takes the address that letters are sent from and come back to, and where answers go if elsewhere.
    pub fn new(address: &EmailAddress, reply_to: Option<&EmailAddress>) -> Result<Self, Malformed> {
        let own = |address: &EmailAddress| {
            let address = in_ascii_domain(address)
                .map_err(|_| Malformed::new("must be a mail address with a domain that exists in DNS"))?;
            if address.user().is_ascii() {
                Ok(address)
            } else {
                Err(Malformed::new(
                    "must have only ASCII characters before the @: many mail servers can't answer others",
                ))
            }
        };
        Ok(Self { address: own(address)?, reply_to: reply_to.map(own).transpose()? })
    }

    /// The domain that letters come from, as DNS writes it.
    pub fn domain(&self) -> &str {
        self.address.domain()
    }
}

/// Why a letter can't be written as mail.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// The recipient's domain can't be a domain.
    #[error("the recipient's address can't be written on a mail")]
    Address(#[source] AddressError),
    /// The mail would not be one.
    #[error("the mail can't be put together")]
    Mail(#[source] lettre::error::Error),
}

/// Carries the letter's id. SES puts a `Message-ID` of its own in the place of ours (developer guide, "Header fields").
const LETTER_HEADER: &str = "X-Casebridge-Letter";

/// Writes the mail. Every copy of a letter has the same `Message-ID` and `Date`.
pub fn compose(post: &Post, sender: &Sender) -> Result<Message, ComposeError> {
    let to = in_ascii_domain(&post.to).map_err(ComposeError::Address)?;
    let to_name = post.to_name.as_ref().map(ToString::to_string);
    let mut mail = Message::builder()
        .from(Mailbox::new(Some(post.from_name.to_string()), sender.address.clone()))
        .to(Mailbox::new(to_name, to))
        .subject(one_line(&post.words.subject))
        .date(date(post))
        .message_id(Some(format!("<{}@{}>", post.id, sender.domain())))
        .raw_header(header(LETTER_HEADER, &post.id.to_string()))
        .raw_header(header("Auto-Submitted", "auto-generated"))
        .raw_header(header("X-Auto-Response-Suppress", "All"))
        .raw_header(header("Content-Language", post.language.code()));
    if let Some(reply_to) = &sender.reply_to {
        mail = mail.reply_to(Mailbox::new(None, reply_to.clone()));
    }
    mail.multipart(MultiPart::alternative_plain_html(post.words.text.clone(), post.words.html.clone()))
        .map_err(ComposeError::Mail)
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

/// A mail's date has four digits for the year and begins in 1970.
fn date(post: &Post) -> SystemTime {
    let last = DateTime::from_timestamp(253_402_300_799, 0).unwrap_or_default();
    SystemTime::from(post.written_at.clamp(DateTime::UNIX_EPOCH, last))
}

/// The domain as DNS writes it; what stands before the `@` is the recipient's server's own affair.
fn in_ascii_domain(address: &EmailAddress) -> Result<Address, AddressError> {
    let (local, domain) = address.as_str().rsplit_once('@').ok_or(AddressError::MissingParts)?;
    let domain = idna::domain_to_ascii(domain).map_err(|_| AddressError::InvalidDomain)?;
    Address::new(local, domain)
}

#[cfg(test)]
pub(crate) mod tests {
    use casebridge_app::ports::mail::Rendered;
    use casebridge_domain::{AccountId, Language, LetterId, Text};

    use super::*;

    pub(crate) fn sender() -> Sender {
        let address = EmailAddress::parse("help@acme.example").unwrap();
        Sender::new(&address, None).unwrap()
    }

    pub(crate) fn post(to: &str) -> Post {
        Post {
            id: LetterId::parse("01998c6e-5f3a-7000-8000-000000000001").unwrap(),
            account: AccountId::parse("acme").unwrap(),
            written_at: "2026-08-05T14:05:00Z".parse().unwrap(),
            from_name: Text::parse("Acme Help").unwrap(),
            to: EmailAddress::parse(to).unwrap(),
            to_name: Some(Text::parse("Jane Roe").unwrap()),
            language: Language::French,
            words: Rendered {
                subject: "Votre session".into(),
                text: "Bonjour\n".into(),
                html: "<p>Bonjour</p>".into(),
            },
        }
    }

    fn head(post: &Post, sender: &Sender) -> String {
        let mail = String::from_utf8(compose(post, sender).unwrap().formatted()).unwrap();
        mail.split_once("\r\n\r\n").unwrap().0.to_owned()
    }

    #[test]
    fn a_mail_says_what_it_is_and_who_it_comes_from() {
        let answers = EmailAddress::parse("desk@acme.example").unwrap();
        let sender = Sender::new(&EmailAddress::parse("help@acme.example").unwrap(), Some(&answers)).unwrap();
        let head = head(&post("jane@example.com"), &sender);
        for line in [
            "From: \"Acme Help\" <help@acme.example>",
            "To: \"Jane Roe\" <jane@example.com>",
            "Reply-To: desk@acme.example",
            "Subject: Votre session",
            "Date: Wed, 05 Aug 2026 14:05:00 +0000",
            "Message-ID: <01998c6e-5f3a-7000-8000-000000000001@acme.example>",
            "X-Casebridge-Letter: 01998c6e-5f3a-7000-8000-000000000001",
            "Auto-Submitted: auto-generated",
            "X-Auto-Response-Suppress: All",
            "Content-Language: fr",
            "MIME-Version: 1.0",
        ] {
            assert!(head.lines().any(|found| found == line), "{line}\n{head}");
        }
        assert!(head.contains("Content-Type: multipart/alternative;"), "{head}");
    }

    #[test]
    fn text_comes_before_html_and_both_are_utf8() {
        let mail = String::from_utf8(compose(&post("jane@example.com"), &sender()).unwrap().formatted()).unwrap();
        let text = mail.find("Content-Type: text/plain; charset=utf-8").unwrap();
        let html = mail.find("Content-Type: text/html; charset=utf-8").unwrap();
        assert!(text < html);
    }

    #[test]
    fn line_breaks_make_no_headers() {
        let mut post = post("jane@example.com");
        for attempt in ["a\r\nBcc: x@example.com", "a\nBcc: x@example.com", "a\rBcc: x", "\r\n\r\nbody", "é\r\nBcc: x"]
        {
            post.words.subject = attempt.to_owned();
            let head = head(&post, &sender());
            assert!(!head.lines().any(|line| line.starts_with("Bcc") || line == "body"), "{head}");
            assert!(head.contains("Auto-Submitted"), "{head}");
        }
    }

    #[test]
    fn quotes_and_brackets_in_a_name_stay_in_the_name() {
        let mut post = post("jane@example.com");
        post.from_name = Text::parse("\"Acme\" <evil@example.com>, \\").unwrap();
        let mail = compose(&post, &sender()).unwrap();
        assert_eq!(mail.envelope().from().unwrap().to_string(), "help@acme.example");
        let head = head(&post, &sender());
        let from = head.lines().find(|line| line.starts_with("From: ")).unwrap();
        assert!(from.ends_with(" <help@acme.example>") && !from.contains("evil@"), "{from}");
    }

    #[test]
    fn long_names_in_any_script_are_folded_into_ascii() {
        let mut post = post("jane@example.com");
        post.from_name = Text::parse(&"技术支持中心".repeat(16)).unwrap();
        post.to_name = Some(Text::parse(&"Zoë 🦊 ".repeat(16)).unwrap());
        post.words.subject = "您的远程支持会话".repeat(30);
        let head = head(&post, &sender());
        assert!(head.is_ascii());
        assert!(head.lines().all(|line| line.len() <= 100), "{head}");
    }

    #[test]
    fn a_domain_is_written_as_dns_writes_it() {
        let mail = compose(&post("zoe@bücher.example"), &sender()).unwrap();
        assert_eq!(mail.envelope().to()[0].to_string(), "zoe@xn--bcher-kva.example");
        let own = Sender::new(&EmailAddress::parse("hilfe@bücher.example").unwrap(), None).unwrap();
        assert_eq!(own.domain(), "xn--bcher-kva.example");
    }

    #[test]
    fn what_no_domain_can_be_is_refused() {
        for bad in ["jane@xn--a.example", "jane@a\u{200d}b.example"] {
            if let Ok(address) = EmailAddress::parse(bad) {
                let refused = compose(&Post { to: address, ..post("jane@example.com") }, &sender());
                assert!(matches!(refused, Err(ComposeError::Address(_))), "{bad}");
            }
        }
    }

    #[test]
    fn a_sender_outside_ascii_is_refused_when_it_is_configured() {
        assert!(Sender::new(&EmailAddress::parse("zoë@acme.example").unwrap(), None).is_err());
    }

    #[test]
    fn a_date_beyond_what_a_mail_can_say_is_held_at_the_edge() {
        for at in [chrono::DateTime::<chrono::Utc>::MIN_UTC, chrono::DateTime::<chrono::Utc>::MAX_UTC] {
            assert!(compose(&Post { written_at: at, ..post("jane@example.com") }, &sender()).is_ok());
        }
    }
}
