//! Files that were sent and wait for their use in a ticket, a comment or a move.

pub mod create;
pub mod keep;
pub mod name;
pub mod receive;
pub mod sniff;
pub mod store;
pub mod sweep;
