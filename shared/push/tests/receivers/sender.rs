//! Casebridge's sender, and somebody who changes what it sent.

use std::sync::LazyLock;
use std::time::SystemTime;

use casebridge_app::ports::Pusher as _;
use casebridge_app::ports::push::{Message, PushError, Pushed};
use casebridge_domain::Instant;
use casebridge_domain::endpoint::{EndpointUrl, Network, Reach, SigningSecret, sign};
use casebridge_push::{HttpPusher, Options};
use serde_json::Value;

/// What is published as the example of `case.closed`.
static CLOSED: LazyLock<Value> = LazyLock::new(|| {
    let description: Value = serde_json::from_str(include_str!("../../../../docs/openapi.json")).unwrap();
    let content = &description["webhooks"]["case.closed"]["post"]["requestBody"]["content"];
    content["application/json"]["example"].clone()
});

fn closed(_: &Pushed<'_>) -> Vec<u8> {
    CLOSED.to_string().into_bytes()
}

/// What has to stand on the ticket.
pub fn comment() -> String {
    CLOSED["data"]["case"]["comment"].as_str().unwrap().to_owned()
}

/// By the clock that the receivers have.
#[expect(clippy::disallowed_methods, reason = "the receivers are the outside world, whose clock is the real one")]
pub fn now() -> Instant {
    SystemTime::now().into()
}

pub struct Sender {
    pusher: HttpPusher,
    url: EndpointUrl,
}

impl Sender {
    /// To a port of this machine.
    pub fn to(port: u16) -> Self {
        let reach = Reach::new(true, vec![Network::parse("127.0.0.1").unwrap()]);
        let pusher = HttpPusher::new(&Options { reach, ..Options::default() }, closed).unwrap();
        Self { pusher, url: EndpointUrl::parse(&format!("http://127.0.0.1:{port}/casebridge")).unwrap() }
    }

    /// Pushes that a case was closed; gives the status.
    pub async fn push(&self, id: &str, at: Instant, secrets: &[SigningSecret]) -> Result<u16, PushError> {
        let message = Message { id: id.to_owned(), url: &self.url, at, secrets, what: Pushed::Test { at } };
        self.pusher.push(&message).await.map(|answer| answer.status)
    }

    /// Sends the same with another comment than the one that was signed.
    pub async fn tampered(&self, id: &str, at: Instant, secrets: &[SigningSecret]) -> u16 {
        let body = CLOSED.to_string();
        let signature = sign(secrets, id, at, body.as_bytes());
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let request = client.post(self.url.as_str()).header("webhook-id", id);
        let request = request.header("webhook-timestamp", at.timestamp()).header("webhook-signature", signature);
        request.body(body.replace("12:34", "99:34")).send().await.unwrap().status().as_u16()
    }
}
