//! What is done to people's accounts beyond the directory: it reaches into their sessions and their
//! tickets.

pub(crate) mod absence;
pub(crate) mod deactivate;
pub(crate) mod invite;
pub(crate) mod update;
