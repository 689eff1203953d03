//! What was found, as it is shown.

pub(crate) mod articles;
pub(crate) mod similar;
pub(crate) mod texts;
pub(crate) mod view;
