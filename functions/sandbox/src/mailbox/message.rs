//! One mail.

use chrono::{DateTime, Utc};
use mail_parser::{MessageParser, PartType};
use serde::Serialize;

/// A mail as it was taken in, and what it says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Message {
    /// Counts up from 1.
    pub id: u64,
    /// The envelope's sender.
    pub from: String,
    /// The envelope's recipients.
    pub to: Vec<String>,
    /// Decoded.
    pub subject: Option<String>,
    /// Without its angle brackets.
    pub message_id: Option<String>,
    /// In their order, unfolded, not decoded.
    pub headers: Vec<Header>,
    /// The plain text part, decoded.
    pub text: Option<String>,
    /// The HTML part, decoded.
    pub html: Option<String>,
    /// By the mailbox's clock.
    pub received_at: DateTime<Utc>,
    /// As it came, dots unstuffed; bytes that are no UTF-8 are replaced.
    pub raw: String,
}

/// One header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Header {
    /// As it was written.
    pub name: String,
    /// Unfolded.
    pub value: String,
}

/// What came with a mail and is not in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
pub(crate) struct Envelope {
    pub(crate) id: u64,
    pub(crate) from: String,
    pub(crate) to: Vec<String>,
    pub(crate) received_at: DateTime<Utc>,
}

impl Message {
    /// Reads a mail; one that is no MIME at all has its raw text only.
    pub(crate) fn read(envelope: Envelope, raw: &[u8]) -> Self {
        let parsed = MessageParser::default().parse(raw);
        let parsed = parsed.as_ref();
        let headers = parsed.into_iter().flat_map(mail_parser::Message::headers_raw);
        Self {
            id: envelope.id,
            from: envelope.from,
            to: envelope.to,
            received_at: envelope.received_at,
            subject: parsed.and_then(|mail| mail.subject()).map(str::to_owned),
            message_id: parsed.and_then(|mail| mail.message_id()).map(str::to_owned),
            headers: headers.map(|(name, value)| Header { name: name.to_owned(), value: unfolded(value) }).collect(),
            text: parsed.and_then(|mail| match &mail.text_part(0)?.body {
                PartType::Text(text) => Some(text.to_string()),
                _ => None,
            }),
            html: parsed.and_then(|mail| match &mail.html_part(0)?.body {
                PartType::Html(html) => Some(html.to_string()),
                _ => None,
            }),
            raw: String::from_utf8_lossy(raw).into_owned(),
        }
    }
}

fn unfolded(value: &str) -> String {
    value.split(['\r', '\n']).map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}
