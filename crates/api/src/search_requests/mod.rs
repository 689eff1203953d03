//! The search requests.

pub(crate) mod list;
pub(crate) mod similar;
pub(crate) mod suggestions;
