//! Replies by e-mail: a mail to the reply address of a notification becomes a comment of the
//! notified person, by the rules of the API (4.2.2), with its files; a mail
//! to the address of the portal becomes a ticket. Support sees those that were not used.

pub(crate) mod addresses;
mod aim;
pub(crate) mod authenticated;
pub(crate) mod bounce;
pub(crate) mod comment;
pub(crate) mod dismiss;
pub(crate) mod file;
pub(crate) mod file_ticket;
pub(crate) mod files;
pub(crate) mod get;
pub(crate) mod imap;
pub mod intake;
pub(crate) mod list;
#[cfg(test)]
mod long_mails;
pub(crate) mod machines;
pub(crate) mod mask;
pub(crate) mod mime;
pub(crate) mod parse;
pub(crate) mod parts;
pub(crate) mod permitted;
pub mod receive;
pub(crate) mod references;
pub(crate) mod rejection_mail;
pub(crate) mod reply;
pub(crate) mod store;
pub(crate) mod stored_files;
pub(crate) mod unused;
pub(crate) mod used_mail;
pub(crate) mod view;
