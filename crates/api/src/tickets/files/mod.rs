//! The files of a ticket.

pub(crate) mod list;
pub(crate) mod redact;
