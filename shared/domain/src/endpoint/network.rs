//! A stretch of addresses.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Serialize};

use crate::Malformed;

/// Addresses that begin alike, such as `10.20.0.0/16`, `2001:db8::/32`, or a single one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Network {
    first: IpAddr,
    /// Bits that its addresses have in common.
    prefix: u8,
}

impl Network {
    pub(super) const fn v4(address: [u8; 4], prefix: u8) -> Self {
        let [a, b, c, d] = address;
        Self { first: IpAddr::V4(Ipv4Addr::new(a, b, c, d)), prefix }
    }

    /// From its first three groups: no block that is looked at needs more.
    pub(super) const fn v6(groups: [u16; 3], prefix: u8) -> Self {
        let [a, b, c] = groups;
        Self { first: IpAddr::V6(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0)), prefix }
    }

    /// Accepts an address, alone or with the number of bits that count; those behind have to be zero.
    pub fn parse(raw: &str) -> Result<Self, Malformed> {
        let malformed = || Malformed::new("must be a network such as 10.20.0.0/16 or fd12:3456::/32");
        let raw = raw.trim();
        let (address, prefix) = raw.split_once('/').map_or((raw, None), |(address, prefix)| (address, Some(prefix)));
        let first: IpAddr = address.parse().map_err(|_| malformed())?;
        let prefix = match prefix {
            None => bits(first),
            Some(prefix) if prefix.len() <= 3 && prefix.bytes().all(|byte| byte.is_ascii_digit()) => {
                prefix.parse().map_err(|_| malformed())?
            }
            Some(_) => return Err(malformed()),
        };
        let network = Self { first, prefix };
        if prefix > bits(first) || leading(first, prefix) != leading(first, bits(first)) {
            return Err(malformed());
        }
        Ok(network)
    }

    /// Whether the address is one of them. An IPv4 address written as an IPv6 one is not.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.first.is_ipv4() == address.is_ipv4() && leading(address, self.prefix) == leading(self.first, self.prefix)
    }

    /// Whether it is one address.
    pub fn is_single(&self) -> bool {
        self.prefix == bits(self.first)
    }
}

const fn bits(address: IpAddr) -> u8 {
    match address {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}

/// The address with everything behind the first `prefix` bits cleared, in the upper bits of the number.
fn leading(address: IpAddr, prefix: u8) -> u128 {
    let number = match address {
        IpAddr::V4(address) => u128::from(address.to_bits()) << 96,
        IpAddr::V6(address) => address.to_bits(),
    };
    let behind = 128 - u32::from(prefix);
    number.checked_shr(behind).and_then(|kept| kept.checked_shl(behind)).unwrap_or(0)
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.first, self.prefix)
    }
}

impl TryFrom<String> for Network {
    type Error = Malformed;
    fn try_from(raw: String) -> Result<Self, Malformed> {
        Self::parse(&raw)
    }
}

impl From<Network> for String {
    fn from(network: Network) -> Self {
        network.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(raw: &str) -> Network {
        Network::parse(raw).unwrap()
    }

    #[test]
    fn a_network_is_written_as_it_is_read() {
        for (raw, text) in [
            ("10.20.0.0/16", "10.20.0.0/16"),
            (" 10.0.0.1 ", "10.0.0.1/32"),
            ("0.0.0.0/0", "0.0.0.0/0"),
            ("FD12:3456::/32", "fd12:3456::/32"),
            ("::1", "::1/128"),
        ] {
            assert_eq!(network(raw).to_string(), text);
        }
    }

    #[test]
    fn its_first_and_last_address_are_in_it_and_their_neighbours_are_not() {
        for (raw, inside, outside) in [
            ("10.20.0.0/16", ["10.20.0.0", "10.20.255.255"], ["10.19.255.255", "10.21.0.0"]),
            ("10.0.0.1", ["10.0.0.1", "10.0.0.1"], ["10.0.0.0", "10.0.0.2"]),
            ("fd12:3456::/32", ["fd12:3456::", "fd12:3456:ffff::ffff"], ["fd12:3455:ffff::", "fd12:3457::"]),
            ("10.0.0.0/8", ["10.0.0.0", "10.255.255.255"], ["::ffff:10.0.0.1", "a00::"]),
        ] {
            let is_in = |address: &str| network(raw).contains(address.parse().unwrap());
            assert!(inside.iter().all(|address| is_in(address)), "{raw}");
            assert!(!outside.iter().any(|address| is_in(address)), "{raw}");
        }
        assert!(network("0.0.0.0/0").contains("255.255.255.255".parse().unwrap()));
        assert!(network("::/0").contains("ffff::".parse().unwrap()));
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for bad in ["", "10.0.0.1/8", "10.0.0.0/33", "::1/64", "::/129", "10.0.0.0/", "10.0.0.0/+8", "10/8", "desk"] {
            assert!(Network::parse(bad).is_err(), "{bad}");
        }
    }
}
