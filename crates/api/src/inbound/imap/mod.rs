//! Mails that are fetched from a folder of a mail server, for whoever cannot pipe them (RFC 9051).
//!
//! A mail is marked or moved only once it was taken, and known again if it is fetched twice: neither a crash
//! nor an outage loses or doubles one.

mod account;
mod fetch;
mod session;

pub use fetch::ImapFetch;
