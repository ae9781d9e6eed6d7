use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use super::*;
use crate::compose::tests::{post, sender};

mod tls;

/// What a server does with a command.
enum Answer {
    Say(&'static str),
    Hang,
    Close,
}
use Answer::{Close, Hang, Say};

/// A mail server that does as it is told and remembers what was said to it.
struct Server {
    port: u16,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// `special` answers the commands that it likes to; a `.` is the end of a mail, an empty command the connection.
    async fn start(special: fn(&str) -> Option<Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Arc::<Mutex<Vec<String>>>::default();
        let log = Arc::clone(&heard);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, special, Arc::clone(&log)));
            }
        });
        Self { port, heard }
    }

    fn heard(&self, beginning: &str) -> usize {
        self.heard.lock().unwrap().iter().filter(|line| line.starts_with(beginning)).count()
    }

    fn mailer(&self) -> SmtpMailer {
        SmtpMailer::new(self.config()).unwrap()
    }

    fn config(&self) -> SmtpConfig {
        SmtpConfig {
            host: "127.0.0.1".into(),
            port: self.port,
            security: Security::None,
            extra_roots: None,
            credentials: None,
            sender: sender(),
            limits: Limits {
                connect: Duration::from_secs(5),
                command: Duration::from_secs(5),
                whole: Duration::from_secs(10),
            },
        }
    }
}

async fn talk<S: AsyncRead + AsyncWrite>(
    stream: S,
    special: fn(&str) -> Option<Answer>,
    log: Arc<Mutex<Vec<String>>>,
) -> Option<()> {
    let (read, mut write) = tokio::io::split(stream);
    let mut lines = BufReader::new(read).lines();
    let mut command = String::new();
    let mut in_mail = false;
    loop {
        log.lock().unwrap().push(command.clone());
        if !in_mail || command == "." {
            match special(&command).unwrap_or_else(|| usual(&command)) {
                Say(said) => {
                    in_mail = said.starts_with("354");
                    write.write_all(said.as_bytes()).await.ok()?;
                    write.write_all(if said.is_empty() { b"" } else { b"\r\n" }).await.ok()?;
                    write.flush().await.ok()?;
                }
                Hang => std::future::pending().await,
                Close => return None,
            }
        }
        command = lines.next_line().await.ok()??;
    }
}

fn usual(command: &str) -> Answer {
    Say(match command.split([' ', ':']).next().unwrap_or_default() {
        "" => "220 mail.test",
        "EHLO" => "250-mail.test\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN",
        "AUTH" => "235 2.7.0 welcome",
        "DATA" => "354 go ahead",
        "QUIT" => "221 bye",
        _ => "250 2.0.0 ok",
    })
}

fn told(error: &MailError) -> String {
    error.source().unwrap().to_string()
}

async fn temporary(mailer: &SmtpMailer) -> String {
    let error = mailer.send(&post("jane@example.com")).await.unwrap_err();
    assert!(matches!(error, MailError::Temporary(_)), "{error:?}");
    told(&error)
}

async fn refused(mailer: &SmtpMailer, to: &str) -> String {
    let error = mailer.send(&post(to)).await.unwrap_err();
    assert!(matches!(error, MailError::Refused(_)), "{error:?}");
    told(&error)
}

#[tokio::test]
async fn letters_go_over_one_connection() {
    let server = Server::start(|_| None).await;
    let mailer = server.mailer();
    for _ in 0..3 {
        mailer.send(&post("jane@example.com")).await.unwrap();
    }
    assert_eq!(server.heard("EHLO acme.example"), 1);
    assert_eq!(server.heard("MAIL FROM:<help@acme.example>"), 3);
    assert_eq!(server.heard("RCPT TO:<jane@example.com>"), 3);
    assert_eq!(server.heard("Message-ID: <01998c6e-5f3a-7000-8000-000000000001@acme.example>"), 3);
    assert_eq!(server.heard("."), 3);
}

#[tokio::test]
async fn a_connection_that_went_away_is_replaced() {
    let server = Server::start(|command| (command == "NOOP").then_some(Close)).await;
    let mailer = server.mailer();
    mailer.send(&post("jane@example.com")).await.unwrap();
    mailer.send(&post("jane@example.com")).await.unwrap();
    assert_eq!(server.heard("EHLO"), 2);
}

#[tokio::test]
async fn a_server_that_is_busy_is_asked_again_later() {
    let server = Server::start(|command| command.starts_with("RCPT").then_some(Say("451 4.7.1 greylisted"))).await;
    assert_eq!(temporary(&server.mailer()).await, "naming the recipient failed with 451: 4.7.1 greylisted");
    assert_eq!(server.heard("DATA"), 0);
}

#[tokio::test]
async fn an_unknown_recipient_is_refused_without_being_named() {
    let server =
        Server::start(|command| command.starts_with("RCPT").then_some(Say("550 5.1.1 <jane@example.com> unknown")))
            .await;
    let said = refused(&server.mailer(), "jane@example.com").await;
    assert_eq!(said, "naming the recipient failed with 550: 5.1.1 … unknown");
}

#[tokio::test]
async fn a_mail_that_the_server_does_not_want_is_refused() {
    let server = Server::start(|command| (command == ".").then_some(Say("554 5.7.1 looks like spam"))).await;
    assert_eq!(
        refused(&server.mailer(), "jane@example.com").await,
        "handing over the mail failed with 554: 5.7.1 looks like spam"
    );
}

#[tokio::test]
async fn a_wrong_password_loses_no_letter_and_is_shown_nowhere() {
    let server = Server::start(|command| command.starts_with("AUTH").then_some(Say("535 5.7.8 bad credentials"))).await;
    let credentials = Credentials { username: "help".into(), password: "correct-horse".to_owned().into() };
    let config = SmtpConfig { credentials: Some(credentials), ..server.config() };
    let shown = format!("{config:?}");
    let mailer = SmtpMailer::new(config).unwrap();
    let error = mailer.send(&post("jane@example.com")).await.unwrap_err();
    assert!(matches!(error, MailError::Temporary(_)));
    assert_eq!(told(&error), "logging in to the mail server failed with 535: 5.7.8 bad credentials");
    assert_eq!(server.heard("MAIL"), 0);
    for text in [shown, format!("{mailer:?}"), format!("{error:?}")] {
        assert!(!text.contains("correct-horse"), "{text}");
    }
}

#[tokio::test]
async fn a_server_that_falls_silent_is_given_up_in_time() {
    for silent in [
        (|command| command.is_empty().then_some(Hang)) as fn(&str) -> Option<Answer>,
        |command| command.starts_with("DATA").then_some(Hang),
        |command| (command == ".").then_some(Hang),
    ] {
        let server = Server::start(silent).await;
        let short = Duration::from_millis(300);
        let limits = Limits { connect: short, command: short, ..server.config().limits };
        let mailer = SmtpMailer::new(SmtpConfig { limits, ..server.config() }).unwrap();
        assert_eq!(temporary(&mailer).await, "the mail server took too long");
    }
}

#[tokio::test]
async fn all_of_one_letter_has_a_limit_too() {
    let server = Server::start(|command| (command == ".").then_some(Hang)).await;
    let limits =
        Limits { connect: Duration::from_mins(1), command: Duration::from_mins(1), whole: Duration::from_millis(300) };
    let mailer = SmtpMailer::new(SmtpConfig { limits, ..server.config() }).unwrap();
    assert_eq!(temporary(&mailer).await, "the mail server took too long");
}

#[tokio::test]
async fn a_server_that_hangs_up_or_is_not_there_is_asked_again_later() {
    let server = Server::start(|command| command.starts_with("MAIL").then_some(Close)).await;
    assert!(temporary(&server.mailer()).await.starts_with("naming the sender failed: "));

    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = nobody.local_addr().unwrap().port();
    drop(nobody);
    let mailer = SmtpMailer::new(SmtpConfig { port, ..server.config() }).unwrap();
    assert!(temporary(&mailer).await.starts_with("connecting to the mail server failed: "));
}

#[tokio::test]
async fn without_starttls_nothing_is_sent_and_the_operator_is_told_what_to_change() {
    let server = Server::start(|_| None).await;
    let credentials = Credentials { username: "help".into(), password: "correct-horse".to_owned().into() };
    let config = SmtpConfig { security: Security::StartTls, credentials: Some(credentials), ..server.config() };
    let said = temporary(&SmtpMailer::new(config).unwrap()).await;
    assert!(said.contains("offers no STARTTLS") && said.contains("set the security to tls"), "{said}");
    assert_eq!(server.heard("AUTH") + server.heard("MAIL"), 0);
}

#[tokio::test]
async fn what_is_no_tls_is_not_talked_to() {
    let server = Server::start(|_| None).await;
    let mailer = SmtpMailer::new(SmtpConfig { security: Security::Tls, ..server.config() }).unwrap();
    temporary(&mailer).await;
    assert_eq!(server.heard("EHLO"), 0);
}

#[tokio::test]
async fn an_address_outside_ascii_needs_a_server_that_knows_it() {
    let server = Server::start(|_| None).await;
    let said = refused(&server.mailer(), "zoë@example.com").await;
    assert!(said.contains("SMTPUTF8"), "{said}");

    let able =
        Server::start(|command| command.starts_with("EHLO").then_some(Say("250-x\r\n250-8BITMIME\r\n250 SMTPUTF8")))
            .await;
    able.mailer().send(&post("zoë@example.com")).await.unwrap();
    assert_eq!(able.heard("MAIL FROM:<help@acme.example> SMTPUTF8 BODY=8BITMIME"), 1);
    assert_eq!(able.heard("RCPT TO:<zoë@example.com>"), 1);
}

#[test]
fn a_password_in_the_clear_is_refused_unless_it_stays_on_this_machine() {
    let config = SmtpConfig {
        host: "mail.acme.example".into(),
        port: 25,
        security: Security::None,
        extra_roots: None,
        credentials: Some(Credentials { username: "help".into(), password: "correct-horse".to_owned().into() }),
        sender: sender(),
        limits: Limits::default(),
    };
    let refused = SmtpMailer::new(config.clone()).unwrap_err();
    assert!(matches!(refused, SmtpConfigError::PasswordInTheClear(_)), "{refused}");
    assert!(SmtpMailer::new(SmtpConfig { host: "localhost".into(), ..config }).is_ok());
}
