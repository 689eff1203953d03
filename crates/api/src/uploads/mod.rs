//! Uploaded files that have not been used in a ticket, a comment or a transition yet.

pub(crate) mod create;
pub(crate) mod get;
pub(crate) mod name;
pub(crate) mod receive;
pub(crate) mod sniff;
pub(crate) mod store;
pub(crate) mod store_bytes;
