//! A vendor that tells a story from play to stop, and asks again, with the same `Idempotency-Key`, until it is answered.

use std::time::Duration;

use casebridge_tests::http_client::HttpClient;
use http::{Method, Request};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::installation::Installation;

/// Longer than every lease in the product.
const PATIENCE: Duration = Duration::from_secs(150);

const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(100);

const BETWEEN_LOOKS: Duration = Duration::from_millis(300);

#[derive(Clone)]
pub(crate) struct Vendor {
    client: HttpClient,
    url: String,
    key: String,
    sandbox: String,
    mail: String,
    token: String,
}

/// One ticket's story.
#[derive(Debug, Clone)]
pub(crate) struct Story {
    ticket: String,
}

/// What was acknowledged.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    /// The ticket's number, which is in the mail's subject.
    pub(crate) ticket: String,
    /// The case that was closed.
    pub(crate) case: String,
    /// The answer to stop.
    pub(crate) stopped: Value,
}

impl Story {
    pub(crate) fn numbered(number: u64) -> Self {
        Self { ticket: format!("INC-{number:04}") }
    }
}

impl Vendor {
    pub(crate) fn of(installation: &Installation) -> Self {
        Self {
            client: HttpClient::new(),
            url: installation.url(),
            key: installation.vendor_key.clone(),
            sandbox: installation.kit_url("sandbox_url").to_owned(),
            mail: installation.kit_url("mail_url").to_owned(),
            token: installation.kit_url("script_token").to_owned(),
        }
    }

    /// Makes the account and connects it.
    pub(crate) async fn connect(&self) {
        let account = json!({
            "account": "acme", "name": "Acme Help Desk", "time_zone": "Europe/Paris",
            "told": {"technician": true, "others": [], "without_technician": []},
        });
        self.until_answered(Method::POST, "/v1/accounts", &account, "account").await;
        let token = json!({"script_token": self.token});
        self.until_answered(Method::PUT, "/v1/accounts/acme/connection", &token, "connection").await;
    }

    /// Play, the invitation, the customer online, the technician told, stop.
    pub(crate) async fn tell(self, story: Story) -> Told {
        let ticket = &story.ticket;
        let invited = format!("{}@customer.example", ticket.to_lowercase());
        let told = format!("{}@desk.example", ticket.to_lowercase());
        let play = json!({
            "ticket": {"number": ticket, "title": "Printer on fire"},
            "requester": {"name": "Rita", "email": invited},
            "technician": {"id": "anna", "name": "Anna", "email": told},
        });
        let path = format!("/v1/accounts/acme/tickets/{ticket}/case");
        let opened = self.until_answered(Method::POST, &path, &play, &format!("play-{ticket}")).await;
        let code = opened["session_code"].as_str().unwrap_or_else(|| panic!("no code in {opened}")).to_owned();
        let case = opened["id"].as_str().unwrap().to_owned();
        let online = format!("{}/sandbox/sessions/{code}/online", self.sandbox);
        self.send(Method::POST, &online, None, &json!({"online": true})).await.unwrap();
        let notice = json!({"type": "service_case.online", "session_code": code, "occurred_at": opened["started_at"]});
        self.until_answered(Method::POST, "/v1/webhooks/teamviewer/acme", &notice, &format!("notice-{ticket}")).await;
        let deadline = Instant::now() + PATIENCE;
        for reader in [&invited, &told] {
            while self.mails_to(reader).await == 0 {
                assert!(Instant::now() < deadline, "{ticket}: no letter for {reader}");
                sleep(BETWEEN_LOOKS).await;
            }
        }
        let path = format!("/v1/accounts/acme/cases/{case}/close");
        let stopped = self.until_answered(Method::POST, &path, &json!({}), &format!("stop-{ticket}")).await;
        Told { ticket: ticket.clone(), case, stopped }
    }

    /// The account's cases that are still live, by the API.
    pub(crate) async fn live_cases(&self) -> Option<usize> {
        let path = format!("{}/v1/accounts/acme/cases?state=live", self.url);
        let (status, body) = self.send(Method::GET, &path, None, &Value::Null).await?;
        (status == 200).then(|| body["items"].as_array().map_or(0, Vec::len))
    }

    async fn mails_to(&self, reader: &str) -> usize {
        let path = format!("{}/api/messages?to={reader}", self.mail);
        let mails = self.send(Method::GET, &path, None, &Value::Null).await;
        mails.map_or(0, |(_, mails)| mails.as_array().map_or(0, Vec::len))
    }

    /// Asks until there is a success. A refusal that no repetition mends fails the test.
    async fn until_answered(&self, method: Method, path: &str, body: &Value, key: &str) -> Value {
        let url = format!("{}{path}", self.url);
        let deadline = Instant::now() + PATIENCE;
        let mut last = "no answer".to_owned();
        while Instant::now() < deadline {
            if let Some((status, answer)) = self.send(method.clone(), &url, Some(key), body).await {
                let repeat = matches!(status, 404 | 409 | 429 | 500..);
                assert!(repeat || status < 300, "{method} {path}: {status} {answer}");
                // A case that is still being opened is answered as it is; the story needs its code.
                if !repeat && answer["state"] != "opening" {
                    return answer;
                }
                last = format!("{status} {answer}");
            }
            sleep(BETWEEN_ATTEMPTS).await;
        }
        panic!("{method} {path} was never answered; last {last}");
    }

    async fn send(&self, method: Method, url: &str, key: Option<&str>, body: &Value) -> Option<(u16, Value)> {
        let mut request =
            Request::builder().method(method).uri(url).header("authorization", format!("Bearer {}", self.key));
        if let Some(key) = key {
            request = request.header("idempotency-key", format!("\"{key}\""));
        }
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let request = request.header("content-type", "application/json").body(body).unwrap();
        let answer = self.client.send(request).await.ok()?;
        Some((answer.status().as_u16(), serde_json::from_slice(answer.body()).unwrap_or(Value::Null)))
    }
}
