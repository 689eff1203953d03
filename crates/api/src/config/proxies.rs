//! The proxies in front of the service.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net};

/// How proxies name the client. Only one of them counts: a proxy that writes one of these passes on whatever a
/// client has put into the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ProxyHeader {
    XForwardedFor,
    /// RFC 7239.
    Forwarded,
}

/// The bits before an IPv4 address that is written as IPv6 (`::ffff:0:0/96`).
const MAPPED: u8 = 96;

/// A network, or an address as a network of its own, in the form in which addresses are compared.
pub fn network(text: &str) -> Result<IpNet, String> {
    let network = text.parse().or_else(|_| text.parse().map(|it: IpAddr| it.into()));
    let network = network.map_err(|_| {
        format!(
            "HELPDESK_TRUSTED_PROXIES: {text} is not a valid IP address or network (10.0.0.0/8)"
        )
    })?;
    Ok(canonical(network))
}

fn canonical(network: IpNet) -> IpNet {
    let IpNet::V6(mapped) = network else { return network };
    let v4 = mapped.addr().to_ipv4_mapped().zip(mapped.prefix_len().checked_sub(MAPPED));
    v4.and_then(|(address, bits)| Ipv4Net::new(address, bits).ok()).map_or(network, IpNet::V4)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RS03: proxies are named by addresses and networks of both families, in one form.
    #[test]
    fn sec_rs03_proxies_are_addresses_and_networks() {
        for (text, expected) in [
            ("127.0.0.1", "127.0.0.1/32"),
            ("10.0.0.0/8", "10.0.0.0/8"),
            ("::1", "::1/128"),
            ("2001:db8::/32", "2001:db8::/32"),
            ("::ffff:10.0.0.1", "10.0.0.1/32"),
            ("::ffff:10.0.0.0/104", "10.0.0.0/8"),
        ] {
            assert_eq!(network(text).map(|it| it.to_string()).as_deref(), Ok(expected));
        }
        for text in ["x", "10.0.0.0/33", "10.0.0/8", "::/129", "localhost", "10.0.0.1:80"] {
            assert!(network(text).is_err_and(|it| it.contains(text)), "{text}");
        }
    }
}
