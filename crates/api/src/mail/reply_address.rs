//! The addresses to which answers go: signed, one for each ticket and person.

use diesel::prelude::*;

use crate::config::hmac_key::HmacKey;
use crate::db::schema::reply_key;

/// How a local part begins; what follows is an extension to mail servers that know such.
const PREFIX: &str = "reply+";

/// How much of the signature stands in an address, bytes: mail servers take 64 characters.
const SIGNATURE: usize = 12;

/// The key that signs the addresses.
#[derive(Debug)]
pub struct ReplyKey(HmacKey);

/// Whose answer to what an address takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplyTo {
    pub ticket_id: i64,
    pub user_id: i64,
    /// An answer to what only staff may know is for staff alone, too.
    pub is_internal: bool,
}

impl ReplyKey {
    /// The key of this installation.
    pub fn load(conn: &mut PgConnection) -> QueryResult<Self> {
        let key: Vec<u8> = reply_key::table.select(reply_key::key).first(conn)?;
        Ok(Self(HmacKey::new(&key)))
    }

    /// The address that takes an answer.
    pub fn address(&self, to: ReplyTo, domain: &str) -> String {
        let what = unsigned(to);
        format!("{PREFIX}{what}.{}@{domain}", self.signature(&what))
    }

    /// What an address of `domain` takes, if it was given out here.
    pub fn read(&self, address: &str, domain: &str) -> Option<ReplyTo> {
        // Mail servers may change the case of letters.
        let address = address.to_lowercase();
        let (local, of) = address.rsplit_once('@')?;
        let (what, signature) = local.strip_prefix(PREFIX)?.rsplit_once('.')?;
        let is_ours = of.eq_ignore_ascii_case(domain);
        (is_ours && is_same(signature, &self.signature(what))).then(|| parsed(what))?
    }

    fn signature(&self, what: &str) -> String {
        let mac = self.0.mac(&format!("reply\n{what}"));
        mac.iter().take(SIGNATURE).map(|it| format!("{it:02x}")).collect()
    }
}

fn unsigned(to: ReplyTo) -> String {
    let ReplyTo { ticket_id, user_id, is_internal } = to;
    let mark = if is_internal { ".i" } else { "" };
    format!("{ticket_id}.{user_id}{mark}")
}

fn parsed(what: &str) -> Option<ReplyTo> {
    let (is_internal, what) = match what.strip_suffix(".i") {
        Some(what) => (true, what),
        None => (false, what),
    };
    let (ticket_id, user_id) = what.split_once('.')?;
    Some(ReplyTo {
        ticket_id: ticket_id.parse().ok()?,
        user_id: user_id.parse().ok()?,
        is_internal,
    })
}

/// A text in which no signed address can be used any more.
pub fn masked(text: &str) -> String {
    String::from_utf8(masked_bytes(text.as_bytes())).unwrap_or_else(|_| text.to_owned())
}

/// The same of bytes.
#[expect(clippy::indexing_slicing, reason = "places are those of the same slice")]
pub fn masked_bytes(text: &[u8]) -> Vec<u8> {
    let (mut masked, mut rest) = (Vec::with_capacity(text.len()), text);
    while let Some(at) =
        rest.windows(PREFIX.len()).position(|it| it.eq_ignore_ascii_case(PREFIX.as_bytes()))
    {
        let after = &rest[at + PREFIX.len()..];
        let length =
            after.iter().take_while(|it| it.is_ascii_alphanumeric() || **it == b'.').count();
        let what = &after[..length];
        let signed = what.iter().rposition(|it| *it == b'.').filter(|it| length - it > SIGNATURE);
        let shown = signed.map_or(length, |it| it + 1);
        masked.extend(&rest[..at + PREFIX.len() + shown]);
        if signed.is_some() {
            masked.extend(b"***");
        }
        rest = &after[length..];
    }
    masked.extend(rest);
    masked
}

/// Whether two texts are the same, in a time that does not tell where they differ.
fn is_same(one: &str, other: &str) -> bool {
    let differences = one.bytes().zip(other.bytes()).fold(0, |found, (a, b)| found | (a ^ b));
    one.len() == other.len() && differences == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_as_it_was_given_out_and_in_no_other_form() {
        let (key, other) = (ReplyKey(HmacKey::new(b"one")), ReplyKey(HmacKey::new(b"two")));
        for is_internal in [false, true] {
            let to = ReplyTo { ticket_id: 1042, user_id: 17, is_internal };
            let address = key.address(to, "Help.example");

            assert_eq!(key.read(&address, "help.example"), Some(to));
            assert_eq!(key.read(&address.to_uppercase(), "help.example"), Some(to));
            assert_eq!(other.read(&address, "help.example"), None);
            assert_eq!(key.read(&address, "other.example"), None);
            for (from, to) in [("1042", "1043"), (".17", ".18"), (".17", ".17.i"), ("+", "")] {
                let forged = address.replacen(from, to, 1);
                assert_eq!(key.read(&forged, "help.example"), None, "{forged}");
            }
            assert!(address.split('@').next().is_some_and(|it| it.len() <= 64), "{address}");
        }
    }
}
