//! A folder of a mail server: `imaps://user:password@host/folder`.

use base64::Engine as _;
use base64::alphabet::IMAP_MUTF7;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD};
use percent_encoding::percent_decode_str;

use crate::config::Secret;

/// How names of folders are encoded (RFC 3501, 5.1.3).
const MODIFIED: GeneralPurpose = GeneralPurpose::new(&IMAP_MUTF7, NO_PAD);

/// The folder where mail arrives, where the URL names none.
const INBOX: &str = "INBOX";

/// Where mails are fetched, and as whom.
#[derive(Debug, Clone)]
pub struct Account {
    pub host: String,
    pub port: u16,
    /// Whether TLS begins with the connection, or with STARTTLS. Nothing is sent without TLS.
    pub is_implicit_tls: bool,
    pub user: String,
    pub password: Secret<String>,
    /// As the server spells it.
    pub folder: String,
}

impl Account {
    /// Errors: what is wrong with the URL, without its password.
    pub fn parse(url: &str) -> Result<Self, String> {
        let wrong = |what: &str| {
            format!("HELPDESK_IMAP_URL: {what}; expected imaps://user:password@host/folder")
        };
        let (scheme, rest) = url.split_once("://").ok_or_else(|| wrong("it has no scheme"))?;
        let is_implicit_tls = match scheme {
            "imaps" => true,
            "imap" => false,
            _ => return Err(wrong("the scheme is neither imaps nor imap")),
        };
        let (place, folder) = rest.split_once('/').unwrap_or((rest, ""));
        let (login, server) = place.rsplit_once('@').ok_or_else(|| wrong("it names no user"))?;
        let (user, password) = login.split_once(':').ok_or_else(|| wrong("it has no password"))?;
        let (host, port) = match server.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => {
                (host, port.parse().map_err(|_| wrong("the port is not a number"))?)
            }
            _ => (server, if is_implicit_tls { 993 } else { 143 }),
        };
        let decoded = |it: &str| {
            let text = percent_decode_str(it).decode_utf8();
            text.map(|it| it.into_owned()).map_err(|_| wrong("it is not UTF-8"))
        };
        let (user, password) = (decoded(user)?, decoded(password)?);
        let folder = decoded(folder.trim_end_matches('/'))?;
        if host.is_empty() || user.is_empty() || password.is_empty() {
            return Err(wrong("host, user or password is empty"));
        }
        Ok(Self {
            host: host.trim_matches(['[', ']']).to_owned(),
            port,
            is_implicit_tls,
            user,
            password: Secret::new(password),
            folder: if folder.is_empty() { INBOX.to_owned() } else { spelt(&folder) },
        })
    }
}

/// The name of a folder as servers spell it: other letters than ASCII in modified UTF-7.
pub fn spelt(folder: &str) -> String {
    let (mut spelt, mut shifted) = (String::new(), Vec::new());
    let close = |spelt: &mut String, shifted: &mut Vec<u16>| {
        if !shifted.is_empty() {
            let bytes: Vec<u8> = shifted.drain(..).flat_map(u16::to_be_bytes).collect();
            spelt.push_str(&format!("&{}-", MODIFIED.encode(bytes)));
        }
    };
    for letter in folder.chars() {
        if (' '..='~').contains(&letter) {
            close(&mut spelt, &mut shifted);
            spelt.push(letter);
            if letter == '&' {
                spelt.push('-');
            }
        } else {
            shifted.extend(letter.encode_utf16(&mut [0; 2]).iter());
        }
    }
    close(&mut spelt, &mut shifted);
    spelt
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_names_server_person_and_folder() {
        let account = Account::parse(
            "imaps://help%40h.kz:p%3A%2F@mail.h.kz/%D0%97%D0%B0%D1%8F%D0%B2%D0%BA%D0%B8",
        );
        let account = account.expect("a good one");

        assert_eq!(
            (&*account.host, account.port, account.is_implicit_tls),
            ("mail.h.kz", 993, true)
        );
        assert_eq!((&*account.user, account.password.reveal().as_str()), ("help@h.kz", "p:/"));
        assert_eq!(account.folder, "&BBcEMARPBDIEOgQ4-");
        let plain = Account::parse("imap://a:b@[::1]:1143").expect("a good one");
        assert_eq!((&*plain.host, plain.port, &*plain.folder), ("::1", 1143, "INBOX"));
        assert_eq!(spelt("R&D"), "R&-D");
    }

    /// OU08: errors do not contain the password.
    #[test]
    fn sec_ou08_a_wrong_url_is_refused_without_its_password() {
        for wrong in [
            "mail.h.kz",
            "pop3://a:geheim@h.kz",
            "imaps://geheim",
            "imaps://geheim@h.kz",
            "imaps://a:geheim@h.kz:x/",
            "imaps://a:@h.kz/",
            "imaps://a:geheim%ff@h.kz/",
        ] {
            let mistake = Account::parse(wrong).expect_err(wrong);
            assert!(
                mistake.starts_with("HELPDESK_IMAP_URL: ") && !mistake.contains("geheim"),
                "{mistake}"
            );
        }
    }
}
