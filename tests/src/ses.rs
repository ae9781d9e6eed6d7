//! A stand-in for SES: it takes raw mail as `SendRawEmail` does, and hands it to the test kit's mail server, whose bad days
//! become its own. Of each mail it reports at once that it is sent, through SNS as it were; what becomes of it later is
//! reported when a test says so.
//!
//! What it does not do: it verifies no identity, checks no signature, keeps no `Message-ID` of its own, and has neither
//! quota nor suppression list.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::Context as _;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor, address::Envelope, transport::smtp::PoolConfig,
};
use percent_encoding::percent_decode_str;

use serde_json::{Value, json};

use crate::{
    server::{HangUp, Server},
    sqs::Letterbox,
};

/// Takes mail until dropped.
#[derive(Debug)]
pub struct Ses {
    server: Server,
    reports: Letterbox,
    taken: Arc<Mutex<Vec<Taken>>>,
}

/// What it was told of a mail that it took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The message tags, by name.
    pub tags: HashMap<String, String>,
    /// Who reports what becomes of it.
    pub configuration_set: Option<String>,
}

struct Room {
    mail_server: AsyncSmtpTransport<Tokio1Executor>,
    taken: Arc<Mutex<Vec<Taken>>>,
    reports: Letterbox,
}

impl Ses {
    /// Starts in front of the mail server at this host and port.
    pub(crate) async fn start((host, port): (&str, &str), reports: Letterbox) -> anyhow::Result<Self> {
        let mail_server = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
            .port(port.parse().context("the mail server has no port")?)
            .pool_config(PoolConfig::new().max_size(0))
            .build();
        let taken = Arc::<Mutex<Vec<Taken>>>::default();
        let room = Arc::new(Room { mail_server, taken: Arc::clone(&taken), reports: reports.clone() });
        let server = Server::start(move |request| {
            let room = Arc::clone(&room);
            async move { room.answer(&request).await }
        })
        .await?;
        Ok(Self { server, reports, taken })
    }

    /// Its endpoint.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// Reports what became of a mail: `Delivery`, say, or `Bounce` with the part of that name.
    pub fn report(&self, mail: &Taken, kind: &str, part: &Value) {
        self.reports.leave(&event(mail, kind, part));
    }

    /// Everything it took, oldest first.
    pub fn taken(&self) -> Vec<Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Room {
    async fn answer(&self, request: &Request<Bytes>) -> Result<Response<Bytes>, HangUp> {
        let fields = fields(&String::from_utf8_lossy(request.body()));
        let Ok((envelope, mail)) = read(&fields) else {
            return said(StatusCode::BAD_REQUEST, "InvalidParameterValue", "it is no mail");
        };
        match self.mail_server.send_raw(&envelope, &mail).await {
            Ok(_) => {
                let numbers = 1..=fields.len();
                let tag = |number| {
                    let part = |part| fields.get(&format!("Tags.member.{number}.{part}")).cloned();
                    Some((part("Name")?, part("Value")?))
                };
                let configuration_set = fields.get("ConfigurationSetName").cloned();
                let taken = Taken { tags: numbers.filter_map(tag).collect(), configuration_set };
                self.reports.leave(&event(&taken, "Send", &json!({})));
                self.taken.lock().unwrap_or_else(PoisonError::into_inner).push(taken);
                let text = "<SendRawEmailResponse xmlns=\"http://ses.amazonaws.com/doc/2010-12-01/\">\
                            <SendRawEmailResult><MessageId>0107</MessageId></SendRawEmailResult></SendRawEmailResponse>";
                answer(StatusCode::OK, text.to_owned())
            }
            Err(error) if error.is_permanent() => {
                said(StatusCode::BAD_REQUEST, "MessageRejected", "Address blacklisted.")
            }
            Err(_) => said(StatusCode::SERVICE_UNAVAILABLE, "ServiceUnavailable", "come back later"),
        }
    }
}

fn event(mail: &Taken, kind: &str, part: &Value) -> String {
    let tags: HashMap<_, _> = mail.tags.iter().map(|(name, value)| (name, [value])).collect();
    let mut event = json!({ "eventType": kind, "mail": { "messageId": "0107", "tags": tags } });
    event[kind.to_ascii_lowercase()] = part.clone();
    event.to_string()
}

fn read(fields: &HashMap<String, String>) -> anyhow::Result<(Envelope, Vec<u8>)> {
    let field = |name: &str| fields.get(name).with_context(|| format!("no {name}"));
    anyhow::ensure!(field("Action")? == "SendRawEmail", "another call");
    let from: Address = field("Source")?.parse()?;
    let to: Address = field("Destinations.member.1")?.parse()?;
    Ok((Envelope::new(Some(from), vec![to])?, STANDARD.decode(field("RawMessage.Data")?)?))
}

fn fields(form: &str) -> HashMap<String, String> {
    let plain = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    form.split('&').filter_map(|field| field.split_once('=')).map(|(name, value)| (plain(name), plain(value))).collect()
}

fn said(status: StatusCode, code: &str, message: &str) -> Result<Response<Bytes>, HangUp> {
    let text = format!(
        "<ErrorResponse xmlns=\"http://ses.amazonaws.com/doc/2010-12-01/\"><Error><Type>Sender</Type>\
         <Code>{code}</Code><Message>{message}</Message></Error><RequestId>r-1</RequestId></ErrorResponse>"
    );
    answer(status, text)
}

fn answer(status: StatusCode, text: String) -> Result<Response<Bytes>, HangUp> {
    let answer = Response::builder().status(status).header("content-type", "text/xml");
    answer.body(Bytes::from(text)).map_err(|_| HangUp)
}
