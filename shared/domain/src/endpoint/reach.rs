//! Which addresses are called.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{EndpointUrl, Host, Network};

/// Which addresses are called: those of the public internet by `https`, and what an operator allows besides.
///
/// Without this an endpoint could be pointed at what only the installation's own network reaches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    plain_http: bool,
    networks: Vec<Network>,
}

/// Why an address is not called.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAllowed {
    /// It is plain `http`.
    #[error("must begin with https://")]
    PlainHttp,
    /// It isn't an address of the public internet. Which one it is, is not said: that would tell about the network.
    #[error("must lead to an address of the public internet")]
    Address,
}

/// Never called, whatever an operator allows: this or no machine in particular, many at once, and what can't be an address of one.
const NOBODY: [Network; 4] = [
    Network::v4([0, 0, 0, 0], 8),
    Network::v4([224, 0, 0, 0], 3), // Multicast, reserved, and broadcast.
    Network::v6([0xff00, 0, 0], 8),
    Network::v6([0x100, 0, 0], 64), // Discarded.
];

/// Where clouds tell a machine about itself, and often its credentials. Called only if an operator allows that single address.
const METADATA: [IpAddr; 7] = [
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)), // AWS, Azure, Google, Oracle, `OpenStack`.
    IpAddr::V4(Ipv4Addr::new(169, 254, 170, 2)),   // AWS, of containers.
    IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16)),   // Azure's host.
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)), // Alibaba.
    IpAddr::V4(Ipv4Addr::new(192, 0, 0, 192)),     // Oracle, older.
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)), // AWS.
    IpAddr::V6(Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254)), // Google.
];

/// IPv4 that isn't the public internet (IANA's registry of special-purpose addresses, RFC 6890).
const SPECIAL: [Network; 12] = [
    Network::v4([10, 0, 0, 0], 8),
    Network::v4([100, 64, 0, 0], 10), // Shared with a provider's customers (CGNAT).
    Network::v4([127, 0, 0, 0], 8),
    Network::v4([169, 254, 0, 0], 16),
    Network::v4([172, 16, 0, 0], 12),
    Network::v4([192, 0, 0, 0], 24),
    Network::v4([192, 0, 2, 0], 24),
    Network::v4([192, 88, 99, 0], 24), // Relays of 6to4.
    Network::v4([192, 168, 0, 0], 16),
    Network::v4([198, 18, 0, 0], 15), // Benchmarking.
    Network::v4([198, 51, 100, 0], 24),
    Network::v4([203, 0, 113, 0], 24),
];

/// The part of IPv6 that is given out to be reached by all (RFC 4291). Outside lie loopback, unspecified, IPv4-mapped and
/// -compatible, NAT64, unique-local, link-local, site-local and multicast addresses.
const UNICAST: Network = Network::v6([0x2000, 0, 0], 3);

/// What within it isn't the public internet.
const SPECIAL_UNICAST: [Network; 4] = [
    Network::v6([0x2001, 0, 0], 23),     // The protocols' own: Teredo, benchmarking, ORCHID.
    Network::v6([0x2001, 0xdb8, 0], 32), // Documentation.
    Network::v6([0x3fff, 0, 0], 20),     // Documentation.
    Network::v6([0x2002, 0, 0], 16),     // 6to4.
];

impl Reach {
    /// As [`Reach::default`], plain `http` allowed or not, and these networks besides the public internet.
    pub const fn new(plain_http: bool, networks: Vec<Network>) -> Self {
        Self { plain_http, networks }
    }

    /// Whether the URL may be called, as far as it can be told without asking where a name leads.
    pub fn check(&self, url: &EndpointUrl) -> Result<(), NotAllowed> {
        if !url.is_https() && !self.plain_http {
            return Err(NotAllowed::PlainHttp);
        }
        match url.host() {
            Host::V4(address) => self.check_address(address.into()),
            Host::V6(address) => self.check_address(address.into()),
            Host::Name(_) => Ok(()),
        }
    }

    /// Whether the address may be called.
    pub fn check_address(&self, address: IpAddr) -> Result<(), NotAllowed> {
        if self.allows(address) { Ok(()) } else { Err(NotAllowed::Address) }
    }

    fn allows(&self, address: IpAddr) -> bool {
        if within(&NOBODY, address) {
            return false;
        }
        let mut naming = self.networks.iter().filter(|network| network.contains(address));
        if METADATA.contains(&address) {
            naming.any(Network::is_single)
        } else {
            is_public(address) || naming.next().is_some()
        }
    }
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(_) => !within(&SPECIAL, address),
        IpAddr::V6(_) => UNICAST.contains(address) && !within(&SPECIAL_UNICAST, address),
    }
}

fn within(networks: &[Network], address: IpAddr) -> bool {
    networks.iter().any(|network| network.contains(address))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What is not the public internet, as IANA's registries write it, with what each is for.
    const REFUSED: &[(&str, &str)] = &[
        ("0.0.0.0/8", "this network, unspecified"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared, CGNAT"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "protocol assignments"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "6to4 relays"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved, broadcast"),
        ("::/96", "unspecified, loopback, IPv4-compatible"),
        ("::ffff:0:0/96", "IPv4-mapped"),
        ("::ffff:0:0:0/96", "IPv4-translated"),
        ("64:ff9b::/96", "NAT64"),
        ("64:ff9b:1::/48", "NAT64, local use"),
        ("100::/64", "discard"),
        ("2001::/32", "Teredo"),
        ("2001:2::/48", "benchmarking"),
        ("2001:10::/28", "ORCHID"),
        ("2001:20::/28", "ORCHIDv2"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("3fff::/20", "documentation"),
        ("5f00::/16", "segment routing"),
        ("fc00::/7", "unique-local"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    ];

    fn network(raw: &str) -> Network {
        Network::parse(raw).unwrap()
    }

    fn address(raw: &str) -> IpAddr {
        raw.parse().unwrap()
    }

    fn public() -> Reach {
        Reach::default()
    }

    /// An address of the network, by the bits that it leaves free.
    fn one_of(raw: &str, free: u128) -> IpAddr {
        let (first, prefix) = raw.split_once('/').unwrap();
        let prefix: u32 = prefix.parse().unwrap();
        match address(first) {
            IpAddr::V4(first) => {
                let [.., a, b, c, d] = free.to_be_bytes();
                let free = u32::from_be_bytes([a, b, c, d]).checked_shr(prefix).unwrap_or(0);
                Ipv4Addr::from_bits(first.to_bits() | free).into()
            }
            IpAddr::V6(first) => Ipv6Addr::from_bits(first.to_bits() | free.checked_shr(prefix).unwrap_or(0)).into(),
        }
    }

    proptest! {
        #[test]
        fn no_address_of_a_special_network_is_called(free: u128) {
            for (raw, what) in REFUSED {
                let address = one_of(raw, free);
                prop_assert!(network(raw).contains(address));
                prop_assert_eq!(public().check_address(address), Err(NotAllowed::Address), "{} ({})", address, what);
            }
        }

        #[test]
        fn what_the_standard_library_calls_special_is_not_called(bits: u32) {
            let address = Ipv4Addr::from_bits(bits);
            let is_special = address.is_private() || address.is_loopback() || address.is_link_local()
                || address.is_multicast() || address.is_broadcast() || address.is_documentation() || address.is_unspecified();
            prop_assert!(!is_special || public().check_address(address.into()).is_err());
        }

        #[test]
        fn every_other_address_is_called(bits: u32, unicast: u128) {
            let v4 = IpAddr::V4(Ipv4Addr::from_bits(bits));
            let v6 = one_of("2000::/3", unicast);
            for address in [v4, v6] {
                let is_special = REFUSED.iter().any(|(raw, _)| network(raw).contains(address))
                    || METADATA.contains(&address) || network("2001::/23").contains(address);
                prop_assert_eq!(public().check_address(address).is_err(), is_special, "{}", address);
            }
        }

        #[test]
        fn an_ipv4_address_inside_an_ipv6_one_is_not_called(bits: u32) {
            let inner = Ipv4Addr::from_bits(bits);
            let [a, b, c, d] = bits.to_be_bytes();
            let [a, b] = [u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])];
            for outer in [
                inner.to_ipv6_mapped(),
                inner.to_ipv6_compatible(),
                Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, a, b),
                Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, a, b),
                Ipv6Addr::new(0x2002, a, b, 0, 0, 0, 0, 1),
                Ipv6Addr::new(0x2001, 0, a, b, 0, 0, !a, !b),
            ] {
                prop_assert!(public().check_address(outer.into()).is_err(), "{}", outer);
            }
        }
    }

    #[test]
    fn neighbours_of_special_networks_are_called() {
        for raw in [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2000::",
            "2001:200::",
            "2001:db7::",
            "2001:db9::",
            "2003::",
            "2606:4700::1111",
            "3ffe::",
        ] {
            assert_eq!(public().check_address(address(raw)), Ok(()), "{raw}");
        }
    }

    #[test]
    fn an_operators_networks_are_called_too_and_nothing_else() {
        let reach = Reach::new(false, vec![network("10.20.0.0/16"), network("fd12::/16")]);
        for good in ["10.20.0.1", "fd12::1", "1.1.1.1"] {
            assert_eq!(reach.check_address(address(good)), Ok(()), "{good}");
        }
        for bad in ["10.21.0.1", "fd13::1", "127.0.0.1", "::ffff:10.20.0.1", "64:ff9b::10.20.0.1"] {
            assert!(reach.check_address(address(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_can_be_no_machine_is_not_called_whatever_is_allowed() {
        let reach = Reach::new(true, vec![network("0.0.0.0/0"), network("::/0")]);
        for bad in ["0.0.0.0", "0.1.2.3", "224.0.0.1", "240.0.0.1", "255.255.255.255", "ff02::1", "100::1"] {
            assert!(reach.check_address(address(bad)).is_err(), "{bad}");
        }
        assert_eq!(reach.check_address(address("127.0.0.1")), Ok(()));
    }

    #[test]
    fn clouds_metadata_is_called_only_where_that_very_address_is_allowed() {
        let all = Reach::new(true, vec![network("0.0.0.0/0"), network("::/0"), network("169.254.169.254/31")]);
        for metadata in METADATA {
            assert!(public().check_address(metadata).is_err(), "{metadata}");
            assert!(all.check_address(metadata).is_err(), "{metadata}");
            let named = Reach::new(false, vec![network(&metadata.to_string())]);
            assert_eq!(named.check_address(metadata), Ok(()), "{metadata}");
        }
    }

    #[test]
    fn a_url_is_judged_by_scheme_and_by_an_address_in_it() {
        let check = |reach: &Reach, raw: &str| reach.check(&EndpointUrl::parse(raw).unwrap());
        assert_eq!(check(&public(), "https://desk.example.com/"), Ok(()));
        assert_eq!(check(&public(), "https://1.1.1.1/"), Ok(()));
        assert_eq!(check(&public(), "http://desk.example.com/"), Err(NotAllowed::PlainHttp));
        for bad in
            ["https://127.0.0.1/", "https://[::1]/", "https://[::ffff:169.254.169.254]/", "https://10.0.0.1:8443/x"]
        {
            assert_eq!(check(&public(), bad), Err(NotAllowed::Address), "{bad}");
        }
        let local = Reach::new(true, vec![network("127.0.0.1")]);
        assert_eq!(check(&local, "http://127.0.0.1:8080/"), Ok(()));
        assert_eq!(check(&local, "http://127.0.0.2/"), Err(NotAllowed::Address));
    }
}
