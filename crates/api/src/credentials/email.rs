//! Addresses of people.

use unicode_normalization::UnicodeNormalization;

/// The form in which addresses are unique: NFKC, lower case.
pub fn fold_email(email: &str) -> String {
    email.trim().nfkc().flat_map(char::to_lowercase).collect()
}
