//! The SMTP side.

use std::future::pending;
use std::io;
use std::slice::Iter;

use smtp_proto::request::receiver::{DataReceiver, RequestReceiver};
use smtp_proto::{Error, MailFrom, Request};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::fault::{MailFaultKind, address_fits};
use super::kept::Mailbox;

/// The longest mail, in bytes.
const LONGEST: usize = 25 * 1024 * 1024;

/// Takes mail until the future is dropped.
pub async fn serve_smtp(listener: TcpListener, mailbox: Mailbox) -> io::Result<()> {
    let mut conversations = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let (stream, _) = accepted?;
                conversations.spawn(Conversation::new(stream, mailbox.clone()).hold());
            }
            Some(_) = conversations.join_next() => {}
        }
    }
}

/// One connection.
struct Conversation {
    stream: TcpStream,
    mailbox: Mailbox,
    from: Option<String>,
    to: Vec<String>,
}

/// Whether the conversation goes on.
enum Next {
    Commands,
    Data(Data),
    End,
}

impl Conversation {
    fn new(stream: TcpStream, mailbox: Mailbox) -> Self {
        Self { stream, mailbox, from: None, to: Vec::new() }
    }

    async fn hold(mut self) -> io::Result<()> {
        use MailFaultKind::{RefuseConnection, Unavailable};
        match self.mailbox.strike(|kind| matches!(kind, RefuseConnection | Unavailable)) {
            Some(RefuseConnection) => return self.stream.set_zero_linger(),
            Some(_) => return self.say("421 Not now").await,
            None => self.say("220 Mail sandbox").await?,
        }
        let mut commands = RequestReceiver::default();
        let mut data: Option<Data> = None;
        let mut chunk = vec![0; 16 * 1024];
        loop {
            let length = self.stream.read(&mut chunk).await?;
            if length == 0 {
                return Ok(());
            }
            let mut bytes = chunk.get(..length).unwrap_or_default().iter();
            while !bytes.as_slice().is_empty() {
                let next = match data.take() {
                    Some(mut mail) => {
                        if mail.take(&mut bytes) {
                            self.finish(&mail.raw).await?
                        } else {
                            Next::Data(mail)
                        }
                    }
                    None => match commands.ingest(&mut bytes) {
                        Ok(request) => self.answer(request.into_owned()).await?,
                        Err(Error::NeedsMoreData { .. }) => Next::Commands,
                        Err(error) => self.complain(&error).await?,
                    },
                };
                match next {
                    Next::Commands => {}
                    Next::Data(mail) => data = Some(mail),
                    Next::End => return Ok(()),
                }
            }
        }
    }

    async fn answer(&mut self, request: Request<String>) -> io::Result<Next> {
        let reply = match request {
            Request::Ehlo { host } => {
                self.forget();
                format!("250-Hello {host}\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE {LONGEST}")
            }
            Request::Helo { host } => {
                self.forget();
                format!("250 Hello {host}")
            }
            Request::Mail { from } => self.mail(from),
            Request::Rcpt { to } => self.recipient(to.address),
            Request::Data if self.to.is_empty() => "503 RCPT first".to_owned(),
            Request::Data => {
                self.say("354 End with a dot").await?;
                return Ok(Next::Data(Data::begin()));
            }
            Request::Rset => {
                self.forget();
                "250 Forgotten".to_owned()
            }
            Request::Noop { .. } => "250 Here".to_owned(),
            Request::Vrfy { .. } => "252 Try it".to_owned(),
            Request::Quit => {
                self.say("221 Goodbye").await?;
                return Ok(Next::End);
            }
            other => format!("502 {} is not known here", other.name()),
        };
        self.say(&reply).await?;
        Ok(Next::Commands)
    }

    fn mail(&mut self, from: MailFrom<String>) -> String {
        if from.size > LONGEST {
            return format!("552 Longer than {LONGEST} bytes");
        }
        self.forget();
        self.from = Some(from.address);
        "250 Sender taken".to_owned()
    }

    fn recipient(&mut self, address: String) -> String {
        use MailFaultKind::{PermanentRefusal, TemporaryRefusal};
        if self.from.is_none() {
            return "503 MAIL first".to_owned();
        }
        let refusal = self.mailbox.strike(|kind| match kind {
            TemporaryRefusal { recipient } | PermanentRefusal { recipient } => address_fits(recipient, &address),
            _ => false,
        });
        match refusal {
            Some(TemporaryRefusal { .. }) => "450 Try again later".to_owned(),
            Some(_) => "550 No such mailbox".to_owned(),
            None => {
                self.to.push(address);
                "250 Recipient taken".to_owned()
            }
        }
    }

    /// The last dot has come.
    async fn finish(&mut self, raw: &[u8]) -> io::Result<Next> {
        use MailFaultKind::{DropAfterData, HangAfterData};
        let (from, to) = (self.from.take().unwrap_or_default(), std::mem::take(&mut self.to));
        if raw.len() > LONGEST {
            self.say(&format!("552 Longer than {LONGEST} bytes")).await?;
            return Ok(Next::Commands);
        }
        let fault = self.mailbox.strike(|kind| matches!(kind, HangAfterData { .. } | DropAfterData { .. }));
        let lost = matches!(fault, Some(HangAfterData { kept: false } | DropAfterData { kept: false }));
        let kept = if lost { Ok(0) } else { self.mailbox.keep(from, to, raw) };
        match (fault, kept) {
            (Some(HangAfterData { .. }), _) => pending().await,
            (Some(_), _) => return Ok(Next::End),
            (None, Ok(id)) => self.say(&format!("250 Kept as {id}")).await?,
            (None, Err(_)) => self.say("451 Could not be kept").await?,
        }
        Ok(Next::Commands)
    }

    async fn complain(&mut self, error: &Error) -> io::Result<Next> {
        let reply = match error {
            Error::UnknownCommand => "500 Unknown command",
            Error::InvalidSenderAddress | Error::InvalidRecipientAddress => "553 No address",
            Error::UnsupportedParameter { .. } => "555 Unknown parameter",
            _ => "501 Not understood",
        };
        self.say(reply).await?;
        Ok(Next::Commands)
    }

    fn forget(&mut self) {
        self.from = None;
        self.to.clear();
    }

    async fn say(&mut self, reply: &str) -> io::Result<()> {
        self.stream.write_all(format!("{reply}\r\n").as_bytes()).await
    }
}

/// A mail on its way in. The receiver only knows a dot after a line's end, so it is given one to begin with.
struct Data {
    receiver: DataReceiver,
    raw: Vec<u8>,
}

impl Data {
    fn begin() -> Self {
        let mut receiver = DataReceiver::new();
        receiver.ingest(&mut b"\r\n".iter(), &mut Vec::new());
        Self { receiver, raw: Vec::new() }
    }

    /// Whether the last dot was among the bytes.
    fn take(&mut self, bytes: &mut Iter<'_, u8>) -> bool {
        self.receiver.ingest(bytes, &mut self.raw)
    }
}
