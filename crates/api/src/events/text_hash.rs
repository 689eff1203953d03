//! Texts that events refer to only by a hash, so that they can be blanked without touching an event.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// The random bytes that are hashed with a text, so that nobody can guess it from the hash.
const SALT: usize = 16;

/// A salt for a new text.
pub fn salt() -> Vec<u8> {
    rand::random::<[u8; SALT]>().to_vec()
}

/// What an event stores of a text.
pub fn hash(salt: &[u8], text: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::new().chain_update(salt).chain_update(text).finalize())
}

/// A text as stored now.
#[derive(Debug, Clone)]
pub struct StoredText {
    /// The text; empty once it is blanked.
    pub text: String,
    /// Its salt; none once it is blanked.
    pub salt: Option<Vec<u8>>,
}

/// How a text compares with the event that refers to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    /// It is the one that was written.
    Same,
    /// It is blank: redacted, if another event says so.
    Blank,
    Other,
}

impl StoredText {
    /// Compares the text with a hash.
    pub fn compare(&self, known: &str) -> Match {
        match &self.salt {
            Some(salt) if hash(salt, &self.text) == known => Match::Same,
            None if self.text.is_empty() => Match::Blank,
            Some(_) | None => Match::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text is recognised by its hash; a blanked one is neither the same nor different.
    #[test]
    fn a_text_is_known_by_its_hash() {
        let salt = salt();
        let known = hash(&salt, "пароль: qwerty");
        let stored = |text: &str, salt: Option<&[u8]>| StoredText {
            text: text.to_owned(),
            salt: salt.map(<[u8]>::to_vec),
        };

        assert_eq!(stored("пароль: qwerty", Some(&salt)).compare(&known), Match::Same);
        assert_eq!(stored("пароль: ytrewq", Some(&salt)).compare(&known), Match::Other);
        assert_eq!(stored("", None).compare(&known), Match::Blank);
        assert_eq!(stored("пароль: qwerty", None).compare(&known), Match::Other);
    }
}
