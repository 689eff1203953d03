//! Who of support is looking at a ticket, and who is writing: for seconds, and in no history.

pub(crate) mod list;
pub(crate) mod store;
pub(crate) mod update;
