//! Whoever sends notices that a customer is online: signed by Standard Webhooks.

use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Context as _;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::Method;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::{
    api::{Answer, Call},
    help_desk::HelpDesk,
    wall_clock,
};

/// A sender that has the account's inbound secret.
#[derive(Debug)]
pub struct Notifier<'a> {
    desk: &'a HelpDesk,
    secret: String,
    /// How many messages were made.
    messages: AtomicU64,
}

impl<'a> Notifier<'a> {
    /// Has the account make its inbound secret, and takes it.
    pub async fn of(desk: &'a HelpDesk) -> anyhow::Result<Self> {
        let made = desk.admin.post(&desk.path("/inbound-secret"), &json!({})).await?.expect(200)?;
        let secret = made["secret"].as_str().with_context(|| format!("no secret: {made}"))?.to_owned();
        Ok(Self { desk, secret, messages: AtomicU64::new(0) })
    }

    /// Says that the customer of that case is online since now.
    pub async fn customer_online(&self, case: &Value) -> anyhow::Result<Answer> {
        self.signed(&online(&case["session_code"]), now_seconds())?.send().await
    }

    /// A notice that is signed at that time and not sent yet: a message of its own.
    pub fn signed(&self, notice: &Value, at: u64) -> anyhow::Result<Call> {
        let number = self.messages.fetch_add(1, Ordering::Relaxed);
        self.attempt(&format!("msg_{number}"), notice, at)
    }

    /// One attempt to send the message of that id.
    pub fn attempt(&self, id: &str, notice: &Value, at: u64) -> anyhow::Result<Call> {
        let body = notice.to_string();
        let key = STANDARD.decode(self.secret.trim_start_matches("whsec_"))?;
        let mac = Hmac::<Sha256>::new_from_slice(&key)?.chain_update(format!("{id}.{at}.{body}"));
        let signature = STANDARD.encode(mac.finalize().into_bytes());
        Ok(self
            .unsigned(notice)
            .header("webhook-id", id)
            .header("webhook-timestamp", &at.to_string())
            .header("webhook-signature", &format!("v1,{signature}")))
    }

    /// A notice without key and signature.
    pub fn unsigned(&self, notice: &Value) -> Call {
        let api = self.desk.admin.without_key();
        api.call(Method::POST, &format!("/v1/webhooks/teamviewer/{}", self.desk.account)).json(notice)
    }
}

/// The notice that a customer is online since now.
pub fn online(session_code: &Value) -> Value {
    json!({ "type": "service_case.online", "session_code": session_code, "occurred_at": "2100-01-01T00:00:00Z" })
}

/// The real clock.
pub fn now_seconds() -> u64 {
    wall_clock::epoch_millis() / 1000
}
