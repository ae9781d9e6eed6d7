//! The port.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use casebridge_app::ports::Pusher;
use casebridge_app::ports::push::{Answer, Message, PushError};
use casebridge_domain::endpoint::{Host, NotAllowed, Reach, sign};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Client, Response, Url, redirect, retry};
use tokio::time::timeout;

use crate::options::{BadOptions, Options, Render};
use crate::resolver::Checked;
use crate::{answer, trouble};

/// Connections are given up before most servers do so: what is sent into one that is being closed has an unknown outcome.
const IDLE: Duration = Duration::from_secs(15);

/// Idle connections that are kept for each address: messages are sent to eight at once for each endpoint, and a vendor often has
/// many endpoints at one address (`casebridge-bench push` counts connections).
const IDLE_CONNECTIONS: usize = 128;

/// Sends messages over HTTPS. One serves a whole process: connections are kept and shared.
pub struct HttpPusher {
    http: Client,
    reach: Reach,
    time_limit: Duration,
    body_limit: Duration,
    render: Render,
}

impl HttpPusher {
    /// A sender. ring becomes the process's provider of TLS unless there is one.
    pub fn new(options: &Options, render: Render) -> Result<Self, BadOptions> {
        use_ring();
        let resolver = Checked { reach: options.reach.clone(), lookup: Arc::clone(&options.lookup) };
        let builder = Client::builder()
            .user_agent(concat!("Casebridge/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .referer(false)
            .no_proxy()
            .dns_resolver(Arc::new(resolver))
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(IDLE_CONNECTIONS);
        let builder = match &options.tls {
            Some(tls) => builder.tls_backend_preconfigured(tls.clone()),
            None => builder,
        };
        Ok(Self {
            http: builder.build()?,
            reach: options.reach.clone(),
            time_limit: options.time_limit,
            body_limit: options.body_limit,
            render,
        })
    }

    async fn post(&self, url: Url, headers: HeaderMap, body: Vec<u8>) -> Result<Response, PushError> {
        let sent = self.http.post(url).headers(headers).body(body).send();
        match timeout(self.time_limit, sent).await {
            Ok(sent) => sent.map_err(|error| trouble::with(&error)),
            Err(_) => Err(PushError::TimedOut),
        }
    }
}

#[async_trait]
impl Pusher for HttpPusher {
    async fn push(&self, message: &Message<'_>) -> Result<Answer, PushError> {
        let begun = Instant::now();
        self.reach.check(message.url).map_err(|why| refused(&why))?;
        let url = Url::parse(message.url.as_str()).map_err(|_| PushError::Refused("it can't be read".to_owned()))?;
        // Whoever connects reads the address once more: it has to be the one that was looked at.
        if !is_the_same_host(message.url.host(), &url) {
            return Err(refused(&NotAllowed::Address));
        }
        let body = (self.render)(&message.what);
        let headers = headers(message, &body)?;
        let response = self.post(url, headers, body).await?;
        let status = response.status().as_u16();
        let retry_after = answer::retry_after(response.headers(), message.at);
        let left = self.time_limit.saturating_sub(begun.elapsed()).min(self.body_limit);
        let beginning = answer::beginning(response, left).await;
        Ok(Answer { status, retry_after, beginning, took: begun.elapsed() })
    }
}

fn refused(why: &NotAllowed) -> PushError {
    PushError::Refused(why.to_string())
}

/// Content type, and the three fields of Standard Webhooks.
fn headers(message: &Message<'_>, body: &[u8]) -> Result<HeaderMap, PushError> {
    if message.secrets.is_empty() {
        return Err(PushError::Refused("there is nothing to sign with".to_owned()));
    }
    let signature = sign(message.secrets, &message.id, message.at, body);
    let field = |text: &str| HeaderValue::from_str(text).map_err(|_| PushError::Refused("it has no id".to_owned()));
    let mut headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
    headers.insert("webhook-id", field(&message.id)?);
    headers.insert("webhook-timestamp", HeaderValue::from(message.at.timestamp()));
    headers.insert("webhook-signature", field(&signature)?);
    Ok(headers)
}

fn is_the_same_host(host: Host<'_>, url: &Url) -> bool {
    let parsed = url.host_str().unwrap_or_default();
    match host {
        Host::Name(name) => parsed == name,
        Host::V4(address) => parsed.parse() == Ok(address),
        Host::V6(address) => parsed.trim_matches(['[', ']']).parse() == Ok(address),
    }
}

/// Makes ring the process's provider of TLS, unless the host has chosen one already.
fn use_ring() {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Somebody who was quicker has chosen; that is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
}

#[cfg(test)]
mod tests {
    use casebridge_domain::endpoint::EndpointUrl;

    use super::*;

    #[test]
    fn both_who_look_at_an_address_read_the_same_host() {
        for raw in [
            "https://desk.example.com/x",
            "https://DESK.example.com:8443?x",
            "https://1.1.1.1/",
            "https://[2606:4700:0:0:0:0:0:1111]:443/",
            "http://a_b.example/",
            "https://xn--bcher-kva.example/",
        ] {
            let url = EndpointUrl::parse(raw).unwrap();
            assert!(is_the_same_host(url.host(), &Url::parse(url.as_str()).unwrap()), "{raw}");
        }
        let url = EndpointUrl::parse("https://1.1.1.1/").unwrap();
        assert!(!is_the_same_host(url.host(), &Url::parse("https://127.0.0.1/").unwrap()));
    }
}
