//! The order in which support works (2.4).

pub(crate) mod list;
pub(crate) mod next;
