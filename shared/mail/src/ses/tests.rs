use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use casebridge_aws::{Roots, http_client, tls};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::compose::tests::{post, sender};

/// What SES answers, and what it was asked.
struct Ses {
    url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

/// One call: its head in small letters, and the form's fields.
#[derive(Debug, Clone)]
struct Asked {
    head: String,
    fields: HashMap<String, String>,
}

const TAKEN: (u16, &str) = (
    200,
    "<SendRawEmailResponse xmlns=\"http://ses.amazonaws.com/doc/2010-12-01/\"><SendRawEmailResult>\
     <MessageId>0107-1</MessageId></SendRawEmailResult></SendRawEmailResponse>",
);

/// Status 0 hangs up.
const HANG_UP: (u16, &str) = (0, "");

impl Ses {
    async fn start(answer: (u16, &'static str)) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::<Mutex<Vec<Asked>>>::default();
        let log = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, answer, Arc::clone(&log)));
            }
        });
        Self { url, asked }
    }

    fn mailer(&self) -> SesMailer {
        let config = SesConfig {
            region: "eu-central-1".into(),
            credentials: Credentials::new("id", "the secret", Some("the token".into()), None, "test"),
            endpoint: Some(self.url.clone()),
            configuration_set: Some("casebridge-test".into()),
            sender: sender(),
        };
        assert!(!format!("{config:?}").contains("the secret"));
        SesMailer::new(config, http_client(tls(Roots::CompiledIn).unwrap()))
    }

    fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

async fn talk(stream: TcpStream, answer: (u16, &str), log: Arc<Mutex<Vec<Asked>>>) -> Option<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if stream.read_line(&mut head).await.ok()? == 0 {
                return None;
            }
        }
        let head = head.to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok())?;
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await.ok()?;
        log.lock().unwrap().push(Asked { head, fields: fields(std::str::from_utf8(&body).ok()?) });
        let (status, said) = answer;
        if status == 0 {
            return None;
        }
        let length = said.len();
        let answer = format!(
            "HTTP/1.1 {status} so\r\ncontent-type: text/xml\r\nx-amzn-requestid: r-1\r\n\
             content-length: {length}\r\n\r\n{said}"
        );
        stream.write_all(answer.as_bytes()).await.ok()?;
    }
}

fn fields(form: &str) -> HashMap<String, String> {
    let plain = |text: &str| {
        let mut bytes = Vec::new();
        let mut rest = text.bytes();
        while let Some(byte) = rest.next() {
            bytes.push(match byte {
                b'+' => b' ',
                b'%' => {
                    let digits = [rest.next().unwrap(), rest.next().unwrap()];
                    u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
                }
                other => other,
            });
        }
        String::from_utf8(bytes).unwrap()
    };
    form.split('&').filter_map(|field| field.split_once('=')).map(|(name, value)| (plain(name), plain(value))).collect()
}

fn error(code: &str, message: &str) -> &'static str {
    let text = format!(
        "<ErrorResponse xmlns=\"http://ses.amazonaws.com/doc/2010-12-01/\"><Error><Type>Sender</Type>\
         <Code>{code}</Code><Message>{message}</Message></Error><RequestId>r-1</RequestId></ErrorResponse>"
    );
    text.leak()
}

async fn refusal(answer: (u16, &'static str), to: &str) -> (MailError, String, usize) {
    let ses = Ses::start(answer).await;
    let error = ses.mailer().send(&post(to)).await.unwrap_err();
    let said = std::error::Error::source(&error).unwrap().to_string();
    (error, said, ses.asked().len())
}

#[tokio::test]
async fn a_letter_arrives_whole_with_its_tags_and_its_configuration_set() {
    let ses = Ses::start(TAKEN).await;
    ses.mailer().send(&post("jane@bücher.example")).await.unwrap();
    let asked = ses.asked();
    let [Asked { head, fields }] = &asked[..] else { panic!("{asked:?}") };
    assert!(head.contains("authorization: aws4-hmac-sha256 credential=id/"), "{head}");
    assert!(head.contains("/eu-central-1/ses/aws4_request"), "{head}");
    assert!(head.contains("x-amz-security-token: the token"), "{head}");
    for (name, value) in [
        ("Action", "SendRawEmail"),
        ("Source", "help@acme.example"),
        ("Destinations.member.1", "jane@xn--bcher-kva.example"),
        ("ConfigurationSetName", "casebridge-test"),
        ("Tags.member.1.Name", "casebridge-letter"),
        ("Tags.member.1.Value", "01998c6e-5f3a-7000-8000-000000000001"),
        ("Tags.member.2.Name", "casebridge-account"),
        ("Tags.member.2.Value", "acme"),
    ] {
        assert_eq!(fields.get(name).map(String::as_str), Some(value), "{name}");
    }
    assert!(!fields.contains_key("Destinations.member.2"));
    let raw = String::from_utf8(STANDARD.decode(&fields["RawMessage.Data"]).unwrap()).unwrap();
    let expected = compose(&post("jane@bücher.example"), &sender()).unwrap().formatted();
    let head = |mail: &str| mail.split_once("Content-Type").unwrap().0.to_owned();
    assert_eq!(head(&raw), head(&String::from_utf8(expected).unwrap()));
    assert!(raw.contains("X-Casebridge-Letter: 01998c6e-5f3a-7000-8000-000000000001\r\n"), "{raw}");
    assert!(raw.contains("Bonjour") && raw.contains("<p>Bonjour</p>"), "{raw}");
}

#[tokio::test]
async fn a_recipient_that_ses_refuses_is_refused_without_being_named() {
    let answer = (400, error("InvalidParameterValue", "Illegal address jane@example.com"));
    let (error, said, asked) = refusal(answer, "jane@example.com").await;
    assert!(matches!(error, MailError::Refused(_)), "{error:?}");
    assert_eq!(said, "SES answered InvalidParameterValue: Illegal address … (request r-1)");
    assert_eq!(asked, 1);
}

#[tokio::test]
async fn what_the_operator_or_ses_can_put_right_loses_no_letter_and_is_not_tried_again_at_once() {
    for answer in [
        (400, error("MessageRejected", "Email address is not verified.")),
        (400, error("Throttling", "Maximum sending rate exceeded.")),
        (403, error("AccessDenied", "not authorized to perform ses:SendRawEmail")),
        (503, error("ServiceUnavailable", "")),
        (500, "no XML at all"),
        HANG_UP,
    ] {
        let (error, said, asked) = refusal(answer, "jane@example.com").await;
        assert!(matches!(error, MailError::Temporary(_)), "{answer:?} {error:?}");
        assert!(!said.contains("jane@"), "{said}");
        assert_eq!(asked, 1, "{answer:?}");
    }
}

#[tokio::test]
async fn an_answer_that_nobody_can_read_after_the_mail_was_taken_is_no_refusal() {
    let (error, ..) = refusal((200, "<SendRawEmailResponse>"), "jane@example.com").await;
    assert!(matches!(error, MailError::Temporary(_)), "{error:?}");
}

#[tokio::test]
async fn an_address_outside_ascii_is_refused_and_never_sent() {
    let (error, said, asked) = refusal(TAKEN, "zoë@example.com").await;
    assert!(matches!(error, MailError::Refused(_)) && said.contains("ASCII"), "{said}");
    assert_eq!(asked, 0);
}

#[tokio::test(start_paused = true)]
async fn silence_ends_in_time() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent = Ses { url: format!("http://{}", listener.local_addr().unwrap()), asked: Arc::default() };
    let before = tokio::time::Instant::now();
    let error = silent.mailer().send(&post("jane@example.com")).await.unwrap_err();
    assert!(matches!(error, MailError::Temporary(_)), "{error:?}");
    assert!(before.elapsed() <= ANSWER_WITHIN + Duration::from_secs(1), "{:?}", before.elapsed());
}
