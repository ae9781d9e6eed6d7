//! Where TeamViewer is, and how long it may take.

use std::time::Duration;

use rustls::ClientConfig;
use url::Url;

/// How the client behaves. [`Options::default`] is for TeamViewer itself.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where the API begins. Plain `http` is meant for stand-ins: the token then travels in the clear.
    pub base_url: String,
    /// How long a connection may take, name resolution and TLS included.
    pub connect_timeout: Duration,
    /// How long one call may take, its connection included.
    pub call_timeout: Duration,
    /// How long one read may take with its repetitions.
    pub read_budget: Duration,
    /// How long a complete listing may take with all its pages. With a call before it, shorter than the lease of play.
    pub listing_budget: Duration,
    /// The largest answer that is read, in bytes. A page has at most 1000 sessions (manual, p. 40), of which none can be
    /// larger than some 8 KB but by its free texts.
    pub body_limit: usize,
    /// How the process speaks TLS and whom it trusts. If nothing is said, whom the operating system does.
    pub tls: Option<ClientConfig>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            base_url: "https://webapi.teamviewer.com/api/v1".to_owned(),
            connect_timeout: Duration::from_secs(3),
            call_timeout: Duration::from_secs(8),
            read_budget: Duration::from_secs(12),
            listing_budget: Duration::from_secs(15),
            body_limit: 8 * 1024 * 1024,
            tls: None,
        }
    }
}

impl Options {
    /// The base as a URL that paths can be hung on.
    pub(crate) fn base(&self) -> Result<Url, BadOptions> {
        let base = Url::parse(&self.base_url).map_err(|_| BadOptions::BaseUrl("is not a URL"))?;
        if !matches!(base.scheme(), "https" | "http") {
            return Err(BadOptions::BaseUrl("must begin with https:// (or http:// for a stand-in)"));
        }
        if !base.username().is_empty() || base.password().is_some() {
            return Err(BadOptions::BaseUrl("must not carry a user or password"));
        }
        if base.query().is_some() || base.fragment().is_some() {
            return Err(BadOptions::BaseUrl("must not carry a query or fragment"));
        }
        Ok(base)
    }
}

/// Why no client could be made.
#[derive(Debug, thiserror::Error)]
pub enum BadOptions {
    /// The base URL can't be used.
    #[error("TeamViewer's base URL {0}")]
    BaseUrl(&'static str),
    /// TLS could not be set up, for example because this machine has no root certificates.
    #[error("the HTTPS client could not be set up")]
    Client(#[source] reqwest::Error),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_web_address_is_a_base() {
        for good in ["https://webapi.teamviewer.com/api/v1", "http://127.0.0.1:4010/api/v1/", "http://sandbox:80"] {
            assert!(Options { base_url: good.to_owned(), ..Options::default() }.base().is_ok(), "{good}");
        }
        for bad in ["", "webapi.teamviewer.com", "ftp://x/", "https://u:p@x/", "https://x/?a=b", "https://x/#f"] {
            assert!(Options { base_url: bad.to_owned(), ..Options::default() }.base().is_err(), "{bad}");
        }
    }
}
