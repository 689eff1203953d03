//! The address of a client: determined once, at the edge, in the form in which addresses are compared.

use std::fmt;
use std::future::{Ready, ready};
use std::net::{IpAddr, Ipv4Addr};

use actix_web::dev::Payload;
use actix_web::http::header::HeaderMap;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use crate::config::ProxyHeader;
use crate::http::forwarded;
use crate::problem::Problem;

/// The address of a client. An IPv4-mapped IPv6 address (`::ffff:203.0.113.7`) is that IPv4 address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClientAddress(IpAddr);

impl ClientAddress {
    pub fn new(address: IpAddr) -> Self {
        Self(address.to_canonical())
    }

    /// The address behind a request, as the edge has determined it.
    pub fn of(req: &HttpRequest) -> Self {
        req.extensions().get::<Self>().copied().unwrap_or_else(|| Self::of_peer(req))
    }

    /// The peer of the connection; a client that has already left has none.
    fn of_peer(req: &HttpRequest) -> Self {
        Self::new(req.peer_addr().map_or(Ipv4Addr::UNSPECIFIED.into(), |it| it.ip()))
    }

    /// What limits count as one client: an IPv4 address, or the /64 of an IPv6 one, all of
    /// which one person controls.
    pub fn counted(self) -> IpAddr {
        self.within(32, 64).network()
    }

    /// The network in which somebody with a changing address is recognised: a /24, or the /56 of a household.
    pub fn network(self) -> IpNet {
        self.within(24, 56)
    }

    fn within(self, v4_bits: u8, v6_bits: u8) -> IpNet {
        match self.0 {
            IpAddr::V4(it) => Ipv4Net::new_assert(it, v4_bits).trunc().into(),
            IpAddr::V6(it) => Ipv6Net::new_assert(it, v6_bits).trunc().into(),
        }
    }
}

impl fmt::Display for ClientAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromRequest for ClientAddress {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(req)))
    }
}

/// The proxies in front of the service, and how they name the client.
#[derive(Debug)]
pub struct Proxies {
    pub trusted: Vec<IpNet>,
    pub header: ProxyHeader,
}

impl Proxies {
    /// The client behind a request: its peer, unless that is a trusted proxy.
    pub fn client(&self, req: &HttpRequest) -> ClientAddress {
        self.behind(ClientAddress::of_peer(req), req.headers())
    }

    /// Each proxy appends its own peer. So, from the right, the first address that is not a trusted proxy is
    /// the client. An unreadable entry makes everything before it unreliable.
    fn behind(&self, peer: ClientAddress, headers: &HeaderMap) -> ClientAddress {
        let forwarded_for = forwarded::addresses(headers, self.header);
        let mut client = peer;
        for forwarded_for in forwarded_for.into_iter().rev() {
            if !self.trust(client) {
                break;
            }
            let Some(address) = forwarded_for else { break };
            client = ClientAddress::new(address);
        }
        client
    }

    fn trust(&self, address: ClientAddress) -> bool {
        self.trusted.iter().any(|it| it.contains(&address.0))
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};
    use proptest::prelude::*;

    use super::*;

    const OURS: &[&str] = &["127.0.0.1/32", "198.51.100.0/24", "2001:db8:ffff::/48"];

    fn client(peer: &str, lines: &[&str]) -> String {
        found(ProxyHeader::XForwardedFor, "x-forwarded-for", peer, lines)
    }

    fn found(header: ProxyHeader, name: &'static str, peer: &str, lines: &[&str]) -> String {
        let trusted = OURS.iter().map(|it| it.parse().expect("a network")).collect();
        let mut headers = HeaderMap::new();
        for line in lines {
            let line = HeaderValue::from_str(line).expect("a header");
            headers.append(HeaderName::from_static(name), line);
        }
        let peer = ClientAddress::new(peer.parse().expect("an address"));
        Proxies { trusted, header }.behind(peer, &headers).to_string()
    }

    /// RS03: whoever is not a trusted proxy is the client, whatever it forwards.
    #[test]
    fn sec_rs03_the_header_of_an_untrusted_client_is_ignored() {
        assert_eq!(client("203.0.113.9", &["192.0.2.1"]), "203.0.113.9");
        assert_eq!(client("127.0.0.1", &[]), "127.0.0.1");
    }

    /// RS03: behind proxies the first address from the right that is not a proxy is the client.
    #[test]
    fn sec_rs03_the_first_from_the_right_that_is_no_proxy_is_the_client() {
        for lines in [
            &["203.0.113.7"][..],
            &["192.0.2.1, 203.0.113.7"],
            &["192.0.2.1, 203.0.113.7, 198.51.100.2"],
            &["192.0.2.1", "203.0.113.7"],
            &["203.0.113.7", "198.51.100.2"],
            &["192.0.2.1, 203.0.113.7", "198.51.100.2,", " ,2001:db8:ffff::1"],
            &["203.0.113.7:4711", "[2001:db8:ffff::1]:4711"],
            &["::ffff:203.0.113.7", "::ffff:198.51.100.2"],
            &["unknown, 203.0.113.7"],
        ] {
            assert_eq!(client("127.0.0.1", lines), "203.0.113.7", "{lines:?}");
            assert_eq!(client("::ffff:127.0.0.1", lines), "203.0.113.7", "{lines:?}");
        }
        let inside = client("127.0.0.1", &["198.51.100.3", "198.51.100.2"]);
        assert_eq!(inside, "198.51.100.3", "a client within the trusted network");
    }

    /// RS03: what cannot be read ends the search: the proxy that wrote it is the client.
    #[test]
    fn sec_rs03_an_entry_that_cannot_be_read_ends_the_search() {
        for unreadable in [
            "unknown",
            "_hidden",
            "x",
            "1.2.3",
            "01.2.3.4",
            "1.2.3.4:99999",
            "1.2.3.4:",
            "[::1",
            "::1]",
            "[1.2.3.4]",
            "fe80::1%eth0",
            "1.2.3.4 5.6.7.8",
        ] {
            let line = format!("203.0.113.7, {unreadable}");
            assert_eq!(client("127.0.0.1", &[&line]), "127.0.0.1", "{unreadable}");
            let line = format!("203.0.113.7, {unreadable}, 198.51.100.2");
            assert_eq!(client("127.0.0.1", &[&line]), "198.51.100.2", "{unreadable}");
        }
    }

    /// RS03: RFC 7239, with its quotes, names and hidden nodes.
    #[test]
    fn sec_rs03_the_standard_header_is_read() {
        let client =
            |lines: &[&str]| found(ProxyHeader::Forwarded, "forwarded", "127.0.0.1", lines);

        for lines in [
            &["for=203.0.113.7"][..],
            &["For=\"203.0.113.7:4711\";proto=https;by=198.51.100.2"],
            &["proto=http; FOR = 203.0.113.7"],
            &["for=192.0.2.1, for=203.0.113.7;by=_gate", "for=198.51.100.2"],
            &["for=203.0.113.7", "for=\"[2001:db8:ffff::1]:_port\""],
            &["for=\"_x,y;z\\\"\", for=\"203.0.113.\\7\""],
            &["for=\"", "for=203.0.113.7"],
        ] {
            assert_eq!(client(lines), "203.0.113.7", "{lines:?}");
        }
        for hidden in [
            "for=unknown",
            "for=_SEVKISEK",
            "proto=https",
            "for",
            "for=1.2.3.4;for=1.2.3.4",
            "for=\"1.2.3.4",
            "for=\"1.2.3.4\"5",
            "203.0.113.7",
        ] {
            assert_eq!(client(&["for=203.0.113.7", hidden]), "127.0.0.1", "{hidden}");
        }
        let forged = found(ProxyHeader::Forwarded, "x-forwarded-for", "127.0.0.1", &["192.0.2.1"]);
        assert_eq!(forged, "127.0.0.1", "one header only");
    }

    /// RS03: IPv6 is counted by its /64 and recognised by its /56; IPv4 by the address and its /24.
    #[test]
    fn sec_rs03_ipv6_is_counted_by_its_network() {
        let address = |it: &str| ClientAddress::new(it.parse().expect("an address"));

        let (one, other) = (address("2001:db8:1:2::1"), address("2001:db8:1:2:ffff::9"));
        assert_eq!(one.counted(), other.counted());
        assert_ne!(one.counted(), address("2001:db8:1:3::1").counted());
        assert_eq!(one.network(), address("2001:db8:1:3::1").network());
        assert_eq!(one.network().to_string(), "2001:db8:1::/56");
        let v4 = address("::ffff:203.0.113.7");
        assert_eq!(v4.counted().to_string(), "203.0.113.7");
        assert_eq!(v4.network().to_string(), "203.0.113.0/24");
    }

    proptest! {
        /// RS03: whatever a client puts into the header, of either kind and in any number of
        /// lines, what the trusted proxy adds in a line of its own is believed.
        #[test]
        fn sec_rs03_nothing_that_a_client_writes_hides_it(
            forged in proptest::collection::vec("[ -~]{0,40}", 0..4),
        ) {
            let mut lines: Vec<&str> = forged.iter().map(String::as_str).collect();
            lines.push("203.0.113.7");
            prop_assert_eq!(client("127.0.0.1", &lines), "203.0.113.7");
            *lines.last_mut().expect("a line") = "for=203.0.113.7";
            let standard = found(ProxyHeader::Forwarded, "forwarded", "127.0.0.1", &lines);
            prop_assert_eq!(standard, "203.0.113.7");
        }

        /// RS03: what the trusted proxy adds to the client's own line is believed, or nothing is.
        #[test]
        fn sec_rs03_nothing_that_a_client_begins_forges_an_address(
            forged in "(for=)?[ -~]{0,20}\"?[ -~]{0,20}",
        ) {
            let line = format!("{forged}, for=\"203.0.113.7:80\";by=\"198.51.100.2\"");
            let standard = found(ProxyHeader::Forwarded, "forwarded", "127.0.0.1", &[&line]);
            prop_assert!(["203.0.113.7", "127.0.0.1"].contains(&standard.as_str()), "{}", standard);
            let line = format!("{forged}, 203.0.113.7");
            prop_assert_eq!(client("127.0.0.1", &[&line]), "203.0.113.7");
        }
    }
}
