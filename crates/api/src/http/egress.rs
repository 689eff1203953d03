//! Which addresses may be called from here: a URL given by a user must not reach what only this machine and its
//! network can reach (OU01-OU04). Pure: names are resolved elsewhere.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use actix_web::http::Uri;
use domain::{FieldCode, Format};

/// How far webhooks may reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Public addresses, by https, on the usual ports.
    Public,
    /// Any address, also by http: for development.
    Anywhere,
}

/// The usual https ports.
const PORTS: &[u16] = &[443, 8443];

/// The longest URL, bytes.
pub const MAX_URL: usize = 2048;

impl Reach {
    /// Whether an address may be connected to.
    pub fn permits(self, address: IpAddr) -> bool {
        self == Self::Anywhere || is_public(address)
    }

    /// Checks whether a URL may be called, as far as that can be decided without resolving names.
    /// Errors: what is wrong with it.
    pub fn check(self, url: &str) -> Result<(), FieldCode> {
        let wrong = || FieldCode::WrongFormat(Format::HttpsAddress);
        if url.len() > MAX_URL {
            return Err(FieldCode::TooLong(MAX_URL as u64));
        }
        let is_plain = url.bytes().all(|it| it.is_ascii_graphic()) && !url.contains(['\\', '#']);
        let uri: Uri = url.parse().map_err(|_| wrong())?;
        let (scheme, host) = (uri.scheme_str(), uri.host().filter(|it| !it.is_empty()));
        let Some(host) = host.filter(|_| is_plain) else { return Err(wrong()) };
        match (scheme, self) {
            (Some("https"), _) | (Some("http"), Self::Anywhere) => {}
            _ => return Err(wrong()),
        }
        let has_user = uri.authority().is_some_and(|it| it.as_str().contains('@'));
        // The parser ignores an invalid port; here it is an error.
        let has_port = uri.authority().is_some_and(|it| it.as_str() != host);
        let has_wrong_port = has_port && uri.port_u16().is_none_or(|it| it == 0);
        if has_user || has_wrong_port {
            return Err(wrong());
        }
        let is_usual = self == Self::Anywhere || PORTS.contains(&uri.port_u16().unwrap_or(443));
        let is_reachable = literal(host).map_or_else(|| !is_local(host), |it| self.permits(it));
        if is_usual && (is_reachable || self == Self::Anywhere) {
            Ok(())
        } else {
            Err(FieldCode::Unsuitable)
        }
    }
}

/// Whether a name stands for this machine or its network, whatever it resolves to.
fn is_local(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let last = host.rsplit('.').next().unwrap_or_default();
    matches!(last, "localhost" | "local" | "internal" | "localdomain") || !host.contains('.')
}

/// The address that a host spells, in any notation; none for a name.
///
/// Resolvers accept far more than four decimal numbers: hexadecimal, octal, fewer parts.
pub fn literal(host: &str) -> Option<IpAddr> {
    if let Some(inner) = host.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
        let address = inner.split('%').next().unwrap_or_default();
        return address.parse().ok().map(IpAddr::V6);
    }
    let host = host.strip_suffix('.').unwrap_or(host);
    let parts: Option<Vec<u64>> = host.split('.').map(number).collect();
    let parts = parts.filter(|it| it.len() <= 4)?;
    let (last, first) = parts.split_last()?;
    let room = 32 - 8 * first.len() as u32;
    if first.iter().any(|it| *it > 255) || *last >= 1 << room {
        return None;
    }
    let high = first.iter().fold(0, |sum, it| (sum << 8) | it);
    let bits = (high << room) | last;
    u32::try_from(bits).ok().map(|it| IpAddr::V4(Ipv4Addr::from(it)))
}

/// A part of an address as C reads it: `0x` before hexadecimal, `0` before octal digits.
fn number(text: &str) -> Option<u64> {
    let lower = text.to_ascii_lowercase();
    match (lower.strip_prefix("0x"), lower.strip_prefix('0')) {
        (Some(""), _) | (None, Some("")) => Some(0),
        (Some(digits), _) => u64::from_str_radix(digits, 16).ok(),
        (None, Some(digits)) => u64::from_str_radix(digits, 8).ok(),
        (None, None) => lower.bytes().all(|it| it.is_ascii_digit()).then(|| lower.parse().ok())?,
    }
}

/// Whether an address belongs to the public internet.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(it) => is_public_v4(it),
        IpAddr::V6(it) => is_public_v6(it),
    }
}

/// The special-purpose networks of IPv4 (IANA's registry): base and length of the prefix.
#[rustfmt::skip]
const SPECIAL_V4: &[([u8; 4], u32)] = &[
    ([0, 0, 0, 0], 8),          // this network
    ([10, 0, 0, 0], 8),         // private
    ([100, 64, 0, 0], 10),      // shared by customers of a carrier
    ([127, 0, 0, 0], 8),        // loopback
    ([169, 254, 0, 0], 16),     // link-local, and the metadata of clouds
    ([172, 16, 0, 0], 12),      // private
    ([192, 0, 0, 0], 24),       // protocol assignments
    ([192, 0, 2, 0], 24),       // documentation
    ([192, 31, 196, 0], 24),    // AS112
    ([192, 52, 193, 0], 24),    // AMT
    ([192, 88, 99, 0], 24),     // relays of 6to4
    ([192, 168, 0, 0], 16),     // private
    ([192, 175, 48, 0], 24),    // AS112
    ([198, 18, 0, 0], 15),      // measurements
    ([198, 51, 100, 0], 24),    // documentation
    ([203, 0, 113, 0], 24),     // documentation
    ([224, 0, 0, 0], 4),        // multicast
    ([240, 0, 0, 0], 4),        // reserved, and broadcast
];

fn is_public_v4(address: Ipv4Addr) -> bool {
    let bits = u32::from(address);
    !SPECIAL_V4.iter().any(|(base, length)| {
        let shift = 32 - length;
        bits >> shift == u32::from(Ipv4Addr::from(*base)) >> shift
    })
}

/// Whether an IPv6 address is globally routable and does not embed another address.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, third, ..] = address.segments();
    let is_given_out = first & 0xe000 == 0x2000;
    let is_special = match (first, second) {
        // Protocol assignments, Teredo and ORCHID among them.
        (0x2001, second) if second < 0x0200 => true,
        // Documentation.
        (0x2001, 0x0db8) => true,
        (0x3fff, second) if second < 0x1000 => true,
        // 6to4.
        (0x2002, _) => true,
        // AS112.
        (0x2620, 0x004f) if third == 0x8000 => true,
        _ => false,
    };
    is_given_out && !is_special
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Private addresses in various spellings.
    const PRIVATE: &[&str] = &[
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f000001",
        "0x7F.0.0.1",
        "0x7f.1",
        "017700000001",
        "0177.0.0.01",
        "0177.1",
        "127.0.0.1.",
        "0",
        "0.0.0.0",
        "0x0",
        "0.1.2.3",
        "10.1.2.3",
        "0xa010203",
        "012.1",
        "100.64.0.1",
        "100.127.255.255",
        "169.254.169.254",
        "0xa9fea9fe",
        "2852039166",
        "0251.0376.0251.0376",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.168.1.1",
        "192.168.257",
        "3232235777",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "4294967295",
        "[::]",
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::ffff:8.8.8.8]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b::8.8.8.8]",
        "[64:ff9b:1::1]",
        "[100::1]",
        "[2001::1]",
        "[2001:10::1]",
        "[2001:db8::1]",
        "[2002:7f00:1::]",
        "[3fff::1]",
        "[fc00::1]",
        "[fd12:3456::1]",
        "[fe80::1]",
        "[febf::1]",
        "[fec0::1]",
        "[ff02::1]",
    ];

    /// OU02, OU03: every spelling of an address that is not public is refused.
    #[test]
    fn sec_ou02_every_spelling_of_a_private_address_is_refused() {
        for host in PRIVATE {
            let address = literal(host).unwrap_or_else(|| panic!("{host} is an address"));
            assert!(!is_public(address), "{host} is {address}");
            assert!(!Reach::Public.permits(address), "{host}");
            assert!(Reach::Public.check(&format!("https://{host}/hook")).is_err(), "{host}");
        }
    }

    /// Names of this machine and its neighbours are refused before they are looked up.
    #[test]
    fn sec_ou02_local_names_are_refused() {
        for host in ["localhost", "LOCALHOST.", "a.localhost", "db", "db.internal", "x.local"] {
            let code = Reach::Public.check(&format!("https://{host}/hook"));
            assert_eq!(code, Err(FieldCode::Unsuitable), "{host}");
        }
    }

    /// Public addresses and names are permitted; what only looks like an address is a name.
    #[test]
    fn public_addresses_are_permitted() {
        for host in ["8.8.8.8", "0x8080808", "[2606:4700::1111]", "172.32.0.1", "100.128.0.1"] {
            assert!(literal(host).is_some_and(is_public), "{host}");
            assert_eq!(Reach::Public.check(&format!("https://{host}/")), Ok(()), "{host}");
        }
        for host in ["hooks.example.kz", "1.2.3.4.5", "256.1.1.1.kz", "0x7g.example", "08.example"]
        {
            assert_eq!(literal(host), None, "{host}");
            assert_eq!(Reach::Public.check(&format!("https://{host}/")), Ok(()), "{host}");
        }
    }

    /// OU01: https on a usual port, without a user, not too long.
    #[test]
    fn sec_ou01_a_url_is_https_without_a_user_on_a_usual_port() {
        for url in [
            "http://hooks.example.kz/",
            "ftp://hooks.example.kz/",
            "https:///path",
            "//hooks.example.kz/",
            "/path",
            "hooks.example.kz",
            "https://user@hooks.example.kz/",
            "https://user:pass@hooks.example.kz/",
            "https://8.8.8.8@10.0.0.1/",
            "https://hooks.example.kz:22/",
            "https://hooks.example.kz:0/",
            "https://hooks.example.kz:99999/",
            "https://hooks.example.kz/a b",
            "https://hooks.example.kz\\@10.0.0.1/",
            "https://hooks.example.kz/#x",
            "https://хуки.example.kz/",
            "",
        ] {
            assert!(Reach::Public.check(url).is_err(), "{url}");
        }
        let long = format!("https://hooks.example.kz/{}", "x".repeat(MAX_URL));
        assert_eq!(Reach::Public.check(&long), Err(FieldCode::TooLong(2048)));
        for url in ["https://hooks.example.kz/a?b=c", "https://hooks.example.kz:8443/"] {
            assert_eq!(Reach::Public.check(url), Ok(()), "{url}");
        }
    }

    /// For development everything can be reached.
    #[test]
    fn development_reaches_everything() {
        for url in ["http://127.0.0.1:9000/hook", "https://localhost/", "http://receiver:3000/"] {
            assert_eq!(Reach::Anywhere.check(url), Ok(()), "{url}");
        }
        assert!(Reach::Anywhere.check("ftp://receiver/").is_err());
    }
}
