//! Passwords and random secrets: how they are made, and what a password must be.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{FieldCode, FieldError};
use sha2::{Digest as _, Sha256};

/// The shortest and longest password, characters.
pub const PASSWORD_LENGTH: std::ops::RangeInclusive<usize> = 8..=128;

/// The prefix of API tokens, so that leaked ones are recognised.
pub const API_TOKEN: &str = "hd_pat_";

/// Passwords that are guessed first.
const COMMON: &str = include_str!("common_passwords.txt");

/// Words of this service that a guesser would try.
const CONTEXT: &[&str] = &["helpdesk", "eltex", "support", "password", "пароль", "поддержка"];

/// A password that is sent once and replaced at the first sign-in: 130 random bits, without
/// letters that look alike.
pub fn one_time_password() -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let random: [u8; 26] = rand::random();
    let letters = random.iter().filter_map(|it| LETTERS.get(usize::from(it % 32)));
    letters.copied().map(char::from).collect()
}

/// A random token with a prefix that secret scanners know, and its stored hash.
pub fn random_token(prefix: &str) -> (String, Vec<u8>) {
    let token = format!("{prefix}{}", URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()));
    let hash = token_hash(&token);
    (token, hash)
}

/// The hash by which a random token is stored and found; SHA-256 is enough for 256 random bits.
pub fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// Whether a person may take this password (checklist AU03).
/// Errors: a field error: too short, too long, or too easy to guess.
pub fn check_password(pointer: &str, password: &str, email: &str) -> Result<(), FieldError> {
    let length = password.chars().count();
    if length < *PASSWORD_LENGTH.start() {
        return Err(FieldError::new(pointer, FieldCode::TooShort(*PASSWORD_LENGTH.start() as u64)));
    }
    if length > *PASSWORD_LENGTH.end() {
        return Err(FieldError::new(pointer, FieldCode::TooLong(*PASSWORD_LENGTH.end() as u64)));
    }
    let folded = password.to_lowercase();
    let name = email.split('@').next().unwrap_or_default().to_lowercase();
    let bare = folded.trim_matches(|it: char| !it.is_alphabetic());
    let is_context =
        CONTEXT.contains(&bare) || (!name.is_empty() && bare == name) || folded == email;
    let first = folded.chars().next();
    let is_uniform = folded.chars().all(|it| Some(it) == first);
    if is_context || is_uniform || COMMON.lines().any(|it| it == folded) {
        return Err(FieldError::new(pointer, FieldCode::WeakPassword));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// AU03: what is guessed first is refused, whatever its composition.
    #[test]
    fn sec_au03_guessable_passwords_are_refused() {
        let code = |password: &str| {
            check_password("/p", password, "a.omarova@example.kz").err().map(|it| it.code.as_str())
        };

        assert_eq!(code("1234567"), Some("too_short"));
        assert_eq!(code(&"я".repeat(129)), Some("too_long"));
        for weak in [
            "password1",
            "Helpdesk2026",
            "Пароль123",
            "aaaaaaaaaa",
            "12345678",
            "A.Omarova",
            "qwertyuiop",
        ] {
            assert_eq!(code(weak), Some("weak_password"), "{weak}");
        }
        assert_eq!(code("тихий вечер у реки"), None);
    }

    /// AU05: one-time passwords are random.
    #[test]
    fn sec_au05_one_time_passwords_differ() {
        let (one, other) = (one_time_password(), one_time_password());

        assert_eq!(one.len(), 26, "five bits each, 128 at least");
        assert_ne!(one, other);
    }
}
