//! What search is asked for.

pub(crate) mod list;
pub(crate) mod similar;
pub(crate) mod suggestions;
