//! The caller: who they are, what they may do, what waits for them.

pub mod profile;
pub mod sessions;
pub mod tickets;
