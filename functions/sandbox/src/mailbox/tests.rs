//! The mailbox, as a mail client and a reader use it.

use std::net::SocketAddr;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use lettre::message::{Mailbox as Address, MultiPart};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tower::ServiceExt as _;

use super::*;
use crate::clock::Clock;

struct Server {
    address: SocketAddr,
    task: JoinHandle<std::io::Result<()>>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mailbox: &Mailbox) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    Server { address, task: tokio::spawn(serve_smtp(listener, mailbox.clone())) }
}

fn mailbox() -> Mailbox {
    Mailbox::in_memory(Clock::frozen_at("2024-04-16T20:40:38Z".parse().unwrap()))
}

fn letter(to: &str) -> lettre::Message {
    let sender: Address = "Support <support@northwind.example>".parse().unwrap();
    let parts = MultiPart::alternative_plain_html(
        ".Öffnen Sie den Link\r\n..\r\n.".to_owned(),
        "<p>Öffnen Sie <a href=\"https://x.test\">den Link</a><script>alert(1)</script></p>".to_owned(),
    );
    let builder = lettre::Message::builder().from(sender).to(to.parse().unwrap());
    builder
        .message_id(Some("<42@northwind.example>".into()))
        .subject("Größe: Fenster läuft nicht")
        .multipart(parts)
        .unwrap()
}

async fn send(server: &Server, to: &str) -> Result<(), lettre::transport::smtp::Error> {
    let client =
        AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous("127.0.0.1").port(server.address.port()).build();
    client.send(letter(to)).await.map(|_| ())
}

/// Speaks SMTP by hand; the answer is the first line of each reply.
struct Speaker(BufReader<TcpStream>);

impl Speaker {
    async fn to(server: &Server) -> Self {
        let mut speaker = Self(BufReader::new(TcpStream::connect(server.address).await.unwrap()));
        assert!(speaker.hears().await.starts_with("220 "));
        speaker
    }

    async fn hears(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).await.unwrap();
        line
    }

    async fn says(&mut self, line: &str) -> String {
        self.0.write_all(format!("{line}\r\n").as_bytes()).await.unwrap();
        self.hears().await
    }

    async fn sends(&mut self, mail: &str) {
        assert!(self.says("MAIL FROM:<a@b.test>").await.starts_with("250 "));
        assert!(self.says("RCPT TO:<c@d.test>").await.starts_with("250 "));
        assert!(self.says("DATA").await.starts_with("354 "));
        self.0.write_all(mail.as_bytes()).await.unwrap();
    }
}

#[tokio::test]
async fn a_mail_is_kept_with_everything_it_says() {
    let mailbox = mailbox();
    let server = serve(&mailbox).await;
    send(&server, "max@example.com").await.unwrap();
    let [mail] = mailbox.messages().try_into().unwrap();
    assert_eq!(
        (mail.from.as_str(), mail.to.as_slice()),
        ("support@northwind.example", &["max@example.com".to_owned()][..])
    );
    assert_eq!(mail.subject.as_deref(), Some("Größe: Fenster läuft nicht"));
    assert_eq!(mail.message_id.as_deref(), Some("42@northwind.example"));
    assert_eq!(mail.text.unwrap().trim_end(), ".Öffnen Sie den Link\r\n..\r\n.");
    assert!(mail.html.unwrap().contains("Öffnen Sie <a href=\"https://x.test\">"));
    assert!(mail.headers.iter().any(|header| header.name == "To" && header.value == "max@example.com"));
    assert_eq!(mail.received_at.to_rfc3339(), "2024-04-16T20:40:38+00:00");
}

#[tokio::test]
async fn dots_are_unstuffed_and_a_mail_may_come_byte_by_byte() {
    let mailbox = mailbox();
    let server = serve(&mailbox).await;
    let mut speaker = Speaker::to(&server).await;
    assert!(speaker.says("HELO me").await.starts_with("250 "));
    speaker.sends("").await;
    for byte in "..leading\r\nSubject: x\r\n\r\n..\r\n...dots\r\n.".bytes() {
        speaker.0.write_all(&[byte]).await.unwrap();
        speaker.0.flush().await.unwrap();
    }
    assert!(speaker.says("").await.starts_with("250 "));
    assert_eq!(mailbox.messages()[0].raw, ".leading\r\nSubject: x\r\n\r\n.\r\n..dots\r\n");
    speaker.sends(".").await;
    assert!(speaker.says("").await.starts_with("250 "));
    assert_eq!(mailbox.messages()[1].raw, "");
    assert!(speaker.says("QUIT").await.starts_with("221 "));
}

#[tokio::test]
async fn commands_may_be_pipelined_and_out_of_order_ones_are_refused() {
    let mailbox = mailbox();
    let server = serve(&mailbox).await;
    let mut speaker = Speaker::to(&server).await;
    assert!(speaker.says("DATA").await.starts_with("503 "));
    assert!(speaker.says("RCPT TO:<c@d.test>").await.starts_with("503 "));
    assert!(speaker.says("DANCE").await.starts_with("500 "));
    assert!(speaker.says("MAIL FROM:<a@b.test> SIZE=99999999").await.starts_with("552 "));
    assert!(speaker.says("MAIL FROM:<ä@b.test> BODY=8BITMIME SMTPUTF8").await.starts_with("250 "));
    assert!(speaker.says("RSET").await.starts_with("250 "));
    assert!(speaker.says("NOOP").await.starts_with("250 "));
    let batch = "MAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nRCPT TO:<e@f.test>\r\nDATA";
    assert!(speaker.says(batch).await.starts_with("250 "));
    for code in ["250 ", "250 ", "354 "] {
        assert!(speaker.hears().await.starts_with(code));
    }
    assert!(speaker.says("Subject: x\r\n\r\ny\r\n.\r\nNOOP").await.starts_with("250 Kept"));
    assert!(speaker.hears().await.starts_with("250 Here"));
    assert_eq!(mailbox.messages()[0].to, ["c@d.test", "e@f.test"]);
}

#[tokio::test]
async fn mails_are_found_again_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let open = || Mailbox::in_folder(folder.path(), Clock::real()).unwrap();
    let mailbox = open();
    send(&serve(&mailbox).await, "max@example.com").await.unwrap();
    let again = open();
    assert_eq!(again.messages(), mailbox.messages());
    send(&serve(&again).await, "ann@example.com").await.unwrap();
    assert_eq!(open().messages().iter().map(|mail| mail.id).collect::<Vec<_>>(), [1, 2]);
    again.clear().unwrap();
    assert!(open().messages().is_empty());
}

#[tokio::test]
async fn recipients_are_refused_for_now_or_for_good() {
    let mailbox = mailbox();
    let server = serve(&mailbox).await;
    mailbox.add_fault(MailFault::once(MailFaultKind::TemporaryRefusal { recipient: "*@example.com".into() }));
    mailbox.add_fault(MailFault::always(MailFaultKind::PermanentRefusal { recipient: "gone@*".into() }));
    assert!(send(&server, "max@example.com").await.unwrap_err().is_transient());
    send(&server, "max@example.com").await.unwrap();
    assert!(send(&server, "gone@example.org").await.unwrap_err().is_permanent());
    assert!(send(&server, "gone@example.org").await.is_err());
    assert_eq!(mailbox.messages().len(), 1);
    mailbox.clear_faults();
    send(&server, "gone@example.org").await.unwrap();
}

#[tokio::test]
async fn connections_are_refused_and_the_server_may_be_unavailable() {
    let mailbox = mailbox();
    let server = serve(&mailbox).await;
    mailbox.add_fault(MailFault::once(MailFaultKind::RefuseConnection));
    mailbox.add_fault(MailFault::once(MailFaultKind::Unavailable));
    assert!(send(&server, "max@example.com").await.is_err());
    assert!(send(&server, "max@example.com").await.unwrap_err().is_transient());
    assert!(mailbox.messages().is_empty());
    send(&server, "max@example.com").await.unwrap();
}

#[tokio::test]
async fn an_answer_may_be_lost_after_the_mail_with_the_mail_kept_or_not() {
    for kept in [true, false] {
        let mailbox = mailbox();
        let server = serve(&mailbox).await;
        mailbox.add_fault(MailFault::once(MailFaultKind::DropAfterData { kept }));
        assert!(send(&server, "max@example.com").await.is_err());
        assert_eq!(mailbox.messages().len(), usize::from(kept));
    }
    let mailbox = mailbox();
    let server = serve(&mailbox).await;
    mailbox.add_fault(MailFault::once(MailFaultKind::HangAfterData { kept: true }));
    tokio::select! {
        sent = send(&server, "max@example.com") => panic!("answered {sent:?}"),
        mails = mailbox.until(|mails| !mails.is_empty()) => assert_eq!(mails.len(), 1),
    }
}

async fn get(mailbox: &Mailbox, path: &str) -> (StatusCode, String) {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let response = router(mailbox.clone()).oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(bytes.to_vec()).unwrap())
}

#[tokio::test]
async fn mails_are_read_over_http() {
    let mailbox = mailbox();
    send(&serve(&mailbox).await, "max@example.com").await.unwrap();
    let (_, body) = get(&mailbox, "/api/messages?to=MAX@example.com").await;
    let list: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(list[0]["subject"], "Größe: Fenster läuft nicht");
    assert_eq!(list[0]["received_at"], "2024-04-16T20:40:38Z");
    assert_eq!(get(&mailbox, "/api/messages?to=nobody@example.com").await.1, "[]");
    assert_eq!(get(&mailbox, "/api/messages/1").await.0, StatusCode::OK);
    assert_eq!(get(&mailbox, "/api/messages/2").await.0, StatusCode::NOT_FOUND);
    assert!(get(&mailbox, "/").await.1.contains("/messages/1"));
    let delete = Request::delete("/api/messages").body(Body::empty()).unwrap();
    assert_eq!(router(mailbox.clone()).oneshot(delete).await.unwrap().status(), StatusCode::NO_CONTENT);
    assert!(get(&mailbox, "/").await.1.contains("No mail has come."));
}

#[tokio::test]
async fn a_mails_html_is_shown_in_a_frame_that_runs_nothing() {
    let mailbox = mailbox();
    send(&serve(&mailbox).await, "max@example.com").await.unwrap();
    let (_, page) = get(&mailbox, "/messages/1").await;
    assert!(page.contains("<iframe") && page.contains("srcdoc=\"&lt;base target=&quot;_blank&quot;&gt;"), "{page}");
    assert!(!page.contains("<script") && !page.contains("allow-scripts"));
}

#[tokio::test]
async fn faults_are_ordered_over_http() {
    let mailbox = mailbox();
    let fault = r#"{"times":2,"kind":"permanent_refusal","recipient":"*@example.com"}"#;
    let post = Request::post("/api/faults").header("content-type", "application/json").body(Body::from(fault)).unwrap();
    assert_eq!(router(mailbox.clone()).oneshot(post).await.unwrap().status(), StatusCode::CREATED);
    let kind = MailFaultKind::PermanentRefusal { recipient: "*@example.com".into() };
    assert_eq!(mailbox.faults(), [MailFault { times: Some(2), kind }]);
    let delete = Request::delete("/api/faults").body(Body::empty()).unwrap();
    router(mailbox.clone()).oneshot(delete).await.unwrap();
    assert_eq!(get(&mailbox, "/api/faults").await.1, "[]");
}
