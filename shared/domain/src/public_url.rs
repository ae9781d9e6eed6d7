//! Where the installation's own pages are.

use std::fmt;

use crate::Malformed;
use crate::session::Link;

/// The address under which the world outside reaches the installation, such as `https://help.example.com`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// Accepts an address that [may be followed](may_be_followed), with a path or without; no login, query or fragment. At most 200
    /// characters.
    pub fn parse(raw: &str) -> Result<Self, Malformed> {
        let raw = raw.trim().trim_end_matches('/');
        let host = raw.split_once("://").and_then(|(_, rest)| rest.split('/').next()).unwrap_or_default();
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/[]%".contains(c);
        let is_plain = raw.len() <= 200 && !host.is_empty() && !host.starts_with(':') && raw.chars().all(plain);
        if is_plain && may_be_followed(raw) {
            return Ok(Self(raw.to_owned()));
        }
        Err(Malformed::new("must be an address such as https://help.example.com; plain http only on this very machine"))
    }

    /// The address of one of the installation's pages; `path` begins with a slash.
    pub fn page(&self, path: &str) -> Result<Link, Malformed> {
        Link::parse(&format!("{self}{path}"))
    }
}

/// Whether a person may be sent there: by `https`, or by `http` to this very machine. Nothing else is put into a mail.
pub fn may_be_followed(link: &str) -> bool {
    let Some(rest) = link.strip_prefix("http://") else { return link.starts_with("https://") };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    let host = authority.rsplit_once(':').filter(|(_, port)| is_port(port)).map_or(authority, |(host, _)| host);
    matches!(host, "127.0.0.1" | "[::1]" | "localhost") || host.ends_with(".localhost")
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_stands_below_the_address_however_that_ends() {
        for raw in ["https://help.example.com", " https://help.example.com/ "] {
            let page = PublicUrl::parse(raw).unwrap().page("/c/acme").unwrap();
            assert_eq!(page.as_str(), "https://help.example.com/c/acme");
        }
        for good in
            ["http://127.0.0.1:8080", "http://[::1]:8080", "http://x.localhost:4566", "https://example.com/casebridge"]
        {
            assert_eq!(PublicUrl::parse(good).unwrap().to_string(), good);
        }
    }

    #[test]
    fn plain_http_leads_nowhere_but_to_this_machine() {
        for good in [
            "https://get.teamviewer.com/s123",
            "http://localhost:8080/j/x",
            "http://127.0.0.1/",
            "http://[::1]:1",
            "http://[::1]",
        ] {
            assert!(may_be_followed(good), "{good}");
        }
        for bad in [
            "javascript:alert(1)",
            "http://localhost.evil.example",
            "http://localhost@evil.example",
            "http://localhost:80@evil.example",
            "http://evil.example/.localhost",
            "http://evil.example?.localhost",
            "http://127.0.0.1.evil.example:80",
            "http://example.com",
            "data:x",
            "//x",
            "",
        ] {
            assert!(!may_be_followed(bad), "{bad}");
        }
    }

    #[test]
    fn what_is_no_address_for_pages_is_refused() {
        let long = format!("https://{}", "x".repeat(200));
        for bad in [
            "",
            "help.example.com",
            "ftp://help.example.com",
            "http://help.example.com",
            "http://0.0.0.0:8080",
            "https://",
            "https://:80",
            "https:///c",
            "https://me@example.com",
            "https://example.com?x=1",
            "https://example.com/#c",
            "https://example.com/\"><script>",
            &long,
        ] {
            assert!(PublicUrl::parse(bad).is_err(), "{bad}");
        }
    }
}
