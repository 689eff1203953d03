//! Files that were sent and wait for their use in a ticket, a comment or a move.

pub(crate) mod create;
pub(crate) mod get;
pub(crate) mod keep;
pub(crate) mod name;
pub(crate) mod receive;
pub(crate) mod sniff;
pub(crate) mod store;
