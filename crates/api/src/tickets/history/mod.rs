//! What happened to a ticket, and whether its record is intact.

pub(crate) mod chain_check;
pub(crate) mod claims;
pub(crate) mod imported;
pub(crate) mod list;
pub(crate) mod verifications;
pub(crate) mod verify;
