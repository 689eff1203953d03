//! People: customers' employees, engineers, the commercial department, admins (2.1).

pub mod absence;
pub mod create;
pub mod deactivate;
pub mod edit;
pub mod invite;
pub mod list;
pub mod show;
pub mod store;
pub mod view;

use unicode_normalization::UnicodeNormalization;

/// The form in which addresses are unique: NFKC, lower case.
pub fn fold_email(email: &str) -> String {
    email.trim().nfkc().flat_map(char::to_lowercase).collect()
}
