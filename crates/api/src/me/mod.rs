//! The caller: who they are, what they may do, what waits for them.

pub(crate) mod profile;
pub(crate) mod sessions;
pub(crate) mod tickets;
