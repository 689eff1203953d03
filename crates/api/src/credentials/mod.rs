//! What people and scripts authenticate with: passwords, random secrets, signed tokens.

pub(crate) mod email;
pub(crate) mod file_link;
pub(crate) mod hashing;
pub(crate) mod secret;
pub(crate) mod token;
pub(crate) mod turns;
