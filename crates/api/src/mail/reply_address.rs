//! The reply addresses: signed, one for each ticket and person.

use diesel::prelude::*;

use crate::config::hmac_key::HmacKey;
use crate::db::schema::reply_key;

/// The prefix of the local part; the rest is a subaddress for mail servers that support it.
pub const PREFIX: &str = "reply+";

/// The same as it may stand in a link and in HTML.
const PREFIXES: &[&str] = &[PREFIX, "reply%2b", "reply&#43;", "reply&#x2b;"];

/// The marker before a mail's number in its bounce address.
const BOUNCE: &str = "b.";

/// The length of the signature in an address, in bytes: mail servers accept 64 characters.
const SIGNATURE: usize = 12;

/// The key that signs the addresses.
#[derive(Debug)]
pub struct ReplyKey(HmacKey);

/// Whose reply to which ticket an address receives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ReplyTo {
    pub ticket_id: i64,
    pub user_id: i64,
    pub purpose: Purpose,
}

/// The purpose of a reply address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// It is a comment.
    Comment,
    /// An internal note, as a reply to one.
    Note,
    /// A confirmation of the solution, whatever its text (2.5).
    Confirmation,
}

impl Purpose {
    const ALL: [Self; 3] = [Self::Comment, Self::Note, Self::Confirmation];

    /// Its mark in an address.
    const fn mark(self) -> &'static str {
        match self {
            Self::Comment => "",
            Self::Note => ".i",
            Self::Confirmation => ".c",
        }
    }
}

impl ReplyKey {
    /// The key of this installation.
    pub fn load(conn: &mut PgConnection) -> QueryResult<Self> {
        let key: Vec<u8> = reply_key::table.select(reply_key::key).first(conn)?;
        Ok(Self(HmacKey::new(&key)))
    }

    /// A key for previews, whose addresses receive nothing.
    pub fn sample() -> Self {
        Self(HmacKey::new(b""))
    }

    /// The address that receives a reply.
    pub fn address(&self, to: ReplyTo, domain: &str) -> String {
        let what = unsigned(to);
        format!("{PREFIX}{what}.{}@{domain}", self.signature(&what))
    }

    /// The ticket and person of an address of `domain`, if it was issued here.
    pub fn read(&self, address: &str, domain: &str) -> Option<ReplyTo> {
        parsed(&self.signed(address, domain)?)
    }

    /// What is signed in an address of `domain`.
    fn signed(&self, address: &str, domain: &str) -> Option<String> {
        // Mail servers may change the case of letters.
        let address = address.to_lowercase();
        let (local, of) = address.rsplit_once('@')?;
        let (what, signature) = local.strip_prefix(PREFIX)?.rsplit_once('.')?;
        let is_ours = of.eq_ignore_ascii_case(domain);
        (is_ours && is_same(signature, &self.signature(what))).then(|| what.to_owned())
    }

    /// The bounce address of a mail.
    pub fn bounce_address(&self, mail_id: i64, domain: &str) -> String {
        let what = format!("{BOUNCE}{mail_id}");
        format!("{PREFIX}{what}.{}@{domain}", self.signature(&what))
    }

    /// The mail that a bounce address of `domain` belongs to.
    pub fn read_bounce(&self, address: &str, domain: &str) -> Option<i64> {
        self.signed(address, domain)?.strip_prefix(BOUNCE)?.parse().ok()
    }

    fn signature(&self, what: &str) -> String {
        let mac = self.0.mac(&format!("reply\n{what}"));
        mac.iter().take(SIGNATURE).map(|it| format!("{it:02x}")).collect()
    }
}

fn unsigned(to: ReplyTo) -> String {
    let ReplyTo { ticket_id, user_id, purpose } = to;
    format!("{ticket_id}.{user_id}{}", purpose.mark())
}

fn parsed(what: &str) -> Option<ReplyTo> {
    let (ticket_id, rest) = what.split_once('.')?;
    let purpose = |it: &Purpose| Some((*it, rest.strip_suffix(it.mark())?.parse().ok()?));
    let (purpose, user_id) = Purpose::ALL.iter().find_map(purpose)?;
    Some(ReplyTo { ticket_id: ticket_id.parse().ok()?, user_id, purpose })
}

/// Masks the signed addresses in a text.
pub fn masked(text: &str) -> String {
    String::from_utf8(masked_bytes(text.as_bytes())).unwrap_or_else(|_| text.to_owned())
}

/// The same of bytes.
#[expect(clippy::indexing_slicing, reason = "places are those of the same slice")]
pub fn masked_bytes(text: &[u8]) -> Vec<u8> {
    let (mut masked, mut rest) = (Vec::with_capacity(text.len()), text);
    while let Some((at, prefix)) = next_prefix(rest) {
        let begin = at + prefix.len();
        let after = &rest[begin..];
        let length =
            after.iter().take_while(|it| it.is_ascii_alphanumeric() || **it == b'.').count();
        let what = &after[..length];
        let signed = what.iter().rposition(|it| *it == b'.').filter(|it| length - it > SIGNATURE);
        let shown = signed.map_or(length, |it| it + 1);
        masked.extend(&rest[..begin + shown]);
        if signed.is_some() {
            masked.extend(b"***");
        }
        rest = &after[length..];
    }
    masked.extend(rest);
    masked
}

/// Where an address may begin next, and how it does.
#[expect(clippy::indexing_slicing, reason = "places are those of the same slice")]
fn next_prefix(text: &[u8]) -> Option<(usize, &'static str)> {
    let begins = |at: usize, prefix: &str| {
        let here = text.get(at..at + prefix.len());
        here.is_some_and(|it| it.eq_ignore_ascii_case(prefix.as_bytes()))
    };
    let mut letters = (0..text.len()).filter(|at| matches!(text[*at], b'r' | b'R'));
    letters.find_map(|at| Some((at, *PREFIXES.iter().find(|it| begins(at, it))?)))
}

/// Compares two texts in constant time.
fn is_same(one: &str, other: &str) -> bool {
    let differences = one.bytes().zip(other.bytes()).fold(0, |found, (a, b)| found | (a ^ b));
    one.len() == other.len() && differences == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// OU07: a report on a mail comes to an address that nobody can invent.
    #[test]
    fn sec_ou07_the_address_for_reports_is_signed() {
        let (key, other) = (ReplyKey(HmacKey::new(b"one")), ReplyKey(HmacKey::new(b"two")));
        let address = key.bounce_address(99, "help.example");

        assert_eq!(key.read_bounce(&address, "help.example"), Some(99));
        assert_eq!(other.read_bounce(&address, "help.example"), None);
        assert_eq!(key.read_bounce(&address.replace("99", "98"), "help.example"), None);
        assert_eq!(key.read(&address, "help.example"), None);
    }

    /// OU07: a signed address is masked as it stands in a text, a link and HTML.
    #[test]
    fn sec_ou07_a_signed_address_is_masked_however_it_is_written() {
        let signature = "0f".repeat(SIGNATURE);
        for prefix in ["reply+", "Reply%2B", "reply&#43;"] {
            let text = format!("mailto:{prefix}1042.17.c.{signature}@h.kz?subject=reply+1");
            let shown = format!("mailto:{prefix}1042.17.c.***@h.kz?subject=reply+1");
            assert_eq!(masked(&text), shown);
        }
    }

    #[test]
    fn an_address_is_accepted_only_in_the_form_in_which_it_was_issued() {
        let (key, other) = (ReplyKey(HmacKey::new(b"one")), ReplyKey(HmacKey::new(b"two")));
        for purpose in Purpose::ALL {
            let to = ReplyTo { ticket_id: 1042, user_id: 17, purpose };
            let address = key.address(to, "Help.example");

            assert_eq!(key.read(&address, "help.example"), Some(to));
            assert_eq!(key.read(&address.to_uppercase(), "help.example"), Some(to));
            assert_eq!(other.read(&address, "help.example"), None);
            assert_eq!(key.read(&address, "other.example"), None);
            for (from, to) in
                [("1042", "1043"), (".17", ".18"), (".17", ".17.i"), (".17", ".17.c"), ("+", "")]
            {
                let forged = address.replacen(from, to, 1);
                assert_eq!(key.read(&forged, "help.example"), None, "{forged}");
            }
            assert!(address.split('@').next().is_some_and(|it| it.len() <= 64), "{address}");
        }
    }
}
