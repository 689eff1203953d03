//! Answers by e-mail: a mail to the address that a notification named becomes a comment of the
//! person who got the notification, by the rules of the API (4.2.2), with the files that it brings.

pub(crate) mod comment_mail;
pub(crate) mod files;
pub(crate) mod machines;
pub(crate) mod mask;
pub(crate) mod mime;
pub(crate) mod parse;
pub(crate) mod parts;
pub mod receive;
pub(crate) mod rejection_mail;
pub(crate) mod store;
