//! The address of an endpoint.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Serialize};

use crate::Malformed;

/// Characters of an address, at most (our own choice).
const MOST: usize = 1000;

/// An address that events can be pushed to, such as `https://desk.example.com/casebridge?tenant=7`.
///
/// Whether plain `http`, and this host, may be reached is for [`Reach`](super::Reach) to say. What stands behind the host may be a
/// secret of the receiver's: it is never logged.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EndpointUrl {
    text: String,
    /// From where to where in the text the host stands.
    host: (usize, usize),
}

/// Who is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Host<'a> {
    /// By a name, in small letters.
    Name(&'a str),
    /// By an address.
    V4(Ipv4Addr),
    /// By an address.
    V6(Ipv6Addr),
}

impl EndpointUrl {
    /// Accepts `https` and `http`, a name or an address with or without a port, a path and a query; no login and no fragment. At most
    /// 1000 visible ASCII characters. An IPv4 address has to be written as four decimal numbers: the other ways (`127.1`,
    /// `0x7f000001`, `0177.0.0.1`), which some clients understand and some don't, are refused.
    pub fn parse(raw: &str) -> Result<Self, Malformed> {
        let raw = raw.trim();
        if raw.len() > MOST {
            return Err(Malformed::new(format!("must have at most {MOST} characters")));
        }
        let is_plain = |byte: u8| byte.is_ascii_graphic() && !br#""<>\^`{|}"#.contains(&byte);
        if !raw.bytes().all(is_plain) {
            return Err(Malformed::new("must be written in visible ASCII: a name in its xn-- form, the rest with %"));
        }
        let (scheme, rest) = raw.split_once("://").ok_or_else(not_an_address)?;
        let scheme = scheme.to_ascii_lowercase();
        if !matches!(scheme.as_str(), "https" | "http") {
            return Err(not_an_address());
        }
        if rest.contains('#') {
            return Err(Malformed::new("must not have a fragment (what follows #)"));
        }
        let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        if authority.contains('@') {
            return Err(Malformed::new("must not carry a user or a password"));
        }
        let (host, port) = split_port(authority)?;
        let host = host.to_ascii_lowercase();
        host_of(&host)?;
        let from = scheme.len() + "://".len();
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        Ok(Self { host: (from, from + host.len()), text: format!("{scheme}://{host}{port}{path}") })
    }

    /// The address as it is called.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether nobody on the way can read what is sent.
    pub fn is_https(&self) -> bool {
        self.text.starts_with("https:")
    }

    /// Who is called.
    pub fn host(&self) -> Host<'_> {
        let host = self.host_as_written();
        host_of(host).unwrap_or(Host::Name(host))
    }

    /// Scheme and host, with the port where one is given: what may be logged.
    pub fn origin(&self) -> &str {
        let behind = self.host.1;
        let end = self.text[behind..].find('/').map_or(self.text.len(), |slash| behind + slash);
        &self.text[..end]
    }

    fn host_as_written(&self) -> &str {
        &self.text[self.host.0..self.host.1]
    }
}

fn not_an_address() -> Malformed {
    Malformed::new("must be an address such as https://desk.example.com/events")
}

fn split_port(authority: &str) -> Result<(&str, Option<u16>), Malformed> {
    let behind_host = authority.find(']').map_or(0, |end| end + 1);
    let Some(colon) = authority[behind_host..].find(':') else { return Ok((authority, None)) };
    let (host, port) = authority.split_at(behind_host + colon);
    let port = &port[1..];
    let is_number = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    let port = port.parse().ok().filter(|port| is_number && *port > 0);
    port.map(|port| (host, Some(port))).ok_or_else(|| Malformed::new("must have a port from 1 to 65535, or none"))
}

fn host_of(host: &str) -> Result<Host<'_>, Malformed> {
    if let Some(address) = host.strip_prefix('[') {
        let address = address.strip_suffix(']').and_then(|address| address.parse().ok());
        return address.map(Host::V6).ok_or_else(|| Malformed::new("must have an IPv6 address such as [2001:db8::1]"));
    }
    let last = host.rsplit('.').next().unwrap_or_default();
    let is_numeric = !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit());
    if is_numeric || last.starts_with("0x") {
        let address = host.parse().ok();
        return address.map(Host::V4).ok_or_else(|| Malformed::new("must have an IPv4 address such as 192.0.2.1"));
    }
    let is_label = |label: &str| {
        let is_bounded = (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-');
        is_bounded && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    if host.len() <= 253 && host.split('.').all(is_label) {
        return Ok(Host::Name(host));
    }
    Err(Malformed::new("must have a host such as desk.example.com"))
}

impl fmt::Display for EndpointUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for EndpointUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EndpointUrl({}/…)", self.origin())
    }
}

impl TryFrom<String> for EndpointUrl {
    type Error = Malformed;
    fn try_from(raw: String) -> Result<Self, Malformed> {
        Self::parse(&raw)
    }
}

impl From<EndpointUrl> for String {
    fn from(url: EndpointUrl) -> Self {
        url.text
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn url(raw: &str) -> EndpointUrl {
        EndpointUrl::parse(raw).unwrap()
    }

    #[test]
    fn scheme_and_host_are_in_small_letters_and_the_rest_is_as_written() {
        for (raw, text) in [
            (" https://desk.example.com/In?A=b%20c ", "https://desk.example.com/In?A=b%20c"),
            ("HTTPS://Desk.Example.COM:8443", "https://desk.example.com:8443/"),
            ("https://desk.example.com?tenant=7", "https://desk.example.com/?tenant=7"),
            ("http://192.0.2.1:80/x", "http://192.0.2.1:80/x"),
            ("https://[2001:DB8::1]:443/x", "https://[2001:db8::1]:443/x"),
            ("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/"),
        ] {
            assert_eq!(url(raw).as_str(), text);
        }
    }

    #[test]
    fn the_host_is_a_name_or_an_address() {
        assert_eq!(url("https://Desk.example.com:1/").host(), Host::Name("desk.example.com"));
        assert_eq!(url("https://10.0.0.1/").host(), Host::V4(Ipv4Addr::new(10, 0, 0, 1)));
        assert_eq!(url("https://[::1]:8443/").host(), Host::V6(Ipv6Addr::LOCALHOST));
    }

    #[test]
    fn an_address_that_clients_read_in_different_ways_is_refused() {
        for host in [
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "127.1",
            "127.0.1",
            "0177.0.0.1",
            "127.0.0.01",
            "127.0.0.0x1",
            "127.0.0.256",
            "1.2.3.4.5",
            "127.0.0.1.",
            "desk.example.123",
            "[fe80::1%25eth0]",
            "[127.0.0.1]",
            "[::1",
            "::1",
            "1%2e1.1.1",
        ] {
            assert!(EndpointUrl::parse(&format!("https://{host}/")).is_err(), "{host}");
        }
    }

    #[test]
    fn what_is_no_address_to_push_to_is_refused() {
        let long = format!("https://desk.example.com/{}", "x".repeat(MOST));
        for bad in [
            "",
            "desk.example.com",
            "ftp://desk.example.com/",
            "https:desk.example.com",
            "https://",
            "https:///x",
            "https://:443/",
            "https://desk.example.com:/",
            "https://desk.example.com:0/",
            "https://desk.example.com:+1/",
            "https://desk.example.com:65536/",
            "https://me@desk.example.com/",
            "https://me:pw@desk.example.com/",
            "https://desk.example.com/#x",
            "https://desk.example.com\\@evil.example/",
            "https://desk .example.com/",
            "https://desk.example.com/\r\nx: y",
            "https://bücher.example/",
            "https://desk..example.com/",
            "https://-desk.example.com/",
            "https://desk.example.com/a b",
            &long,
        ] {
            assert!(EndpointUrl::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_may_be_logged_has_neither_path_nor_query() {
        let secretive = url("https://desk.example.com:8443/hooks/3f9a?token=abc");
        assert_eq!(secretive.origin(), "https://desk.example.com:8443");
        assert_eq!(format!("{secretive:?}"), "EndpointUrl(https://desk.example.com:8443/…)");
    }

    proptest! {
        #[test]
        fn what_was_accepted_is_accepted_again_and_means_the_same(
            raw in "https?://[a-z0-9.:\\[\\]x_-]{1,20}(/[!-~]{0,10})?(\\?[!-~]{0,10})?"
        ) {
            if let Ok(url) = EndpointUrl::parse(&raw) {
                prop_assert_eq!(&EndpointUrl::parse(url.as_str()).unwrap(), &url);
            }
        }
    }
}
