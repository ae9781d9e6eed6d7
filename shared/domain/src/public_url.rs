//! Where the installation's own pages are.

use std::fmt;

use crate::Malformed;
use crate::session::Link;

/// The address under which the world outside reaches the installation, such as `https://help.example.com`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// Accepts an http or https address, with a path or without; no login, query or fragment. 1 to 200 characters.
    pub fn parse(raw: &str) -> Result<Self, Malformed> {
        let refused = || Malformed::new("must be an address such as https://help.example.com");
        let raw = raw.trim().trim_end_matches('/');
        let rest = raw.strip_prefix("https://").or_else(|| raw.strip_prefix("http://")).ok_or_else(refused)?;
        let host = rest.split('/').next().unwrap_or_default();
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/[]%".contains(c);
        if raw.len() > 200 || host.is_empty() || host.starts_with(':') || !rest.chars().all(plain) {
            return Err(refused());
        }
        Ok(Self(raw.to_owned()))
    }

    /// The address of one of the installation's pages; `path` begins with a slash.
    pub fn page(&self, path: &str) -> Result<Link, Malformed> {
        Link::parse(&format!("{self}{path}"))
    }
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
        for good in ["http://127.0.0.1:8080", "http://[::1]:8080", "https://example.com/casebridge"] {
            assert_eq!(PublicUrl::parse(good).unwrap().to_string(), good);
        }
    }

    #[test]
    fn what_is_no_address_for_pages_is_refused() {
        let long = format!("https://{}", "x".repeat(200));
        for bad in [
            "",
            "help.example.com",
            "ftp://help.example.com",
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
