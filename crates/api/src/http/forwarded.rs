//! What proxies say about their clients, in `X-Forwarded-For` or in `Forwarded` (RFC 7239).

use std::net::{IpAddr, Ipv6Addr};

use actix_web::http::header::{FORWARDED, HeaderMap, X_FORWARDED_FOR};

use crate::config::ProxyHeader;

/// The addresses that a request was forwarded for, in order; `None` for one that cannot be read.
pub fn addresses(headers: &HeaderMap, header: ProxyHeader) -> Vec<Option<IpAddr>> {
    let (name, read): (_, fn(&str) -> Option<IpAddr>) = match header {
        ProxyHeader::XForwardedFor => (X_FORWARDED_FOR, node),
        ProxyHeader::Forwarded => (FORWARDED, element),
    };
    // A quoted string ends with its line, so that nothing a client writes can swallow a proxy's line.
    let lines = headers.get_all(name).map(|it| String::from_utf8_lossy(it.as_bytes()));
    lines.flat_map(|line| entries(&line, header).map(read).collect::<Vec<_>>()).collect()
}

/// The entries of a line; empty ones do not count (RFC 9110, 5.6.1).
fn entries(line: &str, header: ProxyHeader) -> impl Iterator<Item = &str> {
    let entries = match header {
        ProxyHeader::XForwardedFor => line.split(',').collect(),
        ProxyHeader::Forwarded => split_unquoted(line, ','),
    };
    entries.into_iter().map(str::trim).filter(|it| !it.is_empty())
}

/// The parts between separators outside of quoted strings.
fn split_unquoted(text: &str, separator: char) -> Vec<&str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let is_separator = |it: char| {
        let separates = it == separator && !is_quoted;
        (is_quoted, is_escaped) = match it {
            '"' if !is_escaped => (!is_quoted, false),
            '\\' if is_quoted => (true, !is_escaped),
            _ => (is_quoted, false),
        };
        separates
    };
    text.split(is_separator).collect()
}

/// The address of `for=` in an element of `Forwarded`.
fn element(text: &str) -> Option<IpAddr> {
    let mut found = None;
    for pair in split_unquoted(text, ';') {
        let (name, value) = pair.split_once('=')?;
        let value = unquoted(value.trim())?;
        if name.trim().eq_ignore_ascii_case("for") && found.replace(node(&value)?).is_some() {
            return None;
        }
    }
    found
}

/// A value without its quotes; none if they are unbalanced.
fn unquoted(value: &str) -> Option<String> {
    let Some(quoted) = value.strip_prefix('"') else {
        return (!value.contains('"')).then(|| value.to_owned());
    };
    let mut text = String::new();
    let mut rest = quoted.chars();
    loop {
        match rest.next()? {
            '"' => return rest.as_str().is_empty().then_some(text),
            '\\' => text.push(rest.next()?),
            it => text.push(it),
        }
    }
}

/// An address, alone or with a port; an IPv6 one with a port is in brackets.
fn node(text: &str) -> Option<IpAddr> {
    if let Some(rest) = text.strip_prefix('[') {
        let (address, port) = rest.split_once(']')?;
        let is_port = port.is_empty() || port.strip_prefix(':').is_some_and(is_port);
        return address.parse::<Ipv6Addr>().ok().filter(|_| is_port).map(IpAddr::V6);
    }
    match text.split_once(':') {
        Some((address, port)) if !port.contains(':') => {
            address.parse().ok().filter(|it: &IpAddr| it.is_ipv4() && is_port(port))
        }
        _ => text.parse().ok(),
    }
}

/// A port may be obfuscated, too (RFC 7239, 6.3).
fn is_port(text: &str) -> bool {
    text.starts_with('_') || text.parse::<u16>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::long_texts::{PIECES, are_read};

    /// IN09: whatever is sent, it is read in linear time.
    #[test]
    fn sec_in09_a_long_header_is_read_in_linear_time() {
        for beginning in ["", "for=\"", "for=1;"] {
            are_read(beginning, &PIECES, |text| {
                let _ = entries(text, ProxyHeader::Forwarded).filter_map(element).count();
                let _ = entries(text, ProxyHeader::XForwardedFor).filter_map(node).count();
            });
        }
    }
}
